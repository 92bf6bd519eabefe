//! 审核: what a reviewer does all day, through the window on a real database.
//! One file per sort of work; what they share stands here.

mod look;

use iced::Size;
use iced::keyboard::key::Named;

use crate::app::desk;
use crate::app::place::Place;
use crate::app::tests::support::{Seat, example_seat_of};
use crate::app::window::Message;

pub fn go(seat: &mut Seat, place: Place) {
    seat.send(Message::Desk(desk::Message::Go(place)));
}
