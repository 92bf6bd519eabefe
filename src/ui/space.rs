//! The steps of space. Nothing stands at a distance that is not one of these.

/// 2 px.
pub const S2: f32 = 2.0;
/// 4 px.
pub const S4: f32 = 4.0;
/// 6 px: inside a badge, between icon and word.
pub const S6: f32 = 6.0;
/// 8 px: cell padding.
pub const S8: f32 = 8.0;
/// 12 px: label to field.
pub const S12: f32 = 12.0;
/// 16 px.
pub const S16: f32 = 16.0;
/// 20 px: between sections; right page margin.
pub const S20: f32 = 20.0;
/// 24 px: left page margin.
pub const S24: f32 = 24.0;
/// 32 px.
pub const S32: f32 = 32.0;
