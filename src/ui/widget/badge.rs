//! A status: shape, icon and word, the colour last. 12 px, 20 high.

use std::borrow::Cow;

use iced::alignment::Vertical;
use iced::widget::{container, row};
use iced::{Border, Color};

use crate::ui::icon::{self, Icon};
use crate::ui::text;
use crate::ui::theme::tokens::{radius, size};
use crate::ui::theme::{Theme, Tokens, Tone};
use crate::ui::{Element, space};

/// The shape of a badge, so that no status is told by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// A grey frame: nothing has happened yet, or it no longer matters.
    Outline,
    /// A soft ground.
    Soft,
    /// A soft ground with a frame: a standing state (有效) or a final no.
    SoftOutline,
    /// Filled: 已逾期 only.
    Fill,
}

/// A status as shown: what it is called, its picture, its shape and tone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Badge<'a> {
    pub word: Cow<'a, str>,
    pub icon: Icon,
    pub form: Form,
    pub tone: Tone,
}

/// The colours a badge is drawn in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    pub ground: Option<Color>,
    pub frame: Option<Color>,
    pub ink: Color,
}

impl<'a> Badge<'a> {
    fn new(form: Form, tone: Tone, icon: Icon, word: impl Into<Cow<'a, str>>) -> Self {
        Self { word: word.into(), icon, form, tone }
    }

    /// 未启动, 填报中, 已撤回, 不变: a grey frame.
    pub fn outline(icon: Icon, word: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Form::Outline, Tone::Quiet, icon, word)
    }

    /// 待审, 退回修改, 通过, 缺数据: a soft ground in a tone.
    pub fn soft(tone: Tone, icon: Icon, word: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Form::Soft, tone, icon, word)
    }

    /// 有效, 本年到期, 不推荐, 冲突: a soft ground and a frame.
    pub fn framed(tone: Tone, icon: Icon, word: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Form::SoftOutline, tone, icon, word)
    }

    /// 已逾期: filled.
    pub fn fill(icon: Icon, word: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Form::Fill, Tone::Danger, icon, word)
    }

    /// Its colours; on a selected row the accent's soft ground would vanish, so it becomes a frame on the sheet.
    pub fn look(&self, t: &Tokens, on_selected: bool) -> Look {
        let ink = self.tone.ink(t);
        match self.form {
            Form::Outline => Look { ground: None, frame: Some(t.line_strong), ink: t.t2 },
            Form::Soft if self.tone == Tone::Accent && on_selected => {
                Look { ground: Some(t.sheet), frame: Some(t.accent), ink }
            }
            Form::Soft => Look { ground: Some(self.tone.soft(t)), frame: None, ink },
            Form::SoftOutline => Look { ground: Some(self.tone.soft(t)), frame: Some(ink), ink },
            Form::Fill => Look { ground: Some(t.danger_fill), frame: None, ink: t.on_fill },
        }
    }

    /// The badge as an element.
    pub fn view<M: 'a>(self) -> Element<'a, M> {
        self.draw(false)
    }

    /// The badge as an element on a selected ground.
    pub fn on_selected<M: 'a>(self) -> Element<'a, M> {
        self.draw(true)
    }

    fn draw<M: 'a>(self, on_selected: bool) -> Element<'a, M> {
        let ink = {
            let this = self.clone();
            move |theme: &Theme| this.look(theme.tokens, on_selected)
        };
        let (word, picture) = (self.word.clone(), self.icon);
        container(
            row![icon::icon(picture, icon::size::BADGE), text::styled(text::NOTE, word)]
                .spacing(space::S4)
                .align_y(Vertical::Center),
        )
        .padding(iced::Padding { top: 1.0, bottom: 1.0, left: 6.0, right: 7.0 })
        .height(size::BADGE)
        .style(move |theme: &Theme| {
            let look = ink(theme);
            container::Style {
                text_color: Some(look.ink),
                background: look.ground.map(Into::into),
                border: Border {
                    radius: radius::SMALL.into(),
                    width: if look.frame.is_some() { theme.hair(1.0) } else { 0.0 },
                    color: look.frame.unwrap_or(Color::TRANSPARENT),
                },
                ..container::Style::default()
            }
        })
        .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::contrast::contrast;
    use crate::ui::theme::tokens::{DARK, LIGHT};

    #[test]
    fn every_badge_is_readable_where_it_stands() {
        let tones = [Tone::Accent, Tone::Success, Tone::Warn, Tone::Danger, Tone::Info];
        for t in [&LIGHT, &DARK] {
            let mut badges = vec![Badge::outline(Icon::Equal, "不变"), Badge::fill(Icon::AlarmClock, "已逾期 2 天")];
            badges.extend(tones.iter().map(|tone| Badge::soft(*tone, Icon::Check, "词")));
            badges.extend(tones.iter().map(|tone| Badge::framed(*tone, Icon::Check, "词")));
            for badge in badges {
                for (selected, under) in [(false, t.sheet), (false, t.hover), (true, t.selected)] {
                    let look = badge.look(t, selected);
                    assert!(contrast(look.ink, look.ground.unwrap_or(under)) >= 4.5, "{badge:?}");
                }
            }
        }
    }
}
