//! Where a filing stands: its stages on a line, each with its word and date. When there is no room for all words, those far
//! from the present stage keep their circle only.

use std::cell::RefCell;

use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Layout, layout, mouse, renderer};
use iced::alignment::Vertical;
use iced::widget::{container, row, space};
use iced::{Border, Length, Rectangle, Size};

use crate::ui::icon::{self, Icon};
use crate::ui::paint::{Brush, Shaped};
use crate::ui::theme::{Theme, Tokens, Tone};
use crate::ui::{Color, Element, Renderer, measure, space as sp, text};

/// How a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Done,
    Now,
    Later,
    /// Sent back here.
    Returned,
    /// It ended here without success.
    Ended,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    pub word: String,
    /// 03-16 when it was passed, “08-25 前” when it is due.
    pub date: Option<String>,
    pub standing: Standing,
}

impl Stage {
    /// A stage.
    pub fn new(word: impl Into<String>, standing: Standing, date: Option<impl Into<String>>) -> Self {
        Self { word: word.into(), date: date.map(Into::into), standing }
    }
}

/// Diameter of a circle, height of the whole.
const CIRCLE: f32 = 20.0;
const HEIGHT: f32 = 64.0;
/// A stage without words is this wide.
const NARROW: f32 = 32.0;
/// Room beside a stage's words.
const BESIDE: f32 = 10.0;

struct Stages {
    stages: Vec<Stage>,
}

/// The stages on their line.
pub fn stages<'a, M: 'a>(stages: impl IntoIterator<Item = Stage>) -> Element<'a, M> {
    Element::new(Stages { stages: stages.into_iter().collect() })
}

/// The width a stage needs for its words.
fn wide(stage: &Stage) -> f32 {
    let word = measure::width(&stage.word, text::SMALL.size, stage.standing == Standing::Now);
    let date = stage.date.as_deref().map_or(0.0, |date| measure::width(date, text::NOTE.size, false));
    word.max(date) + BESIDE
}

/// Each stage's width, and whether it shows its words: all when there is room, else those nearest to the present one.
fn widths(stages: &[Stage], room: f32) -> Vec<(f32, bool)> {
    let need: Vec<f32> = stages.iter().map(wide).collect();
    let widest = need.iter().copied().fold(0.0, f32::max);
    let equal = room / stages.len().max(1) as f32;
    if equal >= widest {
        return vec![(equal, true); stages.len()];
    }
    let here = stages.iter().position(|s| !matches!(s.standing, Standing::Done | Standing::Later));
    let here = here.or_else(|| stages.iter().rposition(|s| s.standing == Standing::Done)).unwrap_or(0);
    let narrow = NARROW.min(equal);
    let mut shown = vec![false; stages.len()];
    let mut used = narrow * stages.len() as f32;
    // The present one, then its neighbours: the next matters more than the last.
    let mut order: Vec<usize> = (0..stages.len()).collect();
    order.sort_by_key(|at| (at.abs_diff(here), *at < here));
    for at in order {
        if used + need[at] - narrow <= room || at == here {
            used += need[at] - narrow;
            shown[at] = true;
        } else {
            break;
        }
    }
    // What is left over goes to those that show their words.
    let words = shown.iter().filter(|shown| **shown).count().max(1) as f32;
    let extra = ((room - used) / words).max(0.0);
    shown.iter().zip(need).map(|(shown, need)| if *shown { (need + extra, true) } else { (narrow, false) }).collect()
}

fn colors(t: &Tokens, standing: Standing) -> (Color, Option<Color>, Option<(Icon, Color)>) {
    match standing {
        Standing::Done => (t.accent_fill, None, Some((Icon::Check, t.on_fill))),
        Standing::Now => (t.sheet, Some(t.accent), None),
        Standing::Later => (t.sheet, Some(t.line_strong), None),
        Standing::Returned => (t.sheet, Some(t.warn), Some((Icon::CornerUpLeft, t.warn))),
        Standing::Ended => (t.sheet, Some(t.danger), Some((Icon::X, t.danger))),
    }
}

impl<M> Widget<M, Theme, Renderer> for Stages {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Fixed(HEIGHT))
    }

    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<RefCell<Shaped>>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(RefCell::<Shaped>::default())
    }

    fn layout(&mut self, _tree: &mut Tree, _renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        layout::atomic(limits, Length::Fill, HEIGHT)
    }

    fn operate(&mut self, _tree: &mut Tree, layout: Layout<'_>, _renderer: &Renderer, operation: &mut dyn Operation) {
        let bounds = layout.bounds();
        let mut x = bounds.x;
        for (stage, (width, words)) in self.stages.iter().zip(widths(&self.stages, bounds.width)) {
            if words {
                operation.text(None, Rectangle { x, width, ..bounds }, &stage.word);
            }
            x += width;
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
        let (t, bounds) = (theme.tokens, layout.bounds());
        let mut shaped = tree.state.downcast_ref::<RefCell<Shaped>>().borrow_mut();
        shaped.begin(theme.scale);
        let mut brush = Brush::new(renderer, &mut shaped, theme, bounds);
        let widths = widths(&self.stages, bounds.width);
        let mut x = bounds.x;
        let mut last: Option<f32> = None;
        for (stage, (width, words)) in self.stages.iter().zip(widths) {
            let middle = x + width / 2.0;
            let circle = Rectangle { x: middle - CIRCLE / 2.0, y: bounds.y + 1.0, width: CIRCLE, height: CIRCLE };
            let circle = theme.snap_rect(circle);
            if let Some(last) = last {
                let y = circle.y + (CIRCLE - 2.0) / 2.0;
                let ink = if stage.standing == Standing::Later { t.line_strong } else { t.accent };
                brush.fill(Rectangle { x: last, y, width: circle.x - last, height: 2.0 }, ink);
            }
            last = Some(circle.x + circle.width);
            let (ground, frame, mark) = colors(t, stage.standing);
            brush.framed(circle, ground, CIRCLE / 2.0, frame.map(|ink| (ink, 2.0)));
            if stage.standing == Standing::Now {
                let dot = Rectangle { x: circle.x + 6.0, y: circle.y + 6.0, width: 8.0, height: 8.0 };
                brush.block(dot, t.accent, 4.0, None);
            }
            if let Some((which, ink)) = mark {
                brush.icon(which, icon::size::BADGE, ink, circle.x + 4.0, &circle);
            }
            if words {
                let line = |y: f32, height: f32| Rectangle { x, y: bounds.y + y, width, height };
                let (style, ink) = match stage.standing {
                    Standing::Now => (text::SMALL.bold(), t.accent),
                    Standing::Returned => (text::SMALL.bold(), t.warn),
                    Standing::Ended => (text::SMALL.bold(), t.danger),
                    Standing::Done | Standing::Later => (text::SMALL, t.t2),
                };
                brush.cut(&stage.word, style, ink, &line(24.0, 20.0), 0.5);
                if let Some(date) = &stage.date {
                    brush.cut(date, text::NOTE, t.t2, &line(43.0, 18.0), 0.5);
                }
            }
            x += width;
        }
    }
}

/// The steps of a short task, the words beside the circles: 选文件 — 找表格 — 对应列 — 核对每一行 — 写入.
pub fn steps<'a, M: 'a>(words: impl IntoIterator<Item = &'a str>, now: usize) -> Element<'a, M> {
    let mut line = row![].spacing(sp::S12).align_y(Vertical::Center);
    for (at, word) in words.into_iter().enumerate() {
        let standing = match at.cmp(&now) {
            std::cmp::Ordering::Less => Standing::Done,
            std::cmp::Ordering::Equal => Standing::Now,
            std::cmp::Ordering::Greater => Standing::Later,
        };
        if at > 0 {
            line = line.push(container(space().width(24).height(2)).style(move |theme: &Theme| {
                let t = theme.tokens;
                container::background(if standing == Standing::Later { t.line_strong } else { t.accent })
            }));
        }
        let inside: Element<'a, M> = match standing {
            Standing::Done => icon::icon(Icon::Check, icon::size::BADGE).into(),
            _ => text::styled(text::NOTE.bold(), (at + 1).to_string()).into(),
        };
        let circle = container(inside).center(CIRCLE).style(move |theme: &Theme| {
            let t = theme.tokens;
            let (ground, frame, _) = colors(t, standing);
            let ink = match standing {
                Standing::Done => t.on_fill,
                Standing::Now => t.accent,
                _ => t.t2,
            };
            container::Style {
                text_color: Some(ink),
                background: Some(ground.into()),
                border: Border {
                    radius: (CIRCLE / 2.0).into(),
                    width: frame.map_or(0.0, |_| theme.hair(2.0)),
                    color: frame.unwrap_or(Color::TRANSPARENT),
                },
                ..container::Style::default()
            }
        });
        let (style, tone) = match standing {
            Standing::Now => (text::BODY.bold(), Tone::Accent),
            _ => (text::BODY, Tone::Quiet),
        };
        line = line.push(row![circle, text::line(style, tone, word)].spacing(sp::S8).align_y(Vertical::Center));
    }
    line.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ten(now: usize) -> Vec<Stage> {
        let words = [
            "入培育库",
            "企业自评",
            "网上填报",
            "区审核",
            "市审推荐",
            "专家评审",
            "综合审查",
            "备案公示",
            "备案编号",
            "颁发证书",
        ];
        let standing = |at: usize| match at.cmp(&now) {
            std::cmp::Ordering::Less => Standing::Done,
            std::cmp::Ordering::Equal => Standing::Now,
            std::cmp::Ordering::Greater => Standing::Later,
        };
        words.iter().enumerate().map(|(at, word)| Stage::new(*word, standing(at), Some("08-18"))).collect()
    }

    #[test]
    fn all_words_show_when_there_is_room_and_the_present_stage_always_does() {
        assert!(widths(&ten(3), 760.0).iter().all(|(_, words)| *words));
        for room in [100.0, 360.0, 480.0, 600.0] {
            let widths = widths(&ten(3), room);
            assert!(widths[3].1, "{room}");
            let sum: f32 = widths.iter().map(|(width, _)| width).sum();
            assert!(room < 300.0 || sum <= room + 0.5, "{room}: {sum}");
        }
        let narrow = widths(&ten(3), 480.0);
        assert!(narrow[4].1 && !narrow[9].1 && !narrow[0].1, "what is near is told, what is far is a circle");
        assert!(widths(&[], 100.0).is_empty());
    }
}
