use chrono::NaiveDate;

use super::*;
use crate::catalog::Catalog;
use crate::domain::defect::About;
use crate::domain::material::Need;
use crate::domain::program::{
    ColumnShape, ColumnSource, Confidence, DayUnit, Days, Desk, Effect, FieldKind, Level, Prefill, Stage, StageKind,
};
use crate::domain::review::{Aggregate, FormKind, Points};

fn program(id: &str) -> &'static Program {
    Catalog::builtin().program(id).expect("built in")
}

fn shorts(stages: &[Stage]) -> Vec<&str> {
    stages.iter().map(|stage| stage.short.as_str()).collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a real day")
}

#[test]
fn the_high_tech_program_goes_from_district_to_nation() {
    let gaoqi = program("gaoqi");
    assert_eq!((gaoqi.level, gaoqi.mark.as_str(), gaoqi.short.as_str()), (Level::Nation, "GQ", "高企认定"));
    let version = &gaoqi.versions[0];
    let rail = [
        "入培育库",
        "企业自评",
        "网上填报",
        "区审核",
        "市审推荐",
        "专家评审",
        "综合审查",
        "备案公示",
        "备案编号",
        "颁发证书",
    ];
    assert_eq!(shorts(&version.stages), rail);
    let district = &version.stages[3];
    assert_eq!(
        (district.desk, district.kind, district.confidence),
        (Desk::Ours, StageKind::Review, Confidence::Source)
    );
    assert_eq!(district.days, Some(Days { n: 5, unit: DayUnit::Working }));
    assert_eq!(district.days_confidence, Confidence::General, "the days are experience, the step is not");
    assert_eq!(district.returns_to.as_deref(), Some("fill"));
    let words: Vec<_> = district.outcomes.iter().map(|o| (o.word.as_str(), o.effect)).collect();
    assert_eq!(
        words,
        [
            ("通过/推荐", Effect::Pass),
            ("退回修改", Effect::Return),
            ("不推荐", Effect::Decline),
            ("企业撤回", Effect::Withdraw)
        ]
    );
    let publicity = &version.stages[7];
    assert_eq!((publicity.days.map(|d| d.n), publicity.days_confidence), (Some(10), Confidence::Source));
    let awards: Vec<_> = version.stages.iter().filter(|s| s.awards).map(|s| s.id.as_str()).collect();
    assert_eq!(awards, ["record"]);
}

#[test]
fn the_high_tech_form_takes_three_years_from_the_year_facts() {
    let form = &program("gaoqi").versions[0].form;
    let money: Vec<_> = form.iter().filter(|f| f.kind == FieldKind::Money && f.id.contains("_y")).collect();
    assert_eq!(money.len(), 12);
    assert!(money.iter().all(|f| f.unit == "万元"));
    let from = |id: &str| form.iter().find(|f| f.id == id).and_then(|f| f.from.clone());
    assert_eq!(from("revenue_y1"), Some(Prefill::Year { fact: "revenue".into(), ago: 1 }));
    assert_eq!(from("net_assets_y3"), Some(Prefill::Year { fact: "net_assets".into(), ago: 3 }));
    assert_eq!(from("phone"), Some(Prefill::Firm("phone".into())));
    assert_eq!(from("auditor"), Some(Prefill::LastFiling));
    let fields = form.iter().find(|f| f.id == "hi_field").map(|f| &f.kind);
    assert!(matches!(fields, Some(FieldKind::Choice(words)) if words.len() == 8));
}

#[test]
fn the_small_firms_program_has_an_onsite_check_from_2026_on() {
    let kexiao = program("kexiao");
    let before = kexiao.version_on(day("2026-05-31"));
    let since = kexiao.version_on(day("2026-06-01"));
    assert_eq!((before.id.as_str(), since.id.as_str()), ("2017", "2026"));
    assert_eq!(kexiao.version_on(day("2010-01-01")).id, "2017");
    assert_eq!(shorts(&before.stages), ["注册登记", "填报自评", "形式审查", "省级公示", "入库编号", "抽查"]);
    assert_eq!(shorts(&since.stages), ["注册登记", "填报自评", "形式审查", "实地核查", "省级公示", "入库编号", "抽查"]);
    let optional = |stages: &[Stage]| stages.iter().filter(|s| s.optional).map(|s| s.id.clone()).collect::<Vec<_>>();
    assert_eq!(optional(&before.stages), ["spot"]);
    assert_eq!(optional(&since.stages), ["onsite", "spot"]);
    let enter = |stages: &[Stage]| stages.iter().any(|s| s.outcome(Effect::Enter).is_some());
    assert!(!enter(&before.stages) && enter(&since.stages));
    assert_eq!((before.form.clone(), before.materials.clone()), (since.form.clone(), since.materials.clone()));
    assert_ne!(before.notes, since.notes);
    assert_eq!(since.materials_confidence, Confidence::Source);
    assert_eq!(since.stages[0].days, None, "unknown days stay unknown");
}

#[test]
fn talents_and_makerspaces_end_where_the_province_decides() {
    for (id, award, stages) in [("taishan_startup", "confirm", 10), ("zckj_province", "decision", 7)] {
        let version = &program(id).versions[0];
        assert_eq!(version.stages.len(), stages);
        let awarding = version.stages.iter().find(|s| s.awards).expect("one awards");
        assert_eq!((awarding.id.as_str(), awarding.desk, awarding.days), (award, Desk::Superior, None));
        assert!(awarding.outcome(Effect::Pending).is_some());
    }
    let defense = program("taishan_startup").versions[0].stages.iter().find(|s| s.id == "defense");
    assert_eq!(defense.map(|s| s.confidence), Some(Confidence::Report));
}

#[test]
fn every_program_can_be_sent_upward() {
    for program in Catalog::builtin().programs() {
        assert_eq!(program.shortlist.title, "{year}年度{office}{program}推荐汇总表");
        let titles: Vec<_> = program.shortlist.columns.iter().map(|c| c.title.as_str()).collect();
        assert_eq!(titles[0], "序号");
        for title in ["统一社会信用代码", "所在乡镇（街道）", "联系人", "联系电话", "备注"] {
            assert!(titles.contains(&title), "{}: {title}", program.id);
        }
        for version in &program.versions {
            assert!(!version.policies.is_empty() && !version.materials.is_empty() && !version.notes.is_empty());
            assert!(
                version.stages.iter().any(|s| s.desk == Desk::Ours && s.kind == StageKind::Review),
                "{}",
                program.id
            );
        }
    }
    let share = program("gaoqi").shortlist.columns.iter().find(|c| c.shape == ColumnShape::Share).map(|c| &c.source);
    assert!(matches!(share, Some(ColumnSource::Share { part, whole }) if part.len() == 3 && whole.len() == 3));
}

#[test]
fn materials_phrases_and_reviews_are_laid_down_for_every_program() {
    for version in Catalog::builtin().programs().iter().flat_map(|program| &program.versions) {
        assert!(version.materials.iter().any(|material| material.need == Need::Required));
        assert!(version.phrases.len() >= 4 && version.phrases.iter().any(|phrase| phrase.about != About::Whole));
        let review = version.review.as_ref().expect("a form");
        assert_eq!((review.kind, review.confidence), (FormKind::Checklist, Confidence::General));
    }
    let kexiao = program("kexiao").version_on(day("2026-08-24"));
    let direct = kexiao.materials.iter().find(|material| material.id == "direct").expect("taken over");
    assert_eq!((direct.need, direct.when.as_str()), (Need::Conditional, "走直通条件的"));
}

#[test]
fn materials_may_be_bare_names_and_a_review_may_be_scored() {
    let with = |more: &str| {
        let text = SMALL.replace("effective = \"2020-01-01\"", &format!("effective = \"2020-01-01\"\n{more}"));
        read("small.toml", &text)
    };
    let bare =
        with("materials = [\"申请书\", { id = \"audit\", name = \"审计报告\", need = \"可选\" }]").expect("both");
    let told: Vec<_> = bare.versions[0].materials.iter().map(|m| (m.id.as_str(), m.name.as_str(), m.need)).collect();
    assert_eq!(told, [("m1", "申请书", Need::Required), ("audit", "审计报告", Need::Optional)]);
    let scored = "[version.review]\nkind = \"scores\"\naggregate = \"drop_extremes\"\npass = 60\nreviewers = 5\n\
                  [[version.review.item]]\nid = \"a\"\ntext = \"创新\"\nmax = 100\nweight = 60\n\
                  [[version.review.item]]\nid = \"b\"\ntext = \"效益\"\nmax = 40";
    let form = with(scored).expect("scored").versions[0].review.clone().expect("a form");
    assert_eq!(
        form.kind,
        FormKind::Scores { aggregate: Aggregate::DropExtremes, pass: Some(Points::whole(60)), over: false }
    );
    assert_eq!((form.full().points(), form.reviewers), (Points::whole(100), 5));
    for (from, to, word) in [
        ("pass = 60", "pass = 101", "高于满分 100"),
        ("id = \"b\"", "id = \"a\"", "重复"),
        ("max = 40", "max = 0", "不能是 0"),
        ("\nmax = 40", "", "要写满分"),
        ("reviewers = 5", "reviewers = 0", "至少一人"),
        ("kind = \"scores\"", "kind = \"checklist\"", "才有 aggregate"),
    ] {
        assert!(scored.contains(from), "{from}");
        let problem = with(&scored.replacen(from, to, 1)).expect_err(to);
        assert!(problem.says.contains(word), "{to}: {problem}");
    }
    for (more, word) in [
        ("materials = [{ id = \"other\", name = \"甲\" }]", "其他材料"),
        ("materials = [{ id = \"甲\", name = \"甲\" }]", "小写字母"),
        ("materials = [{ id = \"a\", name = \"甲\", need = \"条件\" }]", "什么时候要交"),
        ("materials = [{ id = \"a\", name = \"甲\" }, { id = \"a\", name = \"乙\" }]", "重复"),
        ("[[version.phrase]]\nid = \"a\"\ntext = \"甲\"\nabout = \"material.moon\"", "material.moon"),
        ("[[version.phrase]]\nid = \"a\"\ntext = \"甲\"\nabout = \"moon\"", "看不懂"),
        ("[[version.phrase]]\nid = \"a\"\ntext = \" \"", "空"),
    ] {
        let problem = with(more).expect_err(more);
        assert!(problem.says.contains(word), "{more}: {problem}");
    }
}

/// A file that is right, for spoiling.
const SMALL: &str = r#"
name = "甲"
short = "甲"
mark = "AA"
level = "市"
category = "平台"
applicant = "企业"
decider = "市科技局"
[shortlist]
title = "{year}年度{office}{program}推荐汇总表"
columns = [{ title = "企业名称", source = "firm.name", width = 20, shape = "text" }]
[[version]]
id = "2020"
effective = "2020-01-01"
[[version.stage]]
id = "fill"
short = "填报"
name = "填报"
actor = "企业"
desk = "applicant"
kind = "submit"
outcomes = [["已提交", "pass"]]
[[version.stage]]
id = "end"
short = "认定"
name = "认定"
actor = "市科技局"
desk = "superior"
kind = "decision"
days = { n = 5, unit = "工作日" }
outcomes = [["认定", "pass"], ["退回", "return"]]
returns_to = "fill"
awards = true
[[version.field]]
id = "area"
label = "面积"
kind = "decimal"
places = 2
from = "year-1.staff"
"#;

#[test]
fn a_file_that_does_not_fit_names_file_and_field() {
    assert!(read("small.toml", SMALL).is_ok());
    for (from, to, field, word) in [
        ("mark = \"AA\"", "mark = \"Aa\"", "mark", "大写字母"),
        ("short = \"甲\"", "short = \" \"", "short", "空"),
        ("id = \"end\"", "id = \"fill\"", "version 2020 / stage", "重复"),
        ("short = \"认定\"", "short = \"认定认定认定\"", "stage end / short", "五个字"),
        ("n = 5", "n = 0", "stage end / days", "不能是 0"),
        ("outcomes = [[\"已提交\", \"pass\"]]", "outcomes = []", "stage fill / outcomes", "至少"),
        (
            "outcomes = [[\"已提交\", \"pass\"]]",
            "outcomes = [[\"已提交\", \"hold\"]]",
            "stage fill / outcomes",
            "往下走",
        ),
        (
            "outcomes = [[\"已提交\", \"pass\"]]",
            "outcomes = [[\"好\", \"pass\"], [\"转\", \"enter\"]]",
            "stage fill / outcomes",
            "可选",
        ),
        ("[\"退回\", \"return\"]", "[\"认定\", \"fail\"]", "stage end / outcomes", "重复"),
        ("[\"退回\", \"return\"]", "[\"不认定\", \"fail\"]", "stage end / returns_to", "没有退回的结果"),
        ("returns_to = \"fill\"", "returns_to = \"fil\"", "stage end / returns_to", "没有阶段“fil”"),
        ("returns_to = \"fill\"", "", "stage end / returns_to", "退回到哪里"),
        ("awards = true", "", "version 2020", "awards"),
        ("id = \"fill\"", "id = \"fill\"\nawards = true", "version 2020", "只能有一个"),
        ("id = \"fill\"", "id = \"fill\"\noptional = true", "stage fill / optional", "第一个"),
        ("awards = true", "awards = true\noptional = true", "stage end / awards", "可选"),
        ("places = 2", "", "field area / places", "小数位数"),
        ("kind = \"decimal\"", "kind = \"choice\"", "field area / choices", "两个"),
        ("kind = \"decimal\"", "kind = \"text\"", "field area / places", "小数位数"),
        ("year-1.staff", "year-1.stuff", "field area / from", "stuff"),
        ("year-1.staff", "year-9.staff", "field area / from", "1 至 5"),
        ("year-1.staff", "firm.shoe", "field area / from", "shoe"),
        ("year-1.staff", "moon", "field area / from", "moon"),
        ("firm.name", "firm.shoe", "shortlist / 企业名称", "shoe"),
        ("firm.name", "form.shoe", "shortlist / 企业名称", "shoe"),
        ("firm.name", "moon", "shortlist / 企业名称", "moon"),
        ("shape = \"text\"", "shape = \"text\", total = true", "shortlist / 企业名称", "合计"),
        ("shape = \"text\"", "shape = \"share\"", "shortlist / 企业名称", "占比"),
        ("source = \"firm.name\"", "part = [\"area\"]", "shortlist / 企业名称", "part"),
        ("{program}", "{name}", "shortlist / title", "{year}"),
        ("effective = \"2020-01-01\"", "effective = \"2020-01-01\"\nlike = \"2019\"", "version 2020 / like", "2019"),
    ] {
        assert!(SMALL.contains(from), "{from}");
        let problem = read("small.toml", &SMALL.replacen(from, to, 1)).expect_err(to);
        assert!(problem.says.contains("small.toml") && problem.says.contains(field), "{to}: {problem}");
        assert!(problem.says.contains(word), "{to}: {problem}");
        assert!(problem.detail.is_some());
    }
}

#[test]
fn what_is_no_program_file_is_one_sentence() {
    for text in [
        "name = ",
        "name = \"甲\"",
        &SMALL.replace("category", "categorie"),
        &SMALL.replace("2020-01-01", "2020-02-30"),
    ] {
        let problem = read("small.toml", text).expect_err("broken");
        assert!(problem.says.contains("看不懂") && problem.detail.is_some(), "{problem}");
    }
    for name in ["Small.toml", "小.toml", "a b", ".toml", "../x.toml"] {
        assert!(read(name, SMALL).expect_err(name).says.contains("文件名"), "{name}");
    }
    let twice = format!("{SMALL}\n[[version]]\nid = \"2019\"\neffective = \"2019-01-01\"\nlike = \"2020\"\n");
    assert!(read("small.toml", &twice).expect_err("older after newer").says.contains("effective"));
}
