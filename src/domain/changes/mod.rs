//! 变更历史: what each event changed, told in old and new values, newest first. `judged` tells sheets, the forms they are filled
//! in by and decisions; `listed` tells shortlists.
//! Nothing here reads records: what they are called comes with [`Names`].

mod judged;
mod listed;

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::own as days;
use super::defect::{About, own, reason};
use super::edition::key as edition_key;
use super::event::{Confirmed, Fact, Fields, Hash, Moved, RecordKind, Resolved, Source, Stamp};
use super::filing::{Track, key as filing_key, reviewers};
use super::firm::{self, FactUnit, Shape, YEAR_FACTS};
use super::history::{History, Registers};
use super::id::{DeviceId, RecordId};
use super::identity::{phone, resident};
use super::machine::{Key, fingerprint, key as machine_key};
use super::material::Mark;
use super::money::Money;
use super::people::{Role, office_key, signing, user_key};
use super::program::{FieldKind, Version};
use super::review::{ReviewForm, own as form};
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

/// What things are called that a history knows by ids and digests only. What is missing here is told by its id.
#[derive(Debug, Clone, Default)]
pub struct Names<'a> {
    /// Of a filing's program or an edition's: fields, stages, materials.
    pub version: Option<&'a Version>,
    /// Forms of reviews that an office laid down itself.
    pub forms: BTreeMap<Hash, &'a ReviewForm>,
    /// Programs and filings, by id.
    pub called: BTreeMap<String, String>,
}

impl Names<'_> {
    fn of(&self, id: &str) -> String {
        self.called.get(id).map_or(id, String::as_str).to_owned()
    }
}

/// The changes of a record, newest first.
///
/// Old values are those the author had seen: the last standing one before the event in its own past.
pub fn changes(history: &History, names: &Names<'_>) -> Vec<Change> {
    let kind = history.record_kind();
    let contested = contested(history);
    let told = |n| Change { conflict: contested.contains(&n), ..change(history, n, kind, names) };
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

fn change(history: &History, n: usize, kind: Option<RecordKind>, names: &Names<'_>) -> Change {
    let version = names.version;
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
        change.what = match (fields.restates, event.parents.is_empty()) {
            (Some(_), _) => "清除后重写",
            (None, true) => "新增",
            (None, false) => "修改",
        }
        .to_owned();
        change.confirmed.clone_from(&fields.confirmed);
        change.source = fields.source;
        // Parts of a field come after all the others: they may be many, and a screen shows the first ones.
        let mut parts = Vec::new();
        for key in fields.set.keys() {
            let mut lines = told(history, n, kind, fields, key, names).into_iter();
            change.fields.extend(lines.next());
            parts.extend(lines);
        }
        change.fields.append(&mut parts);
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
            change.fields.extend(moved.defects.iter().map(|defect| FieldChange {
                key: "defect".to_owned(),
                label: "补正内容".to_owned(),
                old: None,
                new: Some(version.map_or_else(|| defect.says.clone(), |version| defect.line(version))),
            }));
            let mut remark = vec![format!("日期 {}", moved.on)];
            if moved.round > 1 {
                remark.push(format!("第 {} 轮", moved.round));
            }
            // A reason that was put together from the defects says nothing more than they do.
            let same = version.is_some_and(|version| moved.reason == reason(&moved.defects, version));
            let why = if same { "" } else { moved.reason.as_str() };
            let parts = [("文号 ", moved.document.as_str()), ("原因：", why), ("备注：", moved.note.as_str())];
            remark
                .extend(parts.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name}{text}")));
            remark.extend(moved.until.map(|day| format!("截止 {day}")));
            change.remark = remark.join("，");
        }
        Fact::FilingResolved(resolved) => {
            change.what = "处理冲突".to_owned();
            change.fields.extend(chosen(history, n, resolved));
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
            change.fields = judged::sheet(history, n, given, names);
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
            let labels = erased.fields.iter().map(|key| label(kind, key, names).unwrap_or_else(|| key.clone()));
            let names = erased.files.iter().filter_map(|file| name_of_file(history, file));
            let all: Vec<String> = labels.chain(names).collect();
            change.remark = format!("清除的内容：{}；原因：{}", all.join("、"), erased.reason);
        }
        Fact::ShortlistFrozen(frozen) => {
            let again = if frozen.restates.is_some() { "，清除后重写" } else { "" };
            change.what = format!("定稿 v{}{again}", frozen.number);
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
        Fact::PackageMade(made) => {
            change.what = format!("做{}", made.purpose.label());
            let (filings, events, files) = (made.filings.len(), made.events, made.files);
            change.remark = format!("给“{}”：申报 {filings} 件，流水 {events} 条，文件 {files} 份", made.name);
        }
        Fact::PackageTaken(taken) => {
            change.what = format!("取入{}", taken.purpose.label());
            let (new, known, waiting) = (taken.taken, taken.known, taken.waiting);
            change.remark = format!("来自“{}”：新记录 {new} 条，已有 {known} 条，等待 {waiting} 条", taken.name);
            if taken.conflicts > 0 {
                change.remark.push_str(&format!("，冲突 {} 件", taken.conflicts));
            }
        }
        // They set fields, and were told above.
        Fact::OfficeChanged(_)
        | Fact::UserAdded(_)
        | Fact::UserChanged(_)
        | Fact::FirmCreated(_)
        | Fact::FirmChanged(_)
        | Fact::EditionOpened(_)
        | Fact::EditionChanged(_)
        | Fact::FilingCreated(_)
        | Fact::FilingChanged(_)
        | Fact::ShortlistMade(_)
        | Fact::ShortlistChanged(_)
        | Fact::MachineMet(_)
        | Fact::MachineChanged(_) => {}
    }
    change
}

/// One field that an event set: a line of its own, and further ones where it has parts that can differ.
fn told(
    history: &History,
    n: usize,
    kind: Option<RecordKind>,
    fields: &Fields,
    key: &str,
    names: &Names<'_>,
) -> Vec<FieldChange> {
    let Some(label) = label(kind, key, names) else { return Vec::new() };
    let (old, new) = (before(history, n, key), fields.get(key));
    if kind == Some(RecordKind::Office) && judged::names_form(key).is_some() {
        return judged::form(history, &label, key, old.as_deref(), new);
    }
    if kind == Some(RecordKind::Machine) && key == machine_key::SIGN {
        // Its keys say nothing to people; what two of them compare aloud does.
        let seal = before(history, n, machine_key::SEAL);
        let then = print_of(old.as_deref(), seal.as_deref());
        let now = print_of(new, fields.get(machine_key::SEAL).or(seal.as_deref()));
        return vec![FieldChange { key: key.to_owned(), label, old: then, new: now }];
    }
    let show = |value: &str| show(kind, key, value, names);
    let whole = FieldChange { key: key.to_owned(), label, old: old.as_deref().map(show), new: new.map(show) };
    let places = match kind {
        Some(RecordKind::Shortlist) if key == shortlist_key::ITEMS => listed::places(old.as_deref(), new, names),
        _ => Vec::new(),
    };
    [whole].into_iter().chain(places).collect()
}

fn print_of(sign: Option<&str>, seal: Option<&str>) -> Option<String> {
    Some(fingerprint(&Key::parse(sign?)?, &Key::parse(seal?)?))
}

/// The decision that stands since a person chose, and those it was chosen among.
fn chosen(history: &History, n: usize, resolved: &Resolved) -> Option<FieldChange> {
    let decision = |hash: &Hash| match history.fact(history.position(hash)?)? {
        Fact::FilingMoved(moved) => Some(in_short(moved)),
        _ => None,
    };
    // As its author had it before choosing.
    let seen = (0..n).filter(|earlier| history.knew(n, *earlier)).map(|earlier| history.entries()[earlier].clone());
    let seen = History::new(seen.collect());
    let split = Track::replay(&seen, &Registers::replay(&seen)).and_then(|track| track.split);
    let rivals: Vec<String> = split.iter().flat_map(|split| &split.rivals).filter_map(decision).collect();
    Some(FieldChange {
        key: "stands".to_owned(),
        label: "生效的决定".to_owned(),
        old: (!rivals.is_empty()).then(|| rivals.join("；")),
        new: Some(decision(&resolved.stands)?),
    })
}

/// A decision as one tells it from another.
fn in_short(moved: &Moved) -> String {
    let parts = [moved.word.clone(), moved.on.to_string(), moved.document.clone()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("，")
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
fn label(kind: Option<RecordKind>, key: &str, names: &Names<'_>) -> Option<String> {
    let version = names.version;
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
            // The one that is used says what changed; the texts of the forms are no line for people.
            key if key.starts_with(form::PREFIX) => {
                let program = judged::names_form(key)?;
                return Some(format!("{}评审表", names.called.get(program).map_or("", String::as_str)));
            }
            key if key.starts_with(days::YEAR) => return Some(format!("{} 年放假安排", &key[days::YEAR.len()..])),
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
        Some(RecordKind::Machine) => match key {
            machine_key::NAME => "名称",
            machine_key::SIGN => "指纹",
            machine_key::USER => "使用的人",
            machine_key::RETIRED => "停用",
            _ => return None,
        }
        .to_owned(),
        // Records of these kinds have no fields.
        Some(RecordKind::Action | RecordKind::Import | RecordKind::Log | RecordKind::Package) | None => key.to_owned(),
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
fn show(kind: Option<RecordKind>, key: &str, value: &str, names: &Names<'_>) -> String {
    match kind {
        Some(RecordKind::Firm) => show_firm(key, value),
        Some(RecordKind::Filing) => {
            let id = key.strip_prefix(filing_key::FORM).unwrap_or(key);
            names
                .version
                .and_then(|v| v.form.iter().find(|f| f.id == id))
                .map_or_else(|| value.to_owned(), |field| show_field(&field.kind, value))
        }
        Some(RecordKind::Office) if key.starts_with(days::DAY) => days::read_day(key, value).map_or_else(
            || value.to_owned(),
            |row| format!("{}（{}）", if row.off { "放假" } else { "上班" }, row.name),
        ),
        Some(RecordKind::Office) if key.starts_with(days::YEAR) => match days::read_year(key, value) {
            Some(year) if !year.rows.is_empty() => format!("{} 天（{}）", year.rows.len(), year.papers),
            _ => value.to_owned(),
        },
        // What it is about stands before the line's end.
        Some(RecordKind::Office) if key.starts_with(own::PREFIX) => {
            value.split_once('\n').map_or(value, |(_, text)| text).to_owned()
        }
        Some(RecordKind::User) if key == user_key::ROLES => {
            Role::list(value).into_iter().map(Role::label).collect::<Vec<_>>().join("、")
        }
        Some(RecordKind::User) if key == user_key::PROGRAMS => {
            value.split_whitespace().map(|program| names.of(program)).collect::<Vec<_>>().join("、")
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
    use crate::domain::defect::Defect;
    use crate::domain::event::{Attached, Checked, Detached, PackageMade, PackageTaken, Purpose, Undone};
    use crate::domain::program::Effect;
    use crate::domain::testing::{Teller, day, opened};

    /// A change in one line.
    pub(super) fn told(change: &Change) -> String {
        let value = |value: &Option<String>| value.clone().unwrap_or_default();
        let field = |field: &FieldChange| format!("{} {}→{}", field.label, value(&field.old), value(&field.new));
        let fields: Vec<String> = change.fields.iter().map(field).collect();
        format!("{}：{}；{}", change.what, fields.join("，"), change.remark)
    }

    #[test]
    fn every_change_tells_old_and_new() {
        let mut teller = Teller::new(5);
        teller.tell(&Fact::FirmCreated(Fields::set([("name", "甲厂"), ("phone", "13800005206")])));
        teller.tell(&Fact::FirmChanged(Fields::set([("name", "甲厂有限公司"), ("y2025.revenue", "320816000")])));
        let undone = teller.tell(&Fact::FirmChanged(Fields::set([("township", "柳泉镇")])));
        teller.tell(&Fact::Undone(Undone { events: vec![undone] }));
        let told = changes(&teller.history(), &Names::default());
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
        let marks = |teller: &Teller| {
            changes(&teller.history(), &Names::default()).iter().map(|c| c.conflict).collect::<Vec<_>>()
        };
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
        let names = Names { version: Some(&version), ..Names::default() };
        let told: Vec<String> = changes(&teller.history(), &names)
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
        let told = changes(&teller.history(), &Names::default());
        let words: Vec<(&str, Option<&str>)> =
            told[0].fields.iter().map(|f| (f.label.as_str(), f.new.as_deref())).collect();
        assert_eq!(words, [("姓名", Some("周敏")), ("身份", Some("经办人、管理员"))]);
        let mut teller = Teller::new(7);
        let item = RecordId::OFFICE.to_string();
        teller.tell(&Fact::ShortlistMade(Fields::set([("title", "甲"), ("items", &item), ("edition", &item)])));
        let told = changes(&teller.history(), &Names::default());
        let labels: Vec<&str> = told[0].fields.iter().map(|f| f.label.as_str()).collect();
        assert_eq!(labels, ["申报", "名单名称", item.as_str()]);
        assert_eq!(told[0].fields[0].new.as_deref(), Some("1 件"));
    }

    #[test]
    fn the_programs_of_a_person_are_told_by_name() {
        let mut teller = Teller::new(6);
        teller.tell(&Fact::UserChanged(Fields::set([(user_key::PROGRAMS, "gaoqi kexiao")])));
        let names = Names { called: [("gaoqi".to_owned(), "高企认定".to_owned())].into(), ..Names::default() };
        let all: Vec<_> = changes(&teller.history(), &names).iter().map(told).collect();
        assert_eq!(all, ["新增：负责的事项 →高企认定、kexiao；"]);
    }

    fn moved(effect: Effect, word: &str, to: &str) -> Moved {
        Moved {
            stage: "district".into(),
            round: 1,
            to: Some(to.into()),
            through: Vec::new(),
            awards: false,
            effect,
            word: word.into(),
            on: day(8, 6),
            content: Hash::ZERO,
            document: String::new(),
            reason: String::new(),
            note: String::new(),
            until: None,
            source: None,
            defects: Vec::new(),
            materials: None,
        }
    }

    #[test]
    fn a_return_tells_each_thing_to_be_put_right() {
        let version = crate::domain::testing::version();
        let names = Names { version: Some(&version), ..Names::default() };
        let defects = vec![Defect::new(About::Material("audit".into()), "缺页"), Defect::new(About::Whole, "缺签字")];
        let said = |why: &str| {
            let back = moved(Effect::Return, "退回修改", "fill");
            let mut teller = Teller::new(8);
            teller.tell(&Fact::FilingMoved(Moved { defects: defects.clone(), reason: why.into(), ..back }));
            changes(&teller.history(), &names).iter().map(told).collect::<Vec<_>>()
        };
        let lines = "退回修改：阶段 district→fill，补正内容 →审计报告：缺页，补正内容 →缺签字；日期 2026-08-06";
        assert_eq!(said(&reason(&defects, &version)), [lines]);
        assert_eq!(said("材料不全"), [format!("{lines}，原因：材料不全")]);
    }

    #[test]
    fn whoever_settles_a_conflict_is_told_with_the_decisions_and_the_one_that_was_chosen() {
        let mut teller = Teller::new(8);
        let first = teller.tell(&opened("district", day(8, 3)));
        let pass = teller.tell_after(1, &[first], &Fact::FilingMoved(moved(Effect::Pass, "通过/推荐", "city")));
        teller.tell_after(2, &[first], &Fact::FilingMoved(moved(Effect::Return, "退回修改", "fill")));
        teller.tell(&Fact::FilingResolved(Resolved { stands: pass, reason: "以科长为准".into() }));
        let all: Vec<_> = changes(&teller.history(), &Names::default()).iter().map(told).collect();
        let (one, other) = ("通过/推荐，2026-08-06", "退回修改，2026-08-06");
        assert_eq!(all[0], format!("处理冲突：生效的决定 {one}；{other}→{one}；以科长为准"));
    }

    #[test]
    fn machines_and_packages_are_told_in_words_and_by_the_fingerprint() {
        let mut teller = Teller::new(9);
        let keys =
            |sign: &str| [("name", "张科长的电脑".to_owned()), ("sign", sign.repeat(64)), ("seal", "2".repeat(64))];
        teller.tell(&Fact::MachineMet(Fields::set(keys("1"))));
        teller.tell(&Fact::MachineChanged(Fields::set([("sign", "3".repeat(64)), ("retired", "是".to_owned())])));
        let print = |sign: &str| {
            let [sign, seal] = [sign, "2"].map(|digit| Key::parse(&digit.repeat(64)).expect("a key"));
            fingerprint(&sign, &seal)
        };
        let all: Vec<_> = changes(&teller.history(), &Names::default()).iter().map(told).collect();
        assert_eq!(
            all,
            [
                format!("修改：停用 →是，指纹 {}→{}；", print("1"), print("3")),
                format!("新增：名称 →张科长的电脑，指纹 →{}；", print("1")),
            ]
        );
        let key = Key::from_bytes([1; 32]);
        let mut teller = Teller::new(10);
        teller.tell(&Fact::PackageMade(PackageMade {
            purpose: Purpose::Review,
            to: key,
            name: "张科长的电脑".into(),
            filings: vec![RecordId::OFFICE],
            events: 12,
            files: 1,
            bytes: 4096,
        }));
        teller.tell(&Fact::PackageTaken(PackageTaken {
            purpose: Purpose::Review,
            from: key,
            device: DeviceId(uuid::Uuid::from_u128(1)),
            name: "周敏的电脑".into(),
            taken: 10,
            known: 2,
            waiting: 0,
            filings: Vec::new(),
            decided: Vec::new(),
            conflicts: 1,
            heads: Vec::new(),
            parts: Vec::new(),
        }));
        let all: Vec<_> = changes(&teller.history(), &Names::default()).iter().map(told).collect();
        assert_eq!(
            all,
            [
                "取入送审包：；来自“周敏的电脑”：新记录 10 条，已有 2 条，等待 0 条，冲突 1 件",
                "做送审包：；给“张科长的电脑”：申报 1 件，流水 12 条，文件 1 份",
            ]
        );
    }
}
