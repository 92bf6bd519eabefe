//! 企业.
//!
//!

use super::ctx::Ctx;
use super::place::Place;
use super::screen::Screen;
use super::update::Update;
use crate::ui::{Element, text};

/// The screen.
pub struct Firms {
    place: Place,
}

#[derive(Debug, Clone)]
pub enum Message {}

impl Firms {
    pub fn new(_ctx: &Ctx) -> Self {
        Self { place: Place::firms() }
    }
}

impl Screen for Firms {
    type Message = Message;

    fn arrive(&mut self, place: &Place, _ctx: &Ctx) -> Update<Message> {
        self.place = place.clone();
        Update::none()
    }

    fn place(&self) -> Place {
        self.place.clone()
    }

    fn refresh(&mut self, _ctx: &Ctx) -> Update<Message> {
        Update::none()
    }

    fn update(&mut self, message: Message, _ctx: &Ctx) -> Update<Message> {
        match message {}
    }

    fn view<'a>(&'a self, _ctx: &'a Ctx) -> Element<'a, Message> {
        text::title("企业").into()
    }
}
