//! What everything looks like: the tokens, the [`Theme`] that carries them, and how stock iced widgets are styled.
//!
//! Colours and sizes live here and nowhere else. Nothing here draws, holds state or knows a widget of ours.
//! [`tokens`] are the constants, [`catalog`] the styles of iced's own widgets, [`contrast`] the proof of readability.

pub mod catalog;
pub mod contrast;
pub mod tokens;

pub use tokens::{Density, Tokens, Tone};

/// The look in force: colours, density, and how many physical pixels a logical one has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Theme {
    /// The colours.
    pub tokens: &'static Tokens,
    /// How tightly rows are set.
    pub density: Density,
    /// Physical pixels per logical pixel: the person's scale times the window's. Lines are drawn on whole pixels of it.
    pub scale: f32,
}

impl Theme {
    /// Daylight, comfortable, at 100 %.
    pub const LIGHT: Theme = Theme { tokens: &tokens::LIGHT, density: Density::Comfortable, scale: 1.0 };
    /// Lamplight, comfortable, at 100 %.
    pub const DARK: Theme = Theme { tokens: &tokens::DARK, density: Density::Comfortable, scale: 1.0 };

    /// The same look at another density.
    #[must_use]
    pub const fn density(mut self, density: Density) -> Self {
        self.density = density;
        self
    }

    /// The same look at another scale. Anything but a positive number counts as 1.
    #[must_use]
    pub fn scale(mut self, scale: f32) -> Self {
        self.scale = if scale.is_finite() && scale > 0.0 { scale } else { 1.0 };
        self
    }

    /// The nearest whole physical pixel to a logical position.
    pub fn snap(&self, v: f32) -> f32 {
        (v * self.scale).round() / self.scale
    }

    /// A line of about `v` logical pixels, at least one physical pixel and a whole number of them.
    pub fn hair(&self, v: f32) -> f32 {
        (v * self.scale + 0.01).round().max(1.0) / self.scale
    }

    /// A rectangle whose four edges lie on whole physical pixels.
    pub fn snap_rect(&self, r: iced::Rectangle) -> iced::Rectangle {
        let (x, y) = (self.snap(r.x), self.snap(r.y));
        iced::Rectangle { x, y, width: self.snap(r.x + r.width) - x, height: self.snap(r.y + r.height) - y }
    }
}

impl iced::theme::Base for Theme {
    fn default(preference: iced::theme::Mode) -> Self {
        match preference {
            iced::theme::Mode::Dark => Theme::DARK,
            _ => Theme::LIGHT,
        }
    }

    fn mode(&self) -> iced::theme::Mode {
        if self.tokens.dark { iced::theme::Mode::Dark } else { iced::theme::Mode::Light }
    }

    fn base(&self) -> iced::theme::Style {
        iced::theme::Style { background_color: self.tokens.sheet, text_color: self.tokens.t1 }
    }

    fn palette(&self) -> Option<iced::theme::Palette> {
        let t = self.tokens;
        Some(iced::theme::Palette {
            background: t.sheet,
            text: t.t1,
            primary: t.accent,
            success: t.success,
            warning: t.warn,
            danger: t.danger,
        })
    }

    fn name(&self) -> &str {
        if self.tokens.dark { "夜间" } else { "日间" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_whole_physical_pixels_at_every_scale() {
        for percent in [80, 90, 100, 110, 125, 150, 175, 200] {
            let theme = Theme::LIGHT.scale(percent as f32 / 100.0);
            for v in [1.0, 2.0, 3.0] {
                let physical = theme.hair(v) * theme.scale;
                assert!(
                    (physical - physical.round()).abs() < 1e-3 && physical > 0.9,
                    "{percent} %: {v} became {physical}"
                );
            }
            let r = theme.snap_rect(iced::Rectangle { x: 10.3, y: 7.7, width: 33.3, height: 20.1 });
            for edge in [r.x, r.y, r.x + r.width, r.y + r.height] {
                let physical = edge * theme.scale;
                assert!((physical - physical.round()).abs() < 1e-2);
            }
        }
    }

    #[test]
    fn a_nonsensical_scale_is_taken_as_one() {
        for bad in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert_eq!(Theme::LIGHT.scale(bad).scale, 1.0);
        }
    }
}
