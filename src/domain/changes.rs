//! 变更历史: what each event changed, told in old and new values, newest first.

use std::collections::BTreeSet;

use super::calendar::own as days;
use super::defect::{About, own};
use super::edition::key as edition_key;
use super::event::{Confirmed, Fact, Hash, RecordKind, Source, Stamp};
use super::filing::{Track, key as filing_key, reviewers};
use super::firm::{self, FactUnit, Shape, YEAR_FACTS};
use super::history::{History, Registers};
use super::id::{DeviceId, RecordId};
use super::identity::{phone, resident};
use super::material::Mark;
use super::money::Money;
use super::people::{Role, office_key, signing, user_key};
use super::program::{FieldKind, Version};
use super::review::own as form;
use super::shortlist::{key as shortlist_key, parse_items};

/// One event, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub at: Stamp,
    pub actor: RecordId,
    /// The installation it was written on.
    pub device: DeviceId,
    pub action: RecordId,
    /// 新增, 修改, 通过/推荐 …
    pub what: String,
    pub fields: Vec<FieldChange>,
    /// Reason, note, document number of a decision.
    pub remark: String,
    pub confirmed: Vec<Confirmed>,
    pub source: Option<Source>,
    /// Somebody took it back.
    pub taken_back: bool,
    /// It and another one were written unaware of each other, and nobody has settled which one counts.
    pub conflict: bool,
}

/// One field, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    pub key: String,
    pub label: String,
    /// `None`: there was nothing.
    pub old: Option<String>,
    pub new: Option<String>,
}

/// The changes of a record, newest first. `version` names the fields of a filing's form.
///
/// Old values are those the author had seen: the last standing one before the event in its own past.
pub fn changes(history: &History, version: Option<&Version>) -> Vec<Change> {
    let kind = history.record_kind();
    let contested = contested(history);
    let told = |n| Change { conflict: contested.contains(&n), ..change(history, n, kind, version) };
    (0..history.len()).rev().map(told).collect()
}

/// Positions of the events that are in conflict with others.
fn contested(history: &History) -> BTreeSet<usize> {
    if history.is_line() {
        return BTreeSet::new();
    }
    let fields = Registers::replay(history);
    let mut all: BTreeSet<usize> =
        fields.conflicts().flat_map(|(_, field)| field.rivals.iter().copied().chain([field.writer])).collect();
    let split = Track::replay(history, &fields).and_then(|track| track.split);
    all.extend(split.iter().flat_map(|split| &split.rivals).filter_map(|hash| history.position(hash)));
    all
}

/// What a kept file is called in the history it belongs to.
fn name_of_file(history: &History, file: &Hash) -> Option<String> {
    (0..history.len()).find_map(|n| match history.fact(n) {
        Some(Fact::FilingAttached(attached)) if attached.file == *file => Some(attached.name.clone()),
        Some(Fact::ImportDone(done)) if done.digest == *file => Some(done.file.clone()),
        _ => None,
    })
}

fn change(history: &History, n: usize, kind: Option<RecordKind>, version: Option<&Version>) -> Change {
    let entry = &history.entries()[n];
    let event = &entry.event;
    let mut change = Change {
        at: event.at,
        actor: event.actor,
        device: event.device,
        action: event.action,
        what: String::new(),
        fields: Vec::new(),
        remark: String::new(),
        confirmed: Vec::new(),
        source: None,
        taken_back: history.is_taken_back(n),
        conflict: false,
    };
    if history.is_erased(n) {
        change.what = "内容已依法清除".to_owned();
        return change;
    }
    let Some(fact) = history.fact(n) else {
        change.what = "新版科报写的内容（本版本只能保存，不能显示）".to_owned();
        return change;
    };
    if let Some(fields) = fact.fields() {
        change.what = if event.parents.is_empty() { "新增" } else { "修改" }.to_owned();
        change.confirmed.clone_from(&fields.confirmed);
        change.source = fields.source;
        for (key, new) in &fields.set {
            let Some(label) = label(kind, key, version) else { continue };
            let show = |value: &Option<String>| value.as_deref().map(|text| show(kind, key, text, version));
            change.fields.push(FieldChange {
                key: key.clone(),
                label,
                old: show(&before(history, n, key)),
                new: show(new),
            });
        }
        return change;
    }
    match fact {
        Fact::FilingMoved(moved) => {
            change.what.clone_from(&moved.word);
            change.source = moved.source;
            let stage = |id: &str| {
                version.and_then(|v| Some(v.stages[v.stage_index(id)?].name.clone())).unwrap_or_else(|| id.to_owned())
            };
            let old = Some(stage(&moved.stage));
            let new = moved.to.as_deref().map(stage);
            change.fields.push(FieldChange { key: "stage".to_owned(), label: "阶段".to_owned(), old, new });
            let mut remark = vec![format!("日期 {}", moved.on)];
            if moved.round > 1 {
                remark.push(format!("第 {} 轮", moved.round));
            }
            let parts = [("文号 ", &moved.document), ("原因：", &moved.reason), ("备注：", &moved.note)];
            remark
                .extend(parts.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name}{text}")));
            remark.extend(moved.until.map(|day| format!("截止 {day}")));
            change.remark = remark.join("，");
        }
        Fact::FilingResolved(resolved) => {
            change.what = "处理冲突".to_owned();
            change.remark.clone_from(&resolved.reason);
        }
        Fact::FilingAttached(attached) => {
            change.what = if attached.replaces.is_empty() { "交材料" } else { "换材料" }.to_owned();
            let old: Vec<String> = attached.replaces.iter().filter_map(|hash| file_name(history, hash)).collect();
            change.fields.push(FieldChange {
                key: format!("material.{}", attached.item),
                label: material(&attached.item, version),
                old: (!old.is_empty()).then(|| old.join("、")),
                new: Some(attached.name.clone()),
            });
        }
        Fact::FilingDetached(detached) => {
            change.what = "移除材料".to_owned();
            for hash in &detached.attached {
                let Some(Fact::FilingAttached(gone)) = history.position(hash).and_then(|n| history.fact(n)) else {
                    continue;
                };
                change.fields.push(FieldChange {
                    key: format!("material.{}", gone.item),
                    label: material(&gone.item, version),
                    old: Some(gone.name.clone()),
                    new: None,
                });
            }
        }
        Fact::FilingChecked(checked) => {
            change.what = "核对材料".to_owned();
            change.remark.clone_from(&checked.remark);
            let said = |mark: Option<Mark>| mark.map(|mark| mark.state().label().to_owned());
            change.fields.push(FieldChange {
                key: format!("material.{}", checked.item),
                label: material(&checked.item, version),
                old: said(mark_before(history, n, &checked.item)),
                new: said(checked.mark),
            });
        }
        Fact::FilingReviewed(given) => {
            change.what = if given.recused.is_some() { "回避" } else { "评审" }.to_owned();
            let parts = [given.reviewer.name.as_str(), given.recused.as_deref().unwrap_or(&given.note)];
            change.remark = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("：");
        }
        Fact::FilingAssigned(assigned) => {
            change.what = "分派审核人".to_owned();
            let spelled = |people: Vec<RecordId>| (!people.is_empty()).then(|| reviewers::write(&people));
            change.fields.push(FieldChange {
                key: reviewers::KEY.to_owned(),
                label: "审核人".to_owned(),
                old: spelled(reviewers::before(history, n, &assigned.stage)),
                new: spelled(reviewers::after(history, n, &assigned.stage)),
            });
            if assigned.round > 1 {
                change.remark = format!("第 {} 轮", assigned.round);
            }
        }
        Fact::Undone(undone) => {
            change.what = format!("撤销 {} 处", undone.events.len());
        }
        Fact::Erased(erased) => {
            let (events, files) = (erased.events.len(), erased.files.len());
            change.what = match (events, files) {
                (events, 0) => format!("依法清除 {events} 处"),
                (0, files) => format!("依法清除文件 {files} 份"),
                (events, files) => format!("依法清除 {events} 处、文件 {files} 份"),
            };
            let labels = erased.fields.iter().map(|key| label(kind, key, version).unwrap_or_else(|| key.clone()));
            let names = erased.files.iter().filter_map(|file| name_of_file(history, file));
            let all: Vec<String> = labels.chain(names).collect();
            change.remark = format!("清除的内容：{}；原因：{}", all.join("、"), erased.reason);
        }
        Fact::ShortlistFrozen(frozen) => {
            change.what = format!("定稿 v{}", frozen.number);
            change.remark = format!("日期 {}，{} 件", frozen.on, frozen.rows.len());
        }
        Fact::ImportDone(done) => {
            change.what = "导入".to_owned();
            change.remark = format!("{}：{} 行", done.file, done.rows);
        }
        Fact::Taken(taken) => change.what.clone_from(&taken.name),
        Fact::Logged(logged) => {
            change.what = logged.what.label().to_owned();
            change.remark.clone_from(&logged.detail);
        }
        // The kinds that set fields were told above.
        _ => {}
    }
    change
}

/// Name of the file an event put to the filing.
fn file_name(history: &History, hash: &Hash) -> Option<String> {
    match history.fact(history.position(hash)?)? {
        Fact::FilingAttached(attached) => Some(attached.name.clone()),
        _ => None,
    }
}

/// Name of an item of the materials.
fn material(id: &str, version: Option<&Version>) -> String {
    let about = About::Material(id.to_owned());
    version.map_or(id, |version| about.name(version)).to_owned()
}

/// What the author of event `n` had seen an item marked as.
fn mark_before(history: &History, n: usize, item: &str) -> Option<Mark> {
    (0..n)
        .rev()
        .filter(|earlier| history.knew(n, *earlier))
        .find_map(|earlier| match history.fact(earlier)? {
            Fact::FilingChecked(checked) if checked.item == item => Some(checked.mark),
            _ => None,
        })
        .flatten()
}

/// The value a field had for the author of event `n`.
fn before(history: &History, n: usize, key: &str) -> Option<String> {
    (0..n)
        .rev()
        .filter(|earlier| history.knew(n, *earlier))
        .find_map(|earlier| history.fact(earlier)?.fields()?.set.get(key).cloned())
        .flatten()
}

/// Name of a field on screen. `None` for what people never see.
fn label(kind: Option<RecordKind>, key: &str, version: Option<&Version>) -> Option<String> {
    Some(match kind {
        Some(RecordKind::Firm) => firm::fields::label(key),
        Some(RecordKind::Filing) => {
            if let Some(id) = key.strip_prefix(filing_key::FORM) {
                return Some(
                    version
                        .and_then(|v| v.form.iter().find(|f| f.id == id))
                        .map_or(id, |f| f.label.as_str())
                        .to_owned(),
                );
            }
            match key {
                filing_key::NUMBER => "受理号",
                filing_key::NOTE => "备注",
                filing_key::OPENED => "登记日期",
                filing_key::OFFICER => "经办人",
                filing_key::HANDOVER => "转交说明",
                _ => return None,
            }
            .to_owned()
        }
        Some(RecordKind::Office) => match key {
            office_key::NAME => "单位名称",
            office_key::REGION => "行政区划",
            office_key::TOWNSHIPS => "乡镇街道",
            office_key::SUPERVISOR_DECIDES => "审核决定只由科长登记",
            office_key::SEALS => "加密保存身份证号和电话",
            key if key.starts_with(own::PREFIX) => "补正短语",
            // The one that is used says that it changed; the forms themselves are no line for people.
            key if key.starts_with(form::PREFIX) && key.matches('.').count() == 1 => "评审表",
            key if key.starts_with(form::PREFIX) => return None,
            key if key.starts_with(days::YEAR) => "放假安排",
            key if key.starts_with(days::DAY) => return Some(key[days::DAY.len()..].to_owned()),
            key => match signing::SETTINGS.iter().find(|setting| setting.key == key) {
                Some(setting) => setting.label,
                None => return None,
            },
        }
        .to_owned(),
        Some(RecordKind::User) => match key {
            user_key::SECTION => "科室",
            user_key::PROGRAMS => "负责的事项",
            user_key::NAME => "姓名",
            user_key::ROLES => "身份",
            user_key::ACTIVE => "在用",
            _ => return None,
        }
        .to_owned(),
        Some(RecordKind::Shortlist) => match key {
            shortlist_key::TITLE => "名单名称",
            shortlist_key::ITEMS => "申报",
            _ => return None,
        }
        .to_owned(),
        Some(RecordKind::Edition) => return edition_label(key, version),
        _ => key.to_owned(),
    })
}

/// Name of an edition's field: its own, or a stage's with what is set for it.
fn edition_label(key: &str, version: Option<&Version>) -> Option<String> {
    let of_stage = |id: &str, what: &str| {
        let stage = version.and_then(|v| Some(v.stages[v.stage_index(id)?].short.as_str())).unwrap_or(id);
        format!("{stage}{what}")
    };
    let parts = [("due.", "上级截止"), ("internal.", "区内部截止"), ("channel.", "报送方式")];
    if let Some((id, what)) = parts.iter().find_map(|(prefix, what)| Some((key.strip_prefix(prefix)?, what))) {
        return Some(of_stage(id, what));
    }
    Some(
        match key {
            edition_key::YEAR => "年度",
            edition_key::BATCH => "批次",
            edition_key::NAME => "名称",
            edition_key::QUOTA => "推荐名额",
            edition_key::CLOSED => "已关闭",
            _ => return None,
        }
        .to_owned(),
    )
}

/// A value as people read it, personal data masked.
fn show(kind: Option<RecordKind>, key: &str, value: &str, version: Option<&Version>) -> String {
    match kind {
        Some(RecordKind::Firm) => show_firm(key, value),
        Some(RecordKind::Filing) => {
            let id = key.strip_prefix(filing_key::FORM).unwrap_or(key);
            version
                .and_then(|v| v.form.iter().find(|f| f.id == id))
                .map_or_else(|| value.to_owned(), |field| show_field(&field.kind, value))
        }
        Some(RecordKind::Office) if key.starts_with(days::DAY) => days::read_day(key, value).map_or_else(
            || value.to_owned(),
            |row| format!("{}（{}）", if row.off { "放假" } else { "上班" }, row.name),
        ),
        // A digest says nothing to people, but that it is another one.
        Some(RecordKind::Office) if key.starts_with(form::PREFIX) => {
            format!("本单位自定的（{}）", value.get(..8).unwrap_or(value))
        }
        // What it is about stands before the line's end.
        Some(RecordKind::Office) if key.starts_with(own::PREFIX) => {
            value.split_once('\n').map_or(value, |(_, text)| text).to_owned()
        }
        Some(RecordKind::User) if key == user_key::ROLES => {
            Role::list(value).into_iter().map(Role::label).collect::<Vec<_>>().join("、")
        }
        Some(RecordKind::Shortlist) if key == shortlist_key::ITEMS => format!("{} 件", parse_items(value).len()),
        _ => value.to_owned(),
    }
}

/// A value of a firm's field or yearly figure as people read it, personal data masked.
pub fn show_firm(key: &str, value: &str) -> String {
    if let Some((_, fact)) = firm::key::split_year(key) {
        let unit = YEAR_FACTS.iter().find(|f| f.key == fact).map(|f| f.unit);
        return if unit == Some(FactUnit::Money) { show_money(value) } else { value.to_owned() };
    }
    match firm::fields::find(key).map(|field| field.shape) {
        Some(Shape::Money) => show_money(value),
        Some(Shape::Phone) => phone::mask(value),
        Some(Shape::ResidentId) => resident::mask(value),
        _ => value.to_owned(),
    }
}

/// A value of a form's field as people read it, personal data masked.
pub fn show_field(kind: &FieldKind, value: &str) -> String {
    match kind {
        FieldKind::Money => show_money(value),
        FieldKind::Phone => phone::mask(value),
        FieldKind::ResidentId => resident::mask(value),
        _ => value.to_owned(),
    }
}

fn show_money(value: &str) -> String {
    value.parse().map_or_else(|_| value.to_owned(), |fen| format!("{} 万元", Money::from_fen(fen).cell()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{Attached, Checked, Detached, Fields, Undone};
    use crate::domain::testing::Teller;

    #[test]
    fn every_change_tells_old_and_new() {
        let mut teller = Teller::new(5);
        teller.tell(&Fact::FirmCreated(Fields::set([("name", "甲厂"), ("phone", "13800005206")])));
        teller.tell(&Fact::FirmChanged(Fields::set([("name", "甲厂有限公司"), ("y2025.revenue", "320816000")])));
        let undone = teller.tell(&Fact::FirmChanged(Fields::set([("township", "柳泉镇")])));
        teller.tell(&Fact::Undone(Undone { events: vec![undone] }));
        let told = changes(&teller.history(), None);
        assert_eq!(told.iter().map(|c| c.what.as_str()).collect::<Vec<_>>(), ["撤销 1 处", "修改", "修改", "新增"]);
        assert!(told[1].taken_back);
        assert!(told.iter().all(|change| !change.conflict));
        let name = &told[2].fields[0];
        assert_eq!(
            (name.label.as_str(), name.old.as_deref(), name.new.as_deref()),
            ("企业名称", Some("甲厂"), Some("甲厂有限公司"))
        );
        let revenue = &told[2].fields[1];
        assert_eq!((revenue.label.as_str(), revenue.new.as_deref()), ("2025 年销售收入", Some("320.82 万元")));
        assert_eq!(told[3].fields[1].new.as_deref(), Some("138****5206"));
    }

    #[test]
    fn what_two_people_wrote_unaware_of_each_other_is_marked_until_somebody_settles_it() {
        let mut teller = Teller::new(5);
        let created = teller.tell(&Fact::FirmCreated(Fields::set([("name", "甲厂")])));
        teller.tell_after(1, &[created], &Fact::FirmChanged(Fields::set([("township", "柳泉镇")])));
        teller.tell_after(2, &[created], &Fact::FirmChanged(Fields::set([("township", "石桥镇")])));
        let marks = |teller: &Teller| changes(&teller.history(), None).iter().map(|c| c.conflict).collect::<Vec<_>>();
        assert_eq!(marks(&teller), [true, true, false]);
        teller.tell(&Fact::FirmChanged(Fields::set([("township", "柳泉镇")])));
        assert_eq!(marks(&teller), [false; 4]);
    }

    #[test]
    fn materials_are_told_by_the_names_of_items_and_files() {
        let version = crate::domain::testing::version();
        let attached = |name: &str, replaces: Vec<Hash>| {
            Fact::FilingAttached(Attached {
                item: "audit".into(),
                round: 1,
                file: Hash::of(&[name.as_bytes()]),
                name: name.into(),
                size: 1,
                replaces,
            })
        };
        let checked = |mark, remark: &str| {
            let (item, remark) = ("audit".to_owned(), remark.to_owned());
            Fact::FilingChecked(Checked { item, round: 1, mark, remark, content: Hash::ZERO })
        };
        let mut teller = Teller::new(8);
        let one = teller.tell(&attached("一.pdf", vec![]));
        teller.tell(&checked(Some(Mark::Unfit), "缺页"));
        let two = teller.tell(&attached("二.pdf", vec![one]));
        teller.tell(&checked(Some(Mark::Fit), ""));
        teller.tell(&Fact::FilingDetached(Detached { attached: vec![two], round: 1 }));
        let told: Vec<String> = changes(&teller.history(), Some(&version))
            .iter()
            .map(|c| {
                let field = &c.fields[0];
                let value = |value: &Option<String>| value.clone().unwrap_or_default();
                format!("{} {} {}→{} {}", c.what, field.label, value(&field.old), value(&field.new), c.remark)
            })
            .collect();
        assert_eq!(
            told,
            [
                "移除材料 审计报告 二.pdf→ ",
                "核对材料 审计报告 不合格→合格 ",
                "换材料 审计报告 一.pdf→二.pdf ",
                "核对材料 审计报告 →不合格 缺页",
                "交材料 审计报告 →一.pdf ",
            ]
        );
    }

    #[test]
    fn people_and_shortlists_are_told_in_words() {
        let mut teller = Teller::new(6);
        teller.tell(&Fact::UserAdded(Fields::set([("name", "周敏"), ("roles", "officer administrator")])));
        let told = changes(&teller.history(), None);
        let words: Vec<(&str, Option<&str>)> =
            told[0].fields.iter().map(|f| (f.label.as_str(), f.new.as_deref())).collect();
        assert_eq!(words, [("姓名", Some("周敏")), ("身份", Some("经办人、管理员"))]);
        let mut teller = Teller::new(7);
        let item = crate::domain::id::RecordId::OFFICE.to_string();
        teller.tell(&Fact::ShortlistMade(Fields::set([("title", "甲"), ("items", &item), ("edition", &item)])));
        let told = changes(&teller.history(), None);
        assert_eq!(told[0].fields.iter().map(|f| f.label.as_str()).collect::<Vec<_>>(), ["申报", "名单名称"]);
        assert_eq!(told[0].fields[0].new.as_deref(), Some("1 件"));
    }
}
