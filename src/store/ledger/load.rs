//! From the tables into the ledger: all of it at start, what a commit touched afterwards.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};
use std::thread;

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, Row, params_from_iter};

use super::Ledger;
use super::line::{Around, Words, lies_with, unpack_filing, unpack_firm};
use super::rows::{Edition, FilingRow, FirmRow, Office, User};
use crate::catalog::{Catalog, calendars, regions};
use crate::domain::calendar::{self, Calendar};
use crate::domain::date::Due;
use crate::domain::defect::own;
use crate::domain::edition;
use crate::domain::event::RecordKind;
use crate::domain::filing::deadline::StageDates;
use crate::domain::id::RecordId;
use crate::domain::people::{Role, Signing, office_key};
use crate::domain::review::own as review_own;
use crate::domain::{Kind, Problem, Result};
use crate::store::packages::machine_names;

/// Above this many touched records everything is read again, which is then cheaper.
pub(in crate::store) const PATCH_LIMIT: usize = 3000;

/// A query over everything, or over one record.
fn select<'c>(connection: &'c Connection, everything: &str, only: Option<RecordId>) -> Result<CachedStatement<'c>> {
    let condition = if only.is_some() { " WHERE id = ?" } else { "" };
    Ok(connection.prepare_cached(&format!("{everything}{condition}"))?)
}

fn text<'r>(row: &'r Row<'_>, column: usize) -> &'r str {
    match row.get_ref(column) {
        Ok(ValueRef::Text(bytes)) => std::str::from_utf8(bytes).unwrap_or_default(),
        _ => "",
    }
}

fn blob<'r>(row: &'r Row<'_>, column: usize) -> &'r [u8] {
    match row.get_ref(column) {
        Ok(ValueRef::Blob(bytes)) => bytes,
        _ => &[],
    }
}

/// Reads everything, firms on one connection and filings on another at the same time, for this is what a start waits for;
/// one after the other where there is no other connection.
///
/// Both connections must see the same commit; the caller keeps writers out meanwhile.
pub(in crate::store) fn load(connection: &Connection, other: Option<Connection>, figures_year: i32) -> Result<Ledger> {
    let mut ledger = Ledger { figures_year, ..Ledger::default() };
    read_office(connection, &mut ledger)?;
    ledger.machines = machine_names(connection)?;
    read_editions(connection, &mut ledger)?;
    let around = (ledger.editions.as_slice(), ledger.calendar());
    let all_filings = |connection: &Connection| {
        let mut filings = Vec::new();
        read_filings(connection, around, None, |filing| filings.push(Arc::new(filing)))?;
        Ok(filings)
    };
    let (firms, filings) = match other {
        Some(other) => thread::scope(|scope| {
            let filings = scope.spawn(move || all_filings(&other));
            let firms = read_firms(connection, figures_year, None);
            (firms, filings.join().unwrap_or_else(|_| Err(Problem::bug("reading filings ended early"))))
        }),
        None => (read_firms(connection, figures_year, None), all_filings(connection)),
    };
    let (firms, filings) = (firms?, filings?);
    ledger.firm_at.reserve(firms.len());
    ledger.firms.reserve(firms.len());
    for firm in firms {
        put_firm(&mut ledger, firm);
    }
    put_filings(&mut ledger, filings);
    Ok(ledger)
}

/// The office and its people, and nothing of what lists show.
pub(in crate::store) fn people(connection: &Connection) -> Result<Ledger> {
    let mut ledger = Ledger::default();
    read_office(connection, &mut ledger)?;
    Ok(ledger)
}

/// Firms and filings of which the line cannot be read.
pub(in crate::store) fn unreadable(connection: &Connection, figures_year: i32) -> Result<Vec<RecordId>> {
    let mut ledger = people(connection)?;
    read_editions(connection, &mut ledger)?;
    let mut unreadable = Vec::new();
    for (sql, is_firm) in [("SELECT id FROM firm", true), ("SELECT id FROM filing", false)] {
        let mut statement = connection.prepare(sql)?;
        let ids = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<RecordId>>>()?;
        for id in ids {
            let read = if is_firm {
                read_firms(connection, figures_year, Some(id)).map(drop)
            } else {
                read_filings(connection, (&ledger.editions, ledger.calendar()), Some(id), drop)
            };
            match read {
                Err(problem) if problem.kind == Kind::Damaged => unreadable.push(id),
                other => other?,
            }
        }
    }
    Ok(unreadable)
}

/// The ledger after a commit that entered these firms and touched these other records.
pub(in crate::store) fn refresh(
    connection: &Connection,
    old: &Ledger,
    entered: Vec<FirmRow>,
    touched: &[(RecordId, Option<RecordKind>)],
) -> Result<Ledger> {
    let mut ledger = old.clone();
    if !entered.is_empty() {
        ledger.name_ranks = OnceLock::new();
        ledger.firms.reserve(entered.len());
        ledger.firm_at.reserve(entered.len());
    }
    for firm in entered {
        put_firm(&mut ledger, firm);
    }
    let of = |kind| touched.iter().filter(move |(_, k)| *k == Some(kind)).map(|(id, _)| *id);
    let mut other_days = false;
    if of(RecordKind::Office).chain(of(RecordKind::User)).next().is_some() {
        read_office(connection, &mut ledger)?;
        other_days = (&ledger.office.days, &ledger.office.years) != (&old.office.days, &old.office.years);
    }
    if of(RecordKind::Package).chain(of(RecordKind::Machine)).next().is_some() {
        ledger.machines = machine_names(connection)?;
    }
    let firms: BTreeSet<RecordId> = of(RecordKind::Firm).collect();
    if !firms.is_empty() {
        ledger.name_ranks = OnceLock::new();
    }
    for id in firms {
        match read_firms(connection, ledger.figures_year, Some(id))?.pop() {
            Some(firm) => put_firm(&mut ledger, firm),
            None => drop_firm(&mut ledger, id),
        }
    }
    if other_days || of(RecordKind::Edition).next().is_some() {
        read_editions(connection, &mut ledger)?;
        // Their dates are the filings' deadlines, and so are the days that are worked.
        let mut filings = Vec::new();
        let around = (ledger.editions.as_slice(), ledger.calendar());
        read_filings(connection, around, None, |filing| filings.push(Arc::new(filing)))?;
        ledger.filings.clear();
        ledger.filing_at.clear();
        put_filings(&mut ledger, filings);
    } else {
        for id in of(RecordKind::Filing) {
            let mut found = None;
            let around = (ledger.editions.as_slice(), ledger.calendar());
            read_filings(connection, around, Some(id), |filing| found = Some(filing))?;
            match found {
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

/// Puts filings into a ledger that holds none yet.
fn put_filings(ledger: &mut Ledger, filings: Vec<Arc<FilingRow>>) {
    ledger.filing_at.reserve(filings.len());
    ledger.filings = filings;
    let Ledger { filings, filing_at, firm_at, .. } = ledger;
    filings.retain_mut(|filing| {
        // A filing whose firm is not here (yet) has no row.
        let Some(firm) = firm_at.get(&filing.firm_id).copied() else { return false };
        // Nobody else has it yet, so this is no copy.
        Arc::make_mut(filing).firm = firm;
        filing_at.insert(filing.id, filing_at.len() as u32);
        true
    });
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
    ledger.own_calendar = None;
    let mut statement = connection.prepare_cached("SELECT fields FROM office WHERE id = ?")?;
    let mut rows = statement.query([RecordId::OFFICE])?;
    if let Some(row) = rows.next()? {
        let fields: HashMap<String, String> = serde_json::from_str(text(row, 0)).unwrap_or_default();
        let (days, years) = calendar::own::read(fields.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        let told = !days.is_empty() || !years.is_empty();
        ledger.own_calendar = told.then(|| Arc::new(calendars::of_office(&years, &days)));
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
            phrases: fields
                .iter()
                .filter(|(key, _)| key.starts_with(own::PREFIX))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
            forms: fields
                .iter()
                .filter(|(key, _)| key.starts_with(review_own::PREFIX))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
            days,
            years,
            seals: get(office_key::SEALS) == "是",
            supervisor_decides: get(office_key::SUPERVISOR_DECIDES) == "是",
            signing: Signing::read(|key| fields.get(key).map(String::as_str)),
        };
        if ledger.office.townships.is_empty() {
            ledger.office.townships =
                regions::children(&ledger.office.region).into_iter().map(|r| r.name.to_owned()).collect();
        }
    }
    drop(rows);
    let mut statement =
        connection.prepare_cached("SELECT id, name, roles, active, section, programs FROM user ORDER BY id")?;
    ledger.users = statement
        .query_map([], |row| {
            Ok(User {
                id: row.get(0)?,
                name: row.get(1)?,
                roles: Role::list(text(row, 2)),
                active: row.get(3)?,
                section: row.get(4)?,
                programs: text(row, 5).split_whitespace().map(str::to_owned).collect(),
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut statement = connection.prepare_cached("SELECT id, name FROM gone_user ORDER BY id")?;
    ledger.gone_users =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
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

fn read_firms(connection: &Connection, year: i32, only: Option<RecordId>) -> Result<Vec<FirmRow>> {
    let mut words = Words::default();
    let mut statement = select(connection, "SELECT id, name, code, line FROM firm", only)?;
    let mut rows = statement.query(params_from_iter(only))?;
    let mut firms = Vec::new();
    while let Some(row) = rows.next()? {
        let firm = unpack_firm(row.get(0)?, text(row, 1), text(row, 2), blob(row, 3), year, &mut words);
        firms.push(firm.ok_or_else(damaged)?);
    }
    Ok(firms)
}

fn read_filings(
    connection: &Connection,
    (editions, calendar): (&[Edition], &Calendar),
    only: Option<RecordId>,
    mut put: impl FnMut(FilingRow),
) -> Result<()> {
    let mut around = Around { editions, calendar, words: Words::default(), last: None };
    let mut statement = select(connection, "SELECT id, line FROM filing", only)?;
    let mut rows = statement.query(params_from_iter(only))?;
    while let Some(row) = rows.next()? {
        let filing = unpack_filing(row.get(0)?, blob(row, 1), &mut around).ok_or_else(damaged)?;
        filing.into_iter().for_each(&mut put);
    }
    Ok(())
}

/// The filings that lie with somebody, as their officer or to be reviewed.
pub(in crate::store) fn filings_with(connection: &Connection, person: RecordId) -> Result<Vec<RecordId>> {
    let mut statement = connection.prepare_cached("SELECT id, line FROM filing")?;
    let mut rows = statement.query([])?;
    let mut filings = Vec::new();
    while let Some(row) = rows.next()? {
        if lies_with(blob(row, 1), person).ok_or_else(damaged)? {
            filings.push(row.get(0)?);
        }
    }
    Ok(filings)
}

fn damaged() -> Problem {
    Problem::damaged("列表用的表有一行读不出来，流水没有受影响。")
        .next("请按流水重建各表：在这一页点同名的按钮，或运行 kebao check --rebuild；不成时从备份恢复。")
}
