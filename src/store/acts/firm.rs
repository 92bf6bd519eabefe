//! Entering and changing firms and their certificates.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{OptionalExtension, params};

use crate::domain::event::{Confirmed, Fact, Fields, Source};
use crate::domain::firm::key;
use crate::domain::history::Registers;
use crate::domain::id::RecordId;
use crate::domain::text::number_key;
use crate::domain::{Problem, Result, certificate};
use crate::store::Act;
use crate::store::act::SecondCode;

/// Field values to set; an empty or missing one clears.
pub type Values = BTreeMap<String, Option<String>>;

impl Act<'_> {
    /// Enters a firm.
    ///
    /// # Errors
    /// Bad input without a name; refused when another firm has the same credit code, because two files on one firm is what
    /// this program exists to prevent.
    pub fn create_firm(
        &mut self,
        values: Values,
        confirmed: Vec<Confirmed>,
        source: Option<Source>,
    ) -> Result<RecordId> {
        let set = named(values)?;
        self.refuse_second_code(None, set.get(key::CODE))?;
        self.create(Fact::FirmCreated(Fields { set, confirmed, source, ..Fields::default() }))
    }

    /// Enters many firms, each as [`Act::create_firm`] does, faster than one by one. No two of them may share a credit code.
    ///
    /// `each` hears of every firm written and may stop it all with an error.
    pub fn enter_firms(
        &mut self,
        firms: Vec<(Values, Option<Source>)>,
        each: &mut dyn FnMut() -> Result<()>,
    ) -> Result<Vec<RecordId>> {
        // All codes at once: a question for each of ten thousand firms is a tenth of entering them.
        let known: HashSet<String> = self
            .connection()?
            .prepare_cached("SELECT code FROM firm WHERE code IS NOT NULL")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        match self.create_firms(firms, known, each)? {
            Ok(ids) => Ok(ids),
            Err(SecondCode(code)) => {
                self.refuse_second_code(None, Some(&Some(code)))?;
                Err(Problem::bug("a code known before is not known any more"))
            }
        }
    }

    /// Changes fields of a firm, figures of its years included. Returns whether anything differed.
    pub fn change_firm(
        &mut self,
        firm: RecordId,
        values: &Values,
        confirmed: Vec<Confirmed>,
        source: Option<Source>,
    ) -> Result<bool> {
        let stands = self.standing_fields(firm, "企业")?;
        let set = self.differing(&stands, values);
        if set.is_empty() {
            return Ok(false);
        }
        if set.get(key::NAME).is_some_and(Option::is_none) {
            return Err(Problem::bad_input("企业名称不能清空。").next("请填写企业名称。"));
        }
        self.refuse_second_code(Some(firm), set.get(key::CODE))?;
        self.append(firm, Fact::FirmChanged(Fields { set, confirmed, source, ..Fields::default() }))?;
        Ok(true)
    }

    /// Records or changes a certificate of a firm: its parts by name. Returns whether anything differed.
    pub fn record_certificate(
        &mut self,
        firm: RecordId,
        kind: &str,
        slug: &str,
        parts: Values,
        source: Option<Source>,
    ) -> Result<bool> {
        self.change_firm(firm, &certificate_fields(kind, slug, parts), Vec::new(), source)
    }

    /// The fields of a record that exists.
    pub(super) fn standing_fields(&mut self, record: RecordId, what: &str) -> Result<Registers> {
        let history = self.history(record)?;
        let fields = Registers::replay(history);
        if fields.values().next().is_none() {
            return Err(Problem::not_found(format!("找不到这个{what}。")).next("它可能已被撤销，请刷新后再试。"));
        }
        Ok(fields)
    }

    fn refuse_second_code(&mut self, own: Option<RecordId>, code: Option<&Option<String>>) -> Result<()> {
        let Some(Some(code)) = code else { return Ok(()) };
        let other: Option<String> = self
            .connection()?
            .prepare_cached("SELECT name FROM firm WHERE code = ? AND id IS NOT ? LIMIT 1")?
            .query_row(params![number_key(code), own], |row| row.get(0))
            .optional()?;
        match other {
            None => Ok(()),
            Some(name) => Err(Problem::refused(format!("统一社会信用代码 {code} 已经是“{name}”的。"))
                .next("请打开那家企业；如果是更名，改它的名称即可，旧名会留作曾用名。")),
        }
    }
}

/// The fields of a firm that may be entered: with a name.
pub(in crate::store) fn named(values: Values) -> Result<Values> {
    let set = written(values);
    if set.get(key::NAME).is_none_or(Option::is_none) {
        return Err(Problem::bad_input("企业名称没有填。").next("请填写企业名称，其余可以以后再补。"));
    }
    Ok(set)
}

/// The parts of a certificate as fields of its firm. One nothing is known of is at least held.
pub fn certificate_fields(kind: &str, slug: &str, parts: Values) -> Values {
    let mut fields: Values =
        parts.into_iter().map(|(attr, value)| (certificate::field_key(kind, slug, &attr), value)).collect();
    if fields.values().all(|value| value.as_deref().is_none_or(|text| text.trim().is_empty())) {
        fields.insert(certificate::field_key(kind, slug, certificate::attr::HELD), Some("是".to_owned()));
    }
    fields
}

/// What is worth writing of the values of something new.
pub(super) fn written(mut values: Values) -> Values {
    // Most lists bring values as they should be.
    let is_fine =
        |text: &str| !text.is_empty() && !text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace);
    if values.values().all(|value| value.as_deref().is_some_and(is_fine)) {
        return values;
    }
    values.retain(|_, value| {
        let Some(text) = value else { return false };
        let trimmed = text.trim();
        // Most values are trimmed already and need no copy.
        if trimmed.len() != text.len() {
            *text = trimmed.to_owned();
        }
        !text.is_empty()
    });
    values
}
