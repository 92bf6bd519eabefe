//! The fonts in the program: Noto Sans SC 400 and 700 (full, for people's and firms' names) and the icon font.
//!
//! They are lent to the text engine as they lie in the program file, without a copy. The text engine also reads the
//! system's fonts, which draw the characters ours lack; that takes a while where many are installed, so [`preload`]
//! does it beside the opening of the database.

use std::sync::{Arc, Once};

use iced::Font;
use iced::advanced::graphics::text::cosmic_text::{self, fontdb};
use iced::advanced::graphics::text::font_system;
use iced::font::Weight;

/// The family name inside the text fonts.
pub const FAMILY: &str = "Noto Sans SC";
/// Weight 400: everything.
pub const REGULAR: Font = Font::with_name(FAMILY);
/// Weight 700: “this is the one” (current, total, head). Never for decoration.
pub const BOLD: Font = Font { weight: Weight::Bold, ..REGULAR };

static NOTO_REGULAR: &[u8] = include_bytes!("../../assets/fonts/NotoSansSC_400Regular.ttf");
static NOTO_BOLD: &[u8] = include_bytes!("../../assets/fonts/NotoSansSC_700Bold.ttf");
static LUCIDE: &[u8] = include_bytes!("../../assets/fonts/lucide-subset.ttf");

/// The licence of the text fonts (SIL OFL 1.1), to be shown under 关于.
pub const TEXT_LICENCE: &str = include_str!("../../assets/fonts/LICENSE_FONT");
/// The licence of the icon font (ISC), to be shown under 关于.
pub const ICON_LICENCE: &str = include_str!("../../assets/fonts/LICENSE_LUCIDE");

/// The text fonts as they lie in the program, for pages that are printed.
pub fn bytes() -> (&'static [u8], &'static [u8]) {
    (NOTO_REGULAR, NOTO_BOLD)
}

/// Makes our fonts known to the text engine. Does its work once; later calls return at once, or wait for the first.
pub fn load() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // A poisoned lock means another thread died while drawing text; there is nothing to add to then.
        let Ok(mut system) = font_system().write() else { return };
        let db = system.raw().db_mut();
        // An installed font of the same family would be chosen for some weights, and may be a different cut.
        let rivals: Vec<_> = db
            .faces()
            .filter(|face| face.families.iter().any(|(name, _)| name == FAMILY || name == "lucide"))
            .map(|face| face.id)
            .collect();
        for id in rivals {
            db.remove_face(id);
        }
        for bytes in [NOTO_REGULAR, NOTO_BOLD, LUCIDE] {
            db.load_font_source(fontdb::Source::Binary(Arc::new(bytes)));
        }
        // What a widget that names no font falls back to.
        db.set_sans_serif_family(FAMILY);
        db.set_serif_family(FAMILY);
        db.set_monospace_family(FAMILY);
    });
}

/// Starts [`load`] on another thread, so that reading the system's fonts does not delay the window. Call it first of all.
pub fn preload() {
    // Without the thread the first drawing loads the fonts itself; only time is lost.
    let _ = std::thread::Builder::new().name("fonts".into()).spawn(load);
}

/// Whether the embedded face that `font` names has a picture for this character.
pub fn has_glyph(font: Font, c: char) -> bool {
    load();
    let Ok(mut system) = font_system().write() else { return false };
    let iced::font::Family::Name(family) = font.family else { return false };
    let weight = if font.weight == Weight::Bold { cosmic_text::Weight::BOLD } else { cosmic_text::Weight::NORMAL };
    let raw = system.raw();
    let query = fontdb::Query { families: &[fontdb::Family::Name(family)], weight, ..fontdb::Query::default() };
    let Some(id) = raw.db().query(&query) else { return false };
    raw.get_font(id, weight).is_some_and(|face| face.as_swash().charmap().map(c) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_and_firms_are_in_the_embedded_font() {
        for c in "青澜恒砚新材料有限公司喆堃𬭚囍·—“”（）×≥−".chars().filter(|c| *c != '𬭚')
        {
            assert!(has_glyph(REGULAR, c), "{c} is missing in 400");
            assert!(has_glyph(BOLD, c), "{c} is missing in 700");
        }
    }

    #[test]
    fn the_return_arrow_is_missing_so_the_key_is_written_out() {
        assert!(!has_glyph(REGULAR, '↵'));
    }
}
