//! 工作台: every number opens exactly the rows it counts, whoever's filings are counted.

use iced::keyboard::key::Named;

use super::support::{Seat, example_seat, new_seat};
use crate::app::place::Place;
use crate::app::workbench::{Figures, Question, Reach, Scope};
use crate::store::ledger::{FilingFilter, StatusGroup};

fn figures(seat: &Seat, scope: Scope) -> Figures {
    Figures::count(seat.window.window().desk().expect("at the desk").ctx(), scope)
}

/// How many rows a place lists.
fn listed(seat: &Seat, place: &Place) -> usize {
    let ctx = seat.window.window().desk().expect("at the desk").ctx();
    match place {
        Place::Filings { filter, .. } => ctx.ledger.list_filings(filter, None).len(),
        Place::Firms { filter, .. } => ctx.ledger.list_firms(filter, None, ctx.today).len(),
        other => panic!("{other:?} lists nothing"),
    }
}

fn place(seat: &Seat) -> Place {
    seat.window.window().desk().expect("at the desk").place()
}

#[test]
fn every_number_opens_exactly_its_rows() {
    let seat = example_seat();
    let ctx = seat.window.window().desk().expect("at the desk").ctx();
    for scope in [Scope::Mine, Scope::All] {
        let figures = figures(&seat, scope);
        let mut numbers = 0;
        for asked in &figures.asked {
            let place = figures.place(asked.question, scope, ctx);
            assert_eq!(listed(&seat, &place), asked.count, "{:?} {scope:?}", asked.question);
            numbers += asked.count;
        }
        for funnel in &figures.funnels {
            for (reach, count) in Reach::ALL.into_iter().zip(funnel.steps) {
                let Some(count) = count else { continue };
                let place = figures.reached(&funnel.program.id, reach, scope, ctx);
                assert_eq!(listed(&seat, &place), count, "{} {reach:?} {scope:?}", funnel.program.short);
                numbers += count;
            }
        }
        for ahead in &figures.ahead {
            assert_eq!(listed(&seat, &figures.waiting(ahead, scope, ctx)), ahead.before, "{ahead:?}");
            numbers += ahead.before;
        }
        assert!(numbers > 500, "the example has something of everything");
    }
}

#[test]
fn a_funnel_only_ever_falls_and_begins_with_all_filings_of_the_year() {
    let seat = example_seat();
    let ledger = seat.db().ledger();
    let figures = figures(&seat, Scope::All);
    assert_eq!(figures.funnels.len(), 4);
    for funnel in &figures.funnels {
        let of = FilingFilter { program: Some(funnel.program.id.clone()), year: Some(2026), ..FilingFilter::default() };
        let all = ledger.list_filings(&of, None);
        assert_eq!(funnel.steps[0], Some(all.len()));
        let known: Vec<usize> = funnel.steps.iter().copied().flatten().collect();
        assert!(known.is_sorted_by(|a, b| a >= b), "{}: {known:?}", funnel.program.short);
        let awarded = all.iter().filter(|id| ledger.filing(**id).unwrap().awarded.is_some()).count();
        assert_eq!(funnel.steps[5], Some(awarded));
    }
    // 科小 has no superior who recommends; that is not a zero.
    let kexiao = figures.funnels.iter().find(|funnel| funnel.program.id == "kexiao").expect("it has editions");
    assert_eq!(kexiao.steps[Reach::Advanced as usize], None);
}

#[test]
fn a_press_on_a_number_goes_to_the_list_behind_it() {
    let mut seat = example_seat();
    let figures = figures(&seat, Scope::Mine);
    let returned = figures.of(Question::Returned).expect("always asked").count;
    seat.press_on("退回待补");
    seat.must_see(&format!("全部 {returned} 件"));
    seat.press_on(&format!("全部 {returned} 件"));
    let there = place(&seat);
    assert_eq!(listed(&seat, &there), returned);
    let Place::Filings { filter, open: None } = there else { panic!("{there:?}") };
    assert_eq!(filter.groups.into_iter().collect::<Vec<_>>(), [StatusGroup::Returned]);
    // The number itself does the same.
    seat.ctrl("1");
    let waiting = figures.of(Question::Upward).expect("always asked").count.to_string();
    seat.press_on(&waiting);
    assert_eq!(listed(&seat, &place(&seat)).to_string(), waiting);
}

#[test]
fn a_number_beside_a_deadline_opens_what_still_stands_before_it() {
    let mut seat = example_seat();
    let figures = figures(&seat, Scope::Mine);
    let ahead = figures.ahead.iter().max_by_key(|ahead| ahead.before).expect("something is due");
    // The last such number: the same may stand above as the count of a question.
    let words = ahead.before.to_string();
    let n = seat.seen().iter().filter(|seen| seen.words == words).count();
    assert!(n > 0 && seat.click_nth(&words, n - 1));
    let there = place(&seat);
    assert_eq!(listed(&seat, &there), ahead.before);
    let Place::Filings { filter, .. } = there else { panic!("{there:?}") };
    assert_eq!(filter.edition, Some(ahead.edition));
    assert!(filter.among.is_some(), "the number was pressed, not its row");
}

#[test]
fn a_number_of_the_funnel_opens_its_filings() {
    let mut seat = example_seat();
    let figures = figures(&seat, Scope::Mine);
    let kexiao = figures.funnels.iter().find(|funnel| funnel.program.id == "kexiao").expect("it has editions");
    let count = kexiao.steps[Reach::Awarded as usize].expect("it awards");
    seat.press_on(&count.to_string());
    let there = place(&seat);
    assert_eq!(listed(&seat, &there), count);
    let Place::Filings { filter, .. } = there else { panic!("{there:?}") };
    assert_eq!((filter.program.as_deref(), filter.year), (Some("kexiao"), Some(2026)));
}

#[test]
fn enter_opens_the_most_pressing_filing_beside_its_list() {
    let mut seat = example_seat();
    let ctx = seat.window.window().desk().expect("at the desk").ctx();
    let filter = Question::Ours.filter(Scope::Mine, ctx).expect("filings");
    let ids = seat.db().ledger().list_filings(&filter, None);
    seat.key(Named::ArrowDown);
    seat.key(Named::Enter);
    assert_eq!(place(&seat), Place::Filings { filter, open: Some(ids[1]) });
}

#[test]
fn certificates_that_end_within_ninety_days_are_listed_by_their_end() {
    let mut seat = example_seat();
    let figures = figures(&seat, Scope::Mine);
    assert!(!figures.endings.is_empty() && figures.endings.is_sorted_by_key(|ending| ending.ends));
    seat.press_on("证书到期");
    seat.must_see("有效期止");
    let first = &figures.endings[0];
    let name = seat.db().ledger().firm(first.firm).expect("a firm").name.to_string();
    seat.must_see(&name);
    seat.must_see(&first.number);
    seat.press_on(&name);
    let Place::Firms { filter, open } = place(&seat) else { panic!("not at the firms") };
    assert_eq!((open, filter.among.map(|ids| ids.len())), (Some(first.firm), Some(figures.endings.len())));
}

#[test]
fn ones_own_and_the_whole_section_are_told_apart_and_remembered() {
    let mut seat = example_seat();
    let before = figures(&seat, Scope::Mine);
    // Everything in the example was entered by one officer; two filings now go to a colleague.
    assert_eq!(before.asked, figures(&seat, Scope::All).asked);
    let db = seat.db();
    let ledger = db.ledger();
    let waiting = FilingFilter { groups: [StatusGroup::Ours].into(), ..FilingFilter::default() };
    let given: Vec<_> = ledger.list_filings(&waiting, None).into_iter().take(2).collect();
    let (user, other, back) = (ledger.users[0].id, ledger.users[1].id, given[0]);
    db.act(user, "换经办人", move |act| {
        let values = [(crate::domain::filing::key::OFFICER.to_owned(), Some(other.to_string()))].into();
        given.iter().try_for_each(|id| act.change_filing(*id, &values).map(|_| ()))
    })
    .wait()
    .expect("given away");
    // The ledger is read anew when somebody saves; here, when the year is chosen again.
    seat.send(crate::app::window::Message::Desk(crate::app::desk::Message::Year(2026)));
    let count = |figures: &Figures| figures.of(Question::Ours).expect("always asked").count;
    assert_eq!(count(&figures(&seat, Scope::Mine)), count(&before) - 2);
    assert_eq!(count(&figures(&seat, Scope::All)), count(&before));
    seat.must_see(&format!("全部 {} 件", count(&before) - 2));
    // What one is to review is one's own as well, whoever enters it.
    db.act(other, "分派", move |act| act.assign_filing(back, &[user]).map(drop)).wait().expect("assigned");
    seat.send(crate::app::window::Message::Desk(crate::app::desk::Message::Year(2026)));
    assert_eq!(count(&figures(&seat, Scope::Mine)), count(&before) - 1);
    seat.must_see(&format!("全部 {} 件", count(&before) - 1));
    seat.press_on("全科");
    seat.must_see(&format!("全部 {} 件", count(&before)));
    let kept = seat.db().preference("workbench.scope").wait().expect("a preference");
    assert_eq!(kept.as_deref(), Some("\"All\""));
}

#[test]
fn a_filing_that_was_returned_counts_as_handed_in() {
    let seat = example_seat();
    let ledger = seat.db().ledger();
    let returned: Vec<_> = ledger.filings().filter(|filing| filing.group() == StatusGroup::Returned).collect();
    assert!(!returned.is_empty() && returned.iter().all(|filing| filing.was_submitted()));
}

#[test]
fn an_empty_office_is_told_where_to_begin() {
    let mut seat = new_seat();
    for (text, key) in [("青澜区科学技术局", Named::Enter), ("周敏", Named::Enter), ("sui shi ke gai", Named::Tab)]
    {
        seat.type_text(text);
        seat.key(key);
    }
    seat.type_text("sui shi ke gai");
    seat.key(Named::Enter);
    seat.press_on("已收好，进入科报");
    for words in ["从哪里开始", "导入名单", "新增企业", "新增批次"] {
        seat.must_see(words);
    }
    assert!(seat.click_nth("新增企业", 1), "the button beside its row");
    assert_eq!(place(&seat), Place::NewFirm);
    seat.ctrl("1");
    assert!(seat.click_nth("导入名单", 1));
    assert_eq!(place(&seat), Place::Import);
}
