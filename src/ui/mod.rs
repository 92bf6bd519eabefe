//! The design system and the data grid: theme, fonts, icons, type styles, widgets, the input-method guard, pictures.
//! It is generic: the floors above hand it strings, tones and ids, and get messages back.
//! Nothing here may know the domain, the catalog, the store or the exchange.

mod bake;
pub mod focus;
pub mod fonts;
pub mod gallery;
pub mod grid;
pub mod icon;
pub mod ime;
pub mod measure;
mod paint;
pub mod picture;
pub mod root;
#[cfg_attr(feature = "gpu", expect(dead_code, reason = "that build has a renderer of its own"))]
mod soft;
pub mod space;
#[cfg(test)]
mod tests;
pub mod text;
pub mod theme;
pub mod widget;

pub use iced::Color;
pub use icon::Icon;
#[cfg(not(feature = "gpu"))]
pub use soft::Offscreen;
pub use theme::{Density, Theme, Tokens, Tone};

/// The renderer everything is drawn with.
#[cfg(not(feature = "gpu"))]
pub type Renderer = soft::Renderer;
/// The renderer everything is drawn with: the graphics card's, and iced's own software renderer where there is none.
#[cfg(feature = "gpu")]
pub type Renderer = iced::Renderer;

/// An element under our theme.
pub type Element<'a, M> = iced::Element<'a, M, Theme, Renderer>;
