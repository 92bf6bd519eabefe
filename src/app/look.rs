//! How the window looks: light or dark, how dense, how large. A habit of the machine, not of the office.

use iced::Size;
use serde::{Deserialize, Serialize};

use crate::ui::{Density, Theme};

/// What a person chose.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    pub dark: bool,
    pub rows: Rows,
    /// 0.8 to 2.
    pub zoom: f32,
}

/// How high rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Rows {
    /// As the window has room.
    #[default]
    Auto,
    Comfortable,
    Compact,
    Large,
}

/// The name it is remembered by.
pub const HABIT: &str = "look";

/// The steps of size one can go through.
pub const ZOOMS: &[f32] = &[0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0];

impl Default for Look {
    fn default() -> Self {
        Self { dark: false, rows: Rows::Auto, zoom: 1.0 }
    }
}

impl Look {
    /// The theme for a window of a size in logical pixels on a screen of a scale.
    pub fn theme(&self, window: Size, screen: f32) -> Theme {
        let theme = if self.dark { Theme::DARK } else { Theme::LIGHT };
        let density = match self.rows {
            Rows::Comfortable => Density::Comfortable,
            Rows::Compact => Density::Compact,
            Rows::Large => Density::Large,
            Rows::Auto if window.height < 800.0 || window.width < 1400.0 => Density::Compact,
            Rows::Auto => Density::Comfortable,
        };
        theme.density(density).scale(screen * self.zoom())
    }

    /// The zoom, within its bounds whatever was remembered.
    pub fn zoom(&self) -> f32 {
        if self.zoom.is_finite() { self.zoom.clamp(0.8, 2.0) } else { 1.0 }
    }

    /// One step larger or smaller; `None`: back to 100 %.
    #[must_use]
    pub fn stepped(self, larger: Option<bool>) -> Self {
        let now = self.zoom();
        let zoom = match larger {
            None => 1.0,
            Some(true) => ZOOMS.iter().copied().find(|zoom| *zoom > now + 0.01).unwrap_or(now),
            Some(false) => ZOOMS.iter().rev().copied().find(|zoom| *zoom < now - 0.01).unwrap_or(now),
        };
        Self { zoom, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_window_is_compact_until_somebody_says_otherwise() {
        let small = Size::new(1366.0, 768.0);
        assert_eq!(Look::default().theme(small, 1.0).density, Density::Compact);
        assert_eq!(Look::default().theme(Size::new(1920.0, 1080.0), 1.0).density, Density::Comfortable);
        assert_eq!(Look { rows: Rows::Large, ..Look::default() }.theme(small, 1.0).density, Density::Large);
    }

    #[test]
    fn zoom_goes_in_steps_and_never_leaves_its_bounds() {
        let mut look = Look::default();
        for _ in 0..20 {
            look = look.stepped(Some(true));
        }
        assert_eq!(look.zoom(), 2.0);
        for _ in 0..20 {
            look = look.stepped(Some(false));
        }
        assert_eq!(look.zoom(), 0.8);
        assert_eq!(Look { zoom: f32::NAN, ..look }.zoom(), 1.0);
        assert_eq!(look.stepped(None).zoom(), 1.0);
    }
}
