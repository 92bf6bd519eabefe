//! The form of a new or known firm: what is said, what is confirmed, what is refused, what is kept.

use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use super::{at_firms, type_into};
use crate::app::place::Place;

#[test]
fn doubts_about_a_new_firm_are_confirmed_with_a_reason() {
    let mut seat = at_firms();
    seat.ctrl_shift("n");
    assert_eq!(seat.place(), Place::NewFirm);
    seat.type_text("青澜试点新材料有限公司");
    type_into(&mut seat, "firm-code", "91350100M0001TGQXM");
    seat.must_see("疑似试点期代码或抄录错误");
    type_into(&mut seat, "firm-phone", "0635-8288888");
    seat.ctrl("s");
    seat.must_see("有 1 处提醒，确认无误再保存");
    seat.key(Named::Enter);
    assert!(seat.sees("确认无误再保存"), "not without a reason");
    seat.type_text("执照原件如此");
    seat.key(Named::Enter);
    seat.must_see("已新增：青澜试点新材料有限公司");
    let firm = seat.firm(|firm| &*firm.name == "青澜试点新材料有限公司");
    assert_eq!(&*firm.phone, "0635-8288888");
    let file = seat.file(firm.id);
    let confirmed = &file.changes[0].confirmed[0];
    assert_eq!((confirmed.field.as_str(), confirmed.reason.as_str()), ("code", "执照原件如此"));
    seat.press_in_panel("变更历史");
    seat.must_see("原因：执照原件如此");
    seat.assert_whole();
}

#[test]
fn an_impossible_date_and_a_missing_name_are_the_only_walls() {
    let mut seat = at_firms();
    seat.go(Place::NewFirm);
    type_into(&mut seat, "firm-est_date", "2019-02-30");
    seat.ctrl("s");
    seat.must_see("请填写企业名称");
    seat.must_see("先改好：企业名称、成立日期");
    type_into(&mut seat, "firm-name", "青澜无墙科技有限公司");
    type_into(&mut seat, "firm-est_date", "2019.3.12");
    type_into(&mut seat, "firm-legal_id", "11010519491231002X");
    seat.key(Named::Enter);
    let firm = seat.firm(|firm| &*firm.name == "青澜无墙科技有限公司");
    assert_eq!(firm.founded.map(|day| day.to_string()).as_deref(), Some("2019-03-12"));
}

#[test]
fn a_name_nearly_known_warns_and_a_known_code_is_refused() {
    let mut seat = at_firms();
    let firm = seat.firm(|firm| firm.name.ends_with("有限公司") && !firm.code.is_empty());
    seat.go(Place::NewFirm);
    let near = firm.name.replace("有限公司", "有限责任公司");
    seat.type_text(&near);
    seat.must_see("只差一点");
    type_into(&mut seat, "firm-name", &firm.name);
    seat.must_see("已有同名的企业");
    type_into(&mut seat, "firm-name", "青澜完全不同实业有限公司");
    assert!(!seat.sees("只差一点") && !seat.sees("已有同名"));
    type_into(&mut seat, "firm-code", &firm.code);
    seat.must_see(&format!("这个代码已经是“{}”的", firm.name));
    let before = seat.db().ledger().firm_count();
    seat.ctrl("s");
    seat.must_see("已经是");
    assert_eq!(seat.db().ledger().firm_count(), before);
    seat.press_on("打开那家企业");
    assert!(matches!(seat.place(), Place::Firms { open: Some(id), .. } if id == firm.id));
}

#[test]
fn what_was_typed_is_offered_again() {
    let mut seat = at_firms();
    seat.go(Place::NewFirm);
    seat.type_text("青澜草稿科技有限公司");
    type_into(&mut seat, "firm-park", "高新园");
    seat.key(Named::Escape);
    seat.key(Named::Escape);
    seat.must_see("留作草稿");
    seat.go(Place::NewFirm);
    seat.must_see("上次填了没有保存：青澜草稿科技有限公司，共 2 项");
    seat.press_on("接着填");
    seat.must_see("高新园");
    seat.ctrl("s");
    seat.must_see("已新增：青澜草稿科技有限公司");
    seat.go(Place::NewFirm);
    assert!(!seat.sees("上次填了"), "what was saved is no draft");
}

#[test]
fn a_firm_is_changed_by_the_form_and_its_history_tells_old_and_new() {
    let mut seat = at_firms();
    let firm = seat.firm(|firm| !firm.legal.is_empty() && !firm.phone.is_empty());
    seat.open(firm.id, "概况");
    seat.ctrl("e");
    seat.must_see("修改企业");
    type_into(&mut seat, "firm-name", "青澜更名科技有限公司");
    type_into(&mut seat, "firm-legal_rep", "欧阳修文");
    type_into(&mut seat, "firm-township", "白石镇");
    seat.ctrl("s");
    seat.must_see("已修改：青澜更名科技有限公司");
    let file = seat.file(firm.id);
    assert_eq!(file.firm.former_names, [firm.name.to_string()]);
    assert_eq!(file.firm.fields.get("phone"), Some(&*firm.phone), "what was not touched stays");
    seat.press_in_panel("变更历史");
    seat.must_see(&format!("{} → 青澜更名科技有限公司", firm.name));
    assert!(!seat.sees("欧阳修文") && seat.sees("欧***"), "names of persons are covered in the history too");
    seat.must_see("周敏");
    seat.ctrl("z");
    seat.must_see("已撤销");
    assert_eq!(seat.file(firm.id).firm.name(), &*firm.name);
}

#[test]
fn a_suggestion_is_taken_over_by_pressing_it() {
    let mut seat = at_firms();
    seat.go(Place::NewFirm);
    // The letter O where a zero was meant.
    type_into(&mut seat, "firm-code", "9137O200264574251E");
    seat.press_on("改为 91370200264574251E");
    seat.must_see("校验通过");
}

#[test]
fn an_unfinished_change_is_offered_again_too() {
    let mut seat = at_firms();
    let firm = seat.firm(|firm| !firm.code.is_empty());
    seat.open(firm.id, "概况");
    seat.ctrl("e");
    type_into(&mut seat, "firm-short", "简称甲");
    seat.key_with(Key::Named(Named::ArrowLeft), Modifiers::ALT, None);
    seat.open(firm.id, "概况");
    assert!(seat.file(firm.id).firm.fields.get("short").is_none(), "leaving does not save");
    seat.ctrl("e");
    seat.press_on("接着填");
    seat.must_see("简称甲");
    seat.press_on("保存");
    assert_eq!(seat.file(firm.id).firm.fields.get("short"), Some("简称甲"));
}

#[test]
fn a_change_to_a_firm_with_filings_can_be_taken_back() {
    let mut seat = at_firms();
    let ledger = seat.db().ledger();
    let firm = ledger.filings().next().expect("a filing").firm_id;
    let before = seat.file(firm).firm.fields.get("park").map(str::to_owned);
    seat.open(firm, "概况");
    seat.ctrl("e");
    type_into(&mut seat, "firm-park", "青澜高新园");
    seat.ctrl("s");
    assert_eq!(seat.file(firm).firm.fields.get("park"), Some("青澜高新园"));
    seat.press_on("撤销");
    assert_eq!(seat.file(firm).firm.fields.get("park").map(str::to_owned), before);
}
