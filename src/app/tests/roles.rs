//! What a role may not do is not offered: every screen is visited in every role, and the words of deeds looked for.

use iced::Size;
use iced::keyboard::key::Named;

use super::support::{Seat, example_seat};
use crate::app::place::{DataTab, Place, SettingsTab};
use crate::app::{desk, window::Message};
use crate::domain::event::DeedKind;
use crate::domain::people::{Permission, Rights, Role, office_key, user_key};
use crate::store::acts::Values;
use crate::store::ledger::{FilingFilter, StatusGroup};
use crate::store::queries::LogFilter;

fn go(seat: &mut Seat, place: Place) {
    seat.window.send(Message::Desk(desk::Message::Go(place)));
}

/// The example district with somebody of one role at the desk.
fn seat_of(role: Role, strict: bool) -> Seat {
    let mut seat = example_seat();
    let db = seat.db();
    let admin = db.ledger().users.iter().find(|user| user.roles.contains(&Role::Administrator)).expect("one").id;
    let added = db.act(admin, "新增人员", move |act| {
        if strict {
            let rule: Values = [(office_key::SUPERVISOR_DECIDES.to_owned(), Some("是".to_owned()))].into();
            act.change_office(&rule)?;
        }
        act.add_user("林舟", &[role])
    });
    added.wait().expect("added");
    seat.window.send(Message::Desk(desk::Message::SignOut));
    seat.press_on("周敏");
    seat.press_on("林舟");
    seat.press_on("登录");
    seat.resize(Size::new(1440.0, 1600.0));
    seat.must_see(&format!("林舟·{}", role.label()));
    seat
}

/// A filing at our own review.
fn waiting(seat: &Seat) -> crate::domain::id::RecordId {
    let ledger = seat.db().ledger();
    let filter = FilingFilter { groups: [StatusGroup::Ours].into(), ..FilingFilter::default() };
    ledger.list_filings(&filter, None)[0]
}

/// Where each deed is offered, by which words, and what it needs.
fn offers(seat: &Seat) -> Vec<(Place, &'static str, Permission)> {
    use Permission as P;
    let ledger = seat.db().ledger();
    let firm = ledger.firms().find(|firm| !firm.phone.is_empty()).expect("a firm").id;
    let filing = waiting(seat);
    let filings = || Place::Filings { filter: FilingFilter::default(), open: Some(filing) };
    let edition = ledger.edition_of(ledger.filing(filing).expect("there")).expect("its edition").id;
    let batch =
        Place::Filings { filter: FilingFilter { edition: Some(edition), ..FilingFilter::default() }, open: None };
    vec![
        (Place::firms(), "新增企业", P::EnterFirms),
        (Place::firms(), "导出", P::Export),
        (Place::firm(firm), "修改", P::EnterFirms),
        (Place::filings(2026), "新增申报", P::EnterFilings),
        (Place::filings(2026), "导出推荐汇总表", P::Shortlist),
        (batch, "编辑批次", P::OpenEditions),
        (filings(), "带出企业数据", P::EnterFilings),
        (filings(), "通过/推荐…", P::Decide),
        (filings(), "退回修改…", P::Decide),
        (filings(), "企业撤回…", P::Record),
        (Place::review(2026), "转交…", P::Judge),
        (Place::review(2026), "分派审核人…", P::Assign),
        (Place::Data(DataTab::Packages), "打开包…", P::Exchange),
        (Place::Data(DataTab::Packages), "认识电脑…", P::Exchange),
        (Place::Data(DataTab::Packages), "更换本机密钥…", P::Exchange),
        (Place::Data(DataTab::Packages), "生成…", P::ChangeOffice),
        (Place::review(2026), "通过/推荐", P::Decide),
        (Place::Data(DataTab::Imports), "导入名单", P::Import),
        (Place::Data(DataTab::Log), "撤销", P::Undo),
        (Place::Data(DataTab::Log), "导出…", P::Export),
        (Place::Data(DataTab::Check), "开始核验", P::Verify),
        (Place::Data(DataTab::Backups), "立即备份", P::BackUp),
        (Place::Settings(SettingsTab::Office), "保存单位信息", P::ChangeOffice),
        (Place::Settings(SettingsTab::Office), "保存登录与权限", P::ChangeOffice),
        (Place::Settings(SettingsTab::Office), "新增人员…", P::ManagePeople),
        (Place::Settings(SettingsTab::Programs), "新增批次…", P::OpenEditions),
    ]
}

#[test]
fn every_role_is_offered_what_it_may_do_and_nothing_else() {
    for (role, strict) in [
        (Role::Officer, false),
        (Role::Officer, true),
        (Role::Supervisor, false),
        (Role::Administrator, false),
        (Role::Auditor, false),
    ] {
        let mut seat = seat_of(role, strict);
        let rights = Rights::of(&[role], true, strict);
        for (place, words, needs) in offers(&seat) {
            go(&mut seat, place.clone());
            let offered = seat.seen().into_iter().any(|seen| seen.words == words);
            assert_eq!(offered, rights.has(needs), "{role:?}, strict {strict}: “{words}” at {place:?}");
        }
    }
}

#[test]
fn a_notice_is_taken_along_as_a_document_by_whoever_may_export() {
    for role in Role::ALL {
        let mut seat = seat_of(role, false);
        let ledger = seat.db().ledger();
        let returned = FilingFilter { groups: [StatusGroup::Returned].into(), ..FilingFilter::default() };
        let filing = ledger.list_filings(&returned, None)[0];
        go(&mut seat, Place::Filings { filter: FilingFilter::default(), open: Some(filing) });
        seat.ctrl("m");
        seat.must_see("复制补正通知");
        let exports = Rights::of(&[role], true, false).has(Permission::Export);
        assert_eq!(seat.sees("写成 Word"), exports, "{role:?}");
    }
}

#[test]
fn the_palette_offers_no_deed_an_auditor_may_not_do() {
    let mut seat = seat_of(Role::Auditor, false);
    seat.ctrl("k");
    seat.must_see("工作台");
    for words in ["新增申报", "新增企业", "导入名单", "撤销上一步"] {
        assert!(!seat.seen().into_iter().any(|seen| seen.words == words), "{words}");
    }
    assert!(!seat.sees("为这家新增申报"));
}

#[test]
fn what_somebody_was_refused_at_a_key_or_by_dropping_a_file_is_in_the_log() {
    let mut seat = seat_of(Role::Auditor, false);
    let user = seat.db().ledger().users.iter().find(|user| user.name == "林舟").expect("at the desk").id;
    let refused = |seat: &Seat| {
        // Nobody waits for a refusal to be logged; what is written now comes after it.
        seat.db().set_preference("test.after", "").wait().expect("written");
        let only = LogFilter { kind: Some(DeedKind::Refused), ..LogFilter::default() };
        seat.db().log(&only, None, 10).wait().expect("the log")
    };
    let firm = seat.db().ledger().firms().next().expect("a firm").id;
    for place in [Place::firm(firm), Place::filings(2026), Place::Data(DataTab::Packages), Place::Data(DataTab::Check)]
    {
        go(&mut seat, place);
    }
    assert_eq!(refused(&seat), [], "what is only drawn asks nothing");
    seat.ctrl("i");
    seat.window.send(Message::Dropped("/tmp/名单.csv".into()));
    let rows = refused(&seat);
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows.iter().all(|row| row.actor == user && row.words.contains("审计员不能")), "{rows:?}");
}

#[test]
fn keys_and_links_are_refused_where_their_buttons_are_not_offered() {
    let mut seat = seat_of(Role::Auditor, false);
    for key in ["n", "i"] {
        seat.ctrl(key);
        seat.must_see("审计员不能");
        assert_eq!(seat.window.window().desk().expect("at the desk").place(), Place::Workbench);
    }
    go(&mut seat, Place::NewFirm);
    assert!(!seat.sees("保存并继续"));
    let filing = waiting(&seat);
    go(&mut seat, Place::Filings { filter: FilingFilter::default(), open: Some(filing) });
    let before = seat.db().ledger().filing(filing).expect("there").stage;
    for key in [Named::F6, Named::F7, Named::F8] {
        seat.key(key);
    }
    seat.must_see("下一步不由您的身份登记。");
    assert_eq!(seat.db().ledger().filing(filing).expect("there").stage, before);
    let firm = seat.db().ledger().firms().next().expect("a firm").id;
    go(&mut seat, Place::firm(firm));
    seat.ctrl("e");
    seat.must_see("审计员不能录入、修改企业");
    seat.window.send(Message::Dropped("/tmp/名单.csv".into()));
    seat.must_see("审计员不能导入名单");
    seat.ctrl("z");
    seat.assert_whole();
}

#[test]
fn an_administrator_alone_sees_covered_data_covered() {
    for (role, may) in [(Role::Administrator, false), (Role::Auditor, true)] {
        let mut seat = seat_of(role, false);
        let firm = seat.db().ledger().firms().find(|firm| !firm.phone.is_empty()).expect("one").id;
        go(&mut seat, Place::firm(firm));
        let eyes = seat.seen().into_iter().filter(|seen| seen.words == crate::ui::Icon::Eye.glyph()).count();
        assert_eq!(eyes > 0, may, "{role:?}");
    }
}

#[test]
fn a_supervisor_recommends_and_it_is_recorded_in_their_name() {
    let mut seat = seat_of(Role::Supervisor, true);
    let filing = waiting(&seat);
    go(&mut seat, Place::Filings { filter: FilingFilter::default(), open: Some(filing) });
    seat.key(Named::F6);
    seat.key(Named::Enter);
    let db = seat.db();
    let moved = LogFilter { kind: Some(DeedKind::Move), ..LogFilter::default() };
    let row = db.log(&moved, None, 1).wait().expect("the log").remove(0);
    assert_eq!(db.ledger().user_name(row.actor), "林舟");
    assert!(!matches!(db.ledger().filing(filing).expect("there").group(), StatusGroup::Ours));
    seat.assert_whole();
}

#[test]
fn whoever_loses_the_role_while_at_the_desk_is_refused_at_once() {
    let mut seat = seat_of(Role::Officer, false);
    let db = seat.db();
    let (admin, own) = {
        let users = &db.ledger().users;
        let of = |name: &str| users.iter().find(|user| user.name == name).expect("there").id;
        (of("周敏"), of("林舟"))
    };
    go(&mut seat, Place::NewFirm);
    seat.type_text("青澜恒砚新材料有限公司");
    let roles: Values = [(user_key::ROLES.to_owned(), Some("auditor".to_owned()))].into();
    db.act(admin, "改身份", move |act| act.change_user(own, &roles)).wait().expect("changed");
    seat.ctrl("s");
    seat.must_see("审计员不能录入、修改企业");
    assert!(!db.ledger().firms().any(|firm| firm.name.contains("恒砚新材料")));
    seat.must_see("青澜恒砚新材料有限公司");
}
