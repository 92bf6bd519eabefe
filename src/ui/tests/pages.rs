//! The gallery's pages as a whole.

use super::*;
use crate::ui::Density;
use crate::ui::gallery::{Above, Gallery, Message, Page};

#[test]
fn the_palette_moves_opens_and_closes_by_keys() {
    let mut gallery = Gallery::new(Theme::LIGHT, 100);
    gallery.above = Some(Above::Palette);
    let mut desk = Desk::new(1440.0, 900.0);
    let sent = desk.act(gallery.view(), &[key(Named::ArrowDown)]);
    assert!(matches!(sent.as_slice(), [Message::Moved(1)]), "{sent:?}");
    let sent = desk.act(gallery.view(), &[letter("z")]);
    assert!(matches!(sent.as_slice(), [Message::Typed(typed)] if typed == "hyz" || typed == "zhy"), "{sent:?}");
    let sent = desk.act(gallery.view(), &[key(Named::Escape)]);
    assert!(matches!(sent.as_slice(), [Message::Show(None)]), "{sent:?}");
    let sent = desk.act(gallery.view(), &[key(Named::Tab)]);
    assert!(matches!(sent.as_slice(), [Message::Show(None)]), "Tab opens beside: {sent:?}");
}

#[test]
fn every_page_of_the_gallery_is_drawn_in_every_look_and_at_any_size() {
    for theme in [Theme::LIGHT, Theme::DARK.density(Density::Compact).scale(1.25)] {
        for page in Page::ALL {
            for (width, height) in [(1366.0, 768.0), (640.0, 360.0), (200.0, 100.0)] {
                let mut gallery = Gallery::new(theme, 100);
                gallery.page = page;
                gallery.window = Size::new(width, height);
                gallery.panel = true;
                gallery.pose();
                let picture = picture::draw(gallery.view(), gallery.window, &gallery.theme()).unwrap();
                assert_eq!(picture.width, (width * theme.scale).round() as u32);
            }
        }
    }
}
