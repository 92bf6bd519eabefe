//! What taking a list in would do, row by row. Writes nothing; the counts add up to the rows of the list.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::thread;

use chrono::NaiveDate;

use super::matching::{Candidate, Index, Match, MatchedBy};
use super::settings::{Purpose, Settings};
use super::values::{RowValues, read};
use super::verdict::{self, Said};
use crate::catalog::Catalog;
use crate::domain::certificate::{self, attr};
use crate::domain::event::Hash;
use crate::domain::filing::machine::{Wish, published_result};
use crate::domain::filing::{End, Standing};
use crate::domain::firm::{fields, key};
use crate::domain::history::Registers;
use crate::domain::id::RecordId;
use crate::domain::program::{Desk, Effect as StageEffect};
use crate::domain::text::name_key;
use crate::domain::{Problem, Result};
use crate::exchange::lists::{FoundTable, ListRow};
use crate::store::Db;
use crate::store::acts::{Values, certificate_fields};
use crate::store::ledger::{Certificate, FilingFilter, FirmRow, Ledger};

/// What is done about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// It is this firm.
    Same(RecordId),
    /// It is a firm nobody here knows: enter it.
    Create,
    /// Leave it out.
    Skip,
}

/// Why a row stands where it stands in the preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A firm, certificate or filing is added.
    New,
    /// Something known changes.
    Changed,
    /// All of it is here already.
    Same,
    /// A person must choose; nothing is written until then.
    Doubtful(String),
    /// Part of it cannot be used.
    Damaged(String),
    /// Of an area that is not taken, or of a firm that is not to be entered.
    LeftOut(String),
}

impl Verdict {
    /// As the badge says it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::New => "新增",
            Self::Changed => "变更",
            Self::Same => "不变",
            Self::Doubtful(_) => "待确认",
            Self::Damaged(_) => "损坏",
            Self::LeftOut(_) => "不导入",
        }
    }
}

/// One thing that would be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Fields of the row's firm, its certificates among them, with what stands there now; a firm nobody knows is entered.
    Firm {
        values: Values,
        old: BTreeMap<String, String>,
    },
    RecordResult {
        filing: RecordId,
        stage: String,
        wish: Wish,
    },
    OpenFiling {
        edition: RecordId,
    },
}

/// A row of the list and what would become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRow {
    /// Index in [`FoundTable::rows`].
    pub row: usize,
    /// Row in the source, as a person counts.
    pub at: u32,
    pub name: String,
    /// The name as matching folds it.
    pub key: String,
    pub number: String,
    pub area: String,
    pub verdict: Verdict,
    pub firm: Option<(RecordId, MatchedBy)>,
    pub candidates: Vec<Candidate>,
    pub effects: Vec<Effect>,
    pub remarks: Vec<String>,
    /// Set by the person, or what the plan would do by itself.
    pub choice: Option<Choice>,
}

/// Why a row of an area that is not taken is left out.
const ELSEWHERE: &str = "外区，不导入";

impl PlannedRow {
    /// Whether it is left out because its area is not taken.
    pub fn is_elsewhere(&self) -> bool {
        matches!(&self.verdict, Verdict::LeftOut(why) if why == ELSEWHERE)
    }

    /// Whether something is written for it.
    pub fn writes(&self) -> bool {
        !self.effects.is_empty() && matches!(self.verdict, Verdict::New | Verdict::Changed)
    }

    /// What would be written, in words: 建企业档案，并记登记编号 2026….
    pub fn says(&self) -> String {
        match &self.verdict {
            Verdict::Doubtful(why) | Verdict::Damaged(why) | Verdict::LeftOut(why) => return why.clone(),
            Verdict::Same => return "与已有记录相同".to_owned(),
            Verdict::New | Verdict::Changed => {}
        }
        let parts: Vec<String> = self.effects.iter().map(|effect| effect_words(effect, self.firm.is_none())).collect();
        parts.join("，并")
    }
}

fn effect_words(effect: &Effect, new_firm: bool) -> String {
    match effect {
        Effect::Firm { values, old } => firm_words(values, old, new_firm),
        Effect::RecordResult { wish, .. } => format!("申报结果记为“{}”", wish.word),
        Effect::OpenFiling { .. } => "新增申报".to_owned(),
    }
}

/// 建企业档案，记高企 GR2026…，注册资本 空 → 500.00 万元.
fn firm_words(values: &Values, old: &BTreeMap<String, String>, new_firm: bool) -> String {
    let mut words: Vec<String> = Vec::new();
    if new_firm {
        words.push("建企业档案".to_owned());
    }
    let mut certificates: BTreeMap<(&str, &str), Vec<(&str, &str)>> = BTreeMap::new();
    for (key, new) in values {
        let new = new.as_deref().unwrap_or_default();
        if let Some((kind, slug, attr)) = certificate::split_key(key) {
            certificates.entry((kind, slug)).or_default().push((attr, new));
        } else if !new_firm {
            let show = |value: &str| crate::domain::changes::show_firm(key, value);
            let before = old.get(key).map_or_else(|| "空".to_owned(), |value| show(value));
            words.push(format!("{} {before} → {}", fields::label(key), show(new)));
        }
    }
    for ((kind, _), parts) in certificates {
        let name = Catalog::builtin().certificate(kind).map_or("证书", |kind| kind.short.as_str());
        let part = |wanted: &str| parts.iter().find(|(attr, _)| *attr == wanted).map(|(_, text)| *text);
        words.push(match part(attr::NUMBER).or(part(attr::NAME)).or(part(attr::HELD)) {
            Some(what) => format!("记{name} {what}"),
            None => {
                let added: Vec<String> =
                    parts.iter().map(|(attr, text)| format!("{} {text}", certificate::label(attr))).collect();
                format!("{name}补{}", added.join("、"))
            }
        });
    }
    words.join("，")
}

/// How many rows of each sort; they add up to all rows of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub rows: usize,
    pub new: usize,
    pub changed: usize,
    pub same: usize,
    pub doubtful: usize,
    pub damaged: usize,
    pub left_out: usize,
}

/// Everything taking a list in would do.
#[derive(Debug, Clone)]
pub struct Plan {
    pub settings: Settings,
    pub rows: Vec<PlannedRow>,
}

impl Plan {
    /// Counts by verdict.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { rows: self.rows.len(), ..Counts::default() };
        for row in &self.rows {
            match row.verdict {
                Verdict::New => counts.new += 1,
                Verdict::Changed => counts.changed += 1,
                Verdict::Same => counts.same += 1,
                Verdict::Doubtful(_) => counts.doubtful += 1,
                Verdict::Damaged(_) => counts.damaged += 1,
                Verdict::LeftOut(_) => counts.left_out += 1,
            }
        }
        counts
    }

    /// How many rows would be written.
    pub fn writes(&self) -> usize {
        self.rows.iter().filter(|row| row.writes()).count()
    }
}

/// Plans taking a table in. `choices` are a person's, by index of the row.
///
/// # Errors
/// Bad input where the table has no column that names a firm, or the settings name an edition or stage that is not there.
pub fn plan(db: &Db, table: &FoundTable, settings: &Settings, choices: &HashMap<usize, Choice>) -> Result<Plan> {
    if table.firm_column().is_none() {
        return Err(
            Problem::bad_input("还没有认出哪一列是企业名称。").next("请在“列对应”里指定企业名称（或运营单位）那一列。")
        );
    }
    let ledger = db.ledger();
    let today = db.clock().today();
    check_settings(&ledger, settings)?;
    let read = read_rows(table, today);
    let mut planner = Planner {
        ledger: &ledger,
        settings,
        today,
        index: Index::new(&ledger),
        seen: HashMap::new(),
        claimed: HashSet::new(),
    };
    let mut rows: Vec<PlannedRow> = Vec::with_capacity(read.len());
    for (n, values) in read.iter().enumerate() {
        rows.push(planner.row(n, table.rows[n].at, values, choices.get(&n).copied()));
    }
    fill_from_files(db, &mut rows, &read, settings)?;
    Ok(Plan { settings: settings.clone(), rows })
}

/// All rows, read on two threads: spelling out ten thousand of them is half of a plan.
fn read_rows(table: &FoundTable, today: NaiveDate) -> Vec<RowValues> {
    let (front, back) = table.rows.split_at(table.rows.len() / 2);
    let all = |rows: &[ListRow]| rows.iter().map(|row| read(table, row, today)).collect::<Vec<_>>();
    thread::scope(|scope| {
        let behind = scope.spawn(|| all(back));
        let mut read = all(front);
        // A thread that cannot end well has nothing to give; its rows are read here.
        read.extend(behind.join().unwrap_or_else(|_| all(back)));
        read
    })
}

fn check_settings(ledger: &Ledger, settings: &Settings) -> Result<()> {
    let edition = match &settings.purpose {
        Purpose::Results { edition, .. } | Purpose::Filings { edition } => *edition,
        Purpose::Firms | Purpose::Certificates { .. } => return Ok(()),
    };
    let known = ledger
        .edition(edition)
        .and_then(|e| e.known)
        .ok_or_else(|| Problem::not_found("找不到这个批次。").next("请重新选择批次。"))?;
    if let Purpose::Results { stage, .. } = &settings.purpose
        && known.1.stage_index(stage).is_none()
    {
        return Err(Problem::bad_input("这个事项没有选定的阶段。").next("请重新选择结果所在的阶段。"));
    }
    Ok(())
}

struct Planner<'a> {
    ledger: &'a Ledger,
    settings: &'a Settings,
    today: NaiveDate,
    index: Index<'a>,
    /// Firms the list itself would enter, by name, so that a second row of the same one does not enter it twice.
    seen: HashMap<&'a str, usize>,
    /// Certificates earlier rows have claimed, firm and slug; firms they have filed for.
    claimed: HashSet<(&'a str, String)>,
}

impl<'a> Planner<'a> {
    fn row(&mut self, n: usize, at: u32, values: &'a RowValues, chosen: Option<Choice>) -> PlannedRow {
        let mut planned = PlannedRow {
            row: n,
            at,
            name: values.name.clone(),
            key: values.key.clone(),
            number: values.number.clone(),
            area: values.area.join(" "),
            verdict: Verdict::Same,
            firm: None,
            candidates: Vec::new(),
            effects: Vec::new(),
            remarks: values.remarks.clone(),
            choice: chosen,
        };
        if let Some(areas) = &self.settings.areas
            && !values.area.iter().any(|area| areas.contains(area))
        {
            planned.verdict = Verdict::LeftOut(ELSEWHERE.to_owned());
            return planned;
        }
        if values.name.is_empty() {
            planned.verdict = Verdict::Damaged("这一行没有企业名称".to_owned());
            return planned;
        }
        if chosen == Some(Choice::Skip) {
            planned.verdict = Verdict::LeftOut("已选择跳过".to_owned());
            return planned;
        }
        if !values.damage.is_empty() && chosen.is_none() {
            planned.verdict = Verdict::Damaged(values.damage.join("；"));
            if let Match::Firm(firm, by) = self.index.find("", "", &values.key) {
                planned.firm = Some((firm, by));
            }
            return planned;
        }
        match chosen {
            Some(Choice::Same(firm)) => planned.firm = Some((firm, MatchedBy::Chosen)),
            Some(Choice::Create) => {}
            Some(Choice::Skip) => return planned,
            None => match self.index.find(&values.code, &values.number, &values.key) {
                Match::Firm(firm, by) => planned.firm = Some((firm, by)),
                Match::Nobody => {}
                Match::Candidates(candidates) => {
                    planned.verdict = Verdict::Doubtful(
                        candidates.iter().map(|c| c.why.as_str()).next().unwrap_or_default().to_owned(),
                    );
                    planned.candidates = candidates;
                    return planned;
                }
            },
        }
        self.decide(&mut planned, values);
        planned
    }

    fn decide(&mut self, planned: &mut PlannedRow, values: &'a RowValues) {
        let firm = planned.firm.and_then(|(id, _)| self.ledger.firm(id)).cloned();
        if matches!(self.settings.purpose, Purpose::Certificates { .. }) {
            match verdict::said(&values.result, None) {
                Said::No => {
                    planned.verdict = Verdict::LeftOut(format!("名单写明“{}”，不记证书", values.result));
                    return;
                }
                // Who is put on hold may hold the certificate all the same: a person knows.
                Said::Open if planned.choice.is_none() => return doubt(planned, &values.result),
                _ => {}
            }
        }
        let mut writes = Values::new();
        if firm.is_none() {
            if let Some(first) = self.seen.get(values.key.as_str()) {
                // Entered by an earlier row; a second certificate of it is still worth recording.
                planned.remarks.push(format!("与名单第 {} 家是同一家", first + 1));
            } else if !self.settings.create_firms {
                planned.verdict = Verdict::LeftOut("档案里没有这家，按设置不新建".to_owned());
                return;
            } else {
                self.seen.insert(&values.key, planned.row);
                writes = new_firm(values, self.ledger);
            }
        }
        let outcome = match &self.settings.purpose {
            Purpose::Firms => Ok(()),
            Purpose::Certificates { kind } => {
                self.certificate(planned, values, firm.as_deref(), kind, &mut writes);
                Ok(())
            }
            Purpose::Results { edition, stage, effect } => {
                self.result(planned, values, firm.as_deref(), (*edition, stage), *effect)
            }
            Purpose::Filings { edition } => {
                self.filing(planned, values, firm.as_deref(), *edition);
                Ok(())
            }
        };
        if let Err(why) = outcome {
            planned.verdict = Verdict::Doubtful(why);
            return;
        }
        if !writes.is_empty() {
            planned.effects.insert(0, Effect::Firm { values: writes, old: BTreeMap::new() });
        }
        planned.verdict = match (planned.effects.is_empty(), firm) {
            (true, _) => Verdict::Same,
            (false, None) => Verdict::New,
            (false, Some(_)) => Verdict::Changed,
        };
    }

    fn certificate(
        &mut self,
        planned: &mut PlannedRow,
        values: &'a RowValues,
        firm: Option<&FirmRow>,
        kind: &str,
        writes: &mut Values,
    ) {
        let issued = values.date.or(self.settings.date);
        let ends = values.valid_to.or_else(|| Catalog::builtin().certificate(kind)?.validity.last_day(issued?));
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        // Without a number of its own it is told apart by its day, or by the batch where nobody gave one.
        let apart = issued.map_or_else(|| self.settings.batch.clone(), |day| day.to_string());
        let slug = certificate::slug(&values.number, &values.item, &apart);
        if !self.claimed.insert((&values.key, slug.clone())) {
            planned.remarks.push("名单里有重复的一行".to_owned());
            return;
        }
        if let Some(known) = firm.and_then(|firm| known_certificate(firm, kind, &slug, values, issued)) {
            for (attr, have, new) in [(attr::ISSUED, known.issued, issued), (attr::ENDS, known.ends, ends)] {
                if let (None, Some(new)) = (have, new) {
                    writes.insert(certificate::field_key(kind, &known.slug, attr), Some(new.to_string()));
                }
            }
            return;
        }
        let batch = if values.batch.is_empty() { &self.settings.batch } else { &values.batch };
        let parts = [
            (attr::NUMBER, values.number.clone()),
            (attr::NAME, values.item.clone()),
            (attr::ISSUED, day(issued)),
            (attr::ENDS, day(ends)),
            (attr::DOCUMENT, self.settings.document.clone()),
            (attr::BATCH, batch.clone()),
            (attr::LEVEL, values.category.clone()),
            (attr::AREA, values.area.join(" ")),
            (attr::PERSON, values.person.clone()),
        ];
        let parts = parts
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(attr, text)| (attr.to_owned(), Some(text)))
            .collect();
        writes.extend(certificate_fields(kind, &slug, parts));
    }

    fn result(
        &self,
        planned: &mut PlannedRow,
        values: &RowValues,
        firm: Option<&FirmRow>,
        (edition, stage): (RecordId, &str),
        default: StageEffect,
    ) -> std::result::Result<(), String> {
        let Some(firm) = firm else { return Err("档案里没有这家，也就没有它的申报".to_owned()) };
        let filter = FilingFilter { edition: Some(edition), firm: Some(firm.id), ..FilingFilter::default() };
        let filings = self.ledger.list_filings(&filter, None);
        let filing = match filings.as_slice() {
            [] => return Err("这个批次里没有它的申报".to_owned()),
            [only] => self.ledger.filing(*only).ok_or("申报已不存在")?,
            several => return Err(format!("这个批次里它有 {} 件申报，请逐件登记", several.len())),
        };
        let target = filing.version.stage_index(stage).ok_or("没有这个阶段")?;
        let stages = &filing.version.stages;
        // What the row says of itself comes before what was said of the whole list.
        let (effect, word) = match verdict::said(&values.result, Some(&stages[target])) {
            Said::Nothing => (default, None),
            Said::Outcome(effect, word) => (effect, Some(word)),
            Said::Yes => (StageEffect::Pass, None),
            Said::No => (StageEffect::Fail, None),
            Said::Open | Said::Unknown if planned.choice.is_some() => (default, None),
            Said::Open | Said::Unknown => {
                doubt(planned, &values.result);
                return Err(unclear(&values.result));
            }
        };
        if effect == StageEffect::Pass && filing.passed >> target & 1 == 1 {
            return Ok(());
        }
        let now = usize::from(filing.stage);
        let denies = matches!(effect, StageEffect::Fail | StageEffect::Decline);
        if denies && matches!(filing.standing, Standing::Ended(End::Failed | End::Declined)) && now <= target {
            return Ok(());
        }
        // A stage that only grants (备案编号) cannot deny: who is denied failed in the review before it.
        let denying = |n: &usize| denies && stages[*n].desk == Desk::Superior && verdict::denies(&stages[*n]).is_some();
        let at = if denies && verdict::denies(&stages[target]).is_none() {
            (now..target).rev().find(denying).unwrap_or(target)
        } else {
            target
        };
        let effect = if denies { verdict::denies(&stages[at]).unwrap_or(effect) } else { effect };
        let named = (at == target).then_some(word).flatten().map(str::to_owned);
        let wish = Wish {
            word: named.unwrap_or_else(|| crate::domain::filing::machine::word_for(&stages[at], effect)),
            document: self.settings.document.clone(),
            reason: if values.result.is_empty() { String::new() } else { format!("名单结论：{}", values.result) },
            ..Wish::new(effect, self.settings.date.unwrap_or(self.today))
        };
        let stage = stages[at].id.clone();
        let moved = published_result(&filing.as_track(), filing.version, &stage, &wish, Hash::ZERO, self.today)
            .map_err(|problem| problem.says)?;
        planned.effects.push(Effect::RecordResult {
            filing: filing.id,
            stage,
            wish: Wish { word: moved.word, ..wish },
        });
        Ok(())
    }

    fn filing(&mut self, planned: &mut PlannedRow, values: &'a RowValues, firm: Option<&FirmRow>, edition: RecordId) {
        let named = firm.map_or_else(|| values.key.clone(), |firm| firm.id.to_string());
        if !self.claimed.insert(("", named)) {
            planned.remarks.push("名单里有重复的一行".to_owned());
            return;
        }
        let exists = firm.is_some_and(|firm| {
            let filter = FilingFilter { edition: Some(edition), firm: Some(firm.id), ..FilingFilter::default() };
            !self.ledger.list_filings(&filter, None).is_empty()
        });
        if !exists {
            planned.effects.push(Effect::OpenFiling { edition });
        }
    }
}

fn unclear(result: &str) -> String {
    format!("结论“{result}”看不出是通过还是不通过")
}

/// Leaves a row to a person because of what it says of itself; the firm it matched stays on offer.
fn doubt(planned: &mut PlannedRow, result: &str) {
    let why = unclear(result);
    if let Some((firm, _)) = planned.firm {
        planned.candidates = vec![Candidate { firm, why: why.clone() }];
    }
    planned.verdict = Verdict::Doubtful(why);
}

/// The fields a new firm starts with. An area that is a township of ours is the township; any other is the region.
fn new_firm(values: &RowValues, ledger: &Ledger) -> Values {
    let mut fields = values.firm.clone();
    fields.insert(key::NAME.into(), Some(values.name.clone()));
    if let Some(area) = values.area.last() {
        if ledger.office.townships.iter().any(|township| township == area) {
            fields.entry(key::TOWNSHIP.into()).or_insert_with(|| Some(area.clone()));
        } else {
            fields.entry(key::REGION.into()).or_insert_with(|| Some(values.area.join(" ")));
        }
    }
    fields
}

/// The certificate a row speaks of, if the firm has it: by number, or, where the list has none, by its own name and day.
fn known_certificate<'f>(
    firm: &'f FirmRow,
    kind: &str,
    slug: &str,
    values: &RowValues,
    issued: Option<NaiveDate>,
) -> Option<&'f Certificate> {
    firm.certificates.iter().filter(|c| &*c.kind == kind).find(|c| {
        &*c.slug == slug
            || values.number.is_empty()
                && c.number.is_empty()
                && name_key(&c.name) == name_key(&values.item)
                && (c.issued == issued || c.issued.is_none() || issued.is_none())
    })
}

/// For matched firms, what the list says beyond what their files say: blanks are filled; with `list_wins` the rest changes.
fn fill_from_files(db: &Db, rows: &mut [PlannedRow], read: &[RowValues], settings: &Settings) -> Result<()> {
    let wanted: Vec<(usize, RecordId)> = rows
        .iter()
        .enumerate()
        .filter(|(n, row)| {
            matches!(row.verdict, Verdict::Same | Verdict::Changed) && (!read[*n].firm.is_empty() || settings.list_wins)
        })
        .filter_map(|(n, row)| Some((n, row.firm?.0)))
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let files = db.firm_fields(wanted.iter().map(|(_, id)| *id).collect()).wait()?;
    for ((n, _), file) in wanted.into_iter().zip(files) {
        let row = &mut rows[n];
        let mut said = read[n].firm.clone();
        let renamed = file.get(key::NAME).is_some_and(|name| name_key(name) != name_key(&row.name));
        if renamed && matches!(row.firm, Some((_, MatchedBy::Code))) {
            if settings.list_wins {
                said.insert(key::NAME.into(), Some(row.name.clone()));
            } else {
                row.remarks.push(format!("档案名称是“{}”", file.text(key::NAME)));
            }
        }
        let (values, old) = differences(&file, said, settings.list_wins);
        if values.is_empty() {
            continue;
        }
        row.verdict = Verdict::Changed;
        match row.effects.first_mut() {
            Some(Effect::Firm { values: writes, old: known }) => {
                writes.extend(values);
                known.extend(old);
            }
            _ => row.effects.insert(0, Effect::Firm { values, old }),
        }
    }
    Ok(())
}

fn differences(file: &Registers, said: Values, list_wins: bool) -> (Values, BTreeMap<String, String>) {
    let mut values = file.difference(&said);
    // A blank in the list says nothing.
    values.retain(|key, new| new.is_some() && (list_wins || file.get(key).is_none()));
    let old = values.keys().filter_map(|key| Some((key.clone(), file.get(key)?.to_owned()))).collect();
    (values, old)
}
