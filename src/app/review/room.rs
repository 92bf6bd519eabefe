//! How much room the screen has, and what gives way where it has little: a small window, or everything enlarged.
//!
//! Queue, content and decision stand side by side as long as the content stays wide enough to be read. Below that the queue
//! folds to a strip, and shows in the content's place when it is asked for; in a low window the panel scrolls as a whole and
//! only the decisions keep their place.

use super::list;
use crate::app::ctx::Ctx;

/// Width of the folded queue.
pub const STRIP: f32 = 44.0;
/// Width of the panel in a narrow window, in a wide one, and the least its buttons can do with.
const PANEL: f32 = 340.0;
const PANEL_WIDE: f32 = 396.0;
const PANEL_LEAST: f32 = 324.0;
/// The content is not read well in less than this.
const CONTENT: f32 = 420.0;
/// Below this height what is written scrolls with what is judged.
const LOW: f32 = 640.0;
/// Below this height even the head of the content scrolls with it.
const LOWEST: f32 = 480.0;
/// The lines between the columns.
const LINES: f32 = 2.0;

/// What the screen can do with its window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// The queue is a strip, or shows in the content's place.
    pub folded: bool,
    /// The panel scrolls as a whole.
    pub low: bool,
    /// The content's head scrolls with it.
    pub lowest: bool,
    pub panel: f32,
    pub middle: f32,
}

impl Room {
    /// What there is in this window.
    pub fn of(ctx: &Ctx) -> Self {
        let page = ctx.page_width();
        let panel = if ctx.size.width < 1280.0 { PANEL } else { PANEL_WIDE };
        let beside = page - list::WIDTH - panel - LINES;
        let (low, lowest) = (ctx.size.height < LOW, ctx.size.height < LOWEST);
        if beside >= CONTENT {
            return Self { folded: false, low, lowest, panel, middle: beside };
        }
        let rest = page - STRIP - LINES;
        let panel = panel.min(rest / 2.0).max(PANEL_LEAST);
        Self { folded: true, low, lowest, panel, middle: (rest - panel).max(0.0) }
    }
}
