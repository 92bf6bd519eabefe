//! Guarding text against input methods: what they send is cleaned before a text field sees it, and the place told to them
//! is one where the candidate window does not cover the text.
//!
//! Found with fcitx5 over XIM: the candidate window opens at the point it is told and ignores the height, so it lay on
//! the text; Ctrl+A while composing commits `\u{1}`; and a preedit range that does not fall between characters makes the
//! drawing of the preedit panic.

use std::borrow::Cow;

use iced::advanced::input_method::Event as Ime;
use iced::{Event, Rectangle, keyboard};

/// The event as a text field may see it; `None` when nothing of it is left.
///
/// A key with Ctrl or Alt is a shortcut, yet some of them (Ctrl+1, Alt+1) come with a text that a field would type; both
/// together are AltGr, which does type.
pub fn clean(event: &Event) -> Option<Cow<'_, Event>> {
    if let Event::Keyboard(keyboard::Event::KeyPressed { modifiers, text: Some(_), .. }) = event
        && modifiers.control() != modifiers.alt()
    {
        let mut bare = event.clone();
        if let Event::Keyboard(keyboard::Event::KeyPressed { text, .. }) = &mut bare {
            *text = None;
        }
        return Some(Cow::Owned(bare));
    }
    let Event::InputMethod(ime) = event else { return Some(Cow::Borrowed(event)) };
    match ime {
        Ime::Preedit(words, range) => {
            let control = words.contains(char::is_control);
            let valid = range.as_ref().is_none_or(|r| r.start <= r.end && words.get(r.clone()).is_some());
            if !control && valid {
                return Some(Cow::Borrowed(event));
            }
            let words: String = words.chars().filter(|c| !c.is_control()).collect();
            let range = range.clone().filter(|_| valid && !control);
            Some(Cow::Owned(Event::InputMethod(Ime::Preedit(words, range))))
        }
        Ime::Commit(words) if words.contains(char::is_control) => {
            let words: String = words.chars().filter(|c| !c.is_control()).collect();
            (!words.is_empty()).then_some(Cow::Owned(Event::InputMethod(Ime::Commit(words))))
        }
        Ime::Commit(_) | Ime::Opened | Ime::Closed => Some(Cow::Borrowed(event)),
    }
}

/// Where to tell the input method that the caret is.
///
/// `zoom` is the person's own scale: the window system is told positions without it. On X11 the height of the area is
/// ignored, so the place told is the foot of the line.
pub fn area(caret: Rectangle, zoom: f32, x11: bool) -> Rectangle {
    let caret = caret * zoom;
    if x11 { Rectangle { y: caret.y + caret.height, ..caret } } else { caret }
}

/// Whether windows are on an X server, decided as winit does.
pub fn on_x11() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(all(unix, not(target_os = "macos"))) && !set("WAYLAND_DISPLAY") && !set("WAYLAND_SOCKET")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(ime: Ime) -> Option<Event> {
        clean(&Event::InputMethod(ime)).map(Cow::into_owned)
    }

    #[test]
    fn words_and_marks_go_through_untouched() {
        let event = Event::InputMethod(Ime::Preedit("xin cai".into(), Some(0..3)));
        assert!(matches!(clean(&event), Some(Cow::Borrowed(_))));
        let event = Event::InputMethod(Ime::Commit("新材料，".into()));
        assert!(matches!(clean(&event), Some(Cow::Borrowed(_))));
    }

    #[test]
    fn control_characters_never_reach_a_field() {
        assert_eq!(cleaned(Ime::Commit("\u{1}".into())), None, "Ctrl+A while composing");
        assert_eq!(cleaned(Ime::Commit("新\u{8}材".into())), Some(Event::InputMethod(Ime::Commit("新材".into()))));
        assert_eq!(
            cleaned(Ime::Preedit("a\u{1}b".into(), Some(0..3))),
            Some(Event::InputMethod(Ime::Preedit("ab".into(), None)))
        );
    }

    #[test]
    fn a_range_that_falls_inside_a_character_or_beyond_the_end_is_dropped() {
        #[expect(clippy::reversed_empty_ranges, reason = "a range an input method must not send, and may")]
        for range in [1..2, 0..4, 3..99, 9..9, 3..0] {
            assert_eq!(
                cleaned(Ime::Preedit("新材".into(), Some(range))),
                Some(Event::InputMethod(Ime::Preedit("新材".into(), None)))
            );
        }
    }

    #[test]
    fn the_candidate_window_opens_below_the_line() {
        let caret = Rectangle { x: 100.0, y: 40.0, width: 1.0, height: 22.0 };
        assert_eq!(area(caret, 1.0, true).y, 62.0);
        assert_eq!(area(caret, 1.5, true), Rectangle { x: 150.0, y: 93.0, width: 1.5, height: 33.0 });
        assert_eq!(area(caret, 1.0, false), caret);
    }

    proptest::proptest! {
        #[test]
        fn whatever_an_input_method_sends_can_be_drawn(words in ".{0,12}", start in 0usize..40, len in 0usize..40) {
            if let Some(Event::InputMethod(Ime::Preedit(words, Some(range)))) = cleaned(Ime::Preedit(words, Some(start..start + len))) {
                // The very slices the window makes of it.
                let _ = (&words[..range.start], &words[range.start..range.end], &words[range.end..]);
            }
        }
    }
}
