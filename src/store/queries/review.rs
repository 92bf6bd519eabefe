//! What is asked before somebody is chosen to judge: what ties them to the firm that files.

use rusqlite::params;

use crate::domain::filing::{Filing, key as filing_key};
use crate::domain::firm::{Firm, key as firm_key};
use crate::domain::id::RecordId;
use crate::domain::review::conflicts::{self, Applicant, Candidate, Recent, Tie, YEARS};
use crate::store::{Answer, Db};

/// Form fields by which people are named on a filing.
const CONTACT: &str = "contact";
const PHONE: &str = "phone";

impl Db {
    /// What ties somebody to the firm of a filing; none where the filing or its firm is not here. Empty text is not known.
    /// Other firms go by their former and short names as well, as far as the ledger is loaded.
    pub fn ties(&self, filing: RecordId, name: String, employer: String, phone: String) -> Answer<Vec<Tie>> {
        let telling = self.telling();
        let ledger = self.ledger();
        self.read(move |connection| {
            let Some(filing) = Filing::replay(filing, &telling.history(connection, filing)?) else {
                return Ok(Vec::new());
            };
            let Some(firm) = Firm::replay(filing.firm, &telling.history(connection, filing.firm)?) else {
                return Ok(Vec::new());
            };
            let year: Option<i32> = connection
                .prepare_cached("SELECT year FROM edition WHERE id = ?")?
                .query_map([filing.edition], |row| row.get(0))?
                .next()
                .transpose()?;
            let Some(year) = year else { return Ok(Vec::new()) };
            let mut statement = connection.prepare_cached(
                "SELECT filing.id, filing.number, edition.year, filing.firm, firm.name FROM filing
                 JOIN edition ON edition.id = filing.edition JOIN firm ON firm.id = filing.firm
                 WHERE edition.year BETWEEN ?1 AND ?2 AND (filing.firm = ?3 OR filing.program = ?4)
                 ORDER BY edition.year DESC, filing.number",
            )?;
            let rows = statement
                .query_map(params![year - YEARS, year, filing.firm, filing.program], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
                })?
                .collect::<rusqlite::Result<Vec<(RecordId, String, i32, RecordId, String)>>>()?;
            let mut people = Vec::with_capacity(rows.len());
            for (id, _, _, of, _) in &rows {
                // Only the firm's own filings name its people.
                let own = *of == filing.firm;
                let fields = match own.then(|| telling.history(connection, *id)).transpose()? {
                    Some(history) => Filing::replay(*id, &history).map(|filing| filing.fields).unwrap_or_default(),
                    None => Default::default(),
                };
                let of_form = |id: &str| fields.text(&format!("{}{id}", filing_key::FORM));
                people.push((own, of_form(CONTACT), of_form(PHONE)));
            }
            let recent: Vec<Recent<'_>> = rows
                .iter()
                .zip(&people)
                .map(|((_, number, year, of, name), (own, contact, phone))| {
                    let mut firm = vec![name.as_str()];
                    if !own && let Some(row) = ledger.firm(*of) {
                        firm.extend(row.former.iter().chain([&row.short]).map(|name| &**name));
                    }
                    Recent { number, year: *year, firm, own: *own, contact, phone }
                })
                .collect();
            let of = |key: &str| firm.fields.get(key).unwrap_or_default();
            let mut names = vec![firm.name(), of(firm_key::SHORT)];
            names.extend(firm.former_names.iter().map(String::as_str));
            let applicant = Applicant {
                names,
                legal_representative: of(firm_key::LEGAL),
                contact: of(firm_key::CONTACT),
                phones: vec![of(firm_key::PHONE)],
            };
            let candidate = Candidate { name: &name, employer: &employer, phone: &phone };
            Ok(conflicts::conflicts(candidate, &applicant, &recent, year))
        })
    }
}
