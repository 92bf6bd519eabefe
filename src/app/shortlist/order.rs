//! A list put in order by hand: moves, additions, removals, and what sets it apart from what went out before. Pure.

use std::collections::HashSet;

use crate::domain::id::RecordId;

/// A list as it stands on the screen, saved or not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    pub title: String,
    pub items: Vec<RecordId>,
}

/// Where a row goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Up,
    Down,
    Top,
    /// To this rank, counted from 1.
    Rank(usize),
}

impl Draft {
    /// Moves a row. Returns whether anything changed; a rank beyond the end is the end.
    pub fn put(&mut self, id: RecordId, to: Move) -> bool {
        let Some(from) = self.items.iter().position(|item| *item == id) else { return false };
        let last = self.items.len() - 1;
        let to = match to {
            Move::Up => from.saturating_sub(1),
            Move::Down => (from + 1).min(last),
            Move::Top => 0,
            Move::Rank(rank) => rank.saturating_sub(1).min(last),
        };
        if from != to {
            let item = self.items.remove(from);
            self.items.insert(to, item);
        }
        from != to
    }

    /// Takes rows out. Returns whether one was there.
    pub fn remove(&mut self, ids: &HashSet<RecordId>) -> bool {
        let before = self.items.len();
        self.items.retain(|item| !ids.contains(item));
        self.items.len() != before
    }

    /// Puts rows at the end. Returns whether one was new.
    pub fn add(&mut self, ids: impl IntoIterator<Item = RecordId>) -> bool {
        let before = self.items.len();
        for id in ids {
            if !self.items.contains(&id) {
                self.items.push(id);
            }
        }
        self.items.len() != before
    }

    /// As kept while it is not saved: the title on the first line, ids on the second.
    pub fn write(&self) -> String {
        format!("{}\n{}", self.title.replace('\n', " "), crate::domain::shortlist::write_items(&self.items))
    }

    /// Reads what [`Draft::write`] wrote.
    pub fn read(text: &str) -> Option<Self> {
        let (title, items) = text.split_once('\n')?;
        Some(Self { title: title.to_owned(), items: crate::domain::shortlist::parse_items(items) })
    }
}

/// What sets two orders apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Apart {
    pub added: usize,
    pub removed: usize,
    /// Rows in both that had to be moved: as few as lead from one order to the other.
    pub moved: usize,
}

impl Apart {
    /// Compares an older order with a newer one.
    pub fn of(old: &[RecordId], new: &[RecordId]) -> Self {
        let (was, is): (HashSet<_>, HashSet<_>) = (old.iter().collect(), new.iter().collect());
        let place: std::collections::HashMap<&RecordId, usize> =
            old.iter().filter(|id| is.contains(id)).enumerate().map(|(at, id)| (id, at)).collect();
        let both: Vec<usize> = new.iter().filter_map(|id| place.get(id).copied()).collect();
        Self {
            added: new.iter().filter(|id| !was.contains(id)).count(),
            removed: old.iter().filter(|id| !is.contains(id)).count(),
            moved: both.len() - longest_rise(&both),
        }
    }

    /// In words; `None` where nothing sets them apart.
    pub fn words(self) -> Option<String> {
        let parts = [(self.added, "新增", "件"), (self.removed, "移出", "件"), (self.moved, "顺序", "处")];
        let said: Vec<String> =
            parts.iter().filter(|(n, ..)| *n > 0).map(|(n, what, unit)| format!("{what} {n} {unit}")).collect();
        (!said.is_empty()).then(|| said.join("，"))
    }
}

/// Length of the longest subsequence that only rises.
fn longest_rise(places: &[usize]) -> usize {
    let mut ends: Vec<usize> = Vec::new();
    for place in places {
        let at = ends.partition_point(|end| end < place);
        match ends.get_mut(at) {
            Some(end) => *end = *place,
            None => ends.push(*place),
        }
    }
    ends.len()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn ids(text: &str) -> Vec<RecordId> {
        text.chars().map(|c| RecordId(Uuid::from_u128(c as u128))).collect()
    }

    fn draft(text: &str) -> Draft {
        Draft { title: "名单".into(), items: ids(text) }
    }

    #[test]
    fn a_row_goes_where_it_is_sent_and_stays_inside_the_list() {
        let mut list = draft("abcd");
        let [a, b, _, d]: [RecordId; 4] = list.items.clone().try_into().unwrap();
        assert!(!list.put(a, Move::Up));
        assert!(list.put(b, Move::Down));
        assert_eq!(list.items, ids("acbd"));
        assert!(list.put(d, Move::Top));
        assert_eq!(list.items, ids("dacb"));
        assert!(list.put(d, Move::Rank(3)));
        assert_eq!(list.items, ids("acdb"));
        assert!(list.put(a, Move::Rank(99)));
        assert_eq!(list.items, ids("cdba"));
        assert!(list.put(a, Move::Rank(0)));
        assert_eq!(list.items, ids("acdb"));
        assert!(!list.put(ids("x")[0], Move::Top));
    }

    #[test]
    fn nobody_is_on_the_list_twice() {
        let mut list = draft("ab");
        assert!(!list.add(ids("ba")));
        assert!(list.add(ids("bc")));
        assert_eq!(list.items, ids("abc"));
        assert!(list.remove(&ids("a").into_iter().collect()));
        assert_eq!(list.items, ids("bc"));
        assert_eq!(Draft::read(&list.write()), Some(list));
    }

    #[test]
    fn one_row_moved_to_the_top_is_one_difference() {
        let apart = |old: &str, new: &str| Apart::of(&ids(old), &ids(new));
        assert_eq!(apart("abcde", "eabcd"), Apart { moved: 1, ..Apart::default() });
        assert_eq!(apart("abc", "abc").words(), None);
        assert_eq!(apart("abc", "bda").words().as_deref(), Some("新增 1 件，移出 1 件，顺序 1 处"));
        assert_eq!(apart("", "ab").words().as_deref(), Some("新增 2 件"));
    }
}
