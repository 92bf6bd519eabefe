//! What floats above the page: a sheet in a frame with a soft shadow, for toasts, dialogs, tips, menus and popovers.
//!
//! The renderer works out a shadow pixel by pixel whenever anything near it is repainted, which took 80 ms for a palette
//! at every blink of its caret. So the shadow is made once, as four strips around the sheet, and blitted where it is needed.

use std::cell::RefCell;

use iced::advanced::image::Handle;
use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, overlay, renderer};
use iced::{Event, Length, Rectangle, Size, Vector};

use crate::ui::bake;
use crate::ui::theme::Theme;
use crate::ui::theme::tokens::radius;
use crate::ui::widget::press;
use crate::ui::{Element, Renderer};

/// How far the shadow lies below the sheet, and how far it fades.
const DROP: f32 = 8.0;
const BLUR: f32 = 24.0;
/// A shadow reaches at most so far from its sheet.
pub(super) const REACH: f32 = DROP + BLUR;
/// Shadows kept, by size.
const KEPT: usize = 8;

/// What a shadow is made for: its sheet's size in pixels, the scale, and whether it is dark.
type Key = (u32, u32, u32, bool);

/// A strip of a shadow and where it lies from the sheet's corner, in pixels.
#[derive(Clone)]
struct Strip {
    picture: Handle,
    x: i32,
    y: i32,
    size: (u32, u32),
}

thread_local! {
    static SHADOWS: RefCell<Vec<(Key, Vec<Strip>)>> = const { RefCell::new(Vec::new()) };
}

/// The distance of a pixel from a round rectangle, negative inside.
fn away(x: f32, y: f32, size: (f32, f32), round: f32) -> f32 {
    let (half_w, half_h) = (size.0 / 2.0, size.1 / 2.0);
    let dx = (x - half_w).abs() - half_w + round;
    let dy = (y - half_h).abs() - half_h + round;
    dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0) - round
}

/// How dark the shadow of a sheet is at a pixel counted from the sheet's corner: 0 to 1, and 0 where the sheet lies.
fn depth(x: f32, y: f32, size: (f32, f32), scale: f32) -> f32 {
    let round = radius::POP * scale;
    let sheet = (0.5 - away(x, y, size, round)).clamp(0.0, 1.0);
    let blur = BLUR * scale;
    let t = ((away(x, y - DROP * scale, size, round).max(0.0) + blur) / (2.0 * blur)).clamp(0.0, 1.0);
    (1.0 - t * t * (3.0 - 2.0 * t)) * (1.0 - sheet)
}

fn strips(theme: &Theme, width: u32, height: u32) -> Vec<Strip> {
    let scale = theme.scale;
    let [r, g, b, _] = theme.tokens.shadow.into_rgba8();
    let most = theme.tokens.shadow.a;
    let size = (width as f32, height as f32);
    let side = (BLUR * scale).ceil() as i32;
    let (above, below) = (((BLUR - DROP) * scale).ceil() as i32, (REACH * scale).ceil() as i32);
    let (w, h) = (width as i32, height as i32);
    // Above and below over the whole width, then what is left at both sides; with the corners, where one sees under the
    // sheet.
    let under = (radius::POP * scale).ceil() as i32;
    let parts = [
        (-side, -above, w + 2 * side, above + under),
        (-side, h - under, w + 2 * side, below + under),
        (-side, under, side + 1, h - 2 * under),
        (w - 1, under, side + 1, h - 2 * under),
    ];
    parts
        .into_iter()
        .filter(|(_, _, w, h)| *w > 0 && *h > 0)
        .map(|(x, y, w, h)| {
            let mut pixels = Vec::with_capacity((w * h * 4) as usize);
            for py in y..y + h {
                for px in x..x + w {
                    let alpha = depth(px as f32 + 0.5, py as f32 + 0.5, size, scale) * most;
                    pixels.extend([r, g, b, (alpha * 255.0 + 0.5) as u8]);
                }
            }
            Strip { picture: Handle::from_rgba(w as u32, h as u32, pixels), x, y, size: (w as u32, h as u32) }
        })
        .collect()
}

fn shadow(renderer: &mut Renderer, theme: &Theme, bounds: Rectangle) {
    let px = |v: f32| (v * theme.scale).round();
    let (width, height) = (px(bounds.width) as u32, px(bounds.height) as u32);
    let key = (width, height, theme.scale.to_bits(), theme.tokens.dark);
    let strips = SHADOWS.with_borrow_mut(|kept| {
        if let Some((_, strips)) = kept.iter().find(|(known, _)| *known == key) {
            return strips.clone();
        }
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        let made = strips(theme, width, height);
        kept.push((key, made.clone()));
        made
    });
    for strip in strips {
        bake::blit(
            renderer,
            &strip.picture,
            bounds.position(),
            (strip.x, strip.y),
            strip.size,
            theme.scale,
            bounds.expand(REACH),
        );
    }
}

/// Draws a floating sheet: shadow, frame, ground. The layer must reach [`REACH`] beyond it.
pub(super) fn sheet(renderer: &mut Renderer, theme: &Theme, bounds: Rectangle) {
    let bounds = theme.snap_rect(bounds);
    if bounds.width < 1.0 || bounds.height < 1.0 {
        return;
    }
    let t = theme.tokens;
    press::fill(renderer, theme, bounds, Some(t.pop), Some(t.line_strong), radius::POP.into());
    shadow(renderer, theme, bounds);
}

/// A floating sheet around some content, in a layer of its own.
pub(super) fn slip<'a, M: 'a>(content: impl Into<Element<'a, M>>) -> Element<'a, M> {
    Element::new(Slip { content: content.into() })
}

struct Slip<'a, M> {
    content: Element<'a, M>,
}

impl<M> Widget<M, Theme, Renderer> for Slip<'_, M> {
    fn size(&self) -> Size<Length> {
        self.content.as_widget().size()
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
        _style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        use iced::advanced::Renderer as _;
        let bounds = layout.bounds();
        let style = renderer::Style { text_color: theme.tokens.t1 };
        renderer.with_layer(bounds.expand(REACH), |renderer| {
            sheet(renderer, theme, bounds);
            self.content.as_widget().draw(tree, renderer, theme, &style, layout, cursor, viewport);
        });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shadow_is_darkest_at_the_lower_edge_fades_out_and_spares_the_sheet() {
        let size = (200.0, 100.0);
        let at = |x: f32, y: f32| depth(x, y, size, 1.0);
        assert_eq!(at(100.0, 50.0), 0.0, "nothing on the sheet itself");
        assert!(at(100.0, 101.0) > at(100.0, -1.0), "it lies below");
        assert!(at(100.0, 101.0) > at(100.0, 115.0) && at(100.0, 115.0) > at(100.0, 130.0));
        assert!(at(100.0, 100.0 + REACH + 1.0) < 0.001 && at(-BLUR - 1.0, 50.0) < 0.001);
        for theme in [Theme::LIGHT, Theme::DARK.scale(1.25)] {
            for (w, h) in [(1, 1), (5, 400), (400, 5), (740, 470)] {
                let all = strips(&theme, w, h);
                assert!(all.iter().all(|s| s.size.0 > 0 && s.size.1 > 0));
            }
        }
    }
}
