//! Filings chosen, ordered by hand, frozen as a numbered version, written as a sheet ready for the stamp.

use calamine::{Data, Reader, Xlsx, open_workbook};
use kebao::exchange::shortlist::{Fonts, Frozen, gather, write};
use kebao::store::ledger::{FilingFilter, StatusGroup};

use crate::support::{example_office, today};

#[test]
fn a_frozen_version_stays_what_it_was_whatever_happens_later() {
    let office = example_office();
    let ledger = office.db.ledger();
    let filter = FilingFilter {
        program: Some("gaoqi".into()),
        year: Some(2026),
        groups: [StatusGroup::Ours, StatusGroup::Upward].into(),
        ..FilingFilter::default()
    };
    let all = ledger.list_filings(&filter, None);
    let edition = ledger.edition_of(ledger.filing(all[0]).expect("a row")).expect("its edition").id;
    let mut items: Vec<_> = all
        .into_iter()
        .filter(|id| ledger.filing(*id).and_then(|f| ledger.edition_of(f)).is_some_and(|e| e.id == edition))
        .collect();
    assert!(items.len() >= 3, "{}", items.len());
    items.truncate(5);
    let order = items.clone();
    let list = office
        .db
        .act(office.officer, "新建推荐名单", move |act| act.make_shortlist(edition, "高企第一批", &order))
        .wait()
        .unwrap()
        .value;
    // Rank by hand: the last becomes the first.
    items.rotate_right(1);
    let order = items.clone();
    office
        .db
        .act(office.officer, "调整顺序", move |act| act.change_shortlist(list, "高企第一批", &order))
        .wait()
        .unwrap();
    let gathered = gather(&office.db, edition, &items).unwrap();
    let freeze = |gathered: kebao::exchange::shortlist::Gathered| {
        office
            .db
            .act(office.officer, "定稿", move |act| {
                act.freeze_shortlist(list, today(), &gathered.title, gathered.heads, gathered.rows)
            })
            .wait()
            .unwrap()
            .value
    };
    assert_eq!(freeze(gathered.clone()), 1);
    let firm = ledger.filing(items[0]).expect("a row").firm_id;
    let renamed = [("name".to_owned(), Some("改了名字的企业有限公司".to_owned()))].into();
    office.db.act(office.officer, "更名", move |act| act.change_firm(firm, &renamed, Vec::new(), None)).wait().unwrap();
    assert_eq!(freeze(gather(&office.db, edition, &items).unwrap()), 2);
    let file = office.db.shortlist(list).wait().unwrap().unwrap().shortlist;
    assert_eq!(file.versions.len(), 2);
    assert_eq!(file.versions[0].frozen.rows, gathered.rows);
    assert_eq!(file.versions[1].frozen.rows[0].cells[1], "改了名字的企业有限公司");

    let path = office.folder.file("名单.xlsx");
    let columns = &ledger.edition(edition).unwrap().known.unwrap().0.shortlist.columns;
    write(
        &path,
        &Frozen {
            version: &file.versions[0].frozen, columns, office: "青澜区科学技术局", fonts: Fonts::Official
        },
    )
    .unwrap();
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    assert_eq!(range.get((0, 0)), Some(&Data::String("2026年度青澜区高新技术企业认定推荐汇总表".into())));
    assert_eq!(range.get((2, 1)), Some(&Data::String("企业名称".into())));
    let code = ledger.firm(firm).unwrap().code.to_string();
    assert_eq!(range.get((3, 2)), Some(&Data::String(code)), "a credit code is text");
    assert_eq!(range.get((3, 0)), Some(&Data::String("1".into())));
    office.assert_whole();
}
