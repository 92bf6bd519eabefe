//! The palette (Ctrl+K): one field that finds anything, what was found in groups with the matching parts marked, the keys at
//! the foot. The screen searches; the palette shows, moves and opens.

use std::ops::Range;

use iced::advanced::widget::{Id, Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, renderer};
use iced::alignment::Vertical;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, container, row, space, text_input};
use iced::{Event, Length, Padding, Rectangle, Size};

use crate::ui::icon::{self, Icon};
use crate::ui::paint::{Brush, Shaped};
use crate::ui::theme::{Theme, Tone};
use crate::ui::widget::guard::Guard;
use crate::ui::widget::list::marked_words;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::slip::slip;
use crate::ui::widget::{keycap, keys};
use crate::ui::{Element, Renderer, measure, space as sp, text};

/// Words of which some parts matched, as byte ranges.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marked {
    pub words: String,
    pub marks: Vec<Range<usize>>,
}

impl Marked {
    /// Words with their matching parts.
    pub fn new(words: impl Into<String>, marks: Vec<Range<usize>>) -> Self {
        Self { words: words.into(), marks }
    }
}

/// Something found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<T> {
    pub value: T,
    pub icon: Icon,
    pub words: Marked,
    /// A second, smaller line: pinyin, code.
    pub second: Option<Marked>,
    /// Quieter words at the right: where it is, how it stands.
    pub detail: String,
}

/// Things found of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Group<T> {
    pub title: String,
    pub found: Vec<Found<T>>,
}

/// How something found is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Enter or a click: go there.
    There,
    /// Tab: beside the list.
    Beside,
    /// Ctrl+Enter: the other thing that can be done with it.
    Other,
}

/// A palette being put together.
pub struct Palette<'a, T, M> {
    typed: &'a str,
    placeholder: &'a str,
    remark: String,
    groups: &'a [Group<T>],
    current: usize,
    hints: Vec<(&'a str, &'a str)>,
    foot: &'a str,
    on_input: Box<dyn Fn(String) -> M + 'a>,
    on_move: Box<dyn Fn(usize) -> M + 'a>,
    on_open: Box<dyn Fn(T, Open) -> M + 'a>,
    id: Option<Id>,
    height: f32,
}

/// A palette showing `groups` for what was `typed`, the `current` row marked (counted through all groups).
pub fn palette<'a, T: Clone + 'a, M: Clone + 'a>(
    typed: &'a str,
    groups: &'a [Group<T>],
    current: usize,
    on_input: impl Fn(String) -> M + 'a,
    on_move: impl Fn(usize) -> M + 'a,
    on_open: impl Fn(T, Open) -> M + 'a,
) -> Palette<'a, T, M> {
    Palette {
        typed,
        placeholder: "",
        remark: String::new(),
        groups,
        current,
        hints: Vec::new(),
        foot: "",
        on_input: Box::new(on_input),
        on_move: Box::new(on_move),
        on_open: Box::new(on_open),
        id: None,
        height: 408.0,
    }
}

impl<'a, T: Clone + 'a, M: Clone + 'a> Palette<'a, T, M> {
    /// What can be looked for, while nothing is typed.
    #[must_use]
    pub fn placeholder(mut self, words: &'a str) -> Self {
        self.placeholder = words;
        self
    }

    /// How it was understood, and how much was found.
    #[must_use]
    pub fn remark(mut self, words: impl Into<String>) -> Self {
        self.remark = words.into();
        self
    }

    /// Keys and what they do, at the foot.
    #[must_use]
    pub fn hints(mut self, hints: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        self.hints = hints.into_iter().collect();
        self
    }

    /// A remark at the right of the foot.
    #[must_use]
    pub fn foot(mut self, words: &'a str) -> Self {
        self.foot = words;
        self
    }

    /// A name by which focus can be given to its field.
    #[must_use]
    pub fn id(mut self, id: impl Into<Id>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The most the list of found things takes.
    #[must_use]
    pub fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }
}

const WIDTH: f32 = 740.0;
const GROUP: f32 = 30.0;
const ONE_LINE: f32 = 36.0;
const TWO_LINES: f32 = 44.0;

impl<'a, T: Clone + 'a, M: Clone + 'a> From<Palette<'a, T, M>> for Element<'a, M> {
    fn from(palette: Palette<'a, T, M>) -> Self {
        let Palette { typed, placeholder, remark, groups, current, hints, foot, .. } = palette;
        let total: usize = groups.iter().map(|group| group.found.len()).sum();
        let style = text::TITLE.regular();
        let mut line = text_input(placeholder, typed)
            .on_input(palette.on_input)
            .font(style.font())
            .size(18)
            .line_height(style.line_height())
            .padding(Padding::ZERO);
        if let Some(id) = palette.id {
            line = line.id(id);
        }
        let head = row![
            icon::toned(Icon::Search, icon::size::PALETTE, Tone::Accent),
            Guard::new(line, typed),
            text::line(text::SMALL, Tone::Quiet, remark),
            keycap::keycap("Esc"),
        ]
        .spacing(sp::S12)
        .align_y(Vertical::Center)
        .height(52)
        .padding([0, 16]);
        let on_open = std::rc::Rc::new(palette.on_open);
        let clicked = on_open.clone();
        let found = Element::new(List {
            groups,
            current,
            on_open: Box::new(move |value| clicked(value, Open::There)),
            most: palette.height,
        });
        let hints = hints.into_iter().map(|(key, words)| {
            row![keycap::keycap(key), text::line(text::NOTE, Tone::Quiet, words)]
                .spacing(6)
                .align_y(Vertical::Center)
                .into()
        });
        let feet = row(hints)
            .push(space().width(Length::Fill))
            .push(text::line(text::NOTE, Tone::Quiet, foot))
            .spacing(sp::S16)
            .align_y(Vertical::Center)
            .height(36)
            .padding([0, 16]);
        let sheet = slip(container(column![head, strong_line(), found, strong_line(), feet]).width(WIDTH - 2.0));
        let on_move = palette.on_move;
        let here =
            move |at: usize| groups.iter().flat_map(|group| &group.found).nth(at).map(|found| found.value.clone());
        keys::keys(sheet, move |pressed| {
            let Key::Named(key) = pressed.key else { return None };
            let last = total.checked_sub(1)?;
            let open = |how: Open| here(current).map(|value| on_open(value, how));
            match key {
                Named::ArrowDown => Some(on_move(if current >= last { 0 } else { current + 1 })),
                Named::ArrowUp => Some(on_move(current.checked_sub(1).unwrap_or(last))),
                Named::PageDown => Some(on_move((current + 8).min(last))),
                Named::PageUp => Some(on_move(current.saturating_sub(8))),
                Named::Tab if !pressed.modifiers.shift() => open(Open::Beside),
                Named::Enter if pressed.modifiers.command() => open(Open::Other),
                Named::Enter => open(Open::There),
                _ => None,
            }
        })
    }
}

fn strong_line<'a, M: 'a>() -> Element<'a, M> {
    rule::across(Weight::Strong)
}

/// The groups of found things, drawn by hand: only what is in sight.
struct List<'a, T, M> {
    groups: &'a [Group<T>],
    current: usize,
    on_open: Box<dyn Fn(T) -> M + 'a>,
    most: f32,
}

/// A line of the list.
enum Line<'a, T> {
    Title(&'a str, usize),
    Found(usize, &'a Found<T>),
}

impl<T> Line<'_, T> {
    fn height(&self) -> f32 {
        match self {
            Line::Title(..) => GROUP,
            Line::Found(_, found) if found.second.is_some() => TWO_LINES,
            Line::Found(..) => ONE_LINE,
        }
    }
}

#[derive(Default)]
struct Inner {
    hover: Option<usize>,
    shaped: std::cell::RefCell<Shaped>,
}

impl<'a, T, M> List<'a, T, M> {
    fn lines(&self) -> Vec<Line<'a, T>> {
        let mut at = 0;
        let mut lines = Vec::new();
        for group in self.groups.iter().filter(|group| !group.found.is_empty()) {
            lines.push(Line::Title(&group.title, group.found.len()));
            for found in &group.found {
                lines.push(Line::Found(at, found));
                at += 1;
            }
        }
        lines
    }

    /// The lines in sight with their places: scrolled so that the current one is whole.
    fn placed(&self, bounds: Rectangle) -> Vec<(Line<'a, T>, Rectangle)> {
        let lines = self.lines();
        let end_of = |until: usize| lines[..=until].iter().map(Line::height).sum::<f32>();
        let current = lines.iter().position(|line| matches!(line, Line::Found(at, _) if *at == self.current));
        let mut first = 0;
        if let Some(current) = current {
            let mut above = 0.0;
            while first < current && end_of(current) - above > bounds.height + 0.5 {
                above += lines[first].height();
                first += 1;
            }
        }
        let mut y = bounds.y;
        lines
            .into_iter()
            .skip(first)
            .map_while(|line| {
                let place = Rectangle { y, height: line.height(), ..bounds };
                y += line.height();
                (y <= bounds.y + bounds.height + 0.5).then_some((line, place))
            })
            .collect()
    }
}

impl<T: Clone, M> Widget<M, Theme, Renderer> for List<'_, T, M> {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Shrink)
    }

    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Inner>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(Inner::default())
    }

    fn layout(&mut self, _tree: &mut Tree, _renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let all: f32 = self.lines().iter().map(Line::height).sum();
        let height = all.min(self.most).min(limits.max().height);
        layout::Node::new(Size::new(limits.max().width, height))
    }

    fn operate(&mut self, _tree: &mut Tree, layout: Layout<'_>, _renderer: &Renderer, operation: &mut dyn Operation) {
        for (line, bounds) in self.placed(layout.bounds()) {
            match line {
                Line::Title(title, _) => operation.text(None, bounds, title),
                Line::Found(_, found) => operation.text(None, bounds, &found.words.words),
            }
        }
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _renderer: &Renderer,
        _clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, M>,
        _viewport: &Rectangle,
    ) {
        let at = |cursor: mouse::Cursor| {
            let p = cursor.position_over(layout.bounds())?;
            self.placed(layout.bounds()).into_iter().find_map(|(line, place)| match line {
                Line::Found(at, found) if place.contains(p) => Some((at, found.value.clone())),
                _ => None,
            })
        };
        match event {
            Event::Mouse(mouse::Event::CursorMoved { .. }) => {
                let hover = at(cursor).map(|(at, _)| at);
                let inner = tree.state.downcast_mut::<Inner>();
                if inner.hover != hover {
                    inner.hover = hover;
                    shell.request_redraw();
                }
            }
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)) => {
                if let Some((_, value)) = at(cursor) {
                    shell.publish((self.on_open)(value));
                    shell.capture_event();
                }
            }
            _ => {}
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
        _viewport: &Rectangle,
    ) {
        let inner = tree.state.downcast_ref::<Inner>();
        let t = theme.tokens;
        let mut shaped = inner.shaped.borrow_mut();
        shaped.begin(theme.scale);
        let mut brush = Brush::new(renderer, &mut shaped, theme, layout.bounds());
        for (line, place) in self.placed(layout.bounds()) {
            let left = place.x + 16.0;
            let right = place.x + place.width - 16.0;
            let (at, found) = match line {
                Line::Title(title, count) => {
                    let style = text::NOTE.bold();
                    let low = Rectangle { y: place.y + 4.0, height: place.height - 4.0, ..place };
                    brush.text(title, style, t.t2, left, &low);
                    let count = count.to_string();
                    let width = measure::width(&count, style.size, true);
                    brush.text(&count, style, t.t2, right - width, &low);
                    continue;
                }
                Line::Found(at, found) => (at, found),
            };
            let current = at == self.current;
            if current || inner.hover == Some(at) {
                brush.fill(place, if current { t.selected } else { t.hover });
            }
            if current {
                brush.fill(Rectangle { width: theme.hair(3.0), ..place }, t.accent);
            }
            let half = if found.second.is_some() { text::BODY.line } else { place.height };
            let first =
                Rectangle { y: place.y + if found.second.is_some() { 3.0 } else { 0.0 }, height: half, ..place };
            brush.icon(found.icon, icon::size::BUTTON, if current { t.accent } else { t.t2 }, left, &place);
            let width = measure::width(&found.detail, text::SMALL.size, false).min(place.width / 2.0);
            let detail = Rectangle { x: right - width, width, ..place };
            brush.cut(&found.detail, text::SMALL, t.t2, &detail, 1.0);
            let words = Rectangle { x: left + 26.0, width: (detail.x - left - 26.0 - 16.0).max(0.0), ..first };
            marked_words(&mut brush, &found.words.words, &found.words.marks, text::BODY, t.t1, t.accent, words);
            if let Some(second) = &found.second {
                let below = Rectangle { y: first.y + first.height - 2.0, height: text::NOTE.line, ..words };
                marked_words(&mut brush, &second.words, &second.marks, text::NOTE, t.t2, t.accent, below);
            }
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _viewport: &Rectangle,
        _renderer: &Renderer,
    ) -> mouse::Interaction {
        let over = tree.state.downcast_ref::<Inner>().hover.is_some() && cursor.is_over(layout.bounds());
        if over { mouse::Interaction::Pointer } else { mouse::Interaction::None }
    }
}
