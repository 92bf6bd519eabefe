//! What a reviewer has before them: a filing with the same firm's last one in the program beside it; what they decided on a day.

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};

use super::records::FilingFile;
use crate::catalog::Catalog;
use crate::domain::event::{Hash, Stamp};
use crate::domain::filing::Filing;
use crate::domain::history::Registers;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::program::Effect;
use crate::store::as_of::end_of;
use crate::store::{Answer, Db};

/// A filing with what it is held against.
#[derive(Debug, Clone)]
pub struct ReviewFile {
    pub file: FilingFile,
    /// `None`: the firm did not file in the program in the years before.
    pub last_year: Option<LastYear>,
}

/// The firm's last filing in the same program in an earlier year.
#[derive(Debug, Clone)]
pub struct LastYear {
    pub filing: RecordId,
    /// Of its edition.
    pub year: i32,
    pub number: String,
    pub fields: Registers,
}

/// A decision somebody took on a filing at one of our own stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub filing: RecordId,
    pub effect: Effect,
    /// In the program's words.
    pub word: String,
    pub at: Stamp,
}

/// More decisions of one day than this are in the log.
const MOST: u32 = 200;

impl Db {
    /// A filing as a reviewer needs it. `None`: there is no such filing, or it was taken back.
    pub fn review_file(&self, id: RecordId) -> Answer<Option<ReviewFile>> {
        let telling = self.telling();
        self.read(move |connection| {
            let Some(file) = FilingFile::read(connection, &telling, id)? else { return Ok(None) };
            let last: Option<(RecordId, i32, String)> = connection
                .prepare_cached(
                    "SELECT filing.id, edition.year, filing.number FROM filing
                     JOIN edition ON edition.id = filing.edition
                     WHERE filing.firm = ?1 AND filing.program = ?2
                         AND edition.year < (SELECT year FROM edition WHERE id = ?3)
                     ORDER BY edition.year DESC, filing.created DESC, filing.id LIMIT 1",
                )?
                .query_row(params![file.filing.firm, file.filing.program, file.filing.edition], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })
                .optional()?;
            let last_year = match last {
                Some((filing, year, number)) => Filing::replay(filing, &telling.history(connection, filing)?)
                    .map(|known| LastYear { filing, year, number, fields: known.fields }),
                None => None,
            };
            Ok(Some(ReviewFile { file, last_year }))
        })
    }

    /// What somebody decided at our own stages on a day, the newest first: each filing once, and only what still stands.
    pub fn decided_on(&self, actor: RecordId, day: NaiveDate) -> Answer<Vec<Decided>> {
        let telling = self.telling();
        let after = day.pred_opt().map_or(Stamp(i64::MIN), |before| end_of(before, self.clock()));
        let until = end_of(day, self.clock());
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT event.record, event.hash FROM action
                 JOIN device ON device.id = action.device
                 JOIN event ON event.device = device.n AND event.seq BETWEEN action.first AND action.last
                 WHERE action.actor = ?1 AND action.at > ?2 AND action.at <= ?3 AND event.kind = 'filing.moved'
                 ORDER BY action.at DESC, event.seq DESC LIMIT ?4",
            )?;
            let rows = statement
                .query_map(params![actor, after.0, until.0, MOST], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<Vec<(RecordId, Hash)>>>()?;
            let mut all: Vec<Decided> = Vec::new();
            for (id, hash) in rows {
                if all.iter().any(|known| known.filing == id) {
                    continue;
                }
                let history = telling.history(connection, id)?;
                let Some(filing) = Filing::replay(id, &history) else { continue };
                let Some(decision) = filing.track.line().find(|decision| decision.hash == hash) else { continue };
                let version = Catalog::builtin().program(&filing.program).and_then(|p| p.version(&filing.version));
                let stage = version.and_then(|v| Some(&v.stages[v.stage_index(&decision.moved.stage)?]));
                let moved = &decision.moved;
                if stage.is_none_or(|s| Permission::of_move(s.desk, s.kind, moved.effect) != Permission::Decide) {
                    continue;
                }
                let at = history.entries()[decision.position].event.at;
                all.push(Decided { filing: id, effect: moved.effect, word: moved.word.clone(), at });
            }
            Ok(all)
        })
    }
}
