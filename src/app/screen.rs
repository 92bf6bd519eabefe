//! What every screen can do; the desk knows them only so.

use std::fmt::Debug;

use super::ctx::Ctx;
use super::place::Place;
use super::update::Update;
use crate::ui::Element;
use crate::ui::icon::Icon;
use crate::ui::root::Pressed;
use crate::ui::widget::shell::Note;

/// A deed a screen offers in the palette.
#[derive(Debug, Clone)]
pub struct Offer<M> {
    pub icon: Icon,
    pub words: String,
    pub does: M,
}

impl<M> Offer<M> {
    /// One, in words that say what it is about.
    pub fn new(icon: Icon, words: impl Into<String>, does: M) -> Self {
        Self { icon, words: words.into(), does }
    }
}

/// A screen of the window. It holds what it shows; everything else is in the [`Ctx`].
pub trait Screen {
    /// What people and answers do to it.
    type Message: Clone + Debug + Send + 'static;

    /// Somebody comes here: show what the place says. Lists are read anew, whatever happened meanwhile.
    fn arrive(&mut self, place: &Place, ctx: &Ctx) -> Update<Self::Message>;

    /// The place as it stands now, to return to.
    fn place(&self) -> Place;

    /// The ledger or the working year changed while it shows.
    fn refresh(&mut self, ctx: &Ctx) -> Update<Self::Message>;

    /// Takes in what happened.
    fn update(&mut self, message: Self::Message, ctx: &Ctx) -> Update<Self::Message>;

    /// What a key does that no widget took.
    fn key(&self, _pressed: &Pressed, _ctx: &Ctx) -> Option<Self::Message> {
        None
    }

    /// The page.
    fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Self::Message>;

    /// A dialog above the window, and what closing it sends.
    fn above<'a>(&'a self, _ctx: &'a Ctx) -> Option<(Element<'a, Self::Message>, Self::Message)> {
        None
    }

    /// What it is busy with, for the status bar.
    fn note(&self, _ctx: &Ctx) -> Option<Note<Self::Message>> {
        None
    }

    /// What can be done here with what is selected or open, for the palette.
    fn offers(&self, _ctx: &Ctx) -> Vec<Offer<Self::Message>> {
        Vec::new()
    }

    /// Files were dropped onto the window.
    fn dropped(&self, _file: &std::path::Path) -> Option<Self::Message> {
        None
    }
}
