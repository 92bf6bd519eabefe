//! A published list goes in: found, matched, previewed, written once, taken back.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::ops::ControlFlow;

use kebao::domain::program::Effect as StageEffect;
use kebao::exchange::import::{Choice, Plan, Purpose, Settings, Watch, apply, plan, suggest};
use kebao::exchange::lists::{FoundTable, find, read};
use kebao::store::ledger::{FilingFilter, StatusGroup};

use crate::support::{Office, empty_office, example_office};

fn table_of(office: &Office, name: &str, text: &str) -> (std::path::PathBuf, FoundTable) {
    let path = office.folder.file(name);
    fs::write(&path, text).expect("a list is written");
    let document = read(&path, &mut |_| ControlFlow::Continue(())).expect("it is read");
    (path, find(&document).remove(0))
}

fn planned(office: &Office, table: &FoundTable, settings: &Settings) -> Plan {
    plan(&office.db, table, settings, &HashMap::new()).expect("a plan")
}

const GAOQI: &str = "附件1,,,\n青澜市2026年第一批高新技术企业备案名单,,,\n序号,企业名称,证书编号,所属地区\n一、青澜区（3家）,,,\n\
1,青澜恒砚新材料有限公司,GR202637000001,青澜区\n2,望川精密铸造有限公司,GR202637000002,青澜区\n3,青澜岱西软件有限公司,GR202637000003,青澜区\n\
二、云岭区（2家）,,,\n4,云岭启明电子有限公司,GR202637000004,云岭区\n5,云岭高分子材料有限公司,GR202637000005,云岭区\n合计,5家,,\n注：以上企业排名不分先后。,,,\n";

#[test]
fn a_list_goes_in_once_and_the_second_time_adds_nothing() {
    let office = empty_office();
    let (path, table) = table_of(&office, "2026年第一批高企备案名单.csv", GAOQI);
    let settings = suggest(&table, "2026年第一批高企备案名单", &office.db.ledger());
    assert_eq!(settings.purpose, Purpose::Certificates { kind: "gaoqi".into() });
    // Our district is among the areas, so only it is taken.
    assert_eq!(settings.areas, Some(BTreeSet::from(["青澜区".to_owned()])));
    let first = planned(&office, &table, &settings);
    let counts = first.counts();
    assert_eq!((counts.rows, counts.new, counts.left_out), (5, 3, 2));
    assert!(
        first.rows[0].says().contains("建企业档案") && first.rows[0].says().contains("GR202637000001"),
        "{}",
        first.rows[0].says()
    );
    let done = apply(&office.db, office.officer, &table, first, &path, Watch::default()).wait().unwrap();
    assert_eq!((done.value.firms, done.value.certificates), (3, 3));
    assert_eq!(done.name, "导入 3 家");

    let ledger = office.db.ledger();
    let firm = ledger.firms().find(|f| &*f.name == "望川精密铸造有限公司").expect("entered");
    assert_eq!(&*firm.certificates[0].number, "GR202637000002");
    let again = planned(&office, &table, &settings);
    assert_eq!(again.counts().same, 3);
    assert_eq!(again.writes(), 0);

    // Source file and row stay with each fact.
    let file = office.db.firm(firm.id).wait().unwrap().unwrap();
    let source = file.firm.source.expect("it came from the list");
    assert_eq!(source.row, 6);
    let import = office.db.imports().wait().unwrap().remove(0);
    assert_eq!(import.id, source.import);
    assert_eq!(fs::read(office.db.kept_file(&import.digest)).unwrap(), GAOQI.as_bytes());

    // Undo takes the whole import back.
    let action = import.action;
    office.db.act(office.officer, "撤销", move |act| act.undo(action)).wait().unwrap();
    assert_eq!(office.db.ledger().firm_count(), 0);
    assert!(office.db.imports().wait().unwrap()[0].undone);
    office.assert_whole();
}

#[test]
fn a_firm_is_recognised_by_code_number_name_or_former_name_and_never_by_likeness() {
    let office = example_office();
    let ledger = office.db.ledger();
    let mut firms: Vec<_> = ledger.firms().cloned().collect();
    firms.sort_by_key(|f| f.id);
    let numbered =
        firms.iter().find(|f| f.certificates.iter().any(|c| &*c.kind == "gaoqi")).expect("one with a certificate");
    let number = numbered.certificates.iter().find(|c| &*c.kind == "gaoqi").expect("its certificate").number.clone();
    let (coded, named, renamed) = (&firms[0], &firms[1], &firms[2]);
    let (id, new_name) = (renamed.id, format!("{}（集团）", renamed.name));
    let change = [("name".to_owned(), Some(new_name))].into();
    office.db.act(office.officer, "更名", move |act| act.change_firm(id, &change, Vec::new(), None)).wait().unwrap();
    let similar = firms[3].name.replacen(firms[3].name.chars().nth(3).expect("long enough"), "某", 1);
    let text = format!(
        "序号,企业名称,统一社会信用代码,证书编号\n1,完全不同的名称有限公司,{},X1\n2,也不认识的名称有限公司,,{number}\n3,{}　,,X3\n4,{},,X4\n5,{similar},,X5\n6,谁也不认识的新企业有限公司,,X6\n",
        coded.code,
        named.name.replace('（', "(").replace('）', ")"),
        renamed.name
    );
    let (_, table) = table_of(&office, "高新技术企业名单.csv", &text);
    let settings = Settings { purpose: Purpose::Firms, areas: None, ..suggest(&table, "", &office.db.ledger()) };
    let plan = planned(&office, &table, &settings);
    let by: Vec<Option<&str>> = plan.rows.iter().map(|row| row.firm.map(|(_, by)| by.label())).collect();
    assert_eq!(by, [Some("代码一致"), Some("编号一致"), Some("名称一致"), Some("与曾用名相同"), None, None]);
    assert_eq!(plan.rows[4].verdict.word(), "待确认");
    assert_eq!(plan.rows[4].candidates[0].firm, firms[3].id);
    assert_eq!(plan.rows[5].verdict.word(), "新增");
    // Nothing doubtful is written until a person has chosen.
    assert!(!plan.rows[4].writes());
    let chosen =
        kebao::exchange::import::plan(&office.db, &table, &settings, &HashMap::from([(4, Choice::Same(firms[3].id))]))
            .unwrap();
    assert_eq!(chosen.rows[4].verdict.word(), "不变");
}

#[test]
fn a_list_fills_blanks_and_overwrites_only_when_told_to() {
    let office = empty_office();
    let enter = |name: &str, phone: Option<&str>| {
        let values =
            [("name".to_owned(), Some(name.to_owned())), ("phone".to_owned(), phone.map(str::to_owned))].into();
        office
            .db
            .act(office.officer, "新增", move |act| act.create_firm(values, Vec::new(), None))
            .wait()
            .unwrap()
            .value
    };
    let (full, blank) =
        (enter("青澜禾序生物科技有限公司", Some("13800000001")), enter("青澜鹭云信息技术有限公司", None));
    let text = "企业名称,联系电话,注册资本（元）\n青澜禾序生物科技有限公司,13900000002,5000000\n青澜鹭云信息技术有限公司,13900000003,\n";
    let (path, table) = table_of(&office, "企业联系表.csv", text);
    let careful = suggest(&table, "企业联系表", &office.db.ledger());
    assert_eq!(careful.purpose, Purpose::Firms);
    let plan = planned(&office, &table, &careful);
    assert_eq!(plan.rows[0].says(), "注册资本 空 → 500.00 万元");
    let bold = Settings { list_wins: true, ..careful };
    let plan = planned(&office, &table, &bold);
    assert!(plan.rows[0].says().contains("联系电话 138****0001 → 139****0002"), "{}", plan.rows[0].says());
    apply(&office.db, office.officer, &table, plan, &path, Watch::default()).wait().unwrap();
    let phone = |id| office.db.firm(id).wait().unwrap().unwrap().firm.fields.text("phone");
    assert_eq!((phone(full).as_str(), phone(blank).as_str()), ("13900000002", "13900000003"));
}

#[test]
fn a_result_list_moves_the_filings_that_have_come_far_enough_and_says_why_others_do_not() {
    let office = example_office();
    let ledger = office.db.ledger();
    let upward = ledger.list_filings(
        &FilingFilter {
            program: Some("gaoqi".into()),
            year: Some(2026),
            groups: [StatusGroup::Upward].into(),
            ..FilingFilter::default()
        },
        None,
    );
    let filing = upward
        .iter()
        .filter_map(|id| ledger.filing(*id))
        .find(|f| f.stage().id != "publicity")
        .expect("one with the superiors")
        .clone();
    let edition = ledger.edition_of(&filing).expect("its edition").id;
    let ours = ledger.list_filings(
        &FilingFilter { edition: Some(edition), groups: [StatusGroup::Ours].into(), ..FilingFilter::default() },
        None,
    );
    let mut text = format!(
        "序号,企业名称,证书编号\n1,{},GR202637000901\n2,没有申报过的企业有限公司,GR202637000902\n",
        ledger.firm_of(&filing).name
    );
    if let Some(early) = ours.first().and_then(|id| ledger.filing(*id)) {
        text.push_str(&format!("3,{},GR202637000903\n", ledger.firm_of(early).name));
    }
    let (path, table) = table_of(&office, "2026年高新技术企业备案名单.csv", &text);
    let settings = Settings {
        purpose: Purpose::Results { edition, stage: "record".into(), effect: StageEffect::Pass },
        areas: None,
        document: "国科火字〔2026〕88号".into(),
        date: Some(crate::support::today()),
        ..suggest(&table, "", &ledger)
    };
    let plan = planned(&office, &table, &settings);
    assert_eq!(plan.rows[0].says(), "申报结果记为“备案通过”");
    assert!(
        plan.rows[1].says().contains("没有它的申报") || plan.rows[1].says().contains("没有这家"),
        "{}",
        plan.rows[1].says()
    );
    if plan.rows.len() > 2 {
        assert!(plan.rows[2].says().contains("还在"), "{}", plan.rows[2].says());
    }
    apply(&office.db, office.officer, &table, plan, &path, Watch::default()).wait().unwrap();
    let ledger = office.db.ledger();
    let now = ledger.filing(filing.id).expect("still there");
    assert_eq!(now.awarded, Some(crate::support::today()));
    assert_eq!(planned(&office, &table, &settings).rows[0].verdict.word(), "不变");
    office.assert_whole();
}

#[test]
fn a_cancelled_import_leaves_nothing_behind() {
    let office = empty_office();
    let (path, table) = table_of(&office, "名单.csv", GAOQI);
    let settings = suggest(&table, "名单", &office.db.ledger());
    let plan = planned(&office, &table, &settings);
    let watch = Watch::default();
    watch.stop();
    let refused = apply(&office.db, office.officer, &table, plan, &path, watch).wait().unwrap_err();
    assert_eq!(refused.kind, kebao::domain::Kind::Cancelled);
    assert_eq!(office.db.ledger().firm_count(), 0);
    office.assert_whole();
}

#[test]
fn an_import_others_have_built_on_is_not_taken_back_under_them() {
    let office = empty_office();
    let (path, table) = table_of(&office, "名单.csv", GAOQI);
    let plan = planned(&office, &table, &suggest(&table, "名单", &office.db.ledger()));
    let done = apply(&office.db, office.officer, &table, plan, &path, Watch::default()).wait().unwrap();
    let firm = office.db.ledger().firms().next().expect("entered").id;
    let change = [("phone".to_owned(), Some("13800000001".to_owned()))].into();
    office.db.act(office.officer, "修改", move |act| act.change_firm(firm, &change, Vec::new(), None)).wait().unwrap();
    let action = done.action.expect("written");
    let refused = office.db.act(office.officer, "撤销", move |act| act.undo(action)).wait().unwrap_err();
    assert!(refused.says.contains("后来又改过"), "{}", refused.says);
    assert_eq!(office.db.ledger().firm_count(), 3);
}
