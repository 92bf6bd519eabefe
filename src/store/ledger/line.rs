//! What a list shows of a firm or a filing, packed into the one value its table keeps (`line`).
//!
//! A start reads all of them, a hundred and twenty thousand: one value each is several times cheaper than twenty columns.
//! Packing and unpacking stand side by side; whoever changes them raises [`crate::store::schema::SHAPE`], and every
//! office's lines are made anew from its journal. Numbers are little endian or of seven bits a byte, texts have their
//! length before them, days count from the first day of year 1, 0 being none.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use chrono::{Datelike, NaiveDate};

use super::rows::{Certificate, Edition, Figures, FilingRow, FirmRow};
use crate::domain::calendar::Calendar;
use crate::domain::certificate::attr;
use crate::domain::filing::deadline::next_due;
use crate::domain::filing::{End, Filing, Standing, key as filing_key};
use crate::domain::firm::{Firm, key};
use crate::domain::id::RecordId;
use crate::domain::material::{Material, Need, State};

/// One copy of each repeated word.
#[derive(Default)]
pub(in crate::store) struct Words(HashSet<Arc<str>>);

impl Words {
    pub fn get(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.0.get(word) {
            return Arc::clone(known);
        }
        let word: Arc<str> = word.into();
        self.0.insert(Arc::clone(&word));
        word
    }
}

/// Figures of a year that lists show, in the order a line holds them.
const FIGURES: [&str; 4] = ["staff", "tech_staff", "revenue", "rd"];

mod flag {
    pub const FROZEN: u8 = 1;
    pub const SCALE_KNOWN: u8 = 2;
    pub const SCALE_YES: u8 = 4;
    pub const OFFICER: u8 = 2;
    pub const SPLIT: u8 = 4;
    pub const OUTDATED: u8 = 8;
    pub const CONTESTED: u8 = 16;
}

/// The line of a firm. `frozen`: it holds events this version cannot read.
pub(in crate::store) fn pack_firm(firm: &Firm, frozen: bool) -> Vec<u8> {
    let mut line = Packer::default();
    let text = |name: &str| firm.fields.get(name).unwrap_or_default();
    let scale = match firm.fields.get(key::SCALE) {
        None => 0,
        Some("是") => flag::SCALE_KNOWN | flag::SCALE_YES,
        Some(_) => flag::SCALE_KNOWN,
    };
    line.byte(scale | if frozen { flag::FROZEN } else { 0 });
    line.number(firm.fields.conflicts().count() as u64);
    line.day(firm.fields.get(key::EST_DATE).and_then(|text| text.parse().ok()));
    for name in [
        key::SHORT,
        key::TOWNSHIP,
        key::PARK,
        key::INDUSTRY,
        key::HI_FIELD,
        key::LEGAL,
        key::CONTACT,
        key::PHONE,
        key::TAGS,
    ] {
        line.text(text(name));
    }
    line.number(firm.former_names.len() as u64);
    for name in &firm.former_names {
        line.text(name);
    }
    line.number(firm.certificates.len() as u64);
    for certificate in &firm.certificates {
        line.text(&certificate.kind);
        line.text(&certificate.slug);
        line.text(certificate.get(attr::NUMBER).unwrap_or_default());
        line.text(certificate.get(attr::NAME).unwrap_or_default());
        for part in [attr::ISSUED, attr::ENDS, attr::REVOKED] {
            line.day(certificate.day(part));
        }
    }
    let years = firm.years();
    line.number(years.len() as u64);
    for (year, facts) in years {
        line.signed(i64::from(year));
        let values = FIGURES.map(|fact| facts.get(fact).and_then(|text| text.parse::<i64>().ok()));
        line.byte(values.iter().enumerate().fold(0, |bits, (n, value)| bits | u8::from(value.is_some()) << n));
        for value in values.into_iter().flatten() {
            line.signed(value);
        }
    }
    line.0
}

/// A firm's row from its line. `None`: not a line of this shape.
pub(in crate::store) fn unpack_firm(
    id: RecordId,
    name: &str,
    code: &str,
    line: &[u8],
    figures_year: i32,
    words: &mut Words,
) -> Option<FirmRow> {
    let mut line = Unpacker(line);
    let flags = line.byte()?;
    let conflicts = line.number()? as u16;
    let founded = line.day()?;
    let short = line.text()?.into();
    let township = words.get(line.text()?);
    let park = words.get(line.text()?);
    let industry = words.get(line.text()?);
    let hi_field = words.get(line.text()?);
    let legal = line.text()?.into();
    let contact = line.text()?.into();
    let phone = line.text()?.into();
    let tags = line.text()?.into();
    let former = line.many(|line| Some(line.text()?.into()))?;
    let certificates = line.many(|line| {
        Some(Certificate {
            kind: words.get(line.text()?),
            slug: line.text()?.into(),
            number: line.text()?.into(),
            name: line.text()?.into(),
            issued: line.day()?,
            ends: line.day()?,
            revoked: line.day()?,
        })
    })?;
    let mut figures = Figures::default();
    for _ in 0..line.number()? {
        let year = line.signed()?;
        let there = line.byte()?;
        let mut value = |n: u8| if there >> n & 1 == 1 { line.signed().map(Some) } else { Some(None) };
        let read = Figures { staff: value(0)?, tech_staff: value(1)?, revenue: value(2)?, rd: value(3)? };
        if year == i64::from(figures_year) {
            figures = read;
        }
    }
    Some(FirmRow {
        id,
        ready: OnceLock::new(),
        name: name.into(),
        code: code.into(),
        short,
        former,
        township,
        park,
        industry,
        hi_field,
        scale: (flags & flag::SCALE_KNOWN != 0).then_some(flags & flag::SCALE_YES != 0),
        founded,
        legal,
        contact,
        phone,
        tags,
        certificates,
        figures,
        conflicts,
        frozen: flags & flag::FROZEN != 0,
        gone: false,
    })
}

/// The line of a filing. Firm, edition and number stand in columns too, where questions need them.
pub(in crate::store) fn pack_filing(filing: &Filing, frozen: bool) -> Vec<u8> {
    let track = &filing.track;
    let officer: Option<RecordId> = filing.fields.get(filing_key::OFFICER).and_then(|id| id.parse().ok());
    let mut line = Packer::default();
    let flags = [
        (frozen, flag::FROZEN),
        (officer.is_some(), flag::OFFICER),
        (track.split.is_some(), flag::SPLIT),
        (track.outdated_approval || filing.files_changed_since_approval(), flag::OUTDATED),
        (filing.fields.conflicts().next().is_some(), flag::CONTESTED),
    ];
    line.byte(flags.into_iter().filter(|(on, _)| *on).fold(0, |bits, (_, bit)| bits | bit));
    line.id(filing.firm);
    line.id(filing.edition);
    if let Some(officer) = officer {
        line.id(officer);
    }
    line.number(filing.reviewers.len() as u64);
    for reviewer in &filing.reviewers {
        line.id(*reviewer);
    }
    line.byte(standing_code(track.standing));
    line.number(u64::from(track.round));
    line.day(Some(track.since));
    line.day(track.until);
    line.day(track.awarded);
    line.day(Some(track.last_day()));
    line.text(&filing.fields.text(filing_key::NUMBER));
    line.text(&track.stage);
    line.text(track.line().next_back().map_or("", |decision| decision.moved.word.as_str()));
    line.number(track.passed.len() as u64);
    for stage in track.passed.keys() {
        line.text(stage);
    }
    // Against the program's list when it is read: lists are the catalog's.
    let items: Vec<(&str, State)> = filing.materials.items().map(|(id, item)| (id, item.state())).collect();
    line.number(items.len() as u64);
    for (id, state) in items {
        line.text(id);
        line.byte(state_code(state));
    }
    line.0
}

fn state_code(state: State) -> u8 {
    match state {
        State::Missing => 0,
        State::Given => 1,
        State::Fit => 2,
        State::Unfit => 3,
        State::Waived => 4,
    }
}

/// How many of the items that must be there are, of how many. `items` are those anything is known of.
fn count_materials(wanted: &[Material], items: &[(&str, u8)]) -> (u8, u8) {
    let code = |id: &str| items.iter().find(|(known, _)| *known == id).map_or(0, |(_, code)| *code);
    let required = wanted.iter().filter(|material| material.need == Need::Required).map(|material| code(&material.id));
    let required = required.filter(|code| *code != state_code(State::Waived));
    let there = [state_code(State::Given), state_code(State::Fit)];
    required.fold((0, 0), |(have, all), code| (have + u8::from(there.contains(&code)), all + 1))
}

/// What unpacking a filing needs beside its line.
pub(super) struct Around<'a> {
    pub editions: &'a [Edition],
    pub calendar: &'a Calendar,
    pub words: Words,
    /// Filings of one edition mostly lie together; looking it up once per run is enough.
    pub last: Option<(RecordId, u16)>,
}

/// A filing's row from its line, the firm's place still to be set. `Some(None)`: its program is not known to this version,
/// so no list can show it. `None`: not a line of this shape.
pub(super) fn unpack_filing(id: RecordId, line: &[u8], around: &mut Around<'_>) -> Option<Option<FilingRow>> {
    let mut line = Unpacker(line);
    let flags = line.byte()?;
    let firm_id = line.id()?;
    let edition_id = line.id()?;
    let (officer, reviewers) = people(flags, &mut line)?;
    let standing = standing_from_code(line.byte()?);
    let round = line.number()? as u16;
    let since = line.day()?.unwrap_or_default();
    let until = line.day()?;
    let awarded = line.day()?;
    let last_day = line.day()?.unwrap_or(since);
    let number = line.text()?;
    let stage = line.text()?;
    let last_word = line.text()?;
    let edition = match around.last {
        Some((id, n)) if id == edition_id => n,
        _ => {
            let Some(n) = around.editions.iter().position(|edition| edition.id == edition_id) else {
                return Some(None);
            };
            let n = n as u16;
            around.last = Some((edition_id, n));
            n
        }
    };
    let known = &around.editions[usize::from(edition)];
    let Some((program, version)) = known.known else { return Some(None) };
    let Some(stage) = version.stage_index(stage) else { return Some(None) };
    let mut passed = 0;
    for _ in 0..line.number()? {
        if let Some(n) = version.stage_index(line.text()?) {
            passed |= 1_u32 << n;
        }
    }
    let items = line.many(|line| Some((line.text()?, line.byte()?)))?;
    let materials = count_materials(&version.materials, &items);
    let dates = known.dates.get(stage).copied().unwrap_or_default();
    Some(Some(FilingRow {
        id,
        firm: 0,
        firm_id,
        edition,
        number: number.into(),
        officer,
        reviewers,
        program,
        version,
        stage: stage as u8,
        round,
        standing,
        since,
        until,
        awarded,
        last_day,
        last_word: around.words.get(last_word),
        passed,
        split: flags & flag::SPLIT != 0,
        outdated: flags & flag::OUTDATED != 0,
        materials,
        contested: flags & flag::CONTESTED != 0,
        frozen: flags & flag::FROZEN != 0,
        due: next_due(standing, &version.stages[stage], since, until, dates, around.calendar),
        gone: false,
    }))
}

/// Its officer and its reviewers, where they stand in a line.
fn people(flags: u8, line: &mut Unpacker<'_>) -> Option<(Option<RecordId>, Box<[RecordId]>)> {
    let officer = if flags & flag::OFFICER != 0 { Some(line.id()?) } else { None };
    Some((officer, line.many(Unpacker::id)?))
}

/// Whether a filing lies with somebody, as its officer or to be reviewed, from its line. `None`: not a line of this shape.
pub(super) fn lies_with(line: &[u8], person: RecordId) -> Option<bool> {
    let mut line = Unpacker(line);
    let flags = line.byte()?;
    let (_firm, _edition) = (line.id()?, line.id()?);
    let (officer, reviewers) = people(flags, &mut line)?;
    Some(officer == Some(person) || reviewers.contains(&person))
}

fn standing_code(standing: Standing) -> u8 {
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

fn standing_from_code(code: u8) -> Standing {
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

#[derive(Default)]
struct Packer(Vec<u8>);

impl Packer {
    fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    fn signed(&mut self, number: i64) {
        // The sign last, so that small numbers of either sign are short.
        self.number(((number << 1) ^ (number >> 63)) as u64);
    }

    fn day(&mut self, day: Option<NaiveDate>) {
        let number = day.map_or(0, |day| day.num_days_from_ce());
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn id(&mut self, id: RecordId) {
        self.0.extend_from_slice(id.bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }
}

/// Reads what [`Packer`] wrote; `None` at anything that does not fit, so that a damaged line is noticed and never panics.
struct Unpacker<'a>(&'a [u8]);

impl<'a> Unpacker<'a> {
    #[inline]
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    #[inline]
    fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    #[inline]
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    #[inline]
    fn day(&mut self) -> Option<Option<NaiveDate>> {
        match i32::from_le_bytes(self.take()?) {
            0 => Some(None),
            number => NaiveDate::from_num_days_from_ce_opt(number).map(Some),
        }
    }

    #[inline]
    fn id(&mut self) -> Option<RecordId> {
        self.take().map(RecordId::from_bytes)
    }

    #[inline]
    fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(head).ok()
    }

    /// A count, then as many of something.
    fn many<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Box<[T]>> {
        let count = self.number()?;
        // A damaged count must not reserve the machine's memory: each takes a byte at least.
        let mut all = Vec::with_capacity(usize::try_from(count).ok()?.min(self.0.len()));
        for _ in 0..count {
            all.push(one(self)?);
        }
        Some(all.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn firm(fields: &[(&str, &str)]) -> Firm {
        let set = fields.iter().map(|(k, v)| ((*k).to_owned(), Some((*v).to_owned()))).collect();
        Firm::created(RecordId::OFFICE, set, None).expect("a firm")
    }

    #[test]
    fn a_firm_comes_out_as_it_went_in() {
        let firm = firm(&[
            (key::NAME, "青澜恒砚新材料有限公司"),
            (key::SHORT, "恒砚新材"),
            (key::FORMER_NAMES, "青澜恒砚陶瓷厂"),
            (key::TOWNSHIP, "石桥镇"),
            (key::SCALE, "是"),
            (key::EST_DATE, "2014-05-20"),
            ("cert.gaoqi.GR202637000001.number", "GR202637000001"),
            ("cert.gaoqi.GR202637000001.ends", "2029-11-02"),
            ("y2024.revenue", "-5"),
            ("y2025.revenue", "123450000"),
            ("y2025.staff", "0"),
        ]);
        let line = pack_firm(&firm, true);
        let row = unpack_firm(firm.id, firm.name(), "X", &line, 2025, &mut Words::default()).expect("a row");
        assert_eq!(
            (&*row.name, &*row.code, &*row.short, &*row.township),
            ("青澜恒砚新材料有限公司", "X", "恒砚新材", "石桥镇")
        );
        assert_eq!(row.former.iter().map(|name| &**name).collect::<Vec<_>>(), ["青澜恒砚陶瓷厂"]);
        assert_eq!((row.scale, row.frozen, row.founded), (Some(true), true, NaiveDate::from_ymd_opt(2014, 5, 20)));
        assert_eq!(row.certificates.len(), 1);
        assert_eq!(row.certificates[0].ends, NaiveDate::from_ymd_opt(2029, 11, 2));
        let figures = Figures { staff: Some(0), revenue: Some(123_450_000), ..Figures::default() };
        assert_eq!(row.figures, figures, "nothing reported is not zero");
        let earlier = unpack_firm(firm.id, "", "", &line, 2024, &mut Words::default()).expect("a row");
        assert_eq!(earlier.figures.revenue, Some(-5));
    }

    #[test]
    fn every_standing_has_its_number() {
        let ends = [End::Done, End::Declined, End::Failed, End::Lapsed, End::Withdrawn].map(Standing::Ended);
        let open = [Standing::Open, Standing::Returned, Standing::Pending, Standing::Published, Standing::Held];
        for standing in open.into_iter().chain(ends) {
            assert_eq!(standing_from_code(standing_code(standing)), standing);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(line: Vec<u8>) {
            let _ = unpack_firm(RecordId::OFFICE, "甲", "", &line, 2025, &mut Words::default());
            let calendar = crate::catalog::calendars::builtin();
            let mut around = Around { editions: &[], calendar, words: Words::default(), last: None };
            let _ = unpack_filing(RecordId::OFFICE, &line, &mut around);
            let _ = lies_with(&line, RecordId::OFFICE);
        }

        #[test]
        fn numbers_come_back(number: i64) {
            let mut line = Packer::default();
            line.signed(number);
            prop_assert_eq!(Unpacker(&line.0).signed(), Some(number));
        }
    }
}
