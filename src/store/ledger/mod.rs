//! What the lists show, held in memory: one small row per firm and filing, so that a list of 100 000 sorts and filters
//! while a key is held down. Loaded at start, refreshed after each commit from what it touched; never written to.
//! A ledger is a value: a screen keeps the one it drew, and a new one replaces it. No question here reads the database.

mod filings;
mod find;
mod firms;
mod line;
mod load;
mod rows;

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;
use std::sync::{Arc, OnceLock};

use chrono::{Datelike, NaiveDate};

use crate::catalog::calendars;
use crate::domain::calendar::Calendar;
use crate::domain::id::{DeviceId, IdHasher, RecordId};
use crate::store::sealing::Ring;

pub use filings::{FilingFilter, FilingOrder, Reviewing, StatusGroup, Tally};
pub use find::{Found, FoundFirm};
pub use firms::{CertificateFilter, FirmFilter, FirmOrder};
pub(super) use line::{Words, pack_filing, pack_firm, unpack_firm};
pub(super) use load::{PATCH_LIMIT, filings_with, load, people, refresh, unreadable};
pub use rows::{Certificate, Edition, Figures, FilingRow, FirmRow, Office, User};

/// Place of each record in a list.
type Places = HashMap<RecordId, u32, BuildHasherDefault<IdHasher>>;

/// Everything lists need, as of one commit.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// Year the figures of [`FirmRow::figures`] are of.
    pub figures_year: i32,
    pub office: Office,
    pub users: Vec<User>,
    /// People whose being added was taken back, by the last name they had: what they did still is theirs.
    gone_users: Vec<(RecordId, String)>,
    /// What machines are called whose packages were taken in, by the chain they write.
    machines: BTreeMap<DeviceId, String>,
    pub editions: Vec<Edition>,
    /// The built-in calendar with the office's own days; `None`: it has none.
    own_calendar: Option<Arc<Calendar>>,
    firms: Vec<Arc<FirmRow>>,
    filings: Vec<Arc<FilingRow>>,
    firm_at: Places,
    filing_at: Places,
    /// What whoever is signed in opens sealed numbers with, to find a number by.
    pub(super) ring: Ring,
    /// Place of each firm in the order of names; worked out when first asked for.
    name_ranks: OnceLock<Arc<[u32]>>,
}

impl Ledger {
    /// The working days this office goes by.
    pub fn calendar(&self) -> &Calendar {
        self.own_calendar.as_deref().unwrap_or_else(|| calendars::builtin())
    }

    /// All firms, in no order. Taken-back ones are not among them.
    pub fn firms(&self) -> impl Iterator<Item = &Arc<FirmRow>> {
        self.firms.iter().filter(|firm| !firm.gone)
    }

    /// All filings, in no order.
    pub fn filings(&self) -> impl Iterator<Item = &Arc<FilingRow>> {
        self.filings.iter().filter(|filing| !filing.gone)
    }

    /// How many firms there are.
    pub fn firm_count(&self) -> usize {
        self.firms().count()
    }

    /// The row of a firm.
    pub fn firm(&self, id: RecordId) -> Option<&Arc<FirmRow>> {
        self.firm_at.get(&id).map(|at| &self.firms[*at as usize]).filter(|firm| !firm.gone)
    }

    /// The row of a filing.
    pub fn filing(&self, id: RecordId) -> Option<&Arc<FilingRow>> {
        self.filing_at.get(&id).map(|at| &self.filings[*at as usize]).filter(|filing| !filing.gone)
    }

    /// The firm a filing belongs to, taken back or not.
    pub fn firm_of(&self, filing: &FilingRow) -> &FirmRow {
        &self.firms[filing.firm as usize]
    }

    /// An edition.
    pub fn edition(&self, id: RecordId) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.id == id)
    }

    /// The edition of a filing.
    pub fn edition_of(&self, filing: &FilingRow) -> Option<&Edition> {
        self.editions.get(usize::from(filing.edition))
    }

    /// Everybody the log may speak of, by name: who works or worked here, who was taken back, and last the program itself,
    /// for what happened before the first user existed.
    pub fn actors(&self) -> impl Iterator<Item = (RecordId, &str)> {
        let users = self.users.iter().map(|user| (user.id, user.name.as_str()));
        let gone = self.gone_users.iter().map(|(id, name)| (*id, name.as_str()));
        users.chain(gone).chain([(RecordId::OFFICE, "科报")])
    }

    /// A user's name; ids nobody here knows are said so.
    pub fn user_name(&self, id: RecordId) -> &str {
        self.actors().find(|(known, _)| *known == id).map_or("（其他电脑的用户）", |(_, name)| name)
    }

    /// What people call the machine something was written on, where they sit at `here`: by the name it has, or by the end of
    /// its id where no package of it was taken in.
    pub fn machine_name(&self, device: DeviceId, here: DeviceId) -> String {
        match self.machines.get(&device) {
            _ if device == here => "本机".to_owned(),
            Some(name) => name.clone(),
            None => device.label(),
        }
    }

    /// Editions of a year, programs together, later batches first.
    pub fn editions_of(&self, year: i32) -> Vec<&Edition> {
        let mut all: Vec<&Edition> = self.editions.iter().filter(|edition| edition.year == year).collect();
        all.sort_by(|a, b| (&a.program, std::cmp::Reverse(a.batch)).cmp(&(&b.program, std::cmp::Reverse(b.batch))));
        all
    }

    /// Years that have editions, newest first, the given year always among them.
    pub fn years(&self, today: NaiveDate) -> Vec<i32> {
        let mut years: Vec<i32> = self.editions.iter().map(|edition| edition.year).chain([today.year()]).collect();
        years.sort_unstable_by(|a, b| b.cmp(a));
        years.dedup();
        years
    }

    /// Filings of a firm, in no order.
    pub fn filings_of(&self, firm: RecordId) -> impl Iterator<Item = &Arc<FilingRow>> {
        let at = self.firm_at.get(&firm).copied();
        self.filings().filter(move |filing| Some(filing.firm) == at)
    }

    /// Everything it holds in words, in an order of its own: two offices of which it is the same show the same lists.
    #[cfg(test)]
    pub(crate) fn told(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .firms()
            .map(|firm| format!("{:?}", FirmRow { ready: OnceLock::new(), ..(**firm).clone() }))
            .chain(
                self.filings().map(|filing| format!("{:?}", FilingRow { firm: 0, edition: 0, ..(**filing).clone() })),
            )
            .chain(self.editions.iter().map(|edition| format!("{edition:?}")))
            .chain(self.users.iter().map(|user| format!("{user:?}")))
            .chain(self.gone_users.iter().map(|gone| format!("{gone:?}")))
            .chain([format!("{:?} {}", self.office, self.figures_year)])
            .collect();
        all.sort_unstable();
        all
    }

    /// Works out what searching and sorting by name need, so that the first search does not have to.
    pub fn make_ready(&self) {
        self.name_ranks();
    }

    /// Place of each firm slot in the order of names by pinyin.
    fn name_ranks(&self) -> &[u32] {
        self.name_ranks.get_or_init(|| {
            let mut order: Vec<u32> = (0..self.firms.len() as u32).collect();
            order.sort_by(|a, b| self.firms[*a as usize].ready().sort.cmp(&self.firms[*b as usize].ready().sort));
            let mut ranks = vec![0; order.len()];
            for (rank, at) in order.into_iter().enumerate() {
                ranks[at as usize] = rank as u32;
            }
            ranks.into()
        })
    }
}
