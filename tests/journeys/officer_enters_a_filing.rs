//! A filing is entered, handed in, returned, comes back, is recommended: through the store's commands, as every screen does.

use kebao::domain::event::Confirmed;
use kebao::domain::filing::machine::Wish;
use kebao::domain::program::Effect;
use kebao::store::acts::NewFiling;
use kebao::store::ledger::{FilingFilter, StatusGroup};

use crate::support::{empty_office, today};

#[test]
fn from_first_entry_to_recommendation_with_one_return() {
    let office = empty_office();
    let officer = office.officer;
    let values = [
        ("name".to_owned(), Some("青澜禾序生物科技有限公司".to_owned())),
        ("contact".to_owned(), Some("沈予安".to_owned())),
    ]
    .into();
    let firm =
        office.db.act(officer, "新增企业", move |act| act.create_firm(values, Vec::new(), None)).wait().unwrap().value;
    let edition = office
        .db
        .act(officer, "新增批次", |act| {
            let due = [("internal.fill".to_owned(), Some("2026-08-27 17:00".to_owned()))].into();
            act.open_edition("gaoqi", 2026, 2, due)
        })
        .wait()
        .unwrap()
        .value;
    let new = NewFiling { form: [("contact".to_owned(), Some("沈予安".to_owned()))].into(), ..NewFiling::default() };
    let filing =
        office.db.act(officer, "新增申报", move |act| act.open_filing(firm, edition, new)).wait().unwrap().value;
    let row = |office: &crate::support::Office| office.db.ledger().filing(filing).expect("in the list").clone();
    assert_eq!(&*row(&office).number, "2026-GQ2-0001");
    assert_eq!(row(&office).group(), StatusGroup::Filling);
    assert_eq!(row(&office).due.map(|next| next.due.to_string()), Some("2026-08-27 17:00".to_owned()));

    // A second filing of the same firm in the same edition is warned of at once, and goes in only with a reason.
    let refused = office
        .db
        .act(officer, "新增申报", move |act| act.open_filing(firm, edition, NewFiling::default()))
        .wait()
        .unwrap_err();
    assert!(refused.says.contains("2026-GQ2-0001"), "{}", refused.says);
    let confirmed =
        vec![Confirmed {
            field: "firm".into(), says: "同一批次已有申报".into(), reason: "两条产品线分别申报".into()
        }];
    let second = NewFiling { confirmed, ..NewFiling::default() };
    office.db.act(officer, "新增申报", move |act| act.open_filing(firm, edition, second)).wait().unwrap();

    let step = |effect: Effect, reason: &str| {
        let wish = Wish { reason: reason.to_owned(), ..Wish::new(effect, today()) };
        office.db.act(officer, "登记进展", move |act| act.move_filing(filing, &wish)).wait()
    };
    step(Effect::Pass, "").unwrap();
    assert_eq!(row(&office).group(), StatusGroup::Ours);
    assert!(step(Effect::Return, "").unwrap_err().says.contains("必须写明原因"));
    step(Effect::Return, "审计报告缺研发费用明细").unwrap();
    assert_eq!((row(&office).round, row(&office).status_word()), (2, "退回待补"));
    step(Effect::Pass, "").unwrap();
    let recommend = step(Effect::Pass, "").unwrap();
    assert_eq!(row(&office).status_word(), "已推荐");
    assert!(step(Effect::Lapse, "").unwrap_err().says.contains("没有"), "an illegal move is refused");

    let action = recommend.action.expect("written");
    office.db.act(officer, "撤销", move |act| act.undo(action)).wait().unwrap();
    assert_eq!(row(&office).group(), StatusGroup::Ours);
    let file = office.db.filing(filing).wait().unwrap().unwrap();
    assert!(file.changes.iter().any(|change| change.taken_back && change.what == "通过/推荐"));
    assert_eq!(office.db.ledger().tally(&FilingFilter::default(), today().and_hms_opt(9, 0, 0).unwrap()).all, 2);
    office.assert_whole();
}

#[test]
fn a_withdrawn_filing_frees_its_place_and_stays_on_record() {
    let office = crate::support::example_office();
    let ledger = office.db.ledger();
    let ours =
        ledger.list_filings(&FilingFilter { groups: [StatusGroup::Ours].into(), ..FilingFilter::default() }, None);
    let filing = ours[0];
    let wish = Wish { note: "企业来函".into(), ..Wish::new(Effect::Withdraw, today()) };
    office.db.act(office.officer, "撤回", move |act| act.move_filing(filing, &wish)).wait().unwrap();
    let ledger = office.db.ledger();
    assert_eq!(ledger.filing(filing).expect("still there").status_word(), "已撤回");
    assert_eq!(ledger.filing(filing).expect("still there").due, None);
}
