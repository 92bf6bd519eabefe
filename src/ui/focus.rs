//! Where the keyboard is: going from one focusable widget to the next, and bringing it into sight.
//!
//! Every widget of ours that can be operated takes focus, in the order of the view; Tab is wired once, in the root.

use iced::advanced::widget::operation::{Focusable, Operation, Outcome, Scrollable, TextInput};
use iced::advanced::widget::{Id, operation::scrollable::AbsoluteOffset};
use iced::{Rectangle, Task, Vector};

/// Room kept around a widget that is brought into sight.
const MARGIN: f32 = 12.0;

/// What a focusable widget of ours remembers. It draws its ring only when focus came by the keyboard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Focus {
    held: bool,
    by_key: bool,
}

impl Focus {
    /// Whether it holds the keyboard.
    pub fn held(self) -> bool {
        self.held
    }

    /// Whether the ring is to be drawn.
    pub fn shown(self) -> bool {
        self.held && self.by_key
    }

    /// Takes the keyboard because it was clicked.
    pub fn click(&mut self) {
        *self = Self { held: true, by_key: false };
    }

    /// Lets the keyboard go. Returns whether it held it.
    pub fn drop(&mut self) -> bool {
        std::mem::take(self).held
    }

    /// A key was used while it holds the keyboard: from now on it shows.
    pub fn key(&mut self) {
        self.by_key = self.held;
    }
}

impl Focusable for Focus {
    fn is_focused(&self) -> bool {
        self.held
    }

    fn focus(&mut self) {
        *self = Self { held: true, by_key: true };
    }

    fn unfocus(&mut self) {
        *self = Self::default();
    }
}

/// Counts the focusable widgets and finds the one that holds the keyboard.
#[derive(Debug, Default)]
pub struct Find {
    total: usize,
    held: Option<usize>,
    /// The first one that is typed into.
    typed: Option<usize>,
}

impl Operation for Find {
    fn focusable(&mut self, _id: Option<&Id>, bounds: Rectangle, state: &mut dyn Focusable) {
        if !counts(bounds) {
            return;
        }
        if state.is_focused() {
            self.held = Some(self.total);
        }
        self.total += 1;
    }

    fn text_input(&mut self, _id: Option<&Id>, bounds: Rectangle, _state: &mut dyn TextInput) {
        // A text field reports itself twice: so, then as the focusable that is counted next.
        if counts(bounds) && self.typed.is_none() {
            self.typed = Some(self.total);
        }
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }
}

/// A widget folded away to nothing is passed over.
fn counts(bounds: Rectangle) -> bool {
    bounds.width >= 1.0 && bounds.height >= 1.0
}

impl Find {
    /// Goes to the next widget, or the one before; past the last it begins again. `None` when there is none.
    pub fn step(&self, forward: bool) -> Option<Give> {
        let last = self.total.checked_sub(1)?;
        let target = match (self.held, forward) {
            (None, true) => 0,
            (None, false) => last,
            (Some(at), true) => (at + 1) % self.total,
            (Some(at), false) => at.checked_sub(1).unwrap_or(last),
        };
        Some(Give::to(target))
    }

    /// Where a dialog begins: its first field, else its last button, which is the one it is for. `None` when it has the
    /// keyboard already.
    pub fn enter(&self) -> Option<Give> {
        let last = self.total.checked_sub(1)?;
        if self.held.is_some() { None } else { Some(Give::to(self.typed.unwrap_or(last))) }
    }

    /// The first focusable widget, when none holds the keyboard yet.
    pub fn first(&self) -> Option<Give> {
        if self.held.is_some() { None } else { self.step(true) }
    }
}

/// Which widget gets the keyboard.
#[derive(Debug)]
enum Target {
    /// The nth of all.
    Nth(usize),
    Named(Id),
}

/// Gives the keyboard to one widget and takes it from all others; notes where it is.
#[derive(Debug)]
pub struct Give {
    target: Target,
    seen: usize,
    /// The scrollables around the place that is being walked.
    path: Vec<usize>,
    scrollables: usize,
    next_scrolls: Option<usize>,
    found: Option<(Rectangle, Vec<usize>)>,
}

impl Operation for Give {
    fn scrollable(
        &mut self,
        _id: Option<&Id>,
        _bounds: Rectangle,
        _content: Rectangle,
        _translation: Vector,
        _state: &mut dyn Scrollable,
    ) {
        // Its content follows as the next traversal.
        self.next_scrolls = Some(self.scrollables);
        self.scrollables += 1;
    }

    fn focusable(&mut self, id: Option<&Id>, bounds: Rectangle, state: &mut dyn Focusable) {
        if !counts(bounds) {
            return state.unfocus();
        }
        let is_it = match &self.target {
            Target::Nth(n) => self.seen == *n,
            Target::Named(name) => id == Some(name),
        };
        if is_it {
            state.focus();
            self.found = Some((bounds, self.path.clone()));
        } else {
            state.unfocus();
        }
        self.seen += 1;
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        let entered = self.next_scrolls.take();
        self.path.extend(entered);
        operate(self);
        if entered.is_some() {
            self.path.pop();
        }
    }

    fn finish(&self) -> Outcome<()> {
        match self.reveal() {
            Some(reveal) => Outcome::Chain(Box::new(reveal)),
            None => Outcome::None,
        }
    }
}

impl Give {
    fn to(target: usize) -> Self {
        Self::target(Target::Nth(target))
    }

    fn target(target: Target) -> Self {
        Self { target, seen: 0, path: Vec::new(), scrollables: 0, next_scrolls: None, found: None }
    }

    /// Scrolls to the widget that got the keyboard, when it lies in something that scrolls.
    pub fn reveal(&self) -> Option<Reveal> {
        let (target, path) = self.found.clone()?;
        (!path.is_empty()).then_some(Reveal { target, path, seen: 0 })
    }
}

/// Scrolls the scrollables around a widget so that it is in sight.
#[derive(Debug)]
pub struct Reveal {
    target: Rectangle,
    path: Vec<usize>,
    seen: usize,
}

impl Operation for Reveal {
    fn scrollable(
        &mut self,
        _id: Option<&Id>,
        bounds: Rectangle,
        _content: Rectangle,
        translation: Vector,
        state: &mut dyn Scrollable,
    ) {
        let here = self.path.contains(&self.seen);
        self.seen += 1;
        if !here {
            return;
        }
        // The target's place is that of an unscrolled content.
        let top = self.target.y - bounds.y - MARGIN;
        let bottom = self.target.y + self.target.height - bounds.y + MARGIN - bounds.height;
        let y = if translation.y > top {
            top.max(0.0)
        } else if translation.y < bottom {
            bottom
        } else {
            return;
        };
        state.scroll_to(AbsoluteOffset { x: None, y: Some(y) });
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }
}

/// Takes the keyboard from whatever holds it.
#[derive(Debug)]
pub struct Release;

impl Operation for Release {
    fn focusable(&mut self, _id: Option<&Id>, _bounds: Rectangle, state: &mut dyn Focusable) {
        if state.is_focused() {
            state.unfocus();
        }
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }
}

/// Gives the keyboard to a widget by its name, and brings it into sight.
pub fn to<M: Send + 'static>(name: impl Into<Id>) -> Task<M> {
    iced::advanced::widget::operate(Give::target(Target::Named(name.into()))).discard()
}

/// Walks the focus through whatever `operate` reaches: forward or back, with the target brought into sight.
pub fn step(forward: bool, mut operate: impl FnMut(&mut dyn Operation)) -> bool {
    let mut find = Find::default();
    operate(&mut find);
    give(find.step(forward), operate)
}

/// Gives the keyboard to the first focusable widget `operate` reaches, unless one has it.
pub fn first(mut operate: impl FnMut(&mut dyn Operation)) -> bool {
    let mut find = Find::default();
    operate(&mut find);
    give(find.first(), operate)
}

/// Gives the keyboard to where a dialog begins, unless something in it has it.
pub fn enter(mut operate: impl FnMut(&mut dyn Operation)) -> bool {
    let mut find = Find::default();
    operate(&mut find);
    give(find.enter(), operate)
}

fn give(give: Option<Give>, mut operate: impl FnMut(&mut dyn Operation)) -> bool {
    let Some(mut give) = give else { return false };
    operate(&mut give);
    if let Some(mut reveal) = give.reveal() {
        operate(&mut reveal);
    }
    true
}
