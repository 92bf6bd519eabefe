//! Promise: with 20 000 firms and 100 000 filings, search answers within 10 ms, sorting and filtering within 50 ms.

mod common;

use std::hint::black_box;

use common::{large_office, line, median, open, today};
use kebao::store::ledger::{FilingFilter, FilingOrder, FirmFilter, FirmOrder, StatusGroup};

fn main() {
    let db = open(&large_office());
    let load = median(5, || {
        black_box(db.load_ledger(2025).wait().expect("a ledger"));
    });
    println!("{:<58} {:>9.2} ms", "loading the ledger (part of the start)", load.as_secs_f64() * 1000.0);
    let ledger = db.ledger();
    println!("{} firms, {} filings", ledger.firm_count(), ledger.filings().count());

    // A fresh ledger has no order of names yet; the first list pays for it.
    let fresh = db.load_ledger(2025).wait().expect("a ledger");
    let first = median(1, || {
        black_box(fresh.list_firms(&FirmFilter::default(), None, today()));
    });
    line("firms, first order by name", first, 50.0);
    for text in ["qlhy", "青澜恒砚", "hengyan", "chongqing", "zhengf", "91379905MA3", "GR2024", "c", "青"] {
        line(&format!("search “{text}”"), median(9, || drop(black_box(ledger.find(text, 8)))), 10.0);
        let filter = FirmFilter { text: text.to_owned(), ..FirmFilter::default() };
        line(
            &format!("grid box “{text}”"),
            median(9, || drop(black_box(ledger.list_firms(&filter, None, today())))),
            10.0,
        );
    }
    for (name, order) in [
        ("revenue", FirmOrder::Revenue),
        ("share", FirmOrder::RdShare),
        ("township", FirmOrder::Township),
        ("code", FirmOrder::Code),
    ] {
        let took =
            median(5, || drop(black_box(ledger.list_firms(&FirmFilter::default(), Some((order, true)), today()))));
        line(&format!("20 000 firms by {name}"), took, 50.0);
    }
    let all = FilingFilter::default();
    use FilingOrder::*;
    for order in [Number, Firm, Township, Edition, Stage, Status, Due, Since, Round, Officer, LastDay] {
        let took = median(5, || drop(black_box(ledger.list_filings(&all, Some((order, false))))));
        line(&format!("100 000 filings by {order:?}"), took, 50.0);
    }
    let by_group =
        FilingFilter { groups: [StatusGroup::Ours, StatusGroup::Returned].into(), ..FilingFilter::default() };
    line(
        "100 000 filings filtered by state",
        median(5, || drop(black_box(ledger.list_filings(&by_group, None)))),
        50.0,
    );
    let by_text = FilingFilter { text: "hy".into(), year: Some(2026), ..FilingFilter::default() };
    line(
        "100 000 filings filtered by pinyin and year",
        median(5, || drop(black_box(ledger.list_filings(&by_text, None)))),
        50.0,
    );
    let now = today().and_hms_opt(12, 0, 0).expect("noon");
    line(
        "counts per state over 100 000 filings",
        median(5, || {
            black_box(ledger.tally(&all, now));
        }),
        50.0,
    );
}
