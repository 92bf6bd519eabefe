//! What changed in a shortlist: which filings came in and went out, and which were put in another place.

use std::collections::{BTreeMap, BTreeSet};

use super::{FieldChange, Names};
use crate::domain::id::RecordId;
use crate::domain::shortlist::{key, parse_items};

/// Each filing that came, went or was moved, with its place before and after. What only moved up because another went away
/// was not moved.
pub(super) fn places(old: Option<&str>, new: Option<&str>, names: &Names<'_>) -> Vec<FieldChange> {
    let (old, new) = (parse_items(old.unwrap_or_default()), parse_items(new.unwrap_or_default()));
    // Of a filing that stands in a list twice, the first place counts.
    let places = |list: &[RecordId]| -> BTreeMap<RecordId, usize> {
        list.iter().enumerate().rev().map(|(n, id)| (*id, n)).collect()
    };
    let (was, now) = (places(&old), places(&new));
    let first = |list: &BTreeMap<RecordId, usize>, n: usize, id: &RecordId| list.get(id) == Some(&n);
    let arrived = new.iter().enumerate().filter(|(n, id)| first(&now, *n, id)).map(|(_, id)| id);
    let stayed: Vec<usize> = arrived.clone().filter_map(|id| was.get(id).copied()).collect();
    let unmoved = rising(&stayed);
    let arrived = arrived.filter(|id| was.get(id).is_none_or(|place| !unmoved.contains(place)));
    let gone = old.iter().enumerate().filter(|(n, id)| first(&was, *n, id) && !now.contains_key(id));
    let place = |list: &BTreeMap<RecordId, usize>, id| list.get(id).map(|n| format!("第 {} 位", n + 1));
    arrived
        .chain(gone.map(|(_, id)| id))
        .map(|id| FieldChange {
            key: format!("{}.{id}", key::ITEMS),
            label: names.of(&id.to_string()),
            old: place(&was, id),
            new: place(&now, id),
        })
        .collect()
}

/// The members of a longest rising row within a row of different numbers.
fn rising(row: &[usize]) -> BTreeSet<usize> {
    // For each length the index where the best such row so far ends, and for each index what stands before it.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::with_capacity(row.len()));
    for (n, value) in row.iter().enumerate() {
        let length = ends.partition_point(|end| row[*end] < *value);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = n,
            None => ends.push(n),
        }
    }
    let (mut all, mut at) = (BTreeSet::new(), ends.last().copied());
    while let Some(n) = at {
        all.insert(row[n]);
        at = before[n];
    }
    all
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::changes;
    use super::super::tests::told;
    use super::*;
    use crate::domain::event::{Fact, Fields};
    use crate::domain::shortlist::write_items;
    use crate::domain::testing::Teller;

    #[test]
    fn who_comes_goes_and_is_moved_in_a_shortlist_is_told_by_name_and_place() {
        let firms = ["甲厂", "乙厂", "丙厂", "丁厂"];
        let id = |n: usize| RecordId(Uuid::from_u128(n as u128 + 1));
        let called = firms.iter().enumerate().map(|(n, name)| (id(n).to_string(), (*name).to_owned())).collect();
        let names = Names { called, ..Names::default() };
        let list = |items: &[usize]| {
            let items: Vec<RecordId> = items.iter().map(|n| id(*n)).collect();
            Fields::set([(key::ITEMS, write_items(&items))])
        };
        let mut teller = Teller::new(7);
        teller.tell(&Fact::ShortlistMade(list(&[0, 1, 2])));
        teller.tell(&Fact::ShortlistChanged(list(&[2, 0, 1])));
        teller.tell(&Fact::ShortlistChanged(list(&[2, 3, 1])));
        teller.tell(&Fact::ShortlistChanged(list(&[3, 1])));
        let all: Vec<_> = changes(&teller.history(), &names).iter().map(told).collect();
        assert_eq!(
            all,
            [
                "修改：申报 3 件→2 件，丙厂 第 1 位→；",
                "修改：申报 3 件→3 件，丁厂 →第 2 位，甲厂 第 2 位→；",
                "修改：申报 3 件→3 件，丙厂 第 3 位→第 1 位；",
                "新增：申报 →3 件，甲厂 →第 1 位，乙厂 →第 2 位，丙厂 →第 3 位；",
            ]
        );
    }

    #[test]
    fn a_list_with_a_filing_twice_or_with_none_is_told_all_the_same() {
        let id = |n: u128| RecordId(Uuid::from_u128(n));
        let twice = write_items(&[id(1), id(2), id(1)]);
        let names = Names::default();
        assert_eq!(places(None, Some(&twice), &names).len(), 2);
        assert_eq!(places(Some(&twice), Some(&write_items(&[id(2)])), &names).len(), 1);
        assert_eq!(places(None, None, &names), []);
    }

    #[test]
    fn the_longest_rising_row_is_found() {
        assert_eq!(rising(&[]), [].into());
        assert_eq!(rising(&[2, 0, 1]), [0, 1].into());
        assert_eq!(rising(&[0, 4, 1, 2, 3]), [0, 1, 2, 3].into());
    }
}
