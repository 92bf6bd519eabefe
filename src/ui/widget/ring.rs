//! A target's ring: what is done as an arc, the time elapsed as a short line across it. 32 px, 4 px thick.

use std::cell::RefCell;
use std::f32::consts::{FRAC_PI_2, TAU};

use iced::advanced::widget::{Tree, Widget, tree};
use iced::advanced::{Layout, layout, mouse, renderer};
use iced::widget::canvas::{self, Cache, Path, Stroke, path};
use iced::{Length, Point, Radians, Rectangle, Size, Vector};

use crate::ui::theme::Theme;
use crate::ui::{Element, Renderer};

/// Diameter.
const SIZE: f32 = 32.0;
/// Thickness.
const STROKE: f32 = 4.0;

struct Ring {
    done: f32,
    time: Option<f32>,
}

/// A ring: `done` is the share of the target (beyond 1 it is full), `time` the share of the time that has passed. Behind
/// the time it is drawn in the warning colour; the words 快 or 慢 must stand beside it.
pub fn ring<'a, M: 'a>(done: f32, time: Option<f32>) -> Element<'a, M> {
    let share = |v: f32| if v.is_finite() { v.clamp(0.0, 1.0) } else { 0.0 };
    Element::new(Ring { done: share(done), time: time.map(share) })
}

/// The drawn ring and what it was drawn for, so that it is drawn again only when that changes.
struct Drawn {
    cache: Cache<Renderer>,
    of: RefCell<Option<(u32, Option<u32>, bool)>>,
}

impl<M> Widget<M, Theme, Renderer> for Ring {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Fixed(SIZE), Length::Fixed(SIZE))
    }

    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Drawn>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(Drawn { cache: Cache::new(), of: RefCell::new(None) })
    }

    fn layout(&mut self, _tree: &mut Tree, _renderer: &Renderer, _limits: &layout::Limits) -> layout::Node {
        layout::Node::new(Size::new(SIZE, SIZE))
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
        use iced::advanced::Renderer as _;
        use iced::advanced::graphics::geometry::Renderer as _;
        let t = theme.tokens;
        let drawn = tree.state.downcast_ref::<Drawn>();
        let of = (self.done.to_bits(), self.time.map(f32::to_bits), t.dark);
        if drawn.of.replace(Some(of)) != Some(of) {
            drawn.cache.clear();
        }
        let bounds = layout.bounds();
        let geometry = drawn.cache.draw(renderer, bounds.size(), |frame: &mut canvas::Frame<Renderer>| {
            let centre = Point::new(SIZE / 2.0, SIZE / 2.0);
            let radius = (SIZE - STROKE) / 2.0;
            let line = |color| Stroke::default().with_width(STROKE).with_color(color);
            frame.stroke(&Path::circle(centre, radius), line(t.line));
            let ink = if self.time.is_some_and(|time| self.done < time) { t.warn } else { t.accent };
            if self.done > 0.0 {
                let arc = path::Arc {
                    center: centre,
                    radius,
                    start_angle: Radians(-FRAC_PI_2),
                    // A whole turn as an arc would begin and end in the same point, and be nothing.
                    end_angle: Radians(-FRAC_PI_2 + TAU * self.done.min(0.9999)),
                };
                frame.stroke(&Path::new(|p| p.arc(arc)), line(ink));
            }
            if let Some(time) = self.time {
                let angle = -FRAC_PI_2 + TAU * time;
                let out = Vector::new(angle.cos(), angle.sin());
                let from = centre + out * (radius - STROKE / 2.0 - 2.0);
                let to = centre + out * (radius + STROKE / 2.0);
                frame.stroke(&Path::line(from, to), Stroke::default().with_width(2.0).with_color(t.t1));
            }
        });
        renderer.with_translation(Vector::new(bounds.x, bounds.y), |renderer| renderer.draw_geometry(geometry));
    }
}
