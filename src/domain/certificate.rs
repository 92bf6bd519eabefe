//! A certificate or qualification (证书) a firm holds: 高企, 科小 登记编号, 众创空间, 人才入选 …
//!
//! What kinds there are and how long they last is data of the catalog; here is only what one of them is.

use chrono::NaiveDate;

use super::event::{Fact, Source};
use super::history::{History, Registers};
use super::id::RecordId;

/// Keys of a certificate's fields.
pub mod key {
    pub const FIRM: &str = "firm";
    /// Id of the kind in the catalog.
    pub const KIND: &str = "kind";
    pub const NUMBER: &str = "number";
    /// Name of the carrier or platform, where it has one of its own.
    pub const NAME: &str = "name";
    pub const LEVEL: &str = "level";
    pub const ISSUED: &str = "issued";
    pub const STARTS: &str = "starts";
    pub const ENDS: &str = "ends";
    pub const BATCH: &str = "batch";
    pub const DOCUMENT: &str = "document";
    /// Day it was revoked.
    pub const REVOKED: &str = "revoked";
}

/// Name of a key on screen.
pub fn label(key: &str) -> &str {
    match key {
        key::FIRM => "企业",
        key::KIND => "证书类型",
        key::NUMBER => "编号",
        key::NAME => "名称",
        key::LEVEL => "级别",
        key::ISSUED => "发证日期",
        key::STARTS => "有效期起",
        key::ENDS => "有效期止",
        key::BATCH => "批次",
        key::DOCUMENT => "发文字号",
        key::REVOKED => "撤销日期",
        "area" => "名单所属地区",
        "group" => "名单分组",
        other => other,
    }
}

/// A certificate as its history leaves it.
#[derive(Debug, Clone)]
pub struct Certificate {
    pub id: RecordId,
    pub firm: RecordId,
    pub fields: Registers,
    pub source: Option<Source>,
}

impl Certificate {
    /// Replays it. `None`: taken back, or without a firm or kind.
    pub fn replay(id: RecordId, history: &History) -> Option<Self> {
        let fields = Registers::replay(history);
        let firm = fields.get(key::FIRM)?.parse().ok()?;
        fields.get(key::KIND)?;
        let source = history.standing().find_map(|(_, _, fact)| match fact {
            Fact::CertificateRecorded(fields) => Some(fields.source),
            _ => None,
        })?;
        Some(Self { id, firm, fields, source })
    }
}

/// Whether a certificate counts on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Validity {
    Valid,
    /// Valid, but ends within the working year: 本年到期.
    EndsThisYear,
    Expired,
    Revoked,
    /// Nothing says until when.
    Unknown,
}

/// Whether it counts on a day, given when it ends and whether it was revoked.
pub fn validity(ends: Option<NaiveDate>, revoked: Option<NaiveDate>, today: NaiveDate) -> Validity {
    use chrono::Datelike;
    match (revoked, ends) {
        (Some(day), _) if day <= today => Validity::Revoked,
        (_, None) => Validity::Unknown,
        (_, Some(day)) if day < today => Validity::Expired,
        (_, Some(day)) if day.year() == today.year() => Validity::EndsThisYear,
        _ => Validity::Valid,
    }
}
