//! Entering and changing firms and their certificates.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};

use crate::domain::event::{Confirmed, Fact, Fields, Source};
use crate::domain::firm::key;
use crate::domain::history::Registers;
use crate::domain::id::RecordId;
use crate::domain::text::number_key;
use crate::domain::{Problem, Result, certificate};
use crate::store::Act;

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
        let set = written(values);
        if set.get(key::NAME).is_none_or(Option::is_none) {
            return Err(Problem::bad_input("企业名称没有填。").next("请填写企业名称，其余可以以后再补。"));
        }
        self.refuse_second_code(None, set.get(key::CODE))?;
        self.create(&Fact::FirmCreated(Fields { set, confirmed, source }))
    }

    /// Changes fields of a firm, figures of its years included. Returns whether anything differed.
    pub fn change_firm(
        &mut self,
        firm: RecordId,
        values: &Values,
        confirmed: Vec<Confirmed>,
        source: Option<Source>,
    ) -> Result<bool> {
        let set = self.standing_fields(firm, "企业")?.difference(values);
        if set.is_empty() {
            return Ok(false);
        }
        if set.get(key::NAME).is_some_and(Option::is_none) {
            return Err(Problem::bad_input("企业名称不能清空。").next("请填写企业名称。"));
        }
        self.refuse_second_code(Some(firm), set.get(key::CODE))?;
        self.append(firm, &Fact::FirmChanged(Fields { set, confirmed, source }))?;
        Ok(true)
    }

    /// Records a certificate of a firm.
    pub fn record_certificate(
        &mut self,
        firm: RecordId,
        kind: &str,
        values: Values,
        source: Option<Source>,
    ) -> Result<RecordId> {
        let mut set = written(values);
        set.insert(certificate::key::FIRM.to_owned(), Some(firm.to_string()));
        set.insert(certificate::key::KIND.to_owned(), Some(kind.to_owned()));
        self.create(&Fact::CertificateRecorded(Fields { set, source, ..Fields::default() }))
    }

    /// Changes a certificate. Returns whether anything differed.
    pub fn change_certificate(&mut self, id: RecordId, values: &Values, source: Option<Source>) -> Result<bool> {
        let set = self.standing_fields(id, "证书")?.difference(values);
        if set.is_empty() {
            return Ok(false);
        }
        self.append(id, &Fact::CertificateChanged(Fields { set, source, ..Fields::default() }))?;
        Ok(true)
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
            .connection()
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

/// What is worth writing of the values of something new.
pub(super) fn written(values: Values) -> Values {
    values
        .into_iter()
        .filter_map(|(key, value)| {
            let value = value?.trim().to_owned();
            (!value.is_empty()).then_some((key, Some(value)))
        })
        .collect()
}
