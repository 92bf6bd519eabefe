//! 申报: entering, moving, returning, recommending, publishing, exporting; what people do with filings all day.
//! One file per sort of work; what they share stands here.
//! All of it goes through the window on a real database.

mod entry;
mod list;
mod materials;
mod moving;
mod page;

use std::collections::BTreeSet;

use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use crate::app::desk;
use crate::app::place::Place;
use crate::app::tests::support::{Seat, today};
use crate::app::window::Message;
use crate::domain::filing::machine::Wish;
use crate::domain::id::RecordId;
use crate::domain::pinyin::Reader;
use crate::domain::program::Effect;
use crate::store::ledger::{Edition, FilingFilter, FilingRow, StatusGroup};
use crate::store::queries::FilingFile;

pub fn go(seat: &mut Seat, place: Place) {
    seat.send(Message::Desk(desk::Message::Go(place)));
}

/// What was done behind the window becomes visible in it.
pub fn look_again(seat: &mut Seat) {
    seat.send(Message::Desk(desk::Message::Year(2026)));
}

pub fn place(seat: &Seat) -> Place {
    seat.window().desk().expect("somebody sits there").place()
}

/// The last edition of a program this year.
pub fn edition(seat: &Seat, program: &str) -> Edition {
    let ledger = seat.db().ledger();
    let of_year = ledger.editions.iter().filter(|edition| edition.program == program && edition.year == 2026);
    of_year.max_by_key(|edition| edition.batch).expect("an edition").clone()
}

pub fn in_edition(edition: &Edition, open: Option<RecordId>) -> Place {
    let filter = FilingFilter {
        edition: Some(edition.id),
        program: Some(edition.program.clone()),
        year: Some(edition.year),
        ..FilingFilter::default()
    };
    Place::Filings { filter, open }
}

/// A filing of this year that passes a test, the first by number.
pub fn some_filing(seat: &Seat, test: impl Fn(&FilingRow) -> bool) -> FilingRow {
    let ledger = seat.db().ledger();
    let mut all: Vec<_> = ledger.filings().filter(|row| row.number.starts_with("2026") && test(row)).cloned().collect();
    all.sort_by(|a, b| a.number.cmp(&b.number));
    (**all.first().expect("such a filing")).clone()
}

pub fn at_district(row: &FilingRow) -> bool {
    row.program.id == "gaoqi" && row.group() == StatusGroup::Ours && row.round == 1
}

pub fn row(seat: &Seat, id: RecordId) -> FilingRow {
    (**seat.db().ledger().filing(id).expect("it is there")).clone()
}

pub fn file(seat: &Seat, id: RecordId) -> FilingFile {
    seat.db().filing(id).wait().expect("an answer").expect("it is there")
}

pub fn firm_name(seat: &Seat, row: &FilingRow) -> String {
    seat.db().ledger().firm_of(row).name.to_string()
}

/// Opens a filing beside the list of its edition.
pub fn open(seat: &mut Seat, id: RecordId) {
    let ledger = seat.db().ledger();
    let edition = ledger.edition_of(ledger.filing(id).expect("it is there")).expect("an edition").clone();
    go(seat, in_edition(&edition, Some(id)));
}

pub fn initials(name: &str) -> String {
    let tones = Reader::builtin().tones(name).into_iter().flatten();
    tones.filter_map(|tone| tone.chars().next()).filter(char::is_ascii).collect()
}

/// Firms without a filing in an edition whose initials find them first.
pub fn free_firms(seat: &Seat, edition: &Edition, count: usize) -> Vec<(RecordId, String, String)> {
    let ledger = seat.db().ledger();
    let taken: BTreeSet<RecordId> = ledger
        .filings()
        .filter(|row| ledger.edition_of(row).is_some_and(|known| known.id == edition.id))
        .map(|row| row.firm_id)
        .collect();
    let mut firms: Vec<_> = ledger.firms().filter(|firm| !taken.contains(&firm.id)).collect();
    firms.sort_by(|a, b| a.name.cmp(&b.name));
    let all = firms.into_iter().filter_map(|firm| {
        let typed = initials(&firm.name);
        let found = ledger.find(&typed, 2).firms;
        (found.len() == 1 && found[0].id == firm.id).then(|| (firm.id, firm.name.to_string(), typed))
    });
    all.take(count).collect()
}

pub fn filings_in(seat: &Seat, edition: RecordId) -> usize {
    let filter = FilingFilter { edition: Some(edition), ..FilingFilter::default() };
    seat.db().ledger().list_filings(&filter, None).len()
}

pub fn ctrl_enter(seat: &mut Seat) {
    seat.key_with(Key::Named(Named::Enter), Modifiers::CTRL, None);
}

/// Moves a filing behind the window, as another desk would.
pub fn moved(seat: &Seat, id: RecordId, stage: &str, effect: Effect) {
    let stage = stage.to_owned();
    let wish = Wish::new(effect, today());
    let office = seat.db();
    let user = office.ledger().users[0].id;
    office.act(user, "登记结果", move |act| act.record_result(id, &stage, &wish)).wait().expect("a legal move");
}

/// What people call a field of a filing's form.
pub fn form_label(seat: &Seat, id: RecordId, field: &str) -> String {
    let (_, version) = file(seat, id).known.expect("a program this version knows");
    version.form.iter().find(|known| known.id == field).expect("a field").label.clone()
}
