//! What is asked before somebody is chosen to judge: what ties them to the firm that files.

use std::collections::BTreeMap;

use rusqlite::{Connection, ToSql};

use crate::domain::Result;
use crate::domain::filing::{Filing, key as filing_key};
use crate::domain::firm::{Firm, key as firm_key};
use crate::domain::id::RecordId;
use crate::domain::review::conflicts::{self, Applicant, Candidate, Recent, Tie, YEARS};
use crate::store::as_of::Telling;
use crate::store::ledger::Ledger;
use crate::store::{Answer, Db};

/// Form fields by which people are named on a filing.
const CONTACT: &str = "contact";
const PHONE: &str = "phone";

/// What ties people to filings: of each person the filings and why. Whom nothing ties is not in it.
pub type Tied = BTreeMap<RecordId, Vec<(RecordId, Vec<Tie>)>>;

impl Db {
    /// What ties somebody to the firm of a filing; none where the filing or its firm is not here. Empty text is not known.
    /// Other firms go by their former and short names as well, as far as the ledger is loaded.
    pub fn ties(&self, filing: RecordId, name: String, employer: String, phone: String) -> Answer<Vec<Tie>> {
        let (telling, ledger) = (self.telling(), self.ledger());
        self.read(move |connection| {
            // Who else filed matters only to somebody who works somewhere.
            let around = Around::read(connection, &telling, filing, !employer.trim().is_empty())?;
            let candidate = Candidate { name: &name, employer: &employer, phone: &phone };
            Ok(around.map(|around| around.ties(candidate, &ledger)).unwrap_or_default())
        })
    }

    /// What ties each of these people, known by their names, to the firms of these filings.
    pub fn tied(&self, filings: Vec<RecordId>, people: Vec<(RecordId, String)>) -> Answer<Tied> {
        let (telling, ledger) = (self.telling(), self.ledger());
        self.read(move |connection| {
            let mut tied = Tied::new();
            for filing in filings {
                let Some(around) = Around::read(connection, &telling, filing, false)? else { continue };
                for (person, name) in &people {
                    let ties = around.ties(Candidate { name, ..Candidate::default() }, &ledger);
                    if !ties.is_empty() {
                        tied.entry(*person).or_default().push((filing, ties));
                    }
                }
            }
            Ok(tied)
        })
    }
}

/// What is known around a filing.
struct Around {
    filing: Filing,
    firm: Firm,
    year: i32,
    recent: Vec<Other>,
}

/// A filing of recent years.
struct Other {
    number: String,
    year: i32,
    firm: RecordId,
    firm_name: String,
    /// As the filing names them; only of the firm's own.
    contact: String,
    phone: String,
}

impl Around {
    /// `rivals`: with the other firms that filed in the program, which are many.
    fn read(connection: &Connection, telling: &Telling, filing: RecordId, rivals: bool) -> Result<Option<Self>> {
        let Some(filing) = Filing::replay(filing, &telling.history(connection, filing)?) else { return Ok(None) };
        let Some(firm) = Firm::replay(filing.firm, &telling.history(connection, filing.firm)?) else {
            return Ok(None);
        };
        let year: Option<i32> = connection
            .prepare_cached("SELECT year FROM edition WHERE id = ?")?
            .query_map([filing.edition], |row| row.get(0))?
            .next()
            .transpose()?;
        let Some(year) = year else { return Ok(None) };
        let whose = if rivals { "(filing.firm = ?3 OR filing.program = ?4)" } else { "filing.firm = ?3" };
        let mut statement = connection.prepare_cached(&format!(
            "SELECT filing.id, filing.number, edition.year, filing.firm, firm.name FROM filing
             JOIN edition ON edition.id = filing.edition JOIN firm ON firm.id = filing.firm
             WHERE edition.year BETWEEN ?1 AND ?2 AND {whose}
             ORDER BY edition.year DESC, filing.number"
        ))?;
        let first = year - YEARS;
        let mut asked: Vec<&dyn ToSql> = vec![&first, &year, &filing.firm];
        asked.extend(rivals.then_some(&filing.program as &dyn ToSql));
        let rows = statement
            .query_map(&*asked, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?
            .collect::<rusqlite::Result<Vec<(RecordId, String, i32, RecordId, String)>>>()?;
        let mut recent = Vec::with_capacity(rows.len());
        for (id, number, year, of, firm_name) in rows {
            // Only the firm's own filings name its people.
            let fields = match (of == filing.firm).then(|| telling.history(connection, id)).transpose()? {
                Some(history) => Filing::replay(id, &history).map(|filing| filing.fields).unwrap_or_default(),
                None => Default::default(),
            };
            let of_form = |id: &str| fields.text(&format!("{}{id}", filing_key::FORM));
            let (contact, phone) = (of_form(CONTACT), of_form(PHONE));
            recent.push(Other { number, year, firm: of, firm_name, contact, phone });
        }
        Ok(Some(Self { filing, firm, year, recent }))
    }

    fn ties(&self, candidate: Candidate<'_>, ledger: &Ledger) -> Vec<Tie> {
        let recent: Vec<Recent<'_>> = self
            .recent
            .iter()
            .map(|other| {
                let own = other.firm == self.filing.firm;
                let mut firm = vec![other.firm_name.as_str()];
                if !own && let Some(row) = ledger.firm(other.firm) {
                    firm.extend(row.former.iter().chain([&row.short]).map(|name| &**name));
                }
                let Other { number, year, contact, phone, .. } = other;
                Recent { number, year: *year, firm, own, contact, phone }
            })
            .collect();
        let of = |key: &str| self.firm.fields.get(key).unwrap_or_default();
        let mut names = vec![self.firm.name(), of(firm_key::SHORT)];
        names.extend(self.firm.former_names.iter().map(String::as_str));
        let applicant = Applicant {
            names,
            legal_representative: of(firm_key::LEGAL),
            contact: of(firm_key::CONTACT),
            finance_contact: of(firm_key::FINANCE_CONTACT),
            rd_contact: of(firm_key::RD_CONTACT),
            phones: [firm_key::PHONE, firm_key::LEGAL_PHONE, firm_key::FINANCE_PHONE, firm_key::RD_PHONE]
                .map(of)
                .to_vec(),
        };
        conflicts::conflicts(candidate, &applicant, &recent, self.year)
    }
}
