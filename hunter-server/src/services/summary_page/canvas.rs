//! What the page is drawn with: texts, lines of texts, boxes.

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;

use super::font::Weight;

/// A colour.
pub(super) type Colour = [u8; 3];

pub(super) const INK: Colour = [0x1b, 0x27, 0x33];
pub(super) const GREY: Colour = [0x5b, 0x67, 0x73];
pub(super) const RULE: Colour = [0xd5, 0xdb, 0xe2];
pub(super) const SOFT: Colour = [0xf1, 0xf4, 0xf8];
pub(super) const BLUE: Colour = [0x1f, 0x5f, 0xbf];
pub(super) const PALE: Colour = [0xb8, 0xce, 0xee];
pub(super) const GREEN: Colour = [0x2e, 0x7d, 0x5b];
pub(super) const RED: Colour = [0xb5, 0x47, 0x3c];
pub(super) const AMBER: Colour = [0x9a, 0x62, 0x0e];

/// How letters look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) weight: Weight,
    pub(super) size: f32,
    pub(super) colour: Colour,
}

impl Style {
    pub(super) const fn regular(size: f32, colour: Colour) -> Self {
        Self { weight: Weight::Regular, size, colour }
    }

    pub(super) const fn bold(size: f32, colour: Colour) -> Self {
        Self { weight: Weight::Bold, size, colour }
    }

    /// From one line to the next.
    pub(super) fn leading(self) -> f32 {
        (self.size * 1.36).round()
    }

    pub(super) fn width(self, text: &str) -> f32 {
        self.weight.face().width(text, self.size)
    }
}

/// The page while it is drawn. Places are in points from its upper left corner.
pub(super) struct Canvas<'p> {
    surface: Surface<'p>,
}

impl<'p> Canvas<'p> {
    pub(super) const fn new(surface: Surface<'p>) -> Self {
        Self { surface }
    }

    fn fill(&mut self, [red, green, blue]: Colour) {
        self.surface.set_fill(Some(Fill {
            paint: rgb::Color::new(red, green, blue).into(),
            opacity: NormalizedF32::ONE,
            rule: FillRule::default(),
        }));
    }

    /// A filled box.
    pub(super) fn area(&mut self, x: f32, y: f32, width: f32, height: f32, colour: Colour) {
        let Some(area) = Rect::from_xywh(x, y, width, height) else { return };
        let mut path = PathBuilder::new();
        path.push_rect(area);
        let Some(path) = path.finish() else { return };
        self.fill(colour);
        self.surface.draw_path(&path);
    }

    /// A text whose letters stand on `y`, as it is.
    fn exact(&mut self, x: f32, y: f32, text: &str, style: Style) {
        if text.is_empty() {
            return;
        }
        let face = style.weight.face();
        self.fill(style.colour);
        let (start, font) = (Point::from_xy(x, y), face.font.clone());
        self.surface.draw_glyphs(start, &face.glyphs(text), font, text, style.size, false);
    }

    /// A text in one line, cut where it does not fit.
    pub(super) fn text(&mut self, x: f32, y: f32, width: f32, text: &str, style: Style) {
        let line = style.weight.face().line(text, style.size, width);
        self.exact(x, y, &line, style);
    }

    /// A text in one line that ends at `right`.
    pub(super) fn text_to(&mut self, right: f32, y: f32, width: f32, text: &str, style: Style) {
        let line = style.weight.face().line(text, style.size, width);
        self.exact(right - style.width(&line), y, &line, style);
    }

    /// A text in lines, the first of which stands on `y`; gives where the next one would.
    pub(super) fn paragraph(
        &mut self,
        (x, y): (f32, f32),
        width: f32,
        most: usize,
        text: &str,
        style: Style,
    ) -> f32 {
        let mut y = y;
        for line in style.weight.face().lines(text, style.size, width, most) {
            self.exact(x, y, &line, style);
            y += style.leading();
        }
        y
    }
}
