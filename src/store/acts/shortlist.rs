//! Shortlists: made, ordered, frozen.

use chrono::NaiveDate;

use crate::domain::event::{Fact, Fields, ShortlistFrozen, ShortlistRow};
use crate::domain::id::RecordId;
use crate::domain::shortlist::{Shortlist, key, write_items};
use crate::domain::{Problem, Result};
use crate::store::Act;

impl Act<'_> {
    /// Makes a shortlist of filings in an edition, in this order.
    pub fn make_shortlist(&mut self, edition: RecordId, title: &str, items: &[RecordId]) -> Result<RecordId> {
        if items.is_empty() {
            return Err(Problem::bad_input("名单里还没有申报。").next("请先在申报表里选中要推荐的几件。"));
        }
        let set = Fields::set([
            (key::EDITION, edition.to_string()),
            (key::TITLE, title.trim().to_owned()),
            (key::ITEMS, write_items(items)),
        ]);
        self.create(Fact::ShortlistMade(set))
    }

    /// Changes title, order or membership. Returns whether anything differed.
    pub fn change_shortlist(&mut self, id: RecordId, title: &str, items: &[RecordId]) -> Result<bool> {
        let wanted =
            [(key::TITLE.to_owned(), Some(title.to_owned())), (key::ITEMS.to_owned(), Some(write_items(items)))].into();
        let set = self.standing_fields(id, "推荐名单")?.difference(&wanted);
        if set.is_empty() {
            return Ok(false);
        }
        self.append(id, Fact::ShortlistChanged(Fields { set, ..Fields::default() }))?;
        Ok(true)
    }

    /// Freezes the list as it goes out; returns the version's number. Later changes make the next version, never this one.
    pub fn freeze_shortlist(
        &mut self,
        id: RecordId,
        on: NaiveDate,
        title: &str,
        heads: Vec<String>,
        rows: Vec<ShortlistRow>,
    ) -> Result<u16> {
        let shortlist = Shortlist::replay(id, self.history(id)?)
            .ok_or_else(|| Problem::not_found("找不到这份推荐名单。").next("它可能已被撤销，请刷新后再试。"))?;
        let number =
            shortlist.versions.iter().map(|version| version.frozen.number).max().unwrap_or(0).saturating_add(1);
        let frozen = ShortlistFrozen { number, on, title: title.to_owned(), heads, rows, restates: None };
        self.append(id, Fact::ShortlistFrozen(frozen))?;
        Ok(number)
    }
}
