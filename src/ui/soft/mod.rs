//! The software renderer: iced's own, and on top of each of its layers our pictures, laid pixel for pixel.
//!
//! iced's renderer draws every picture and every line through a pipeline made for any transformation and any blending; a
//! page of the grid is 400 pictures and 40 lines that need neither, and took half of a wheel step that way. Here a
//! widget may hand over [`Stamp`]s instead: whole pixels, drawn by plain loops, with damage of their own.
//! Nothing here knows what the stamps show.

mod area;
mod compositor;
mod draw;
mod frames;
mod renderer;
mod stamp;
#[cfg(test)]
mod tests;

pub use compositor::Compositor;
#[cfg(not(feature = "gpu"))]
pub use frames::Offscreen;
pub use renderer::Renderer;
pub(crate) use stamp::{Picture, Stamp};
