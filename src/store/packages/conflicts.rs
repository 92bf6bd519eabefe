//! What people decided or wrote without knowing of each other, with both sides: who, when, having seen what. Nothing here chooses.

use serde::Serialize;

use crate::catalog::{Catalog, industries};
use crate::domain::changes::{show_field, show_firm};
use crate::domain::event::{Fact, Fields, Hash, Stamp};
use crate::domain::filing::{Filing, key};
use crate::domain::firm::{self, Firm};
use crate::domain::history::{History, Registers};
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::program::{Effect, FieldKind};
use crate::domain::seal::Keys;
use crate::domain::{Problem, Result};
use crate::store::ledger::Ledger;
use crate::store::{Act, Answer, Db, journal};

/// What sort of conflict it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "field")]
pub enum ConflictKind {
    /// Decisions unaware of each other, or one whose ground is gone: the filing stands still.
    Decisions,
    /// Approved, then edited by somebody unaware of it or later: 批准的是旧版本.
    Outdated,
    /// One field with different values; its key.
    Field(String),
}

/// One thing that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The filing or firm.
    pub record: RecordId,
    pub is_filing: bool,
    pub what: ConflictKind,
    /// 受理号 of a filing.
    pub number: String,
    pub firm: String,
    /// The field's name for people, where it is about one.
    pub label: String,
    /// At least one; of decisions and values each is as good as the other.
    pub sides: Vec<Side>,
}

/// One side of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The event.
    pub hash: Hash,
    /// The decision in the program's words, or the value; nothing where it was cleared.
    pub says: Option<String>,
    pub reason: String,
    pub actor: RecordId,
    pub device: DeviceId,
    /// What that machine is called here.
    pub machine: String,
    /// When it was entered.
    pub at: Stamp,
    /// The day of a decision, and what it does.
    pub on: Option<chrono::NaiveDate>,
    pub effect: Option<Effect>,
    /// Who chose it of the decisions in conflict: unaware of another who chose otherwise, or of a decision that came later.
    pub chosen: Vec<Choice>,
    /// The last thing its author had seen of the record: who wrote it, when.
    pub seen: Option<(RecordId, Stamp)>,
    /// Form fields of which its author had seen another value than stands now: name, then, now.
    pub differs: Vec<(String, Option<String>, Option<String>)>,
}

/// One person's choice of a side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    pub actor: RecordId,
    pub at: Stamp,
    pub reason: String,
}

impl Db {
    /// Everything that waits for a person to choose, filings first. Needs a loaded ledger.
    pub fn conflicts(&self) -> Answer<Vec<Conflict>> {
        let ledger = self.ledger();
        let filings: Vec<RecordId> = ledger
            .filings()
            .filter(|filing| filing.split || filing.outdated || filing.contested)
            .map(|filing| filing.id)
            .collect();
        let firms: Vec<RecordId> = ledger.firms().filter(|firm| firm.conflicts > 0).map(|firm| firm.id).collect();
        let (keys, here) = (self.keys(), self.device());
        self.read(move |connection| {
            let teller = Teller { keys: &keys, ledger: &ledger };
            let mut all = Vec::new();
            for id in filings {
                let history = journal::history(connection, id)?;
                let Some(filing) = Filing::replay(id, &history) else { continue };
                let firm = Registers::replay(&journal::history(connection, filing.firm)?).text(firm::key::NAME);
                all.extend(of_filing(&history, &filing, &firm, &teller));
            }
            for id in firms {
                let history = journal::history(connection, id)?;
                let Some(firm) = Firm::replay(id, &history) else { continue };
                let blank = Conflict {
                    record: id,
                    is_filing: false,
                    what: ConflictKind::Decisions,
                    number: String::new(),
                    firm: firm.name().to_owned(),
                    label: String::new(),
                    sides: Vec::new(),
                };
                all.extend(of_fields(&history, &firm.fields, &blank, of_firm, &teller));
            }
            for side in all.iter_mut().flat_map(|conflict: &mut Conflict| &mut conflict.sides) {
                side.machine = ledger.machine_name(side.device, here);
            }
            all.sort_by(|a, b| {
                (order(&a.what), &a.number, &a.firm, &a.label).cmp(&(order(&b.what), &b.number, &b.firm, &b.label))
            });
            Ok(all)
        })
    }
}

/// How a value is told: as lists do, and covered where it is somebody's own; conflicts are looked at, not worked with.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Plain,
    /// A field of a firm, or a figure of one of its years.
    Firm,
    Form(&'static FieldKind),
    /// Somebody of the office, by id.
    Person,
}

/// What values are told with.
struct Teller<'a> {
    keys: &'a Keys,
    ledger: &'a Ledger,
}

impl Teller<'_> {
    /// The value of a field, by its key.
    fn tell(&self, shape: Shape, key: &str, value: &str) -> String {
        let opened = || self.keys.opened(value);
        match shape {
            Shape::Plain => value.to_owned(),
            Shape::Form(kind) => show_field(kind, &opened()),
            Shape::Person => value.parse().map_or_else(|_| value.to_owned(), |id| self.ledger.user_name(id).to_owned()),
            Shape::Firm => match firm::fields::find(key) {
                // A name, an address: its beginning stays.
                Some(field) if field.personal && !is_number(field.shape) => {
                    opened().chars().take(1).chain("***".chars()).collect()
                }
                Some(field) if field.shape == firm::Shape::Industry => match industries::industry(value) {
                    Some(known) => format!("{value} {}", known.name),
                    None => value.to_owned(),
                },
                _ => show_firm(key, &opened()),
            },
        }
    }
}

fn is_number(shape: firm::Shape) -> bool {
    matches!(shape, firm::Shape::Phone | firm::Shape::ResidentId)
}

fn order(kind: &ConflictKind) -> u8 {
    match kind {
        ConflictKind::Decisions => 0,
        ConflictKind::Outdated => 1,
        ConflictKind::Field(_) => 2,
    }
}

fn of_firm(name: &str) -> (String, Shape) {
    (firm::fields::label(name), Shape::Firm)
}

fn of_filing(history: &History, filing: &Filing, firm: &str, teller: &Teller<'_>) -> Vec<Conflict> {
    let version = Catalog::builtin().program(&filing.program).and_then(|program| program.version(&filing.version));
    let label = |name: &str| {
        let field = name.strip_prefix(key::FORM);
        let known = field.and_then(|id| version?.form.iter().find(|field| field.id == id));
        match (known, name) {
            (Some(field), _) => (field.label.clone(), Shape::Form(&field.kind)),
            (None, key::NOTE) => ("备注".to_owned(), Shape::Plain),
            (None, key::OFFICER) => ("经办人".to_owned(), Shape::Person),
            (None, key::HANDOVER) => ("转交说明".to_owned(), Shape::Plain),
            (None, key::NUMBER) => ("受理号".to_owned(), Shape::Plain),
            (None, other) => (other.to_owned(), Shape::Plain),
        }
    };
    let blank = Conflict {
        record: filing.id,
        is_filing: true,
        what: ConflictKind::Decisions,
        number: filing.fields.text(key::NUMBER),
        firm: firm.to_owned(),
        label: String::new(),
        sides: Vec::new(),
    };
    let decision = |position: usize| {
        let Some(Fact::FilingMoved(moved)) = history.fact(position) else { return None };
        let mut side = side(history, position, &filing.fields, &label, teller)?;
        let stage = version.and_then(|v| Some(v.stages[v.stage_index(&moved.stage)?].short.as_str()));
        side.says = Some(match stage {
            Some(stage) => format!("{stage}·{}", moved.word),
            None => moved.word.clone(),
        });
        side.reason.clone_from(&moved.reason);
        side.on = Some(moved.on);
        side.effect = Some(moved.effect);
        Some(side)
    };
    let mut all = Vec::new();
    if let Some(split) = &filing.track.split {
        let sides = split.rivals.iter().filter_map(|hash| {
            let chosen = chosen(history, hash);
            Some(Side { chosen, ..decision(history.position(hash)?)? })
        });
        let sides = sides.collect();
        all.push(Conflict { sides, ..blank.clone() });
    } else if filing.track.outdated_approval
        && let Some(last) = filing.track.line().next_back()
    {
        let sides = decision(last.position).into_iter().collect();
        all.push(Conflict { what: ConflictKind::Outdated, sides, ..blank.clone() });
    }
    all.extend(of_fields(history, &filing.fields, &blank, label, teller));
    all
}

/// Who chose a decision, as far as nobody chose anew knowing of it.
fn chosen(history: &History, decision: &Hash) -> Vec<Choice> {
    let all = || {
        history.standing().filter_map(|(position, entry, fact)| match fact {
            Fact::FilingResolved(resolved) => Some((position, entry, resolved)),
            _ => None,
        })
    };
    let last = all().filter(|(position, ..)| !all().any(|(later, ..)| history.knew(later, *position)));
    let of_it = last.filter(|(.., resolved)| resolved.stands == *decision);
    of_it
        .map(|(_, entry, resolved)| Choice {
            actor: entry.event.actor,
            at: entry.event.at,
            reason: resolved.reason.clone(),
        })
        .collect()
}

fn of_fields(
    history: &History,
    fields: &Registers,
    blank: &Conflict,
    label: impl Fn(&str) -> (String, Shape),
    teller: &Teller<'_>,
) -> Vec<Conflict> {
    let value = |position: usize, name: &str, shape: Shape| {
        let fields = history.fact(position).and_then(Fact::fields)?;
        // Of a field only its own values are compared.
        let side = side(history, position, &Registers::default(), &|name| (name.to_owned(), Shape::Plain), teller)?;
        Some(Side { says: fields.get(name).map(|value| teller.tell(shape, name, value)), ..side })
    };
    fields
        .conflicts()
        .map(|(name, register)| {
            let writers = register.rivals.iter().copied().chain([register.writer]);
            let (label, shape) = label(name);
            let sides = writers.filter_map(|position| value(position, name, shape)).collect();
            Conflict { what: ConflictKind::Field(name.to_owned()), label, sides, ..blank.clone() }
        })
        .collect()
}

fn side(
    history: &History,
    position: usize,
    now: &Registers,
    label: &dyn Fn(&str) -> (String, Shape),
    teller: &Teller<'_>,
) -> Option<Side> {
    let entry = history.entries().get(position)?;
    let known = |n: usize| history.knew(position, n);
    let seen = (0..position).rev().find(|n| known(*n)).map(|n| &history.entries()[n].event);
    let mut differs = Vec::new();
    if now.values().next().is_some() {
        let then = (0..history.len()).filter(|n| known(*n)).map(|n| history.entries()[n].clone()).collect();
        let then = Registers::replay(&History::new(then));
        let names: std::collections::BTreeSet<&str> = then
            .values()
            .chain(now.values())
            .map(|(name, _)| name)
            .filter(|name| name.starts_with(key::FORM))
            .collect();
        for name in names {
            let (was, is) = (then.get(name), now.get(name));
            if was.map(|value| teller.keys.opened(value)) != is.map(|value| teller.keys.opened(value)) {
                let (label, shape) = label(name);
                let tell = |value: &str| teller.tell(shape, name, value);
                differs.push((label, was.map(tell), is.map(tell)));
            }
        }
    }
    Some(Side {
        hash: entry.hash,
        says: None,
        reason: String::new(),
        actor: entry.event.actor,
        device: entry.event.device,
        machine: String::new(),
        at: entry.event.at,
        on: None,
        effect: None,
        chosen: Vec::new(),
        seen: seen.map(|event| (event.actor, event.at)),
        differs,
    })
}

impl Act<'_> {
    /// Settles a field of which people wrote different values: the one that an event wrote stands.
    ///
    /// # Errors
    /// Refused where the field is in no conflict, or the event is not one of its sides.
    pub fn settle_field(&mut self, record: RecordId, name: &str, stands: Hash) -> Result<()> {
        let history = self.history(record)?;
        let fields = Registers::replay(history);
        let gone = || Problem::refused("这个字段已经没有冲突了。").next("请刷新后再看。");
        let (_, register) = fields.conflicts().find(|(key, _)| *key == name).ok_or_else(gone)?;
        let position = history.position(&stands).ok_or_else(gone)?;
        if position != register.writer && !register.rivals.contains(&position) {
            return Err(gone());
        }
        let said = history.fact(position).and_then(Fact::fields);
        let mut set: std::collections::BTreeMap<_, _> =
            [(name.to_owned(), said.and_then(|fields| fields.set.get(name)).cloned().flatten())].into();
        if [key::OFFICER, key::HANDOVER].contains(&name) {
            // Who it was passed on to and the word to them were one: what is said of the one holds for the other.
            let both = said.into_iter().flat_map(|fields| &fields.set);
            set.extend(
                both.filter(|(name, _)| [key::OFFICER, key::HANDOVER].contains(&name.as_str()))
                    .map(|(name, value)| (name.clone(), value.clone())),
            );
        }
        let fields = Fields { set, ..Fields::default() };
        let fact = match history.record_kind() {
            Some(crate::domain::event::RecordKind::Filing) => Fact::FilingChanged(fields),
            Some(crate::domain::event::RecordKind::Firm) => Fact::FirmChanged(fields),
            _ => return Err(Problem::refused("这类档案的字段不在这里处理。")),
        };
        self.append(record, fact)?;
        Ok(())
    }
}
