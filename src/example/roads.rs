//! The ways the example's filings go through their stages: most well, some back, some lost, many still under way.

use std::collections::BTreeMap;

use chrono::{Datelike, Days as Span, NaiveDate};

use super::firms::Firm;
use super::forms::{fill, may_file};
use super::rng::Rng;
use super::words;
use crate::catalog::Catalog;
use crate::domain::Result;
use crate::domain::certificate;
use crate::domain::edition::key as edition_key;
use crate::domain::filing::machine::Wish;
use crate::domain::id::RecordId;
use crate::domain::program::{Desk, Effect, Program, StageKind, Version};
use crate::store::Db;
use crate::store::acts::{NewFiling, Values, submit_stage};

/// An edition of the example: program, years back, batch, month and day it opens, weight among all filings.
const EDITIONS: &[(&str, i32, u16, u32, u32, usize)] = &[
    ("gaoqi", 2, 1, 4, 8, 6),
    ("gaoqi", 2, 2, 7, 20, 7),
    ("kexiao", 2, 1, 4, 1, 9),
    ("kexiao", 2, 2, 8, 1, 8),
    ("taishan_startup", 2, 0, 3, 1, 2),
    ("zckj_province", 2, 0, 7, 5, 1),
    ("gaoqi", 1, 1, 4, 6, 7),
    ("gaoqi", 1, 2, 7, 18, 8),
    ("kexiao", 1, 1, 4, 1, 10),
    ("kexiao", 1, 2, 6, 15, 9),
    ("taishan_startup", 1, 0, 3, 2, 2),
    ("zckj_province", 1, 0, 7, 8, 1),
];

/// Editions of the working year are placed by how long ago they opened, so that there is always something under way.
const THIS_YEAR: &[(&str, u16, u64, usize)] = &[
    ("gaoqi", 1, 150, 7),
    ("gaoqi", 2, 24, 10),
    ("kexiao", 1, 140, 8),
    ("kexiao", 2, 75, 8),
    ("kexiao", 3, 16, 7),
    ("taishan_startup", 0, 120, 2),
    ("zckj_province", 0, 40, 2),
];

enum Step {
    Open { slot: usize },
    Move { slot: usize, wish: Wish },
}

struct Traveller {
    firm: usize,
    edition: usize,
    stage: &'static str,
    awarded: Option<NaiveDate>,
    id: Option<RecordId>,
}

struct Batch {
    program: &'static Program,
    version: &'static Version,
    year: i32,
    number: u16,
    opens: NaiveDate,
    weight: usize,
}

/// The day the example is made for, and the last day on which anybody does anything where that is an earlier one.
#[derive(Debug, Clone, Copy)]
pub struct Days {
    pub today: NaiveDate,
    pub until: Option<NaiveDate>,
}

/// Lets so many filings travel up to today.
#[expect(clippy::too_many_arguments, reason = "one call, and every one of them is a different thing")]
pub fn travel(
    db: &Db,
    people: &[RecordId],
    firms: &[Firm],
    ids: &[RecordId],
    filings: usize,
    days: Days,
    rng: &mut Rng,
    set_clock: &dyn Fn(NaiveDate),
    watch: &mut dyn FnMut(usize),
) -> Result<()> {
    let today = days.today;
    let batches = batches(today);
    let editions = open_editions(db, people[0], &batches)?;
    let mut steps: Vec<(NaiveDate, Step)> = Vec::new();
    let mut travellers = invite(&batches, firms, filings, today, rng, &mut steps);
    steps.sort_by_key(|(day, _)| *day);
    let mut rest = steps.into_iter().peekable();
    let mut done = 0;
    // One sitting a fortnight for the past, so that history has dates without a thousand commits.
    while let Some((first, _)) = rest.peek() {
        let until = (*first + Span::new(13)).min(today);
        let mut part = Vec::new();
        while let Some(step) = rest.next_if(|(day, _)| *day <= until) {
            part.push(step);
            if part.len() >= 20_000 {
                break;
            }
        }
        let last = part.last().map_or(until, |(day, _)| *day);
        if days.until.is_some_and(|until| last > until) {
            return Ok(());
        }
        set_clock(last);
        done += part.iter().filter(|(_, step)| matches!(step, Step::Open { .. })).count();
        sitting(db, people[0], part, &mut travellers, &batches, &editions, firms, ids, rng)?;
        watch(done);
    }
    if days.until.is_some_and(|until| today > until) {
        return Ok(());
    }
    set_clock(today);
    award(db, people[0], &travellers, &batches, ids, today, rng)?;
    close_past(db, people[0], &batches, &editions, today)
}

fn close_past(db: &Db, officer: RecordId, batches: &[Batch], editions: &[RecordId], today: NaiveDate) -> Result<()> {
    let past: Vec<RecordId> =
        batches.iter().zip(editions).filter(|(batch, _)| batch.year < today.year()).map(|(_, id)| *id).collect();
    db.act(officer, format!("关闭往年批次 {} 个", past.len()), move |act| {
        let closed = [(edition_key::CLOSED.to_owned(), Some("是".to_owned()))].into();
        past.into_iter().try_for_each(|id| act.change_edition(id, &closed).map(|_| ()))
    })
    .wait()
    .map(|_| ())
}

fn batches(today: NaiveDate) -> Vec<Batch> {
    let catalog = Catalog::builtin();
    let batch = |id: &str, year: i32, number, opens: NaiveDate, weight| {
        let program = catalog.program(id)?;
        let version = program.version_on(NaiveDate::from_ymd_opt(year, 12, 31)?);
        Some(Batch { program, version, year, number, opens, weight })
    };
    let past = EDITIONS.iter().filter_map(|(id, back, number, month, day, weight)| {
        let year = today.year() - back;
        batch(id, year, *number, NaiveDate::from_ymd_opt(year, *month, *day)?, *weight)
    });
    let now = THIS_YEAR
        .iter()
        .filter_map(|(id, number, ago, weight)| batch(id, today.year(), *number, today - Span::new(*ago), *weight));
    past.chain(now).collect()
}

fn open_editions(db: &Db, officer: RecordId, batches: &[Batch]) -> Result<Vec<RecordId>> {
    let plan: Vec<(String, i32, u16, Values)> = batches
        .iter()
        .map(|batch| {
            let mut values = Values::new();
            let at = |days: u64, clock: &str| Some(format!("{} {clock}", batch.opens + Span::new(days)));
            let submit = submit_stage(batch.version).to_owned();
            let ours = batch.version.stages.iter().find(|s| s.desk == Desk::Ours && s.kind == StageKind::Review);
            let upward = batch.version.stages.iter().find(|s| s.desk == Desk::Superior);
            values.insert(edition_key::internal(&submit), at(28, "17:00"));
            values.insert(edition_key::channel(&submit), Some("线上".into()));
            if let Some(ours) = ours {
                values.insert(edition_key::due(&ours.id), at(36, "17:00"));
                values.insert(edition_key::channel(&ours.id), Some("线上与纸质".into()));
            }
            if let Some(upward) = upward {
                values.insert(edition_key::due(&upward.id), at(43, "24:00"));
                values.insert(edition_key::channel(&upward.id), Some("线上".into()));
            }
            if batch.program.id == "taishan_startup" {
                values.insert(edition_key::QUOTA.into(), Some("6".into()));
            }
            (batch.program.id.clone(), batch.year, batch.number, values)
        })
        .collect();
    let done = db.act(officer, format!("新增批次 {} 个", plan.len()), move |act| {
        plan.into_iter()
            .map(|(program, year, batch, values)| act.open_edition(&program, year, batch, values))
            .collect::<Result<Vec<RecordId>>>()
    });
    Ok(done.wait()?.value)
}

/// Chooses who files where, and tells each one's way.
fn invite(
    batches: &[Batch],
    firms: &[Firm],
    filings: usize,
    today: NaiveDate,
    rng: &mut Rng,
    steps: &mut Vec<(NaiveDate, Step)>,
) -> Vec<Traveller> {
    let total: usize = batches.iter().map(|batch| batch.weight).sum();
    let mut travellers = Vec::with_capacity(filings);
    for (n, batch) in batches.iter().enumerate() {
        let wanted = (filings * batch.weight / total).clamp(1, firms.len());
        let start = rng.below(firms.len());
        // A stride that shares no divisor with the number of firms visits each at most once.
        let stride = (1..).map(|k| 2 * k + 37).find(|s| gcd(*s, firms.len()) == 1).unwrap_or(1);
        let in_turn = (0..firms.len()).map(|k| (start + k * stride) % firms.len());
        let may = in_turn.filter(|firm| may_file(&batch.program.id, batch.year, &firms[*firm]));
        for (k, firm) in may.take(wanted).enumerate() {
            if batch.program.id == "zckj_province"
                && words::TRADES[firms[firm].trade].0 != words::ADVISERS
                && wanted < 40
                && k % 3 > 0
            {
                continue;
            }
            let slot = travellers.len();
            let early = batch.year == today.year() && rng.percent(14);
            let stage = if early { &batch.version.stages[0].id } else { submit_stage(batch.version) };
            let mut traveller = Traveller { firm, edition: n, stage, awarded: None, id: None };
            walk(slot, &mut traveller, batch, today, rng, steps);
            travellers.push(traveller);
        }
    }
    travellers
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn walk(
    slot: usize,
    traveller: &mut Traveller,
    batch: &Batch,
    today: NaiveDate,
    rng: &mut Rng,
    steps: &mut Vec<(NaiveDate, Step)>,
) {
    let version = batch.version;
    let mut day = batch.opens + Span::new(rng.between(0, 12) as u64);
    if day > today {
        day = today;
    }
    steps.push((day, Step::Open { slot }));
    let mut at = version.stage_index(traveller.stage).unwrap_or(0);
    let mut returned = false;
    loop {
        let stage = &version.stages[at];
        let usual = stage.days.map_or(12, |days| i64::from(days.n));
        let usual = if stage.kind == StageKind::Submit { 18 } else { usual.min(45) };
        day = day + Span::new(rng.between(usual / 2, usual * 3 / 2).max(1) as u64);
        if day > today {
            return;
        }
        let effect = choose(stage.kind, stage.desk, stage.returns_to.is_some() && !returned, rng);
        let effect = if stage.outcome(effect).is_some() || effect == Effect::Withdraw { effect } else { Effect::Pass };
        let mut wish = Wish::new(effect, day);
        match effect {
            Effect::Return => {
                wish.reason = (*rng.pick(words::RETURNS)).into();
                wish.until = Some(day + Span::new(7));
            }
            Effect::Decline => wish.reason = (*rng.pick(words::DECLINES)).into(),
            Effect::Withdraw => wish.note = "企业来函撤回，今年不再申报".into(),
            _ => {}
        }
        if stage.kind == StageKind::Publicity && effect == Effect::Pass {
            let shown = day - Span::new(7.min((day - batch.opens).num_days().max(0) as u64));
            let starts =
                shown.max(steps.iter().rev().find_map(|(d, s)| belongs(s, slot).then_some(*d)).unwrap_or(shown));
            steps.push((
                starts,
                Step::Move { slot, wish: Wish { until: Some(day), ..Wish::new(Effect::Publish, starts) } },
            ));
        }
        if stage.desk == Desk::Superior && effect == Effect::Pass && stage.kind == StageKind::Decision {
            wish.document = format!("青科字〔{}〕{}号", day.year(), rng.between(3, 60));
        }
        steps.push((day, Step::Move { slot, wish }));
        match effect {
            Effect::Pass => {
                if stage.awards {
                    traveller.awarded = Some(day);
                }
                match version.stages[at + 1..].iter().position(|next| !next.optional) {
                    Some(next) => at += 1 + next,
                    None => return,
                }
            }
            Effect::Return => {
                returned = true;
                at = stage.returns_to.as_deref().and_then(|id| version.stage_index(id)).unwrap_or(0);
            }
            Effect::Hold => {}
            _ => return,
        }
    }
}

fn belongs(step: &Step, slot: usize) -> bool {
    matches!(step, Step::Open { slot: s } | Step::Move { slot: s, .. } if *s == slot)
}

fn choose(kind: StageKind, desk: Desk, may_return: bool, rng: &mut Rng) -> Effect {
    let roll = rng.below(100);
    match (kind, desk) {
        (StageKind::Draft, _) if roll < 6 => Effect::Lapse,
        (StageKind::Submit, _) if roll < 4 => Effect::Lapse,
        (StageKind::Submit, _) if roll < 6 => Effect::Withdraw,
        (StageKind::Review, Desk::Ours) if may_return && roll < 22 => Effect::Return,
        (StageKind::Review, Desk::Ours) if roll < 27 => Effect::Decline,
        (StageKind::Review, Desk::Ours) if roll < 29 => Effect::Withdraw,
        (StageKind::Review, Desk::Superior) if may_return && roll < 4 => Effect::Return,
        (StageKind::Review, Desk::Superior) if roll < 12 => Effect::Fail,
        (StageKind::Decision, _) if roll < 4 => Effect::Fail,
        _ => Effect::Pass,
    }
}

#[expect(clippy::too_many_arguments, reason = "as above")]
fn sitting(
    db: &Db,
    officer: RecordId,
    part: Vec<(NaiveDate, Step)>,
    travellers: &mut [Traveller],
    batches: &[Batch],
    editions: &[RecordId],
    firms: &[Firm],
    ids: &[RecordId],
    rng: &mut Rng,
) -> Result<()> {
    enum Deed {
        Open { slot: usize, firm: RecordId, edition: RecordId, new: NewFiling },
        Move { slot: usize, id: Option<RecordId>, wish: Wish },
    }
    let (mut opened, mut moved) = (0, 0);
    let deeds: Vec<Deed> = part
        .into_iter()
        .map(|(day, step)| match step {
            Step::Open { slot } => {
                opened += 1;
                let traveller = &travellers[slot];
                let batch = &batches[traveller.edition];
                let form = fill(batch.version, &batch.program.id, batch.year, &firms[traveller.firm], rng);
                let new =
                    NewFiling { stage: traveller.stage.to_owned(), opened: Some(day), form, ..NewFiling::default() };
                Deed::Open { slot, firm: ids[traveller.firm], edition: editions[traveller.edition], new }
            }
            Step::Move { slot, wish } => {
                moved += 1;
                Deed::Move { slot, id: travellers[slot].id, wish }
            }
        })
        .collect();
    let name = match (opened, moved) {
        (0, moved) => format!("登记进展 {moved} 件"),
        (opened, 0) => format!("登记申报 {opened} 件"),
        (opened, moved) => format!("登记申报 {opened} 件、进展 {moved} 件"),
    };
    let done = db.act(officer, name, move |act| {
        let mut new: BTreeMap<usize, RecordId> = BTreeMap::new();
        for deed in deeds {
            match deed {
                Deed::Open { slot, firm, edition, new: filing } => {
                    new.insert(slot, act.open_filing(firm, edition, filing)?);
                }
                Deed::Move { slot, id, wish } => {
                    if let Some(id) = id.or_else(|| new.get(&slot).copied()) {
                        act.move_filing(id, &wish)?;
                    }
                }
            }
        }
        Ok(new)
    });
    for (slot, id) in done.wait()?.value {
        travellers[slot].id = Some(id);
    }
    Ok(())
}

/// Who got there holds a certificate; some firms hold one from before that ends this year.
fn award(
    db: &Db,
    officer: RecordId,
    travellers: &[Traveller],
    batches: &[Batch],
    ids: &[RecordId],
    today: NaiveDate,
    rng: &mut Rng,
) -> Result<()> {
    let catalog = Catalog::builtin();
    let mut all: Vec<(RecordId, String, String, Values)> = Vec::new();
    let mut serial = 0;
    let mut give = |firm: RecordId, kind: &str, number: Option<String>, issued: NaiveDate| {
        let ends = catalog.certificate(kind).and_then(|kind| kind.validity.last_day(issued));
        let slug = certificate::slug(number.as_deref().unwrap_or_default(), "", &issued.to_string());
        let mut parts = Values::new();
        parts.insert(certificate::attr::ISSUED.into(), Some(issued.to_string()));
        parts.insert(certificate::attr::NUMBER.into(), number);
        parts.insert(certificate::attr::ENDS.into(), ends.map(|day| day.to_string()));
        all.push((firm, kind.to_owned(), slug, parts));
    };
    let mut number = |kind: &str, day: NaiveDate| {
        serial += 1;
        match kind {
            "gaoqi" => Some(format!("GR{}37{serial:06}", day.year())),
            "kexiao" => {
                Some(format!("{}{}{}0{serial:06}", day.year(), words::REGION, if day.month() <= 6 { '0' } else { 'A' }))
            }
            _ => None,
        }
    };
    for traveller in travellers {
        let batch = &batches[traveller.edition];
        if let (Some(day), Some(kind)) = (traveller.awarded, &batch.program.certificate) {
            give(ids[traveller.firm], kind, number(kind, day), day);
        }
    }
    for firm in ids.iter().step_by(11) {
        let back = rng.between(2, 3) as i32;
        if let Some(day) = NaiveDate::from_ymd_opt(today.year() - back, 11, rng.between(10, 28) as u32) {
            give(*firm, "gaoqi", number("gaoqi", day), day);
        }
    }
    for part in all.chunks(5000) {
        let part = part.to_vec();
        db.act(officer, format!("登记证书 {} 张", part.len()), move |act| {
            for (firm, kind, slug, parts) in part {
                act.record_certificate(firm, &kind, &slug, parts, None)?;
            }
            Ok(())
        })
        .wait()?;
    }
    Ok(())
}
