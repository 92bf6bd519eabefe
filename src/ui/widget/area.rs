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

/// A multi-line field of a fixed height; without `on_action` it can only be read.
pub fn area<'a, M: Clone + 'a>(
    content: &'a Content,
    placeholder: &'a str,
    height: f32,
    tone: Option<Tone>,
    on_action: Option<impl Fn(Action) -> M + 'a>,
) -> Element<'a, M> {
    let disabled = on_action.is_none();
    let mut editor = text_editor(content)
        .placeholder(placeholder)
        .font(text::BODY.font())
        .size(text::BODY.size)
        .line_height(text::BODY.line_height())
        .padding(Padding { top: 5.0, bottom: 5.0, left: 10.0, right: space::S8 })
        .height(Length::Fixed(height));
    if let Some(on_action) = on_action {
        editor = editor.on_action(on_action);
    }
    Frame::new(Guard::new(editor, "")).tone(tone).disabled(disabled).into()
}
