//! The list: order, search, filters, selection, copying, export, and what shows where there is nothing.

use std::collections::BTreeSet;

use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use super::super::support::{Folder, new_seat, today};
use super::at_firms;
use crate::app::place::Place;
use crate::domain::certificate::Validity;
use crate::domain::id::RecordId;
use crate::store::ledger::{CertificateFilter, FirmFilter};

#[test]
fn a_head_sorts_and_order_columns_and_widths_are_there_next_time() {
    let mut seat = at_firms();
    seat.press_on("销售收入（万元）");
    seat.press_on("销售收入（万元）");
    let ledger = seat.db().ledger();
    let top = ledger.firms().max_by_key(|firm| firm.figures.revenue).expect("a firm").name.to_string();
    assert_eq!(seat.names()[0], top);
    seat.press_on("列");
    seat.press_last("职工（人）");
    seat.press_last("研发占比");
    seat.key(Named::Escape);
    let mut seat = seat.again();
    if seat.sees("登录") {
        seat.press_on("登录");
    }
    seat.press_on("企业");
    assert_eq!(seat.names()[0], top, "the order is remembered");
    seat.must_see("职工（人）");
    assert!(!seat.sees("研发占比"), "a hidden column stays hidden");
    seat.press_on("列");
    seat.key(Named::End);
    seat.key(Named::Enter);
    seat.key(Named::Escape);
    seat.must_see("研发占比");
    assert!(!seat.sees("职工（人）"), "the usual columns are not all there are");
}

#[test]
fn the_search_box_finds_by_initials_code_and_certificate_and_esc_empties_it() {
    let mut seat = at_firms();
    let firm = seat.firm(|firm| firm.certificate("gaoqi").is_some_and(|held| !held.number.is_empty()));
    let number = firm.certificate("gaoqi").expect("one").number.to_lowercase();
    let initials: String = crate::domain::pinyin::Reader::builtin()
        .tones(&firm.name)
        .into_iter()
        .flatten()
        .filter_map(|tone| tone.chars().find(char::is_ascii))
        .collect();
    for text in [number.as_str(), &firm.code.to_lowercase(), &firm.name, &format!("（{}", &firm.name), &initials] {
        seat.ctrl("f");
        seat.retype(text);
        assert!(seat.names().contains(&firm.name.to_string()), "{text} finds {}", firm.name);
    }
    seat.key(Named::Escape);
    assert!(!seat.sees("筛出"));
    seat.ctrl("f");
    seat.type_text("zzzz没有这家");
    seat.must_see("没有符合条件的企业");
    seat.press_on("清除筛选");
    assert!(seat.names().is_empty(), "words are no button");
    seat.press_on("清除");
    assert!(!seat.names().is_empty());
}

#[test]
fn chips_narrow_the_list_and_are_taken_away() {
    let mut seat = at_firms();
    let ledger = seat.db().ledger();
    let towns: Vec<String> = ledger.office.townships.iter().take(2).cloned().collect();
    let in_towns = ledger.firms().filter(|firm| towns.contains(&firm.township.to_string())).count();
    seat.press_on("乡镇街道");
    // Cells of the list say the same words; the menu lies above them.
    seat.press_last(&towns[0]);
    seat.press_last(&towns[1]);
    seat.key(Named::Escape);
    seat.must_see(&format!("筛出 {in_towns} 家"));
    seat.press_on("规模");
    seat.press_last("规上");
    let large =
        ledger.firms().filter(|firm| towns.contains(&firm.township.to_string()) && firm.scale == Some(true)).count();
    seat.must_see(&format!("筛出 {large} 家"));
    seat.press_on("清除");
    assert!(!seat.sees("筛出"));
    seat.press_on("行业");
    seat.press_on("C 制造业");
    seat.key(Named::Escape);
    let made = ledger.firms().filter(|firm| crate::catalog::industries::lies_in(&firm.industry, "C")).count();
    seat.must_see("行业：制造业");
    seat.must_see(&format!("筛出 {made} 家"));
}

#[test]
fn a_filter_from_elsewhere_is_said_in_words_and_can_be_left() {
    let mut seat = at_firms();
    let among: BTreeSet<RecordId> = seat.db().ledger().firms().take(7).map(|firm| firm.id).collect();
    let certificate = CertificateFilter { kind: "gaoqi".into(), validity: Some(Validity::EndsThisYear), ends_by: None };
    let filter = FirmFilter { certificate: Some(certificate), ..FirmFilter::default() };
    seat.go(Place::Firms { filter: filter.clone(), open: None });
    seat.must_see("证书：高企本年到期");
    let ledger = seat.db().ledger();
    let expiring = ledger.list_firms(&filter, None, today()).len();
    seat.must_see(&format!("筛出 {expiring} 家"));
    seat.go(Place::Firms { filter: FirmFilter { among: Some(among), ..FirmFilter::default() }, open: None });
    assert_eq!(seat.names().len(), 7);
    seat.press_on("指定的 7 家");
    assert!(!seat.sees("筛出"));
    seat.key_with(Key::Named(Named::ArrowLeft), Modifiers::ALT, None);
    seat.must_see(&format!("筛出 {expiring} 家"));
}

#[test]
fn rows_are_chosen_by_keys_and_copied_as_a_table() {
    let mut seat = at_firms();
    seat.key(Named::ArrowDown);
    seat.key(Named::Space);
    seat.key(Named::ArrowDown);
    seat.key(Named::Space);
    seat.must_see("已选 2 家");
    seat.press_on("复制");
    let text = seat.clipboard.clone().expect("something was copied");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("企业名称\t统一社会信用代码\t乡镇街道"));
    let names = seat.names();
    assert!(lines[1].starts_with(&names[0]) && lines[2].starts_with(&names[1]));
    seat.clipboard = None;
    let row = seat.find(&names[0]).expect("a row").center();
    seat.press(row);
    seat.ctrl("c");
    assert_eq!(seat.clipboard.as_deref(), Some(text.as_str()), "the key copies what the button does");
    seat.key(Named::Escape);
    assert!(!seat.sees("已选"));
    seat.ctrl("a");
    seat.must_see("已选 300 家");
}

#[test]
fn chosen_firms_are_written_to_a_sheet_at_a_typed_place() {
    let mut seat = at_firms();
    let folder = Folder::new();
    seat.key(Named::ArrowDown);
    seat.key(Named::Space);
    seat.press_on("导出 1 家");
    seat.must_see("把选中的 1 家写成一张表");
    seat.retype("/没有这个/地方.xlsx");
    seat.must_see("没有这个文件夹");
    let path = folder.0.join("名单.csv");
    seat.retype(&path.to_string_lossy());
    seat.key(Named::Enter);
    seat.must_see("导出完成");
    let text = std::fs::read_to_string(&path).expect("a file");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2);
    seat.press_on("完成");
    let names = seat.names();
    assert!(lines[0].contains("研发占比（%）") && lines[1].starts_with(&names[0]));
    seat.press_on("取消选择");
    seat.press_on("导出");
    let sheet = folder.0.join("全部");
    seat.retype(&sheet.to_string_lossy());
    seat.press_on("所有列");
    seat.press_on("导出 300 家");
    seat.must_see("导出完成");
    assert!(folder.0.join("全部.xlsx").is_file(), "the ending is added");
}

#[test]
fn an_empty_office_says_how_to_begin() {
    let mut seat = new_seat();
    seat.type_text("青澜区科学技术局");
    seat.key(Named::Enter);
    seat.type_text("周敏");
    seat.key(Named::Enter);
    seat.type_text("sui shi ke gai");
    seat.key(Named::Tab);
    seat.type_text("sui shi ke gai");
    seat.key(Named::Enter);
    seat.press_on("已收好，进入科报");
    seat.press_on("企业");
    seat.must_see("还没有企业");
    seat.must_see("统一社会信用代码");
    seat.press_on("选文件…");
    assert_eq!(seat.place(), Place::Import);
    seat.press_on("企业");
    assert!(seat.click_nth("新增", 0));
    seat.type_text("青澜第一家有限公司");
    seat.key(Named::Enter);
    seat.must_see("已新增：青澜第一家有限公司");
    seat.must_see("共 1 家");
}

#[test]
fn a_row_has_a_menu_of_its_own() {
    let mut seat = at_firms();
    seat.key(Named::ArrowDown);
    let name = seat.names()[0].clone();
    seat.key_with(Key::Named(Named::F10), Modifiers::SHIFT, None);
    seat.press_on("复制企业名称");
    assert_eq!(seat.clipboard.as_deref(), Some(name.as_str()));
    seat.key_with(Key::Named(Named::F10), Modifiers::SHIFT, None);
    seat.key(Named::Enter);
    seat.must_see("变更历史");
}
