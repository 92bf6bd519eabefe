//! Every deed by every role on a real database: what the table of permissions says is what the store does.

use crate::domain::event::{
    DeedKind, Fact, Fields, Hash, ImportDone, PackageMade, PackageTaken, Purpose, ShortlistRow,
};
use crate::domain::filing::machine::Wish;
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::machine::{Card, Key};
use crate::domain::people::{Permission, Role, office_key, user_key};
use crate::domain::program::Effect;
use crate::domain::{Kind, Result, firm};
use crate::store::acts::{NewFiling, Values};
use crate::store::packages::NewMachine;
use crate::store::queries::LogFilter;
use crate::store::testing::{Office, TODAY, employ};
use crate::store::{Act, Db};

const FOUNDER: RecordId = RecordId(uuid::Uuid::from_u128(1));

fn person(role: Role) -> RecordId {
    RecordId(uuid::Uuid::from_u128(100 + role as u128))
}

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), Some((*v).to_owned()))).collect()
}

/// An office with one person per role, a firm, an edition, two filings at our own desk, and a shortlist.
struct Bureau {
    office: Office,
    firm: RecordId,
    edition: RecordId,
    filings: [RecordId; 2],
    shortlist: RecordId,
}

fn bureau() -> Bureau {
    let office = Office::new(3);
    let made = office.db.act(FOUNDER, "启用", |act| {
        employ(act, FOUNDER, "周敏", &Role::ALL)?;
        for role in Role::ALL {
            employ(act, person(role), role.label(), &[role])?;
        }
        act.change_office(&values(&[(office_key::NAME, "青澜区科学技术局")]))?;
        let entered = values(&[(firm::key::NAME, "青澜甲厂"), (firm::key::PHONE, "13911112222")]);
        let firm = act.create_firm(entered, Vec::new(), None)?;
        let edition = act.open_edition("gaoqi", 2026, 1, Values::new())?;
        let second = values(&[(firm::key::NAME, "青澜乙厂")]);
        let second = act.create_firm(second, Vec::new(), None)?;
        let stage = ours();
        let new = || NewFiling { stage: stage.clone(), opened: Some(TODAY), ..NewFiling::default() };
        let filings = [act.open_filing(firm, edition, new())?, act.open_filing(second, edition, new())?];
        let shortlist = act.make_shortlist(edition, "推荐", &filings)?;
        Ok((firm, edition, filings, shortlist))
    });
    let (firm, edition, filings, shortlist) = made.wait().expect("set up").value;
    Bureau { office, firm, edition, filings, shortlist }
}

/// Our own stage of the program, where somebody decides.
fn ours() -> String {
    let program = crate::catalog::Catalog::builtin().program("gaoqi").expect("known");
    let version = program.version_on(TODAY);
    let stage = version.stages.iter().find(|stage| {
        stage.desk == crate::domain::program::Desk::Ours && stage.kind == crate::domain::program::StageKind::Review
    });
    stage.expect("a review of ours").id.clone()
}

type Deed = Box<dyn FnOnce(&mut Act<'_>) -> Result<()> + Send>;

/// What needs each permission that writes events, done through the commands people use.
fn deeds(bureau: &Bureau) -> Vec<(&'static str, Permission, Deed)> {
    let Bureau { firm, edition, filings, shortlist, .. } = *bureau;
    let pass = Wish::new(Effect::Pass, TODAY);
    let decline = Wish { reason: "不符合条件".to_owned(), ..Wish::new(Effect::Decline, TODAY) };
    let withdraw = Wish { reason: "企业申请".to_owned(), ..Wish::new(Effect::Withdraw, TODAY) };
    let import = ImportDone {
        file: "名单.csv".to_owned(),
        digest: Hash::of(&[b"list"]),
        title: "名单".to_owned(),
        purpose: "企业".to_owned(),
        rows: 1,
        created: 1,
        changed: 0,
        unchanged: 0,
        passed_over: 0,
    };
    use Permission as P;
    vec![
        (
            "新增企业",
            P::EnterFirms,
            Box::new(|act| act.create_firm(values(&[(firm::key::NAME, "青澜丙厂")]), Vec::new(), None).map(drop)),
        ),
        (
            "批量新增企业",
            P::EnterFirms,
            Box::new(|act| {
                act.enter_firms(vec![(values(&[(firm::key::NAME, "青澜丁厂")]), None)], &mut || Ok(())).map(drop)
            }),
        ),
        (
            "修改企业",
            P::EnterFirms,
            Box::new(move |act| {
                act.change_firm(firm, &values(&[(firm::key::TOWNSHIP, "柳泉镇")]), Vec::new(), None).map(drop)
            }),
        ),
        (
            "登记证书",
            P::EnterFirms,
            Box::new(move |act| {
                act.record_certificate(firm, "gaoqi", "GR2026", values(&[("number", "GR2026")]), None).map(drop)
            }),
        ),
        ("新增批次", P::OpenEditions, Box::new(|act| act.open_edition("kexiao", 2026, 1, Values::new()).map(drop))),
        (
            "改批次",
            P::OpenEditions,
            Box::new(move |act| act.change_edition(edition, &values(&[("quota", "9")])).map(drop)),
        ),
        (
            "修改申报",
            P::EnterFilings,
            Box::new(move |act| act.change_filing(filings[0], &values(&[("note", "补一句")])).map(drop)),
        ),
        (
            "转交",
            P::Judge,
            Box::new(move |act| act.transfer_filing(filings[1], person(Role::Supervisor), "请接着办").map(drop)),
        ),
        ("分派", P::Assign, Box::new(move |act| act.assign_filing(filings[0], &[person(Role::Supervisor)]).map(drop))),
        ("推荐", P::Decide, Box::new(move |act| act.move_filing(filings[0], &pass).map(drop))),
        ("不推荐", P::Decide, Box::new(move |act| act.move_filing(filings[0], &decline).map(drop))),
        ("撤回", P::Record, Box::new(move |act| act.move_filing(filings[1], &withdraw).map(drop))),
        ("编排名单", P::Shortlist, Box::new(move |act| act.change_shortlist(shortlist, "名单", &filings).map(drop))),
        (
            "定稿名单",
            P::Shortlist,
            Box::new(move |act| {
                let rows = vec![ShortlistRow { filing: filings[0], cells: vec!["甲".to_owned()] }];
                act.freeze_shortlist(shortlist, TODAY, "名单", vec!["企业".to_owned()], rows).map(drop)
            }),
        ),
        ("导入", P::Import, Box::new(move |act| act.record_import(act.new_id(), import))),
        ("清除", P::Erase, Box::new(move |act| act.erase(firm, &[firm::key::PHONE.to_owned()], "本人要求").map(drop))),
        (
            "改单位",
            P::ChangeOffice,
            Box::new(|act| act.change_office(&values(&[(office_key::NAME, "新名")])).map(drop)),
        ),
        (
            "定评审表",
            P::ChangeOffice,
            Box::new(|act| {
                let table = crate::catalog::forms::published("gaoqi").next().expect("a published table");
                act.set_review_form("gaoqi", Some(&table.form)).map(drop)
            }),
        ),
        ("新增人员", P::ManagePeople, Box::new(|act| act.add_user("林舟", &[Role::Officer]).map(drop))),
        (
            "改人员",
            P::ManagePeople,
            Box::new(|act| act.change_user(person(Role::Officer), &values(&[(user_key::SECTION, "高新科")])).map(drop)),
        ),
        (
            "认识电脑",
            P::Exchange,
            Box::new(|act| {
                let (sign, seal) = (Key::from_bytes([7; 32]), Key::from_bytes([8; 32]));
                let card =
                    Card {
                        name: "张科长的电脑".to_owned(), device: DeviceId(uuid::Uuid::from_u128(7)), sign, seal
                    };
                act.meet_machine(&NewMachine { card, name: String::new(), user: None }).map(drop)
            }),
        ),
        ("做包", P::Exchange, Box::new(|act| act.state(act.new_id(), made()))),
        ("取入包", P::Exchange, Box::new(|act| act.state(act.new_id(), taken()))),
    ]
}

/// That a package was made.
fn made() -> Fact {
    Fact::PackageMade(PackageMade {
        purpose: Purpose::Review,
        to: Key::from_bytes([7; 32]),
        name: "张科长的电脑".to_owned(),
        filings: Vec::new(),
        events: 1,
        files: 0,
        bytes: 1,
    })
}

/// That one was taken in.
fn taken() -> Fact {
    Fact::PackageTaken(PackageTaken {
        purpose: Purpose::Answer,
        from: Key::from_bytes([7; 32]),
        device: DeviceId(uuid::Uuid::from_u128(7)),
        name: "张科长的电脑".to_owned(),
        taken: 1,
        known: 0,
        waiting: 0,
        filings: Vec::new(),
        decided: Vec::new(),
        conflicts: 0,
        heads: Vec::new(),
        parts: Vec::new(),
    })
}

#[test]
fn every_deed_by_every_role_is_done_or_refused_as_the_table_says() {
    let count = deeds(&bureau()).len();
    for strict in [false, true] {
        for role in Role::ALL {
            let shared = bureau();
            if strict {
                let rule = values(&[(office_key::SUPERVISOR_DECIDES, "是")]);
                shared.office.db.act(FOUNDER, "规则", move |act| act.change_office(&rule)).wait().unwrap();
            }
            let rights = shared.office.db.rights(person(role)).wait().unwrap();
            for n in 0..count {
                // Refused deeds leave nothing, so one office serves for all of them; a deed that is done has its own.
                let (name, permission, deed) = deeds(&shared).swap_remove(n);
                let before = super::seen::held(&shared.office.db).len();
                if rights.has(permission) {
                    let own = bureau();
                    let (_, _, deed) = deeds(&own).swap_remove(n);
                    if strict {
                        let rule = values(&[(office_key::SUPERVISOR_DECIDES, "是")]);
                        own.office.db.act(FOUNDER, "规则", move |act| act.change_office(&rule)).wait().unwrap();
                    }
                    let before = super::seen::held(&own.office.db).len();
                    own.office.db.act(person(role), name, deed).wait().expect(name);
                    assert!(super::seen::held(&own.office.db).len() > before, "{role:?} {name}");
                } else {
                    let refused = shared.office.db.act(person(role), name, deed).wait().expect_err(name);
                    assert_eq!(refused.kind, Kind::Refused, "{role:?} {name}: {refused:?}");
                    assert!(refused.says.contains(permission.words()), "{role:?} {name}: {refused:?}");
                    let after = super::seen::held(&shared.office.db).len();
                    assert_eq!(after, before + 1, "{role:?} {name}: only the log's own line is new");
                }
            }
        }
    }
}

#[test]
fn every_refusal_is_in_the_log_with_the_name_of_the_deed() {
    let bureau = bureau();
    for (name, _, deed) in deeds(&bureau) {
        bureau.office.db.act(person(Role::Auditor), name, deed).wait().expect_err("an auditor changes nothing");
    }
    let only = LogFilter { kind: Some(DeedKind::Refused), ..LogFilter::default() };
    let rows = bureau.office.db.log(&only, None, 100).wait().unwrap();
    assert_eq!(rows.len(), deeds(&bureau).len());
    assert!(rows.iter().all(|row| row.actor == person(Role::Auditor) && row.words.contains("审计员不能")), "{rows:#?}");
}

#[test]
fn somebody_who_left_who_has_no_role_or_whom_nobody_knows_may_nothing() {
    let bureau = bureau();
    let gone = values(&[(user_key::ACTIVE, "否")]);
    let officer = person(Role::Officer);
    bureau.office.db.act(FOUNDER, "停用", move |act| act.change_user(officer, &gone)).wait().unwrap();
    for actor in [officer, RecordId::OFFICE, RecordId(uuid::Uuid::from_u128(9))] {
        for (name, _, deed) in deeds(&bureau) {
            let refused = bureau.office.db.act(actor, name, deed).wait().expect_err(name);
            assert!(refused.says.contains("没有在用的身份"), "{refused:?}");
        }
        for permission in Permission::ALL {
            assert_eq!(bureau.office.db.permit(actor, permission).wait().expect_err("refused").kind, Kind::Refused);
        }
    }
}

#[test]
fn taking_back_needs_the_right_to_have_done_it() {
    let bureau = bureau();
    let db = &bureau.office.db;
    let filing = bureau.filings[0];
    let (decided, entered) = {
        let pass = Wish::new(Effect::Pass, TODAY);
        let decided = db.act(person(Role::Officer), "推荐", move |act| act.move_filing(filing, &pass)).wait().unwrap();
        let firm = bureau.firm;
        let change = values(&[(firm::key::TOWNSHIP, "柳泉镇")]);
        let changed = move |act: &mut Act<'_>| act.change_firm(firm, &change, Vec::new(), None);
        (decided.action.unwrap(), db.act(person(Role::Officer), "修改", changed).wait().unwrap().action.unwrap())
    };
    let undo = |role: Role, action: RecordId| db.act(person(role), "撤销", move |act| act.undo(action)).wait();
    for role in [Role::Supervisor, Role::Administrator, Role::Auditor] {
        assert_eq!(undo(role, entered).expect_err("refused").kind, Kind::Refused, "{role:?}");
    }
    for role in [Role::Administrator, Role::Auditor] {
        assert_eq!(undo(role, decided).expect_err("refused").kind, Kind::Refused, "{role:?}");
    }
    let back = undo(Role::Supervisor, decided).expect("a decision is the supervisor's to take back").action.unwrap();
    assert!(undo(Role::Administrator, back).is_err(), "nor does an undo of the undo go around it");
    undo(Role::Officer, back).expect("and the officer's to restore");
    undo(Role::Officer, entered).expect("the officer's own");
}

fn set_roles(db: &Db, user: RecordId, roles: &str) -> Result<()> {
    let set = values(&[(user_key::ROLES, roles)]);
    db.act(FOUNDER, "改身份", move |act| act.change_user(user, &set)).wait().map(drop)
}

#[test]
fn the_last_administrator_neither_leaves_nor_loses_the_role_by_any_road() {
    let office = Office::new(3);
    let db = &office.db;
    let made = db.act(FOUNDER, "启用", |act| employ(act, FOUNDER, "周敏", &[Role::Officer, Role::Administrator]));
    let founding = made.wait().unwrap().action.unwrap();
    let other = db.act(FOUNDER, "新增", |act| act.add_user("陈岚", &[Role::Officer])).wait().unwrap().value;
    let last = |refused: Result<()>| {
        let problem = refused.expect_err("refused");
        assert!(problem.says.contains("最后一位在用的管理员"), "{problem:?}");
    };
    last(set_roles(db, FOUNDER, "officer"));
    let gone = values(&[(user_key::ACTIVE, "否")]);
    last(db.act(FOUNDER, "停用", move |act| act.change_user(FOUNDER, &gone)).wait().map(drop));
    // Whoever has worked here is not taken back at all.
    let undone = db.act(FOUNDER, "撤销", move |act| act.undo(founding)).wait();
    assert_eq!(undone.expect_err("refused").kind, Kind::Refused);
    // Given to another, it may go; but then the giving cannot be taken back.
    let roles = values(&[(user_key::ROLES, "officer administrator")]);
    let given = db.act(FOUNDER, "改身份", move |act| act.change_user(other, &roles)).wait().unwrap().action.unwrap();
    set_roles(db, FOUNDER, "officer").expect("there is another now");
    last(db.act(other, "撤销", move |act| act.undo(given)).wait().map(drop));
    let both = values(&[(user_key::ROLES, "")]);
    assert_eq!(
        db.act(other, "改身份", move |act| act.change_user(FOUNDER, &both)).wait().expect_err("no role").kind,
        Kind::BadInput
    );
    assert_eq!(db.check().wait().unwrap().faults, []);
}

#[test]
fn what_comes_from_elsewhere_is_taken_in_whatever_role_its_author_has_here() {
    let (one, other) = (bureau(), Office::new(8));
    let all = one
        .office
        .db
        .read(|c| crate::store::journal::chain_range(c, crate::store::journal::heads(c)?[0].device, 1, 99));
    let all = all.wait().unwrap();
    let founded = other.db.act(FOUNDER, "启用", |act| employ(act, FOUNDER, "周敏", &[Role::Auditor])).wait();
    assert!(founded.is_ok());
    assert!(other.db.accept(all.clone()).wait().unwrap().taken >= all.len() - 1);
    assert_eq!(other.db.load_ledger(2025).wait().unwrap().firm_count(), 2);
    // A machine that writes for nobody is refused once somebody works here.
    let fields = Fields::set([("name", "青澜戊厂")]);
    let refused = other.db.act(RecordId::OFFICE, "新增", |act| act.create(Fact::FirmCreated(fields)).map(drop)).wait();
    assert_eq!(refused.expect_err("refused").kind, Kind::Refused);
}
