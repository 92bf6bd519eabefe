//! The pieces screens are built of, one file each: they take strings, tones and messages and return elements.
//! A widget holds only what belongs to the pointer or the keyboard (hover, focus, an open list); what is shown comes from
//! the screen at every view. No widget may know what the strings mean, and none may style by a colour that is not a token.

pub mod area;
pub mod badge;
pub mod button;
pub mod calendar;
pub mod checkbox;
pub mod chip;
pub mod combo;
pub mod date_field;
pub mod dialog;
pub mod due;
pub mod empty;
pub mod field;
mod frame;
mod guard;
pub mod input;
mod item;
pub mod keycap;
pub mod keys;
pub mod ledger;
pub mod list;
pub mod menu;
pub mod palette;
pub mod popover;
pub mod press;
pub mod progress;
pub mod queue;
pub mod rail;
pub mod ring;
pub mod rule;
pub mod scroll;
pub mod section;
pub mod segmented;
pub mod select;
pub mod shell;
mod slip;
pub mod split;
pub mod stages;
pub mod tabs;
pub mod toast;
pub mod tooltip;
