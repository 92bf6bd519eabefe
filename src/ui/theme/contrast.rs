//! WCAG 2.1 contrast, and the test that holds the colours to it.

use iced::Color;

/// Relative luminance of an opaque colour (WCAG 2.1).
pub fn luminance(c: Color) -> f32 {
    let channel = |v: f32| if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) };
    0.2126 * channel(c.r) + 0.7152 * channel(c.g) + 0.0722 * channel(c.b)
}

/// Contrast ratio between two opaque colours, from 1 to 21.
pub fn contrast(a: Color, b: Color) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::tokens::{DARK, LIGHT, Tokens};

    fn grounds(t: &Tokens) -> [(&'static str, Color); 5] {
        [("sheet", t.sheet), ("inset", t.inset), ("desk", t.desk), ("hover", t.hover), ("selected", t.selected)]
    }

    fn inks(t: &Tokens) -> [(&'static str, Color); 8] {
        [
            ("t1", t.t1),
            ("t2", t.t2),
            ("t3", t.t3),
            ("accent", t.accent),
            ("success", t.success),
            ("warn", t.warn),
            ("danger", t.danger),
            ("info", t.info),
        ]
    }

    #[test]
    fn every_text_colour_is_readable_on_every_ground() {
        for t in [&LIGHT, &DARK] {
            for (ground, on) in grounds(t).into_iter().chain([("pop", t.pop)]) {
                for (ink, c) in inks(t) {
                    let ratio = contrast(c, on);
                    assert!(ratio >= 4.5, "{ink} on {ground} ({}) is only {ratio:.2}", t.dark);
                }
            }
            for (ink, c, soft) in [
                ("accent", t.accent, t.accent_soft),
                ("success", t.success, t.success_soft),
                ("warn", t.warn, t.warn_soft),
                ("danger", t.danger, t.danger_soft),
                ("info", t.info, t.info_soft),
            ] {
                assert!(contrast(c, soft) >= 4.5, "{ink} on its own soft");
                assert!(contrast(t.t1, soft) >= 9.8, "t1 on {ink} soft");
            }
            assert!(contrast(t.on_fill, t.accent_fill) >= 4.5);
            assert!(contrast(t.on_fill, t.danger_fill) >= 4.5);
        }
    }

    #[test]
    fn borders_of_controls_and_the_focus_ring_can_be_seen() {
        for t in [&LIGHT, &DARK] {
            assert!(contrast(t.line_ctl, t.sheet) >= 3.0);
            for (ground, on) in grounds(t) {
                assert!(contrast(t.accent, on) >= 3.0, "focus ring on {ground}");
            }
        }
    }

    #[test]
    fn the_table_of_ratios_in_the_design_still_holds() {
        let near = |a: f32, b: f32| (a - b).abs() < 0.06;
        assert!(near(contrast(LIGHT.t1, LIGHT.sheet), 16.0));
        assert!(near(contrast(LIGHT.t3, LIGHT.selected), 4.75));
        assert!(near(contrast(LIGHT.line_ctl, LIGHT.sheet), 3.41));
        assert!(near(contrast(DARK.line_ctl, DARK.sheet), 4.15));
        assert!(near(contrast(DARK.t3, DARK.selected), 4.76));
        assert!(near(contrast(DARK.danger, DARK.sheet), 7.9));
        assert!(near(contrast(LIGHT.on_fill, LIGHT.accent_fill), 8.15));
    }
}
