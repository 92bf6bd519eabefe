//! One record, whole: the firm's file, the filing's file, an edition's settings.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};

use super::erasable::erased_of;
use super::history::{Lists, forms_of, lists_of};
use crate::catalog::{Catalog, forms};
use crate::domain::Result;
use crate::domain::changes::{Change, Names, changes};
use crate::domain::edition::Edition;
use crate::domain::event::Hash;
use crate::domain::filing::rounds::{self, Differences};
use crate::domain::filing::{Filing, Materials};
use crate::domain::firm::Firm;
use crate::domain::history::Registers;
use crate::domain::id::RecordId;
use crate::domain::program::{Program, Version};
use crate::domain::review::tally::{self, Standing};
use crate::domain::review::{ReviewForm, own};
use crate::domain::seal::open_history;
use crate::store::as_of::Telling;
use crate::store::{Answer, Db, journal};

/// 一企一档.
#[derive(Debug, Clone)]
pub struct FirmFile {
    pub firm: Firm,
    /// Names of the lists it, its certificates and its changes came from, by import.
    pub lists: Lists,
    pub changes: Vec<Change>,
    /// Holds what a newer version wrote; read-only.
    pub frozen: bool,
}

/// A filing with everything its page shows.
#[derive(Debug, Clone)]
pub struct FilingFile {
    pub filing: Filing,
    pub known: Option<(&'static Program, &'static Version)>,
    /// Who took each decision, in the order of `filing.track.decisions`.
    pub actors: Vec<RecordId>,
    pub changes: Vec<Change>,
    /// Names of the lists its changes came from.
    pub lists: Lists,
    /// What had been handed in at the end of each round before this one, the first round first.
    pub earlier: Vec<Materials>,
    /// What differs from what was returned last.
    pub differences: Option<Differences>,
    /// Reviews of this round, each reviewer's last word.
    pub reviews: Vec<Standing>,
    /// What this round is judged by: what its first review was given on, else what the office goes by now.
    pub form: Option<&'static ReviewForm>,
    /// Files whose content was lawfully erased.
    pub erased: BTreeSet<Hash>,
    pub frozen: bool,
}

/// An edition with its deadlines as written.
#[derive(Debug, Clone)]
pub struct EditionFile {
    pub edition: Edition,
    pub known: Option<(&'static Program, &'static Version)>,
}

impl FilingFile {
    /// Reads it from the journal. Where it stands is worked out of the values as they are sealed; what it shows is opened.
    pub(super) fn read(connection: &Connection, telling: &Telling, id: RecordId) -> Result<Option<Self>> {
        let mut history = telling.sealed(connection, id)?;
        let Some(mut filing) = Filing::replay(id, &history) else { return Ok(None) };
        let known = Catalog::builtin().program(&filing.program).and_then(|p| Some((p, p.version(&filing.version)?)));
        let actors = filing.track.decisions.iter().map(|d| history.entries()[d.position].event.actor).collect();
        let track = &filing.track;
        let at_end = |round| rounds::at_end_of(&history, track, round).map(|then| Materials::replay(&then));
        let earlier = (1..track.round).map(|round| at_end(round).unwrap_or_default()).collect();
        let mut differences = rounds::differences(&filing, &history, track.round);
        let reviews = tally::standing(&history, track.round, |content| filing.is_what_was_judged(content));
        let frozen = history.is_read_only();
        let erased = erased_of(connection, id)?;
        let form = match known {
            // One's own forms are read as they are now: reviews name theirs, and none that was laid down is forgotten.
            Some((program, version)) => {
                let office = own::fields(&journal::history(connection, RecordId::OFFICE)?);
                let field = |key: &str| office.get(key).map(String::as_str);
                let named = own::of_round(&reviews, forms::used(&program.id, field));
                forms::form(&program.id, version, named, field)
            }
            None => None,
        };
        if let Some(differences) = &mut differences {
            differences.open(&telling.keys);
        }
        filing.open(&telling.keys);
        open_history(&mut history, &telling.keys);
        let (version, forms) = (known.map(|(_, version)| version), forms_of(connection, &history)?);
        let changes = changes(&history, &Names { version, forms, ..Names::default() });
        let lists = lists_of(connection, changes.iter().filter_map(|change| Some(change.source?.import)))?;
        Ok(Some(Self { filing, known, actors, changes, lists, earlier, differences, reviews, form, erased, frozen }))
    }
}

impl Db {
    /// A firm's file. `None`: there is no such firm, or it was taken back.
    pub fn firm(&self, id: RecordId) -> Answer<Option<FirmFile>> {
        let telling = self.telling();
        self.read(move |connection| {
            let history = telling.history(connection, id)?;
            let Some(firm) = Firm::replay(id, &history) else { return Ok(None) };
            let changes = changes(&history, &Names::default());
            let sources = firm.certificates.iter().filter_map(|c| c.source).chain(firm.source);
            let sources = sources.chain(changes.iter().filter_map(|change| change.source));
            let lists = lists_of(connection, sources.map(|source| source.import))?;
            Ok(Some(FirmFile { firm, lists, changes, frozen: history.is_read_only() }))
        })
    }

    /// A filing's file. `None`: there is no such filing, or it was taken back.
    pub fn filing(&self, id: RecordId) -> Answer<Option<FilingFile>> {
        let telling = self.telling();
        self.read(move |connection| FilingFile::read(connection, &telling, id))
    }

    /// An edition's settings.
    pub fn edition(&self, id: RecordId) -> Answer<Option<EditionFile>> {
        let telling = self.telling();
        self.read(move |connection| {
            let Some(edition) = Edition::replay(id, &telling.history(connection, id)?) else { return Ok(None) };
            let known =
                Catalog::builtin().program(&edition.program).and_then(|p| Some((p, p.version(&edition.version)?)));
            Ok(Some(EditionFile { edition, known }))
        })
    }

    /// Fields of filings, and of the firms they belong to, in the order asked; `None` for what is not here.
    pub fn filings_with_firms(&self, ids: Vec<RecordId>) -> Answer<Vec<Option<(Registers, Registers)>>> {
        let telling = self.telling();
        self.read(move |connection| {
            ids.into_iter()
                .map(|id| {
                    let Some(filing) = Filing::replay(id, &telling.history(connection, id)?) else { return Ok(None) };
                    let firm = Registers::replay(&telling.history(connection, filing.firm)?);
                    Ok(Some((filing.fields, firm)))
                })
                .collect()
        })
    }

    /// Fields of firms, in the order asked; empty for what is not here.
    pub fn firm_fields(&self, ids: Vec<RecordId>) -> Answer<Vec<Registers>> {
        let telling = self.telling();
        self.read(move |connection| {
            ids.into_iter().map(|id| Ok(Registers::replay(&telling.history(connection, id)?))).collect()
        })
    }

    /// The form of the firm's last filing in a program, to offer its values again.
    pub fn last_form(&self, firm: RecordId, program: &str) -> Answer<Vec<(String, String)>> {
        let program = program.to_owned();
        let telling = self.telling();
        self.read(move |connection| {
            let last: Option<RecordId> = connection
                .prepare_cached("SELECT id FROM filing WHERE firm = ? AND program = ? ORDER BY created DESC LIMIT 1")?
                .query_row(rusqlite::params![firm, program], |row| row.get(0))
                .optional()?;
            let Some(id) = last else { return Ok(Vec::new()) };
            let filing = Filing::replay(id, &telling.history(connection, id)?);
            Ok(filing.map_or_else(Vec::new, |filing| {
                filing
                    .fields
                    .below(crate::domain::filing::key::FORM)
                    .map(|(k, v)| (k.to_owned(), v.to_owned()))
                    .collect()
            }))
        })
    }
}

/// What the list an import took in was called.
pub(super) fn list_name(connection: &Connection, import: RecordId) -> Result<Option<String>> {
    let found = connection
        .prepare_cached("SELECT CASE title WHEN '' THEN file ELSE title END FROM import WHERE id = ?")?
        .query_row([import], |row| row.get(0))
        .optional()?;
    Ok(found)
}
