//! Several lines to type into.

use iced::widget::text_editor;
use iced::{Length, Padding};

use crate::ui::theme::Tone;
use crate::ui::widget::frame::Frame;
use crate::ui::widget::guard::Guard;
use crate::ui::{Element, Renderer, space, text};

/// The content of a multi-line field, owned by the screen. Its `perform` takes the actions the field sends.
pub type Content = text_editor::Content<Renderer>;
/// What a person did in a multi-line field.
pub type Action = text_editor::Action;

/// Room above and below the lines.
const PAD: f32 = 5.0;

/// A multi-line field of about this height; without `on_action` it can only be read.
pub fn area<'a, M: Clone + 'a>(
    content: &'a Content,
    placeholder: &'a str,
    height: f32,
    tone: Option<Tone>,
    on_action: Option<impl Fn(Action) -> M + 'a>,
) -> Element<'a, M> {
    framed(content, placeholder, height, tone, on_action, None)
}

/// The same with a name by which focus can be given to it.
pub fn named<'a, M: Clone + 'a>(
    id: &'static str,
    content: &'a Content,
    placeholder: &'a str,
    height: f32,
    tone: Option<Tone>,
    on_action: Option<impl Fn(Action) -> M + 'a>,
) -> Element<'a, M> {
    framed(content, placeholder, height, tone, on_action, Some(id))
}

fn framed<'a, M: Clone + 'a>(
    content: &'a Content,
    placeholder: &'a str,
    height: f32,
    tone: Option<Tone>,
    on_action: Option<impl Fn(Action) -> M + 'a>,
    id: Option<&'static str>,
) -> Element<'a, M> {
    let disabled = on_action.is_none();
    // Whole lines only: half of one would be drawn over the frame.
    let height = ((height - 2.0 * PAD) / text::BODY.line).floor().max(1.0) * text::BODY.line + 2.0 * PAD;
    let mut editor = text_editor(content)
        .placeholder(placeholder)
        .font(text::BODY.font())
        .size(text::BODY.size)
        .line_height(text::BODY.line_height())
        .padding(Padding { top: PAD, bottom: PAD, left: 10.0, right: space::S8 })
        .height(Length::Fixed(height));
    if let Some(id) = id {
        editor = editor.id(id);
    }
    if let Some(on_action) = on_action {
        editor = editor.on_action(on_action);
    }
    Frame::new(Guard::new(editor, "")).tone(tone).disabled(disabled).into()
}
