//! The office's own days off and days worked, and holiday papers that came after the program.

use chrono::NaiveDate;

use crate::catalog::calendars::YearFile;
use crate::domain::calendar::Row;
use crate::domain::calendar::own::{self, Year};
use crate::domain::event::Fact;
use crate::domain::history::Registers;
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::store::Act;
use crate::store::acts::Values;

impl Act<'_> {
    /// Says whether a day is worked, whatever the papers say. Returns whether anything differed.
    ///
    /// # Errors
    /// Bad input without a word why.
    pub fn set_day(&mut self, row: &Row) -> Result<bool> {
        if row.name.trim().is_empty() {
            return Err(Problem::bad_input("没有写为什么。").next("例如：台风停工、省里调休。"));
        }
        self.change_office(&[(own::key(row.date), Some(own::write(row)))].into())
    }

    /// Takes the office's own word on a day back: the papers count again. Returns whether there was one.
    pub fn drop_day(&mut self, day: NaiveDate) -> Result<bool> {
        self.change_office(&[(own::key(day), None)].into())
    }

    /// Takes the arrangement of a whole year in, in the place of what was known of it; the office's own days stay. Returns
    /// whether anything differed.
    ///
    /// # Errors
    /// Refused where the file holds no days: the year is not arranged yet.
    pub fn take_year(&mut self, file: &YearFile) -> Result<bool> {
        if file.rows.is_empty() {
            return Err(Problem::refused(format!("{} 年的放假安排是空的，还没有公布。", file.year)));
        }
        // Where the file names no paper, the year itself stands for it.
        let papers = if file.papers.is_empty() { file.year.to_string() } else { file.papers.join(" ") };
        let year = Year { year: file.year, papers, rows: file.rows.clone() };
        let mut values: Values = [(own::year_key(year.year), Some(own::write_year(&year)))].into();
        // What an earlier version took in for the year lies among the office's own days, and this arrangement replaces it.
        let history = self.history(RecordId::OFFICE)?;
        let fields = Registers::replay(history);
        for (key, value) in fields.values() {
            let set = fields.writer(key).and_then(|writer| history.fact(writer)).and_then(Fact::fields);
            if let (Some(row), Some(fields)) = (own::read_day(key, value), set)
                && own::is_of_paper(row.date, year.year, &fields.set)
            {
                values.insert(key.to_owned(), None);
            }
        }
        self.change_office(&values)
    }
}
