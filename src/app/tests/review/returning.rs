//! 退回修改 with what is to be put right, 不推荐 with its reason, drafts, and what comes back.

use super::*;
use crate::domain::defect::About;
use crate::domain::filing::machine::Wish;
use crate::domain::filing::{End, Standing};
use crate::domain::program::Effect;
use iced::Size;

#[test]
fn a_return_names_each_defect_and_the_notice_can_be_copied_at_once() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    let name = firm(&seat, id);
    alt(&mut seat, "1");
    seat.key(Named::F5);
    seat.key(Named::Enter);
    seat.type_text("职工总数：与社保人数不一致");
    seat.key(Named::Enter);
    seat.type_text("联系电话打不通");
    seat.focus("review.until");
    seat.type_text("10");
    seat.must_see("最后一天 9月7日 星期一");
    seat.key(Named::F7);
    let back = row(&seat, id);
    assert_eq!((back.round, back.standing), (2, Standing::Returned));
    assert_eq!(back.until.map(|day| day.to_string()).as_deref(), Some("2026-09-07"));
    let moved = file(&seat, id).filing.track.line().next_back().expect("a decision").moved.clone();
    assert_eq!(moved.defects.len(), 3, "{:?}", moved.defects);
    assert!(matches!(&moved.defects[0].about, About::Material(_)) && !moved.defects[0].phrase.is_empty());
    assert_eq!(
        (&moved.defects[1].about, moved.defects[1].says.as_str()),
        (&About::Field("staff".into()), "与社保人数不一致")
    );
    assert_eq!((&moved.defects[2].about, moved.defects[2].says.as_str()), (&About::Whole, "联系电话打不通"));
    // The next one opened; the notice is of the one before.
    assert_ne!(looked_at(&seat), Some(id));
    alt(&mut seat, "c");
    let notice = seat.clipboard.clone().expect("a notice");
    assert!(
        notice.contains(&name) && notice.contains("职工总数：与社保人数不一致") && notice.contains("2026年9月7日"),
        "{notice}"
    );
    seat.assert_whole();
}

#[test]
fn a_deadline_beyond_the_year_says_about_and_its_year_and_a_day_of_january_is_the_one_to_come() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    seat.key(Named::F5);
    seat.type_text("缺签字");
    seat.focus("review.until");
    seat.type_text("90");
    seat.must_see("最后一天约 2027年1月4日 星期一");
    seat.retype("1-8");
    seat.must_see("2027年1月8日 星期五，约94 个工作日");
    seat.resize(Size::new(1200.0, 768.0));
    seat.must_see("2027年1月8日 星期五，约94 个工作日");
    seat.key(Named::F7);
    assert_eq!(row(&seat, id).until.map(|day| day.to_string()).as_deref(), Some("2027-01-08"));
    seat.assert_whole();
}

#[test]
fn what_comes_back_shows_what_differs_and_what_was_to_be_put_right() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    seat.key(Named::F5);
    seat.type_text("职工总数：与社保人数不一致");
    seat.key(Named::F7);
    let db = seat.db();
    let user = db.ledger().users[0].id;
    let before = file(&seat, id).filing.fields.text("form.auditor");
    let changes = [("form.staff", "52".to_owned()), ("form.auditor", format!("{before}（换过）"))];
    let changes = changes.map(|(key, value)| (key.to_owned(), Some(value))).into();
    db.act(user, "修改", move |act| {
        act.change_filing(id, &changes)?;
        act.move_filing(id, &Wish::new(Effect::Pass, today()))
    })
    .wait()
    .expect("handed in again");
    look_again(&mut seat);
    go(&mut seat, Place::Review { filter: FilingFilter::default(), open: Some(id) });
    seat.must_see("第 2 轮补正后");
    seat.must_see("与上一轮的差异 3");
    seat.must_see("上一轮要补正的");
    seat.must_see("职工总数：与社保人数不一致");
    seat.must_see("有改动");
    seat.must_see("52 人");
    // All fields, materials, history: a tab each.
    for (tab, sees) in [("全部字段", "本次申报"), ("材料", "下一项"), ("历史", "退回修改")] {
        seat.key_with(Key::Named(Named::PageDown), Modifiers::CTRL, None);
        seat.must_see(tab);
        seat.must_see(sees);
    }
    seat.key(Named::F4);
    seat.must_see("上一轮要补正的");
    seat.key(Named::F6);
    assert_eq!(row(&seat, id).stage().id, "city");
}

#[test]
fn declining_without_a_reason_asks_for_it_where_it_is_written() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    seat.key(Named::F8);
    seat.must_see("“不推荐”必须写明原因");
    assert_eq!(row(&seat, id).standing, Standing::Open);
    seat.type_text("研发占比达不到要求");
    seat.key(Named::F8);
    assert_eq!(row(&seat, id).standing, Standing::Ended(End::Declined));
    let moved = file(&seat, id).filing.track.line().next_back().expect("a decision").moved.clone();
    assert_eq!(moved.reason, "研发占比达不到要求");
}

#[test]
fn an_opinion_on_passing_is_its_note_and_a_wrong_deadline_is_refused() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    seat.focus("review.until");
    seat.type_text("下周吧");
    seat.must_see("写几个工作日，或到哪一天");
    alt(&mut seat, "1");
    seat.key(Named::F7);
    seat.must_see("补正期限“下周吧”看不懂");
    assert_eq!(row(&seat, id).standing, Standing::Open);
    alt(&mut seat, "1");
    seat.key(Named::F5);
    seat.type_text("经现场核对");
    seat.key(Named::F6);
    let moved = file(&seat, id).filing.track.line().next_back().expect("a decision").moved.clone();
    assert_eq!((moved.effect, moved.note.as_str()), (Effect::Pass, "经现场核对"));
}

#[test]
fn what_was_written_stays_with_its_filing_after_others_and_after_a_restart() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    seat.key(Named::F5);
    seat.type_text("还要问一下税务");
    seat.key_with(Key::Named(Named::ArrowDown), Modifiers::ALT, None);
    assert_ne!(looked_at(&seat), Some(id), "also while one types");
    let other = looked_at(&seat).expect("another");
    seat.key(Named::F7);
    seat.must_see("要写明补正什么");
    assert_eq!(row(&seat, other).standing, Standing::Open, "it was not written about this one");
    // Somebody signs in again.
    seat.send(Message::Desk(desk::Message::SignOut));
    seat.press_on("登录");
    let reason = |seat: &Seat| {
        let track = file(seat, id).filing.track;
        track.line().next_back().map(|decision| decision.moved.reason.clone())
    };
    go(&mut seat, Place::Review { filter: FilingFilter::default(), open: Some(id) });
    seat.key(Named::F7);
    assert_eq!(row(&seat, id).standing, Standing::Returned);
    assert_eq!(reason(&seat).as_deref(), Some("还要问一下税务"));
    // The decision used it up; taking it back brings it back.
    seat.ctrl("z");
    assert_eq!((looked_at(&seat), row(&seat, id).standing), (Some(id), Standing::Open));
    seat.key(Named::F7);
    assert_eq!(reason(&seat).as_deref(), Some("还要问一下税务"));
    seat.assert_whole();
}

#[test]
fn a_material_found_unfit_is_among_what_is_to_be_put_right() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    seat.press_on("材料 ");
    seat.key(Named::F4);
    seat.key(Named::F3);
    seat.key(Named::Enter);
    seat.must_see("“不合格”要写明哪里不对");
    seat.type_text("看不清");
    seat.key(Named::Enter);
    seat.must_see("看不清");
    seat.key(Named::Enter);
    seat.must_see("这一项没有交电子文件");
    seat.key(Named::F7);
    let moved = file(&seat, id).filing.track.line().next_back().expect("a decision").moved.clone();
    assert_eq!(moved.defects.len(), 1);
    assert!(matches!(&moved.defects[0].about, About::Material(_)));
    assert_eq!(moved.defects[0].says, "看不清");
}

#[test]
fn many_that_go_back_at_once_each_have_their_own_unfit_materials_among_what_is_to_be_put_right() {
    let mut seat = example_seat();
    open_one(&mut seat, "gaoqi");
    let filter = FilingFilter { program: Some("gaoqi".into()), ..FilingFilter::default() };
    go(&mut seat, Place::Review { filter, open: None });
    let ids: Vec<RecordId> = waiting(&seat).into_iter().filter(|id| row(&seat, *id).program.id == "gaoqi").collect();
    let (one, two) = (ids[0], ids[1]);
    let item = row(&seat, one).version.materials[0].id.clone();
    let unfit = |seat: &mut Seat, id: RecordId, says: &'static str| {
        let (db, item) = (seat.db(), item.clone());
        let user = db.ledger().users[0].id;
        let deed = move |act: &mut crate::store::Act<'_>| {
            act.check_material(id, &item, Some(crate::domain::material::Mark::Unfit), says)
        };
        db.act(user, "核材料", deed).wait().expect("checked");
        look_again(seat);
    };
    let defects = |seat: &Seat, id: RecordId| -> Vec<(About, String)> {
        let moved = file(seat, id).filing.track.line().next_back().expect("a decision").moved.clone();
        moved.defects.into_iter().map(|defect| (defect.about, defect.says)).collect()
    };
    let tick_both = |seat: &mut Seat| {
        seat.key(Named::Escape);
        go(seat, Place::Review { filter: FilingFilter::default(), open: Some(one) });
        seat.key(Named::Space);
        go(seat, Place::Review { filter: FilingFilter::default(), open: Some(two) });
        seat.key(Named::Space);
        seat.must_see("同时处理 2 件");
    };
    unfit(&mut seat, one, "看不清");
    tick_both(&mut seat);
    // Nothing says what is wrong with the other.
    seat.key(Named::F7);
    seat.must_see("要写明补正什么");
    seat.must_see("一件都没有登记");
    seat.type_text("联系电话打不通");
    seat.key(Named::F7);
    let about = About::Material(item.clone());
    let whole = (About::Whole, "联系电话打不通".to_owned());
    assert_eq!(defects(&seat, one), [whole.clone(), (about.clone(), "看不清".to_owned())]);
    assert_eq!(defects(&seat, two), [whole]);
    seat.ctrl("z");
    // Where each has something, nothing need be written.
    unfit(&mut seat, two, "缺公章");
    tick_both(&mut seat);
    seat.focus("review.opinion");
    seat.retype("");
    seat.key(Named::F7);
    assert_eq!(defects(&seat, one), [(about.clone(), "看不清".to_owned())]);
    assert_eq!(defects(&seat, two), [(about, "缺公章".to_owned())]);
    seat.assert_whole();
}

#[test]
fn two_decisions_taken_back_one_after_the_other_both_show_what_was_written() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    seat.key(Named::F5);
    seat.type_text("还要问一下税务");
    seat.key(Named::F7);
    let other = looked_at(&seat).expect("the next one");
    seat.key(Named::F5);
    seat.type_text("公章看不清");
    seat.key(Named::F7);
    seat.ctrl("z");
    assert_eq!(looked_at(&seat), Some(other));
    seat.ctrl("z");
    assert_eq!(looked_at(&seat), Some(id), "it shows again");
    let kept = seat.db().draft(&format!("review.{}", seat.db().ledger().users[0].id)).wait().expect("an answer");
    let kept = kept.expect("drafts are kept");
    assert!(kept.contains("还要问一下税务") && kept.contains("公章看不清"), "also for after a restart: {kept}");
    let reason = |seat: &Seat, id| file(seat, id).filing.track.line().next_back().expect("one").moved.reason.clone();
    seat.key(Named::F7);
    assert_eq!(reason(&seat, id), "还要问一下税务");
    go(&mut seat, Place::Review { filter: FilingFilter::default(), open: Some(other) });
    seat.key(Named::F7);
    assert_eq!(reason(&seat, other), "公章看不清");
    seat.assert_whole();
}

#[test]
fn what_comes_in_again_after_a_return_is_not_taken_for_one_taken_back() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    seat.key(Named::F5);
    seat.type_text("职工总数：与社保人数不一致");
    seat.key(Named::F7);
    let next = looked_at(&seat);
    let db = seat.db();
    let user = db.ledger().users[0].id;
    let again = db.act(user, "修改", move |act| act.move_filing(id, &Wish::new(Effect::Pass, today())));
    again.wait().expect("handed in again");
    look_again(&mut seat);
    assert_eq!((row(&seat, id).round, row(&seat, id).group()), (2, StatusGroup::Ours));
    assert_eq!(looked_at(&seat), next, "one stays where one is");
    go(&mut seat, Place::Review { filter: FilingFilter::default(), open: Some(id) });
    seat.key(Named::F7);
    seat.must_see("要写明补正什么");
}

#[test]
fn many_taken_back_are_ticked_again_with_what_was_written_on_them() {
    let mut seat = example_seat();
    go(&mut seat, Place::review(2026));
    let before = waiting(&seat);
    seat.key(Named::Space);
    seat.key(Named::ArrowDown);
    seat.key(Named::Space);
    seat.key(Named::F5);
    seat.type_text("附件看不清");
    // Somebody signs in again: also what is written on several is kept.
    seat.send(Message::Desk(desk::Message::SignOut));
    seat.press_on("登录");
    go(&mut seat, Place::Review { filter: FilingFilter::default(), open: Some(before[0]) });
    seat.key(Named::Space);
    seat.key(Named::ArrowDown);
    seat.key(Named::Space);
    seat.key(Named::F7);
    assert_eq!(waiting(&seat), before[2..]);
    seat.ctrl("z");
    assert_eq!(waiting(&seat), before);
    seat.must_see("同时处理 2 件");
    seat.key(Named::F7);
    assert_eq!(waiting(&seat), before[2..]);
    for id in &before[..2] {
        let moved = file(&seat, *id).filing.track.line().next_back().expect("a decision").moved.clone();
        assert_eq!(moved.defects[0].says, "附件看不清");
    }
}

#[test]
fn a_word_on_a_material_that_was_not_saved_keeps_from_deciding_and_is_still_there() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    seat.press_on("材料 ");
    seat.key(Named::F3);
    seat.type_text("看不清");
    // Another filing and back.
    seat.key_with(Key::Named(Named::ArrowDown), Modifiers::ALT, None);
    assert_ne!(looked_at(&seat), Some(id));
    seat.key_with(Key::Named(Named::ArrowUp), Modifiers::ALT, None);
    assert_eq!(looked_at(&seat), Some(id));
    seat.key(Named::F7);
    seat.must_see("写了一半，还没有存");
    assert_eq!(row(&seat, id).standing, Standing::Open);
    seat.must_see("看不清");
    seat.key(Named::Enter);
    seat.key(Named::F7);
    let moved = file(&seat, id).filing.track.line().next_back().expect("a decision").moved.clone();
    assert_eq!(moved.defects.len(), 1);
    assert_eq!(moved.defects[0].says, "看不清");
}
