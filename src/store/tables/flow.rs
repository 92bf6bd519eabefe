//! Rows of what flows: editions, filings with their moves, shortlists with their frozen versions.

use rusqlite::{Connection, params};

use super::{fields_json, stamps};
use crate::domain::Result;
use crate::domain::edition::Edition;
use crate::domain::filing::{End, Filing, Standing, key};
use crate::domain::history::History;
use crate::domain::id::RecordId;
use crate::domain::program::Effect;
use crate::domain::shortlist::{Shortlist, write_items};

/// Standing as a number in the table.
fn standing_code(standing: Standing) -> i64 {
    match standing {
        Standing::Open => 0,
        Standing::Returned => 1,
        Standing::Pending => 2,
        Standing::Published => 3,
        Standing::Held => 4,
        Standing::Ended(End::Done) => 10,
        Standing::Ended(End::Declined) => 11,
        Standing::Ended(End::Failed) => 12,
        Standing::Ended(End::Lapsed) => 13,
        Standing::Ended(End::Withdrawn) => 14,
    }
}

/// Standing from its number in the table.
pub fn standing_from_code(code: i64) -> Standing {
    match code {
        1 => Standing::Returned,
        2 => Standing::Pending,
        3 => Standing::Published,
        4 => Standing::Held,
        10 => Standing::Ended(End::Done),
        11 => Standing::Ended(End::Declined),
        12 => Standing::Ended(End::Failed),
        13 => Standing::Ended(End::Lapsed),
        14 => Standing::Ended(End::Withdrawn),
        _ => Standing::Open,
    }
}

const EFFECTS: [(Effect, &str); 10] = [
    (Effect::Pass, "pass"),
    (Effect::Return, "return"),
    (Effect::Decline, "decline"),
    (Effect::Fail, "fail"),
    (Effect::Lapse, "lapse"),
    (Effect::Withdraw, "withdraw"),
    (Effect::Hold, "hold"),
    (Effect::Enter, "enter"),
    (Effect::Pending, "pending"),
    (Effect::Publish, "publish"),
];

fn effect_word(effect: Effect) -> &'static str {
    EFFECTS.iter().find(|(known, _)| *known == effect).map_or("hold", |(_, word)| word)
}

/// Effect from its word, in the table and on the command line.
pub fn effect_from_word(word: &str) -> Option<Effect> {
    EFFECTS.iter().find(|(_, known)| *known == word).map(|(effect, _)| *effect)
}

pub(super) fn project_filing(connection: &Connection, id: RecordId, history: &History, fresh: bool) -> Result<()> {
    if !fresh {
        for sql in ["DELETE FROM filing WHERE id = ?", "DELETE FROM filing_move WHERE filing = ?"] {
            connection.prepare_cached(sql)?.execute([id])?;
        }
    }
    let Some(filing) = Filing::replay(id, history) else { return Ok(()) };
    let (fields, track) = (&filing.fields, &filing.track);
    let (created, changed) = stamps(history);
    // In the order they were passed; stages passed together (one published list) keep their order by the move itself.
    let mut passed: Vec<&str> = Vec::new();
    for decision in track.line() {
        for stage in decision.moved.through.iter().chain([&decision.moved.stage]) {
            if track.passed.contains_key(stage) && !passed.contains(&stage.as_str()) {
                passed.push(stage);
            }
        }
    }
    let officer: Option<RecordId> = fields.get(key::OFFICER).and_then(|id| id.parse().ok());
    connection
        .prepare_cached(
            "INSERT INTO filing (id, firm, edition, program, version, number, officer, stage, round, standing, since, until, awarded, opened,
                passed, last_day, last_word, moves, split, outdated, conflicts, frozen, created, changed)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            filing.firm,
            filing.edition,
            filing.program,
            filing.version,
            fields.text(key::NUMBER),
            officer,
            track.stage,
            track.round,
            standing_code(track.standing),
            track.since.to_string(),
            track.until.map(|day| day.to_string()),
            track.awarded.map(|day| day.to_string()),
            fields.text(key::OPENED),
            passed.join(" "),
            track.last_day().to_string(),
            track.line().next_back().map_or("", |decision| decision.moved.word.as_str()),
            track.decisions.len() as i64,
            track.split.is_some(),
            track.outdated_approval,
            fields.conflicts().count() as i64,
            history.is_read_only(),
            created,
            changed,
        ])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO filing_move (filing, n, hash, stage, round, effect, word, day, goes_to, through, document, reason, note, until, actor, at,
            stands, import, row)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for (n, decision) in track.decisions.iter().enumerate() {
        let moved = &decision.moved;
        let event = &history.entries()[decision.position].event;
        insert.execute(params![
            id,
            n as i64 + 1,
            decision.hash,
            moved.stage,
            moved.round,
            effect_word(moved.effect),
            moved.word,
            moved.on.to_string(),
            moved.to,
            moved.through.join(" "),
            moved.document,
            moved.reason,
            moved.note,
            moved.until.map(|day| day.to_string()),
            event.actor,
            event.at.0,
            decision.stands,
            moved.source.map(|source| source.import),
            moved.source.map(|source| source.row),
        ])?;
    }
    Ok(())
}

pub(super) fn project_edition(connection: &Connection, id: RecordId, history: &History) -> Result<()> {
    connection.prepare_cached("DELETE FROM edition WHERE id = ?")?.execute([id])?;
    let Some(edition) = Edition::replay(id, history) else { return Ok(()) };
    connection
        .prepare_cached("INSERT INTO edition (id, program, version, year, batch, name, quota, closed, fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?
        .execute(params![
            id,
            edition.program,
            edition.version,
            edition.year,
            edition.batch,
            edition.name,
            edition.quota,
            edition.closed,
            fields_json(&edition.fields)
        ])?;
    Ok(())
}

pub(super) fn project_shortlist(connection: &Connection, id: RecordId, history: &History) -> Result<()> {
    for sql in ["DELETE FROM shortlist WHERE id = ?", "DELETE FROM shortlist_version WHERE shortlist = ?"] {
        connection.prepare_cached(sql)?.execute([id])?;
    }
    let Some(shortlist) = Shortlist::replay(id, history) else { return Ok(()) };
    let (created, changed) = stamps(history);
    connection
        .prepare_cached(
            "INSERT INTO shortlist (id, edition, title, items, created, changed) VALUES (?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![id, shortlist.edition, shortlist.title, write_items(&shortlist.items), created, changed])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO shortlist_version (shortlist, n, hash, day, title, heads, rows, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for version in &shortlist.versions {
        let frozen = &version.frozen;
        insert.execute(params![
            id,
            frozen.number,
            version.hash,
            frozen.on.to_string(),
            frozen.title,
            serde_json::to_string(&frozen.heads).unwrap_or_default(),
            serde_json::to_string(&frozen.rows).unwrap_or_default(),
            version.actor,
            version.at.0
        ])?;
    }
    Ok(())
}
