//! The groups of a list: which heading stands inside which, and what stands in which group.

use std::sync::Arc;

use super::found::{Group, GroupKind, ListRow};
use super::label::{Label, Style};

/// Most groups of a list, and most that stand in one another.
pub(super) const GROUPS: usize = 20_000;
const DEPTH: usize = 8;

/// The groups a row stands in, outermost first: indices into the list of groups.
type Path = Arc<[u32]>;

/// Headings met so far and the ones that are open.
#[derive(Default)]
pub(super) struct Groups {
    pub all: Vec<Group>,
    /// Open groups, outermost first.
    open: Vec<Open>,
    /// Their places in `all`, shared by all rows until the next heading.
    path: Path,
    /// Whether each group's wording shows that it is one.
    strong: Vec<bool>,
}

#[derive(Clone, Copy)]
struct Open {
    group: usize,
    style: Style,
}

impl Groups {
    /// Opens a group under `label`, closing those it does not stand in. Says no if there are more than any list has.
    pub fn start(&mut self, label: Label, raw: &str, at: u32, kind: GroupKind) -> bool {
        if self.is_full() {
            return false;
        }
        if kind == GroupKind::Heading {
            // A paragraph stands above whole tables, and so above every row in them.
            self.open.retain(|open| self.all[open.group].kind == GroupKind::Heading);
        }
        let keep = self.parents_of(&label, kind).min(DEPTH - 1);
        self.open.truncate(keep);
        self.strong.push(label.is_strong() || kind == GroupKind::Heading);
        self.open.push(Open { group: self.all.len(), style: label.style });
        self.all.push(Group {
            label: label.label,
            raw: raw.to_owned(),
            level: keep as u8 + 1,
            declared: label.declared,
            counted: 0,
            at,
            kind,
        });
        self.path = self.open.iter().map(|open| open.group as u32).collect();
        true
    }

    /// Whether there are as many as any list has.
    pub fn is_full(&self) -> bool {
        self.all.len() >= GROUPS
    }

    /// How many of the open groups a new one stands in.
    fn parents_of(&self, label: &Label, kind: GroupKind) -> usize {
        let group = |open: &Open| &self.all[open.group];
        let missing =
            |open: &Open| group(open).declared.map_or(0, |declared| declared.saturating_sub(group(open).counted));
        let is_full = |open: &Open| group(open).declared.is_some_and(|n| n > 0) && missing(open) == 0;
        // A group that has all its rows takes no more, and neither does what stands in it.
        let open = &self.open[..self.open.iter().position(is_full).unwrap_or(self.open.len())];
        let Some(top) = open.last() else { return 0 };
        if kind == GroupKind::Row && group(top).kind == GroupKind::Heading {
            return open.len();
        }
        // 金华市673家, then 义乌市177家: a city inside a city shows only in that its rows are still missing there.
        let fits_in = |open: &Open| label.declared.is_some_and(|n| n > 0 && n <= missing(open));
        let mut like = open.iter().enumerate().filter(|(_, o)| o.style == label.style).map(|(at, _)| at).peekable();
        if like.peek().is_some() {
            let nests = |at: usize| {
                label.style.rank().is_none()
                    && fits_in(&open[at])
                    && (at + 1 < self.open.len() || group(&open[at]).counted == 0)
            };
            let mut keep = 0;
            for at in like {
                if !nests(at) {
                    return at;
                }
                keep = at + 1;
            }
            return keep;
        }
        let is_bare = |open: &Open| group(open).counted == 0;
        match (label.style, label.style.rank()) {
            // A finer number goes inside a coarser one, which closes everything finer.
            (_, Some(new)) => open.iter().take_while(|o| o.style.rank().map_or(is_bare(o), |old| old < new)).count(),
            (Style::Place(new), _) => {
                let coarser = |o: &&Open| !matches!(o.style, Style::Place(old) if old >= new);
                let open = &open[..open.iter().take_while(coarser).count()];
                match open.last() {
                    Some(top) if top.style.rank().is_some() || is_bare(top) || fits_in(top) => open.len(),
                    Some(_) => open.len() - 1,
                    None => 0,
                }
            }
            _ if top.style.rank().is_some() || is_bare(top) => open.len(),
            _ => open.len() - 1,
        }
    }

    /// Counts a row and says which groups it stands in.
    pub fn row(&mut self) -> Path {
        for open in &self.open {
            self.all[open.group].counted += 1;
        }
        Arc::clone(&self.path)
    }

    /// Removes the last groups that have no rows and whose wording does not show that they are groups; they are notes.
    pub fn drop_empty_tail(&mut self) -> Vec<Group> {
        let mut dropped = Vec::new();
        while self.strong.last() == Some(&false)
            && let Some(group) = self.all.pop_if(|group| group.counted == 0)
        {
            self.strong.pop();
            dropped.push(group);
        }
        dropped
    }
}

/// Adds groups found in a column, puts all into source order and counts anew.
pub(super) fn settle(groups: &mut Vec<Group>, rows: &mut [ListRow]) {
    let mut order: Vec<u32> = (0..groups.len() as u32).collect();
    order.sort_by_key(|i| (groups[*i as usize].at, groups[*i as usize].level));
    let is_sorted = order.iter().enumerate().all(|(new, old)| new == *old as usize);
    if !is_sorted {
        let mut place = vec![0u32; groups.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old as usize] = new as u32;
        }
        let mut slots: Vec<Option<Group>> = groups.drain(..).map(Some).collect();
        groups.extend(order.iter().filter_map(|old| slots[*old as usize].take()));
        // Rows of one group share their path; map each path once.
        let mut last: Option<(Path, Path)> = None;
        for row in rows.iter_mut() {
            let mapped = match &last {
                Some((from, to)) if Arc::ptr_eq(from, &row.groups) => Arc::clone(to),
                _ => row.groups.iter().map(|old| place[*old as usize]).collect(),
            };
            last = Some((std::mem::replace(&mut row.groups, Arc::clone(&mapped)), mapped));
        }
    }
    for group in groups.iter_mut() {
        group.counted = 0;
    }
    for row in rows.iter() {
        for group in row.groups.iter() {
            groups[*group as usize].counted += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Levels of the groups that headings, each followed by so many rows, make.
    fn levels(headings: &[(&str, u32)]) -> Vec<u8> {
        let mut groups = Groups::default();
        for (at, (text, rows)) in headings.iter().enumerate() {
            groups.start(Label::of(text).unwrap(), text, at as u32, GroupKind::Row);
            for _ in 0..*rows {
                groups.row();
            }
        }
        groups.all.iter().map(|g| g.level).collect()
    }

    #[test]
    fn headings_stand_in_each_other_as_a_reader_sees_them() {
        assert_eq!(levels(&[("北京市（2所）", 2), ("河北省（1所）", 1), ("上海市（3所）", 3)]), [1, 1, 1]);
        assert_eq!(levels(&[("北京市", 2), ("河北省", 1), ("上海市", 3), ("内蒙古自治区", 1)]), [1, 1, 1, 1]);
        assert_eq!(
            levels(&[("青州市", 0), ("青澜区", 2), ("青湖县", 1), ("白州市", 0), ("白云区", 1)]),
            [1, 2, 2, 1, 2]
        );
        assert_eq!(levels(&[("一、高企", 0), ("（一）青澜区", 2), ("（二）青湖区", 1), ("二、科小", 3)]), [1, 2, 2, 1]);
        assert_eq!(
            levels(&[("金州市6家", 0), ("青浦县（2家）", 2), ("义州市（4家）", 4), ("白州市3家", 3)]),
            [1, 2, 2, 1]
        );
        assert_eq!(levels(&[("宁州市（5家）", 0), ("宁州市（2家）", 2), ("青澜区（3家）", 3)]), [1, 2, 2]);
        // One row short: still the next city.
        assert_eq!(levels(&[("甲州市（3家）", 2), ("乙州市（4家）", 4)]), [1, 1]);
        assert_eq!(levels(&[("智能制造类", 2), ("新材料类", 2)]), [1, 1]);
    }
}
