//! From the tables into the ledger: all of it at start, what a commit touched afterwards.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};
use std::thread;

use chrono::NaiveDate;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, Row, params_from_iter};

use super::Ledger;
use super::rows::{Certificate, Edition, Figures, FilingRow, FirmRow, Office, User};
use crate::catalog::{Catalog, calendars, regions};
use crate::domain::date::Due;
use crate::domain::edition;
use crate::domain::event::RecordKind;
use crate::domain::filing::deadline::{StageDates, next_due};
use crate::domain::id::RecordId;
use crate::domain::people::{Role, office_key};
use crate::domain::{Problem, Result};
use crate::store::tables;

/// Above this many touched records everything is read again, which is then cheaper.
pub(in crate::store) const PATCH_LIMIT: usize = 3000;

/// One copy of each repeated word.
#[derive(Default)]
struct Words(HashSet<Arc<str>>);

impl Words {
    fn get(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.0.get(word) {
            return Arc::clone(known);
        }
        let word: Arc<str> = word.into();
        self.0.insert(Arc::clone(&word));
        word
    }
}

/// A query over everything, or over the rows of one record, which an index finds.
fn select<'c>(
    connection: &'c Connection,
    everything: &str,
    key: &str,
    only: Option<RecordId>,
) -> Result<CachedStatement<'c>> {
    let sql = match only {
        None => everything.to_owned(),
        Some(_) if everything.contains(" WHERE ") => format!("{everything} AND {key} = ?"),
        Some(_) => format!("{everything} WHERE {key} = ?"),
    };
    Ok(connection.prepare_cached(&sql)?)
}

fn text<'r>(row: &'r Row<'_>, column: usize) -> &'r str {
    match row.get_ref(column) {
        Ok(ValueRef::Text(bytes)) => std::str::from_utf8(bytes).unwrap_or_default(),
        _ => "",
    }
}

/// An ISO day; several times faster than the general parser, and there are half a million of them at start.
fn day(row: &Row<'_>, column: usize) -> Option<NaiveDate> {
    let bytes = text(row, column).as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0_u32, |n, c| c.is_ascii_digit().then(|| n * 10 + u32::from(c - b'0')))
    };
    NaiveDate::from_ymd_opt(number(0..4)? as i32, number(5..7)?, number(8..10)?)
}

/// Reads everything, firms on one connection and filings on another at the same time, for this is what a start waits for.
///
/// Both connections must see the same commit; the caller keeps writers out meanwhile.
pub(in crate::store) fn load(connection: &Connection, other: Connection, figures_year: i32) -> Result<Ledger> {
    let mut ledger = Ledger { figures_year, ..Ledger::default() };
    read_office(connection, &mut ledger)?;
    read_editions(connection, &mut ledger)?;
    let editions = &ledger.editions;
    let (firms, filings) = thread::scope(|scope| {
        let filings = scope.spawn(move || read_filings(&other, editions, &mut Words::default(), None));
        let firms = read_firms(connection, figures_year, &mut Words::default(), None);
        (firms, filings.join().unwrap_or_else(|_| Err(Problem::bug("reading filings ended early"))))
    });
    let (firms, filings) = (firms?, filings?);
    ledger.firm_at = HashMap::with_capacity(firms.len());
    ledger.firms.reserve(firms.len());
    for firm in firms {
        put_firm(&mut ledger, firm);
    }
    ledger.filing_at = HashMap::with_capacity(filings.len());
    ledger.filings.reserve(filings.len());
    for filing in filings {
        put_filing(&mut ledger, filing);
    }
    Ok(ledger)
}

/// The ledger after a commit that touched these records.
pub(in crate::store) fn refresh(
    connection: &Connection,
    old: &Ledger,
    touched: &[(RecordId, Option<RecordKind>)],
) -> Result<Ledger> {
    let mut ledger = old.clone();
    let mut words = Words::default();
    let of = |kind| touched.iter().filter(move |(_, k)| *k == Some(kind)).map(|(id, _)| *id);
    if of(RecordKind::Office).chain(of(RecordKind::User)).next().is_some() {
        read_office(connection, &mut ledger)?;
    }
    let firms: BTreeSet<RecordId> = of(RecordKind::Firm).collect();
    if !firms.is_empty() {
        ledger.name_ranks = OnceLock::new();
    }
    for id in firms {
        match read_firms(connection, ledger.figures_year, &mut words, Some(id))?.pop() {
            Some(firm) => put_firm(&mut ledger, firm),
            None => drop_firm(&mut ledger, id),
        }
    }
    if of(RecordKind::Edition).next().is_some() {
        read_editions(connection, &mut ledger)?;
        // Their dates are the filings' deadlines.
        let filings = read_filings(connection, &ledger.editions, &mut words, None)?;
        ledger.filings.clear();
        ledger.filing_at.clear();
        for filing in filings {
            put_filing(&mut ledger, filing);
        }
    } else {
        for id in of(RecordKind::Filing) {
            match read_filings(connection, &ledger.editions, &mut words, Some(id))?.pop() {
                Some(filing) => put_filing(&mut ledger, filing),
                None => drop_filing(&mut ledger, id),
            }
        }
    }
    Ok(ledger)
}

fn put_firm(ledger: &mut Ledger, firm: FirmRow) {
    match ledger.firm_at.get(&firm.id) {
        Some(at) => ledger.firms[*at as usize] = Arc::new(firm),
        None => {
            ledger.firm_at.insert(firm.id, ledger.firms.len() as u32);
            ledger.firms.push(Arc::new(firm));
        }
    }
}

fn drop_firm(ledger: &mut Ledger, id: RecordId) {
    if let Some(at) = ledger.firm_at.get(&id) {
        Arc::make_mut(&mut ledger.firms[*at as usize]).gone = true;
    }
}

/// A filing whose firm is not here (yet) has no row.
fn put_filing(ledger: &mut Ledger, mut filing: FilingRow) {
    let Some(firm) = ledger.firm_at.get(&filing.firm_id).copied() else { return };
    filing.firm = firm;
    match ledger.filing_at.get(&filing.id) {
        Some(at) => ledger.filings[*at as usize] = Arc::new(filing),
        None => {
            ledger.filing_at.insert(filing.id, ledger.filings.len() as u32);
            ledger.filings.push(Arc::new(filing));
        }
    }
}

fn drop_filing(ledger: &mut Ledger, id: RecordId) {
    if let Some(at) = ledger.filing_at.get(&id) {
        Arc::make_mut(&mut ledger.filings[*at as usize]).gone = true;
    }
}

fn read_office(connection: &Connection, ledger: &mut Ledger) -> Result<()> {
    ledger.office = Office::default();
    let mut statement = connection.prepare_cached("SELECT fields FROM office WHERE id = ?")?;
    let mut rows = statement.query([RecordId::OFFICE])?;
    if let Some(row) = rows.next()? {
        let fields: HashMap<String, String> = serde_json::from_str(text(row, 0)).unwrap_or_default();
        let get = |key: &str| fields.get(key).cloned().unwrap_or_default();
        ledger.office = Office {
            name: get(office_key::NAME),
            region: get(office_key::REGION),
            townships: get(office_key::TOWNSHIPS)
                .split('；')
                .map(str::trim)
                .filter(|t| !t.is_empty())
                .map(str::to_owned)
                .collect(),
            example: get(office_key::EXAMPLE) == "是",
        };
        if ledger.office.townships.is_empty() {
            ledger.office.townships =
                regions::children(&ledger.office.region).into_iter().map(|r| r.name.to_owned()).collect();
        }
    }
    drop(rows);
    let mut statement = connection.prepare_cached("SELECT id, name, roles, active FROM user ORDER BY id")?;
    ledger.users = statement
        .query_map([], |row| {
            Ok(User { id: row.get(0)?, name: row.get(1)?, roles: Role::list(text(row, 2)), active: row.get(3)? })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(())
}

fn read_editions(connection: &Connection, ledger: &mut Ledger) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "SELECT id, program, version, year, batch, name, quota, closed, fields FROM edition ORDER BY id",
    )?;
    ledger.editions = statement
        .query_map([], |row| {
            let (program, version): (String, String) = (row.get(1)?, row.get(2)?);
            let year = row.get(3)?;
            let fields: HashMap<String, String> = serde_json::from_str(text(row, 8)).unwrap_or_default();
            let known = Catalog::builtin().program(&program).and_then(|p| Some((p, p.version(&version)?)));
            let stages = known.map_or(&[][..], |(_, version)| &version.stages);
            let due = |key: String| fields.get(&key).and_then(|text| Due::parse(text, year).ok());
            Ok(Edition {
                id: row.get(0)?,
                year,
                batch: row.get(4)?,
                name: row.get(5)?,
                quota: row.get(6)?,
                closed: row.get(7)?,
                dates: stages
                    .iter()
                    .map(|s| StageDates {
                        internal: due(edition::key::internal(&s.id)),
                        due: due(edition::key::due(&s.id)),
                    })
                    .collect(),
                channels: stages
                    .iter()
                    .map(|s| fields.get(&edition::key::channel(&s.id)).cloned().unwrap_or_default())
                    .collect(),
                known,
                program,
                version,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(())
}

fn read_firms(connection: &Connection, year: i32, words: &mut Words, only: Option<RecordId>) -> Result<Vec<FirmRow>> {
    let mut figures = read_figures(connection, year, only)?;
    let mut certificates = read_certificates(connection, words, only)?;
    const ALL: &str = "SELECT id, name, code, short, township, park, industry, hi_field, scale, est_date, legal, contact, phone, tags, conflicts, frozen, former FROM firm";
    let mut statement = select(connection, ALL, "id", only)?;
    let mut rows = statement.query(params_from_iter(only))?;
    let mut firms = Vec::new();
    while let Some(row) = rows.next()? {
        let id: RecordId = row.get(0)?;
        let name = text(row, 1);
        let former: Box<[Box<str>]> = text(row, 16).lines().map(Into::into).collect();
        firms.push(FirmRow {
            id,
            ready: OnceLock::new(),
            name: name.into(),
            code: text(row, 2).into(),
            short: text(row, 3).into(),
            former,
            township: words.get(text(row, 4)),
            park: words.get(text(row, 5)),
            industry: words.get(text(row, 6)),
            hi_field: words.get(text(row, 7)),
            scale: row.get(8)?,
            founded: day(row, 9),
            legal: text(row, 10).into(),
            contact: text(row, 11).into(),
            phone: text(row, 12).into(),
            tags: text(row, 13).into(),
            certificates: certificates.remove(&id).unwrap_or_default().into(),
            figures: figures.remove(&id).unwrap_or_default(),
            conflicts: row.get(14)?,
            frozen: row.get(15)?,
            gone: false,
        });
    }
    Ok(firms)
}

fn read_figures(connection: &Connection, year: i32, only: Option<RecordId>) -> Result<HashMap<RecordId, Figures>> {
    // The year is a number of ours, not text from outside.
    let all = format!("SELECT firm, staff, tech_staff, revenue, rd FROM firm_year WHERE year = {year}");
    let mut statement = select(connection, &all, "firm", only)?;
    let all = statement
        .query_map(params_from_iter(only), |row| {
            Ok((
                row.get(0)?,
                Figures { staff: row.get(1)?, tech_staff: row.get(2)?, revenue: row.get(3)?, rd: row.get(4)? },
            ))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(all)
}

fn read_certificates(
    connection: &Connection,
    words: &mut Words,
    only: Option<RecordId>,
) -> Result<HashMap<RecordId, Vec<Certificate>>> {
    const ALL: &str = "SELECT firm, kind, slug, number, name, issued, ends, revoked FROM certificate";
    let mut statement = select(connection, ALL, "firm", only)?;
    let mut rows = statement.query(params_from_iter(only))?;
    let mut all: HashMap<RecordId, Vec<Certificate>> = HashMap::new();
    while let Some(row) = rows.next()? {
        all.entry(row.get(0)?).or_default().push(Certificate {
            kind: words.get(text(row, 1)),
            slug: text(row, 2).into(),
            number: text(row, 3).into(),
            name: text(row, 4).into(),
            issued: day(row, 5),
            ends: day(row, 6),
            revoked: day(row, 7),
        });
    }
    Ok(all)
}

fn read_filings(
    connection: &Connection,
    known_editions: &[Edition],
    words: &mut Words,
    only: Option<RecordId>,
) -> Result<Vec<FilingRow>> {
    let editions: HashMap<RecordId, u16> = known_editions.iter().zip(0..).map(|(edition, n)| (edition.id, n)).collect();
    let calendar = calendars::builtin();
    const ALL: &str =
        "SELECT id, firm, edition, program, version, number, officer, stage, round, standing, since, until, awarded,
        passed, last_day, last_word, split, outdated, frozen FROM filing";
    let mut statement = select(connection, ALL, "id", only)?;
    let mut rows = statement.query(params_from_iter(only))?;
    let mut filings = Vec::new();
    // Filings of one edition lie together; looking the program up once per run is enough.
    let mut last: Option<(RecordId, u16)> = None;
    while let Some(row) = rows.next()? {
        let edition_id: RecordId = row.get(2)?;
        let edition = match last {
            Some((id, n)) if id == edition_id => n,
            _ => {
                let Some(n) = editions.get(&edition_id).copied() else { continue };
                last = Some((edition_id, n));
                n
            }
        };
        let Some((program, version)) = known_editions[usize::from(edition)].known else { continue };
        let firm_id: RecordId = row.get(1)?;
        let Some(stage) = version.stage_index(text(row, 7)) else { continue };
        let passed =
            text(row, 13).split(' ').filter_map(|id| version.stage_index(id)).fold(0, |bits, n| bits | 1_u32 << n);
        let standing = tables::standing_from_code(row.get(9)?);
        let since = day(row, 10).unwrap_or_default();
        let until = day(row, 11);
        let dates = known_editions[usize::from(edition)].dates.get(stage).copied().unwrap_or_default();
        filings.push(FilingRow {
            id: row.get(0)?,
            // Set where the row is put into the ledger.
            firm: 0,
            firm_id,
            edition,
            number: text(row, 5).into(),
            officer: row.get(6)?,
            program,
            version,
            stage: stage as u8,
            round: row.get(8)?,
            standing,
            since,
            until,
            awarded: day(row, 12),
            last_day: day(row, 14).unwrap_or(since),
            last_word: words.get(text(row, 15)),
            passed,
            split: row.get(16)?,
            outdated: row.get(17)?,
            frozen: row.get(18)?,
            due: next_due(standing, &version.stages[stage], since, until, dates, calendar),
            gone: false,
        });
    }
    Ok(filings)
}
