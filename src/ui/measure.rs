//! How wide a text is, and cutting it to a width with “…”, without shaping it.
//!
//! A text that overflows its cell costs the software renderer a mask the size of the window, so every text of the grid is
//! cut before it is drawn. Shaping only to measure would cost more than drawing; the fonts make it unnecessary: a Han
//! character is one em, digits are all alike, and the rest is read from the font once per character.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{OnceLock, RwLock};

use iced::advanced::graphics::text::cosmic_text::{Weight, fontdb};
use iced::advanced::graphics::text::font_system;

use crate::ui::fonts;

/// The mark left where a text was cut.
pub const CUT: char = '…';

/// Advances in em of one face.
struct Face {
    bold: bool,
    ascii: [f32; 128],
    other: RwLock<HashMap<char, f32>>,
}

/// Reads advances of `chars` from the embedded face; a character it lacks counts as one em, as a fallback face's would.
fn read(bold: bool, chars: impl Iterator<Item = char>) -> Vec<f32> {
    fonts::load();
    let fallback = |chars: usize| vec![1.0; chars];
    let chars: Vec<char> = chars.collect();
    let Ok(mut system) = font_system().write() else { return fallback(chars.len()) };
    let raw = system.raw();
    let weight = if bold { Weight::BOLD } else { Weight::NORMAL };
    let families = [fontdb::Family::Name(fonts::FAMILY)];
    let query = fontdb::Query { families: &families, weight, ..fontdb::Query::default() };
    let Some(font) = raw.db().query(&query).and_then(|id| raw.get_font(id, weight)) else {
        return fallback(chars.len());
    };
    let face = font.as_swash();
    let metrics = face.glyph_metrics(&[]);
    let em = f32::from(metrics.units_per_em()).max(1.0);
    let map = face.charmap();
    chars
        .into_iter()
        .map(|c| match map.map(c) {
            0 => 1.0,
            glyph => metrics.advance_width(glyph) / em,
        })
        .collect()
}

impl Face {
    fn of(bold: bool) -> &'static Face {
        static FACES: [OnceLock<Face>; 2] = [OnceLock::new(), OnceLock::new()];
        FACES[usize::from(bold)].get_or_init(|| {
            let mut ascii = [0.0; 128];
            ascii.copy_from_slice(&read(bold, (0u8..128).map(char::from)));
            Face { bold, ascii, other: RwLock::default() }
        })
    }

    fn advance(&self, c: char) -> f32 {
        if let Some(known) = self.ascii.get(c as usize) {
            return *known;
        }
        // Han characters, kana and full-width forms are one em each, by design of the font.
        if matches!(c, '\u{3040}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}') {
            return 1.0;
        }
        if let Ok(known) = self.other.read()
            && let Some(advance) = known.get(&c)
        {
            return *advance;
        }
        let advance = read(self.bold, std::iter::once(c)).first().copied().unwrap_or(1.0);
        if let Ok(mut known) = self.other.write() {
            known.insert(c, advance);
        }
        advance
    }
}

/// The width of one line of text in logical pixels.
pub fn width(text: &str, size: f32, bold: bool) -> f32 {
    let face = Face::of(bold);
    text.chars().map(|c| face.advance(c)).sum::<f32>() * size
}

/// The text itself when it fits into `room`, else as much of its beginning as fits with “…” after it. Text for which
/// not even the mark fits becomes empty.
pub fn cut(text: &str, size: f32, bold: bool, room: f32) -> Cow<'_, str> {
    let face = Face::of(bold);
    let room = room / size;
    // A hair of tolerance: column widths are often exactly the width of what was measured to set them.
    let fits = |w: f32| w <= room + 1e-3;
    let mark = face.advance(CUT);
    let (mut used, mut keep) = (0.0, None);
    for (at, c) in text.char_indices() {
        if keep.is_none() && !fits(used + face.advance(c) + mark) {
            keep = Some(at);
        }
        used += face.advance(c);
        if !fits(used) {
            return match keep {
                Some(_) if !fits(mark) => Cow::Borrowed(""),
                Some(at) => Cow::Owned(format!("{}{CUT}", text[..at].trim_end())),
                None => Cow::Borrowed(text),
            };
        }
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use iced::advanced::text::{Paragraph as _, Text, Wrapping};

    fn shaped(text: &str, size: f32, bold: bool) -> f32 {
        fonts::load();
        iced::advanced::graphics::text::Paragraph::with_text(Text {
            content: text,
            bounds: iced::Size::new(f32::INFINITY, f32::INFINITY),
            size: size.into(),
            line_height: Default::default(),
            font: if bold { fonts::BOLD } else { fonts::REGULAR },
            align_x: Default::default(),
            align_y: iced::alignment::Vertical::Top,
            shaping: Default::default(),
            wrapping: Wrapping::None,
        })
        .min_width()
    }

    #[test]
    fn measuring_agrees_with_the_text_engine() {
        for text in [
            "青澜恒砚新材料有限公司",
            "91379905MA3C7H2K4U",
            "12,077.90",
            "−3.0%",
            "众创空间（市级）·2026 年度",
            "AVATAR To",
        ] {
            for bold in [false, true] {
                let (ours, theirs) = (width(text, 14.0, bold), shaped(text, 14.0, bold));
                assert!(ours + 0.01 >= theirs && ours - theirs < 4.0, "{text} {bold}: {ours} against {theirs}");
            }
        }
    }

    #[test]
    fn digits_are_tabular_in_the_regular_face() {
        let one = width("1", 14.0, false);
        assert!((0..10).all(|d| (width(&d.to_string(), 14.0, false) - one).abs() < 1e-4));
        assert!((one / 14.0 - 0.555).abs() < 0.002);
    }

    #[test]
    fn a_text_that_fits_is_left_alone_and_a_longer_one_is_cut_with_a_mark() {
        assert_eq!(cut("青澜恒砚", 14.0, false, 56.0), "青澜恒砚");
        assert_eq!(cut("青澜恒砚新材料", 14.0, false, 56.0), "青澜恒…");
        assert_eq!(cut("青澜恒砚新材料", 14.0, false, 14.0), "…");
        assert_eq!(cut("青澜恒砚新材料", 14.0, false, 3.0), "");
        assert_eq!(cut("", 14.0, false, 0.0), "");
        assert_eq!(cut("青 澜恒砚", 14.0, false, 36.0), "青…", "no space is left before the mark");
    }

    proptest::proptest! {
        #[test]
        fn a_cut_text_never_overflows(text in "\\PC{0,40}", room in 0.0f32..300.0, bold: bool) {
            let kept = cut(&text, 13.0, bold, room);
            proptest::prop_assert!(width(&kept, 13.0, bold) <= room + 0.1);
        }
    }
}
