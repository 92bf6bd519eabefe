//! A list being looked over before it is taken in: its table, what its rows become, what a person chose, what shows.
//!
//! What would be written is planned behind the window, one plan at a time: changes made meanwhile ask for another.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use iced::Task;

use super::lines::{self, Bulk, Doubt, Line, Room};
use super::purpose::{Change, Form};
use super::sums::{Show, Sums};
use super::work::{self, Loaded};
use super::{Message, firm};
use crate::app::ctx::Ctx;
use crate::domain::Problem;
use crate::domain::Result;
use crate::exchange::import::{Choice, Plan, Settings, Watch, areas_of};
use crate::exchange::lists::{CellNote, FoundTable, Group, Meaning};
use crate::store::queries::ImportRow;
use crate::ui::grid::{Column, GridState, Sort};

/// What a plan is made of.
pub struct Ask {
    pub table: Arc<FoundTable>,
    pub settings: Settings,
    pub choices: HashMap<usize, Choice>,
}

/// The list under review.
pub struct Review {
    pub loaded: Arc<Loaded>,
    pub n: usize,
    pub table: Arc<FoundTable>,
    pub areas: Vec<String>,
    /// Rows of the list in each area.
    pub area_rows: HashMap<String, usize>,
    /// Groups whose heading says another number than they have come first.
    pub groups: Vec<usize>,
    /// What its columns and rows are like; worked out once.
    pub facts: Facts,
    pub form: Form,
    pub choices: HashMap<usize, Choice>,
    pub doubts: HashMap<usize, Doubt>,
    pub plan: Option<Arc<Plan>>,
    /// Why there is no plan.
    pub problem: Option<Problem>,
    pub sums: Sums,
    /// How many rows each decision on all of a sort is for.
    pub bulk: [(Bulk, usize); Bulk::ALL.len()],
    /// How long the last plan took.
    pub took: Option<std::time::Duration>,
    planning: Option<(u64, std::time::Instant)>,
    again: bool,
    pub show: Show,
    pub sort: Option<Sort>,
    pub lines: Vec<Line>,
    pub grid: GridState<Line>,
    pub columns: Vec<Column>,
    pub room: Room,
    pub detail: bool,
    pub group_grid: GridState<usize>,
    pub above: Option<Above>,
    /// Earlier imports of the very same file that stand.
    pub before: Vec<ImportRow>,
    pub writing: Option<Writing>,
}

/// What is said of a table and is not worth counting at every frame.
#[derive(Debug, Default)]
pub struct Facts {
    /// By column: cells whose last digits are lost.
    pub lost: Vec<usize>,
    pub hidden_rows: usize,
    /// Groups that say how many they have, and places of those that say it wrongly.
    pub declared: usize,
    pub differing: Vec<usize>,
}

impl Facts {
    fn of(table: &FoundTable) -> Self {
        let mut facts = Self { lost: vec![0; table.columns.len()], ..Self::default() };
        for row in &table.rows {
            facts.hidden_rows += usize::from(row.hidden);
            for (lost, cell) in facts.lost.iter_mut().zip(&row.cells) {
                *lost += usize::from(cell.note == Some(CellNote::LostDigits));
            }
        }
        for (n, group) in table.groups.iter().enumerate() {
            facts.declared += usize::from(group.declared.is_some());
            if group.declared.is_some_and(|declared| declared != group.counted) {
                facts.differing.push(n);
            }
        }
        facts
    }
}

/// A dialog.
pub enum Above {
    Groups,
    Firm(firm::Pick),
}

/// Being written.
pub struct Writing {
    pub turn: u64,
    pub watch: Watch,
    pub done: usize,
    pub rows: usize,
    pub stopping: bool,
}

impl Review {
    /// A list just read, its largest table first.
    pub fn new(loaded: Arc<Loaded>, ctx: &Ctx) -> Option<Self> {
        let largest =
            loaded.tables.iter().enumerate().max_by_key(|(n, t)| (!t.hidden, t.rows.len(), usize::MAX - n))?.0;
        let table = Arc::clone(loaded.tables.get(largest)?);
        let room = Room::of(ctx);
        let mut review = Self {
            form: Form::suggested(&table, &loaded.stem(), &ctx.ledger),
            loaded,
            n: largest,
            table,
            areas: Vec::new(),
            area_rows: HashMap::new(),
            groups: Vec::new(),
            facts: Facts::default(),
            choices: HashMap::new(),
            doubts: HashMap::new(),
            plan: None,
            problem: None,
            sums: Sums::default(),
            bulk: Bulk::ALL.map(|bulk| (bulk, 0)),
            took: None,
            planning: None,
            again: false,
            show: Show::Taken,
            sort: None,
            lines: Vec::new(),
            grid: GridState::default(),
            columns: lines::columns(room),
            room,
            detail: true,
            group_grid: GridState::default(),
            above: None,
            before: Vec::new(),
            writing: None,
        };
        review.look_at_table();
        Some(review)
    }

    /// Another table of the same file.
    pub fn choose_table(&mut self, n: usize, ctx: &Ctx) {
        let Some(table) = self.loaded.tables.get(n) else { return };
        self.table = Arc::clone(table);
        self.n = n;
        self.form = Form::suggested(&self.table, &self.loaded.stem(), &ctx.ledger);
        self.choices.clear();
        self.doubts.clear();
        self.plan = None;
        self.show = Show::Taken;
        self.grid = GridState::default();
        self.look_at_table();
    }

    /// Says what a column means. Which rows are meant may change with it, so choices are made anew.
    pub fn set_meaning(&mut self, column: usize, meaning: Option<Meaning>) {
        let firm_before = self.table.firm_column();
        Arc::make_mut(&mut self.table).set_meaning(column, meaning);
        if self.table.firm_column() != firm_before {
            self.choices.clear();
            self.doubts.clear();
        }
        self.look_at_table();
    }

    fn look_at_table(&mut self) {
        self.areas = areas_of(&self.table);
        self.area_rows.clear();
        let column = self.table.column(Meaning::Area);
        for row in &self.table.rows {
            let mut seen: HashSet<&str> = HashSet::new();
            let groups = row.groups.iter().filter_map(|n| self.table.groups.get(*n as usize)).map(|g| g.label.as_str());
            for area in groups.chain(column.map(|c| &*row.cells[c].text)).filter(|area| !area.is_empty()) {
                if seen.insert(area) {
                    *self.area_rows.entry(area.to_owned()).or_default() += 1;
                }
            }
        }
        self.facts = Facts::of(&self.table);
        self.groups = (0..self.table.groups.len()).collect();
        // The places of those that differ are in order, so each can be looked up among them.
        self.groups.sort_by_key(|n| self.facts.differing.binary_search(n).is_err());
        self.group_grid = GridState::default();
    }

    /// Groups that say another number than they have.
    pub fn differing(&self) -> impl ExactSizeIterator<Item = &Group> {
        self.facts.differing.iter().map(|n| &self.table.groups[*n])
    }

    /// Takes a change of 导入为 in.
    pub fn change(&mut self, change: Change, ctx: &Ctx) {
        self.form.change(change, &self.areas, &ctx.ledger);
    }

    /// Asks for a plan as things stand now. While one is being made, for another after it.
    pub fn replan(&mut self, turn: &mut u64, ctx: &Ctx) -> Task<Message> {
        let settings = match self.form.settings(ctx.today) {
            Ok(settings) => settings,
            Err(missing) => {
                self.planning = None;
                self.plan = None;
                self.problem = Some(Problem::bad_input(missing));
                self.relist();
                return Task::none();
            }
        };
        if self.planning.is_some() {
            self.again = true;
            return Task::none();
        }
        *turn += 1;
        self.planning = Some((*turn, std::time::Instant::now()));
        let ask = Ask { table: Arc::clone(&self.table), settings, choices: self.choices.clone() };
        work::planning(*turn, ctx.db.clone(), ask)
    }

    /// A plan is there. Older ones than asked for last are let go.
    pub fn planned(&mut self, of: u64, plan: Result<Arc<Plan>>, turn: &mut u64, ctx: &Ctx) -> Task<Message> {
        let Some((_, since)) = self.planning.take_if(|(wanted, _)| *wanted == of) else { return Task::none() };
        if std::mem::take(&mut self.again) {
            return self.replan(turn, ctx);
        }
        match plan {
            Ok(plan) => {
                self.took = Some(since.elapsed());
                self.problem = None;
                lines::note_doubts(&mut self.doubts, &plan, &self.choices);
                self.plan = Some(plan);
            }
            Err(problem) => {
                self.plan = None;
                self.problem = Some(problem);
            }
        }
        self.relist();
        Task::none()
    }

    /// Whether a plan is on its way.
    pub fn is_planning(&self) -> bool {
        self.planning.is_some()
    }

    /// Another part of the lines.
    pub fn show(&mut self, show: Show) {
        self.show = show;
        self.grid.scroll_to_top();
        self.relist();
        self.grid.set_current(self.lines.first().copied(), &self.lines, 1);
    }

    /// Works the lines out anew.
    pub fn relist(&mut self) {
        self.sums = match &self.plan {
            Some(plan) => Sums::of(&self.table, plan, |row| self.doubts.contains_key(&row)),
            None => Sums::default(),
        };
        // Nothing of that sort is left: all that is taken shows.
        if self.plan.is_some() && self.sums.get(self.show) == 0 {
            self.show = Show::Taken;
        }
        self.bulk = Bulk::ALL.map(|bulk| match bulk {
            Bulk::Clear => (bulk, self.choices.len()),
            bulk => (bulk, lines::in_bulk(self, bulk).len()),
        });
        self.lines = lines::list(self);
        self.grid.rows_changed(&self.lines);
        if self.grid.current().is_none() {
            self.grid.set_current(self.lines.first().copied(), &self.lines, 1);
        }
    }

    /// Decides all rows of a sort at once.
    pub fn decide_all(&mut self, bulk: Bulk) {
        if bulk == Bulk::Clear {
            self.choices.clear();
        }
        let all = lines::in_bulk(self, bulk);
        self.choices.extend(all);
    }

    /// The row of the list that is current.
    pub fn current(&self) -> Option<usize> {
        match self.grid.current()? {
            Line::Row(row) => Some(row),
            Line::Passed(_) => None,
        }
    }

    /// How many rows would be written.
    pub fn writes(&self) -> usize {
        self.plan.as_ref().map_or(0, |plan| plan.writes())
    }

    /// How many rows wait for a person.
    pub fn open(&self) -> (usize, usize) {
        (self.sums.get(Show::Doubtful), self.sums.get(Show::Damaged))
    }
}
