//! The keys of the window. In text fields only Ctrl, Alt and F keys act, because input methods eat letters.

use iced::keyboard::Key;
use iced::keyboard::key::Named;

use super::{Desk, Message, Shown, around, with_shown};
use crate::app::place::{DataTab, Place, SettingsTab};
use crate::app::screen::Screen;
use crate::ui::root::Pressed;

impl Desk {
    /// What a key that nobody took means here: the screen's own meaning before the window's.
    pub(super) fn shortcut(&self, pressed: &Pressed) -> Option<Message> {
        if self.as_of.is_some() {
            return (pressed.key == Key::Named(Named::Enter)).then_some(Message::AsOf(super::as_of::Message::Go));
        }
        if self.find.is_some() || self.detail.is_some() || self.past.is_some() {
            return None;
        }
        let own = with_shown!(ref self, |screen, wrap| screen.key(pressed, around(&self.ctx, &self.now, self.shown)).map(wrap));
        if own.is_some() {
            return own;
        }
        // A dialog has the keyboard to itself.
        if with_shown!(ref self, |screen, _wrap| screen.above(around(&self.ctx, &self.now, self.shown)).is_some()) {
            return None;
        }
        let (ctrl, alt, shift) = (pressed.modifiers.command(), pressed.modifiers.alt(), pressed.modifiers.shift());
        match (&pressed.key, pressed.latin) {
            (Key::Named(Named::ArrowLeft), _) if alt => Some(Message::Back),
            (Key::Named(Named::ArrowRight), _) if alt => Some(Message::Forward),
            (_, Some('l')) if ctrl => Some(Message::Lock(super::lock::Message::Lock)),
            (_, Some('k')) if ctrl => Some(Message::OpenFind),
            (_, Some('z')) if ctrl && shift => Some(Message::Redo),
            (_, Some('z')) if ctrl => Some(Message::Undo),
            (_, Some('y')) if ctrl => Some(Message::Redo),
            (_, Some('n')) if ctrl => Some(Message::Go(Place::NewFiling { firm: None, edition: None })),
            (_, Some('i')) if ctrl => Some(Message::Go(Place::Import)),
            (_, Some('1')) if ctrl => Some(Message::Go(Place::Workbench)),
            (_, Some('2')) if ctrl => Some(Message::Go(Place::firms())),
            (_, Some('3')) if ctrl => Some(Message::Go(Place::filings(self.ctx.year))),
            (_, Some('4')) if ctrl => {
                Some(Message::Go(Place::review(around(&self.ctx, &self.now, Shown::Review).year)))
            }
            (_, Some('5')) if ctrl => Some(Message::Go(Place::Data(DataTab::default()))),
            (_, Some('6')) if ctrl => Some(Message::Go(Place::Settings(SettingsTab::default()))),
            (_, Some('=' | '+')) if ctrl => Some(Message::Larger(Some(true))),
            (_, Some('-')) if ctrl => Some(Message::Larger(Some(false))),
            (_, Some('0')) if ctrl => Some(Message::Larger(None)),
            _ => None,
        }
    }
}
