//! The frame of the window: top bar, rail, status bar, and the sheet they lie around.
//!
//! The window's own ground is the sheet, and the desk is drawn around it as bars: a rectangle as large as the sheet would be
//! filled whole at every repaint of a part of it.

use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, overlay, renderer};
use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Border, Event, Length, Padding, Rectangle, Size, Vector, border};

use crate::ui::icon::{self, Icon};
use crate::ui::theme::tokens::{radius, size};
use crate::ui::theme::{Theme, Tone};
use crate::ui::widget::input::control_look;
use crate::ui::widget::press::{Look, Press};
use crate::ui::widget::rail::desk;
use crate::ui::widget::{button, keycap, progress, tooltip};
use crate::ui::{Color, Element, Renderer, space as sp, text};

/// The window: `top` and `status` bars, the `rail`, and the page on the sheet.
pub fn shell<'a, M: 'a>(
    top: impl Into<Element<'a, M>>,
    rail: impl Into<Element<'a, M>>,
    page: impl Into<Element<'a, M>>,
    status: impl Into<Element<'a, M>>,
) -> Element<'a, M> {
    let page = Element::new(Sheet { content: page.into() });
    column![top.into(), row![rail.into(), page].height(Length::Fill), status.into()].into()
}

/// Whether the rail folds at this window width, unless the person decided.
pub fn folds(window: f32) -> bool {
    window <= size::RAIL_FOLDS_AT
}

/// The top bar: brand, then whatever stands from the left, then what stands at the right.
pub fn top_bar<'a, M: 'a>(
    brand: impl Into<Element<'a, M>>,
    left: impl IntoIterator<Item = Element<'a, M>>,
    right: impl IntoIterator<Item = Element<'a, M>>,
) -> Element<'a, M> {
    let line = row![brand.into()]
        .push(row(left).spacing(sp::S16).align_y(Vertical::Center))
        .push(space().width(Length::Fill))
        .push(row(right).spacing(sp::S16).align_y(Vertical::Center))
        .align_y(Vertical::Center);
    container(line)
        .width(Length::Fill)
        .height(size::TOP_BAR)
        .align_y(Vertical::Center)
        .padding(Padding { right: 16.0, ..Padding::ZERO })
        .style(desk)
        .into()
}

/// The program's mark and name; the mark alone over a folded rail.
pub fn brand<'a, M: 'a>(mark: &'a str, name: &'a str, folded: bool) -> Element<'a, M> {
    let sign = container(text::styled(text::Style { line: 22.0, ..text::BODY.bold() }, mark)).center(24).style(
        |theme: &Theme| container::Style {
            text_color: Some(theme.tokens.on_fill),
            background: Some(theme.tokens.accent_fill.into()),
            border: border::rounded(radius::CONTROL),
            ..container::Style::default()
        },
    );
    let name = (!folded).then(|| text::toned(text::SECTION, Tone::Plain, name));
    let (width, left) = if folded { (size::RAIL_FOLDED, 20.0) } else { (size::RAIL, 16.0) };
    container(row![sign].push(name).spacing(sp::S8).align_y(Vertical::Center))
        .width(width)
        .padding(iced::padding::left(left))
        .into()
}

/// Back and forward; `None` where there is nowhere to go.
pub fn history<'a, M: Clone + 'a>(back: Option<M>, forward: Option<M>) -> Element<'a, M> {
    row![
        button::icon_only(Icon::ArrowLeft).tip("后退 Alt ←").on_press(back),
        button::icon_only(Icon::ArrowRight).tip("前进 Alt →").on_press(forward),
    ]
    .spacing(2)
    .into()
}

/// The search that opens the palette.
pub fn find<'a, M: Clone + 'a>(words: &'a str, key: &'a str, width: f32, message: M) -> Element<'a, M> {
    let content = row![
        icon::icon(Icon::Search, icon::size::BUTTON),
        text::line(text::BODY, Tone::Faint, words),
        space().width(Length::Fill),
        keycap::keycap(key),
    ]
    .spacing(sp::S8)
    .align_y(Vertical::Center);
    Press::new(content, |theme, status| Look { ink: theme.tokens.t3, ..control_look(theme, status) })
        .on_press(message)
        .padding([0, 8])
        .width(width)
        .height(30)
        .into()
}

/// Who is signed in, or any other quiet words with an icon in the top bar.
pub fn person<'a, M: Clone + 'a>(icon: Icon, words: impl Into<String>, message: Option<M>) -> Element<'a, M> {
    let content = row![icon::icon(icon, icon::size::BUTTON), text::styled(text::SMALL, words.into())]
        .spacing(sp::S6)
        .align_y(Vertical::Center);
    Press::new(content, |theme, status| {
        let t = theme.tokens;
        Look::bare(if status.hovered { t.t1 } else { t.t2 }).radius(radius::CONTROL)
    })
    .on_press(message)
    .height(28)
    .padding([0, 4])
    .into()
}

/// Something the status bar says.
#[derive(Debug, Clone)]
pub struct Note<M> {
    pub icon: Icon,
    pub words: String,
    /// How far it is, from 0 to 1, when it is under way.
    pub done: Option<f32>,
    /// Stops it.
    pub cancel: Option<M>,
    /// Opens what it speaks of.
    pub open: Option<M>,
    /// How it is meant, where it is more than a remark.
    pub tone: Option<Tone>,
    /// What the pointer learns of it.
    pub tip: String,
}

impl<M> Note<M> {
    /// Words with an icon.
    pub fn new(icon: Icon, words: impl Into<String>) -> Self {
        Self { icon, words: words.into(), done: None, cancel: None, open: None, tone: None, tip: String::new() }
    }
}

fn note<'a, M: Clone + 'a>(note: Note<M>) -> Element<'a, M> {
    let words = match note.tone {
        None => row![icon::icon(note.icon, icon::size::INLINE), text::styled(text::NOTE, note.words)],
        Some(tone) => row![icon::toned(note.icon, icon::size::INLINE, tone), text::toned(text::NOTE, tone, note.words)],
    };
    let words = words.spacing(sp::S6).align_y(Vertical::Center);
    let words: Element<'a, M> = match note.open {
        None => words.into(),
        Some(message) => Press::new(words, |theme, status| {
            let t = theme.tokens;
            Look::bare(if status.hovered { t.accent } else { t.t2 }).ring_inside()
        })
        .on_press(message)
        .height(size::STATUS_BAR - 4.0)
        .into(),
    };
    let words = tooltip::tip(words, note.tip);
    let cancel = note.cancel.map(|message| {
        let cross = Press::new(icon::icon(Icon::X, icon::size::INLINE), |theme, status| {
            let t = theme.tokens;
            Look::bare(if status.hovered { t.t1 } else { t.t2 }).radius(radius::SMALL)
        })
        .on_press(message)
        .padding(2);
        tooltip::tip(cross, "停止")
    });
    row![words]
        .push(note.done.map(|done| progress::progress(done, 120.0)))
        .push(cancel)
        .spacing(sp::S8)
        .align_y(Vertical::Center)
        .into()
}

/// The status bar: what the program is doing at the left, how things stand at the right.
pub fn status_bar<'a, M: Clone + 'a>(
    left: impl IntoIterator<Item = Note<M>>,
    right: impl IntoIterator<Item = Note<M>>,
) -> Element<'a, M> {
    let line = row(left.into_iter().map(note))
        .push(space().width(Length::Fill))
        .extend(right.into_iter().map(note))
        .spacing(sp::S24)
        .align_y(Vertical::Center);
    container(line)
        .width(Length::Fill)
        .height(size::STATUS_BAR)
        .align_y(Vertical::Center)
        .padding([0, 16])
        .style(desk)
        .into()
}

/// The sheet: the page, and the round corner where it begins.
struct Sheet<'a, M> {
    content: Element<'a, M>,
}

impl<M> Widget<M, Theme, Renderer> for Sheet<'_, M> {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Fill)
    }

    fn tag(&self) -> tree::Tag {
        self.content.as_widget().tag()
    }

    fn state(&self) -> tree::State {
        self.content.as_widget().state()
    }

    fn children(&self) -> Vec<Tree> {
        self.content.as_widget().children()
    }

    fn diff(&self, tree: &mut Tree) {
        self.content.as_widget().diff(tree);
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        self.content.as_widget_mut().layout(tree, renderer, limits)
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        self.content.as_widget_mut().operate(tree, layout, renderer, operation);
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, M>,
        viewport: &Rectangle,
    ) {
        let content = self.content.as_widget_mut();
        content.update(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        use iced::advanced::Renderer as _;
        let t = theme.tokens;
        let at = layout.bounds();
        let mut piece = |side: f32, color: Color, radius: border::Radius| {
            let bounds = theme.snap_rect(Rectangle { width: side, height: side, ..at });
            let quad =
                renderer::Quad { bounds, border: Border { radius, ..Border::default() }, ..renderer::Quad::default() };
            renderer.fill_quad(quad, color);
        };
        piece(radius::SHEET, t.desk, 0.0.into());
        piece(2.0 * radius::SHEET, t.sheet, border::top_left(radius::SHEET));
        self.content.as_widget().draw(tree, renderer, theme, style, layout, cursor, viewport);
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        self.content.as_widget().mouse_interaction(tree, layout, cursor, viewport, renderer)
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, M, Theme, Renderer>> {
        self.content.as_widget_mut().overlay(tree, layout, renderer, viewport, translation)
    }
}
