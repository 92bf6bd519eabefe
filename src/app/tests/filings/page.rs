//! The form on a filing's page, edited in place.

use iced::keyboard::key::Named;

use crate::app::tests::support::{Folder, example_seat, example_seat_of};
use crate::store::acts::Values;

use super::*;

#[test]
fn a_field_changed_on_the_page_is_saved_with_ctrl_s() {
    let mut seat = example_seat();
    let id = some_filing(&seat, at_district).id;
    open(&mut seat, id);
    seat.focus("page.form.staff");
    seat.retype("77");
    seat.must_see("1 处改动没有保存");
    seat.ctrl("s");
    assert_eq!(file(&seat, id).filing.fields.get("form.staff"), Some("77"));
    assert!(!seat.sees("处改动没有保存"));
    seat.press_on("变更历史 ");
    seat.must_see("职工总数");
}

#[test]
fn what_was_typed_and_not_saved_is_there_again_when_one_comes_back() {
    let mut seat = example_seat();
    let id = some_filing(&seat, at_district).id;
    let other = some_filing(&seat, |row| at_district(row) && row.id != id).id;
    open(&mut seat, id);
    seat.focus("page.form.staff");
    seat.retype("78");
    open(&mut seat, other);
    seat.must_see("1 处改动还没有保存");
    open(&mut seat, id);
    seat.must_see("1 处改动没有保存");
    seat.must_see("78");
    seat.press_on("放弃改动");
    assert!(!seat.sees("处改动没有保存"));
}

#[test]
fn a_number_that_looks_wrong_is_saved_with_a_reason() {
    let mut seat = example_seat_of(iced::Size::new(1440.0, 1200.0));
    let id = some_filing(&seat, at_district).id;
    open(&mut seat, id);
    // Covered until somebody asks for it.
    let whole = file(&seat, id).filing.fields.text("form.phone");
    assert!(!seat.sees(&whole));
    let phone = seat.find(&crate::domain::identity::phone::mask(&whole)).expect("its ends are shown");
    let eye = seat.seen().into_iter().find(|seen| seen.words == crate::ui::Icon::Eye.glyph()).expect("an eye").bounds;
    assert!((eye.center_y() - phone.center_y()).abs() < 8.0);
    seat.press(eye.center());
    seat.must_see(&whole);
    seat.retype("12345");
    seat.ctrl("s");
    seat.must_see("处要确认");
    seat.type_text("单位总机转分机");
    seat.key(Named::Enter);
    let file = file(&seat, id);
    assert_eq!(file.filing.fields.get("form.phone"), Some("12345"));
    assert_eq!(file.changes[0].confirmed[0].reason, "单位总机转分机");
}

#[test]
fn a_form_changed_after_its_approval_says_so() {
    let mut seat = example_seat();
    let id = some_filing(&seat, |row| row.program.id == "gaoqi" && row.stage().id == "city" && !row.outdated).id;
    let user = seat.db().ledger().users[0].id;
    let values: Values = [("form.staff".to_owned(), Some("999".to_owned()))].into();
    seat.db().act(user, "修改", move |act| act.change_filing(id, &values)).wait().expect("changed");
    look_again(&mut seat);
    open(&mut seat, id);
    seat.must_see("批准的是旧版本");
}

#[test]
fn what_a_person_asked_to_be_forgotten_is_erased_from_a_filing_and_the_rest_of_its_form_stays() {
    let mut seat = example_seat_of(iced::Size::new(1440.0, 1200.0));
    let id = some_filing(&seat, |row| row.program.id == "gaoqi" && at_district(row)).id;
    let before = file(&seat, id).filing.fields;
    assert!(before.get("form.phone").is_some());
    open(&mut seat, id);
    seat.press_on("变更历史 ");
    seat.press_on("依法清除个人信息…");
    seat.must_see("会从这件申报的全部流水里抹去");
    seat.press_on("清除");
    seat.must_see("请先勾选要清除的内容");
    let label = crate::app::tests::filings::form_label(&seat, id, "phone");
    seat.press_on(&label);
    seat.focus("erase-reason");
    seat.type_text("本人来函要求");
    seat.press_on("清除");
    seat.must_see("以前的备份里还有");
    let after = file(&seat, id).filing.fields;
    assert_eq!(after.get("form.phone"), None);
    assert_eq!(after.get("form.staff"), before.get("form.staff"));
    seat.must_see("清除的内容：联系电话；原因：本人来函要求");
    assert!(!seat.sees("撤销"), "what cannot be taken back is not offered to be");
    seat.assert_whole();
}

#[test]
fn papers_that_speak_of_a_person_are_erased_with_their_content_and_only_fields_of_people_are_offered() {
    let mut seat = example_seat_of(iced::Size::new(1440.0, 1200.0));
    let papers = Folder::new();
    let id = some_filing(&seat, |row| row.program.id == "gaoqi" && at_district(row)).id;
    let (db, user) = (seat.db(), seat.db().ledger().users[0].id);
    let path = papers.0.join("职工名册.pdf");
    std::fs::write(&path, "秦川 3707").expect("a paper");
    let kept = db.keep(&path).expect("kept");
    let place = db.kept_file(&kept.hash);
    db.act(user, "交材料", move |act| act.attach(id, "staff", &kept, &[])).wait().expect("attached");
    look_again(&mut seat);
    open(&mut seat, id);
    seat.press_on("变更历史 ");
    seat.press_on("依法清除个人信息…");
    seat.must_see("联系电话");
    // The dialog lies over the form, which has every label as well: what is offered stands after the dialog's own words.
    let seen: Vec<String> = seat.seen().into_iter().map(|seen| seen.words).collect();
    let from = seen.iter().position(|words| words.contains("会从这件申报的全部流水里抹去")).expect("the dialog");
    for label in ["审计机构", "职工总数"] {
        assert!(!seen[from..].iter().any(|words| words == label), "{label} says nothing of a person");
    }
    seat.press_on("职工名册.pdf");
    seat.must_see("材料，11 B");
    seat.focus("erase-reason");
    seat.type_text("本人来函要求");
    seat.press_on("清除");
    seat.must_see("已清除文件 1 份");
    assert!(!place.exists(), "the content is gone");
    seat.must_see("依法清除文件 1 份");
    seat.ctrl("m");
    seat.must_see("内容已依法清除");
    seat.assert_whole();
}
