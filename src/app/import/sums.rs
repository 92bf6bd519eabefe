//! The two sums of a preview: the rows of the table, and what becomes of those that are taken in. Both add up.

use std::collections::HashMap;

use crate::exchange::import::{Plan, Verdict};
use crate::exchange::lists::{FoundTable, Passed};

/// Sorts of source rows that are no rows of the list, as they are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Heap {
    Groups,
    Titles,
    Notes,
    Blanks,
}

impl Heap {
    /// All of them, in the order of the sum.
    pub const ALL: [Self; 4] = [Self::Groups, Self::Titles, Self::Notes, Self::Blanks];

    /// Where a passed-over row is counted.
    pub fn of(why: Passed) -> Self {
        match why {
            Passed::Group | Passed::Total => Self::Groups,
            Passed::Title | Passed::Header | Passed::RepeatedHeader => Self::Titles,
            Passed::Note => Self::Notes,
            Passed::Blank => Self::Blanks,
        }
    }

    /// Under its number.
    pub fn label(self) -> &'static str {
        match self {
            Self::Groups => "分组与合计行",
            Self::Titles => "标题与表头行",
            Self::Notes => "注释行",
            Self::Blanks => "空行",
        }
    }
}

/// Which lines of the preview show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Show {
    /// What a person should look at: doubtful, damaged, and what they decided themselves.
    Look,
    New,
    Changed,
    Same,
    Doubtful,
    Damaged,
    /// Left out for another reason than the area.
    LeftOut,
    /// Every row of the areas that are taken.
    #[default]
    Taken,
    Elsewhere,
    Passed(Heap),
    /// Every row of the table, in its order.
    Whole,
}

/// How many lines of each sort.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums {
    counts: HashMap<Show, usize>,
}

impl Sums {
    /// Counts a plan. Rows a person decided about are `decided`.
    pub fn of(table: &FoundTable, plan: &Plan, decided: impl Fn(usize) -> bool) -> Self {
        let mut sums = Self::default();
        for row in &plan.rows {
            if row.is_elsewhere() {
                sums.add(Show::Elsewhere, 1);
                continue;
            }
            sums.add(Show::Taken, 1);
            sums.add(sort_of(&row.verdict), 1);
            if decided(row.row) || matches!(row.verdict, Verdict::Doubtful(_) | Verdict::Damaged(_)) {
                sums.add(Show::Look, 1);
            }
        }
        for passed in &table.passed_over {
            sums.add(Show::Passed(Heap::of(passed.why)), passed.rows as usize);
        }
        // Side by side, one source row holds several rows of the list; then the rows of the list are counted.
        let passed: usize = Heap::ALL.into_iter().map(|heap| sums.get(Show::Passed(heap))).sum();
        let whole = if table.blocks > 1 { plan.rows.len() + passed } else { table.source_rows as usize };
        sums.add(Show::Whole, whole);
        debug_assert!(sums.add_up(), "{sums:?}");
        sums
    }

    fn add(&mut self, show: Show, n: usize) {
        *self.counts.entry(show).or_default() += n;
    }

    /// How many lines show under one of them.
    pub fn get(&self, show: Show) -> usize {
        self.counts.get(&show).copied().unwrap_or_default()
    }

    /// What the rows of the table are made of, the rows taken in first.
    pub fn of_whole(&self) -> Vec<Show> {
        let heaps = Heap::ALL.map(Show::Passed);
        [Show::Taken, Show::Elsewhere]
            .into_iter()
            .chain(heaps)
            .filter(|s| *s == Show::Taken || self.get(*s) > 0)
            .collect()
    }

    /// What becomes of the rows taken in.
    pub fn of_taken(&self) -> Vec<Show> {
        let always = [Show::New, Show::Changed, Show::Same, Show::Doubtful, Show::Damaged];
        always.into_iter().chain((self.get(Show::LeftOut) > 0).then_some(Show::LeftOut)).collect()
    }

    /// Whether both sums are right.
    pub fn add_up(&self) -> bool {
        let sum = |parts: Vec<Show>| parts.into_iter().map(|part| self.get(part)).sum::<usize>();
        sum(self.of_whole()) == self.get(Show::Whole) && sum(self.of_taken()) == self.get(Show::Taken)
    }
}

/// Where a row of an area that is taken counts.
pub fn sort_of(verdict: &Verdict) -> Show {
    match verdict {
        Verdict::New => Show::New,
        Verdict::Changed => Show::Changed,
        Verdict::Same => Show::Same,
        Verdict::Doubtful(_) => Show::Doubtful,
        Verdict::Damaged(_) => Show::Damaged,
        Verdict::LeftOut(_) => Show::LeftOut,
    }
}

impl Show {
    /// Under its number.
    pub fn label(self) -> &'static str {
        match self {
            Self::Look => "要看的",
            Self::New => "新增",
            Self::Changed => "变更",
            Self::Same => "不变",
            Self::Doubtful => "待确认",
            Self::Damaged => "损坏",
            Self::LeftOut => "不导入",
            Self::Taken => "本次导入的行",
            Self::Elsewhere => "外区，不导入",
            Self::Passed(heap) => heap.label(),
            Self::Whole => "表内总行数",
        }
    }
}
