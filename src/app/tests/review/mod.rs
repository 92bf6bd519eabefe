//! 审核: what a reviewer does all day, through the window on a real database.
//! One file per sort of work; what they share stands here.
//! Nothing here knows more of the screen than what is seen and where one is.

mod haste;
mod judging;
mod queue;
mod returning;
mod routing;
mod zoomed;

use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use crate::app::desk;
use crate::app::place::Place;
use crate::app::tests::support::{Seat, example_seat, today};
use crate::app::window::Message;
use crate::domain::id::RecordId;
use crate::store::acts::NewFiling;
use crate::store::ledger::{FilingFilter, FilingRow, StatusGroup};
use crate::store::queries::FilingFile;

fn go(seat: &mut Seat, place: Place) {
    seat.send(Message::Desk(desk::Message::Go(place)));
}

/// What was done behind the window becomes visible in it.
fn look_again(seat: &mut Seat) {
    seat.send(Message::Desk(desk::Message::Year(2026)));
}

fn alt(seat: &mut Seat, letter: &str) {
    seat.key_with(Key::Character(letter.into()), Modifiers::ALT, None);
}

fn row(seat: &Seat, id: RecordId) -> FilingRow {
    (**seat.db().ledger().filing(id).expect("it is there")).clone()
}

fn file(seat: &Seat, id: RecordId) -> FilingFile {
    seat.db().filing(id).wait().expect("an answer").expect("it is there")
}

fn firm(seat: &Seat, id: RecordId) -> String {
    let ledger = seat.db().ledger();
    ledger.firm_of(ledger.filing(id).expect("it is there")).name.to_string()
}

/// The filing the screen looks at.
fn looked_at(seat: &Seat) -> Option<RecordId> {
    match seat.window().desk().expect("somebody sits there").place() {
        Place::Review { open, .. } => open,
        other => panic!("not at the review but at {other:?}"),
    }
}

/// What waits, in the order of the queue.
fn waiting(seat: &Seat) -> Vec<RecordId> {
    let filter = FilingFilter { groups: [StatusGroup::Ours].into(), year: Some(2026), ..FilingFilter::default() };
    seat.db().ledger().list_filings(&filter, None)
}

/// The first one of a program that waits, open on the screen.
fn open_one(seat: &mut Seat, program: &str) -> RecordId {
    let ids = waiting(seat);
    let id = ids.into_iter().find(|id| row(seat, *id).program.id == program).expect("one waits");
    go(seat, Place::Review { filter: FilingFilter::default(), open: Some(id) });
    assert_eq!(looked_at(seat), Some(id));
    id
}

/// More filings of firms that have none in the batch, at our own desk.
fn hand_in(seat: &mut Seat, count: usize) {
    hand_in_on(seat, count, today());
}

/// The same since an earlier day.
fn hand_in_on(seat: &mut Seat, count: usize, day: chrono::NaiveDate) {
    let db = seat.db();
    let ledger = db.ledger();
    let editions = ledger.editions.iter().filter(|edition| edition.program == "gaoqi" && edition.year == 2026);
    let edition = editions.max_by_key(|edition| edition.batch).expect("a batch").id;
    let filed: Vec<RecordId> = ledger
        .filings()
        .filter(|row| ledger.edition_of(row).is_some_and(|known| known.id == edition))
        .map(|row| row.firm_id)
        .collect();
    let free: Vec<RecordId> = ledger.firms().map(|firm| firm.id).filter(|id| !filed.contains(id)).take(count).collect();
    assert_eq!(free.len(), count, "the example has firms enough");
    let user = ledger.users[0].id;
    let entered = db.act(user, "新增申报", move |act| {
        for firm in free {
            let new = NewFiling { stage: "district".into(), opened: Some(day), ..NewFiling::default() };
            act.open_filing(firm, edition, new)?;
        }
        Ok(())
    });
    entered.wait().expect("entered");
    look_again(seat);
}
