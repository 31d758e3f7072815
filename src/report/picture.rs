//! Charts as PNG, for mails: the door of the crates that draw and encode.
//!
//! A mail program shows no SVG, and its letters are not known. So a picture is made of rectangles and of a bitmap font, on
//! a light ground of its own that reads the same in dark mode, 520 pixels wide: a phone shows it at two thirds, and the
//! letters are large enough for that. It says no more than the table below it, which stands for it where pictures are off.
//!
//! Known gaps: the font has the letters of Western Europe (ISO 8859-1); others are shown as `?`.

use crate::model::Chart;
use embedded_graphics::mono_font::MonoTextStyle;
use embedded_graphics::mono_font::iso_8859_1::FONT_9X15;
use embedded_graphics::pixelcolor::Rgb888;
use embedded_graphics::prelude::*;
use embedded_graphics::primitives::{PrimitiveStyle, Rectangle};
use embedded_graphics::text::{Baseline, Text};
use std::convert::Infallible;

/// Pixels from left to right.
pub const WIDTH: u32 = 520;
/// Bars in one picture; what is more stands in the table.
const BARS: usize = 16;
const ROW: i32 = 26;
const LEFT: i32 = 12;
const BAR_AT: i32 = 150;
const BAR: u32 = 270;
const CELL: i32 = 18;

const GROUND: Rgb888 = Rgb888::new(255, 255, 255);
const INK: Rgb888 = Rgb888::new(28, 32, 36);
const SOFT: Rgb888 = Rgb888::new(92, 102, 112);
const TRACK: Rgb888 = Rgb888::new(219, 232, 238);
const FILL: (f64, f64, f64) = (47.0, 111.0, 143.0);

/// What is drawn on.
struct Canvas {
    height: u32,
    pixels: Vec<u8>,
}

impl Canvas {
    fn new(height: u32) -> Self {
        let many = usize::try_from(WIDTH * height).unwrap_or(0) * 3;
        Self {
            height,
            pixels: vec![255; many],
        }
    }

    fn bar(&mut self, at: Point, size: Size, color: Rgb888) {
        let style = PrimitiveStyle::with_fill(color);
        let Ok(()) = Rectangle::new(at, size).into_styled(style).draw(self);
    }

    fn write(&mut self, text: &str, at: Point, color: Rgb888) {
        let text = latin(text);
        let style = MonoTextStyle::new(&FONT_9X15, color);
        let Ok(_) = Text::with_baseline(&text, at, style, Baseline::Top).draw(self);
    }

    /// The file. Nothing in memory refuses to be written to; if it did, there is no picture.
    fn png(self) -> Option<Vec<u8>> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, WIDTH, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&self.pixels).ok()?;
        writer.finish().ok()?;
        Some(file)
    }
}

impl OriginDimensions for Canvas {
    fn size(&self) -> Size {
        Size::new(WIDTH, self.height)
    }
}

impl DrawTarget for Canvas {
    type Color = Rgb888;
    type Error = Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<Rgb888>>>(&mut self, pixels: I) -> Result<(), Infallible> {
        for Pixel(at, color) in pixels {
            let (Ok(x), Ok(y)) = (usize::try_from(at.x), usize::try_from(at.y)) else {
                continue;
            };
            let wide = usize::try_from(WIDTH).unwrap_or(0);
            let place = (y * wide + x) * 3;
            if x < wide
                && let Some(pixel) = self.pixels.get_mut(place..place + 3)
            {
                pixel.copy_from_slice(&[color.r(), color.g(), color.b()]);
            }
        }
        Ok(())
    }
}

/// The chart as a PNG of [`WIDTH`] pixels: its height, and the file. The same chart gives the same bytes.
#[must_use]
pub fn picture(chart: &Chart) -> Option<(u32, Vec<u8>)> {
    let canvas = match chart {
        Chart::Bars(bars) => self::bars(bars),
        Chart::Week(hours) => week(hours),
    };
    Some((canvas.height, canvas.png()?))
}

fn bars(bars: &[(String, String, f64)]) -> Canvas {
    let bars = bars.get(..BARS).unwrap_or(bars);
    let rows = i32::try_from(bars.len()).unwrap_or(0);
    let mut canvas = Canvas::new(u32::try_from(rows * ROW + 16).unwrap_or(16));
    let most = bars.iter().map(|bar| bar.2).fold(0.0, f64::max).max(1e-9);
    for ((label, value, length), row) in bars.iter().zip(0..) {
        let y = 8 + row * ROW;
        canvas.write(&cut(label, 15), Point::new(LEFT, y + 4), INK);
        canvas.bar(Point::new(BAR_AT, y + 2), Size::new(BAR, 19), TRACK);
        if *length > 0.0 {
            let size = Size::new(pixels(length / most), 19);
            canvas.bar(Point::new(BAR_AT, y + 2), size, fill(1.0));
        }
        canvas.write(&cut(value, 10), Point::new(430, y + 4), SOFT);
    }
    canvas
}

fn week(hours: &[f64]) -> Canvas {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let mut canvas = Canvas::new(170);
    for (value, nth) in hours.iter().zip(0_i32..168) {
        let at = Point::new(52 + nth % 24 * CELL, 30 + nth / 24 * (CELL + 1));
        canvas.bar(at, Size::new(16, 17), fill(0.08 + 0.92 * value.clamp(0.0, 1.0)));
    }
    for (day, nth) in DAYS.iter().zip(0..) {
        canvas.write(day, Point::new(LEFT, 31 + nth * (CELL + 1)), INK);
    }
    for hour in [0, 6, 9, 12, 15, 18, 21] {
        canvas.write(&format!("{hour:02}"), Point::new(51 + hour * CELL, 10), SOFT);
    }
    canvas
}

/// The bar's color, so much of it on the ground.
fn fill(much: f64) -> Rgb888 {
    let mix = |of: f64, ground: u8| byte(f64::from(ground) + (of - f64::from(ground)) * much);
    let (r, g, b) = FILL;
    Rgb888::new(mix(r, GROUND.r()), mix(g, GROUND.g()), mix(b, GROUND.b()))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what a byte holds"
)]
fn byte(value: f64) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

/// So much of a bar, at least a line.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the bar"
)]
fn pixels(share: f64) -> u32 {
    (share * f64::from(BAR)).round().clamp(1.0, f64::from(BAR)) as u32
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(2)).chain("..".chars()).collect()
}

/// What the font has no letter for is shown as what comes nearest.
fn latin(text: &str) -> String {
    let near = |c| match c {
        '–' | '—' | '−' => '-',
        '\u{a0}' | '\u{202f}' => ' ',
        ' '..='~' | '\u{a1}'..='\u{ff}' => c,
        _ => '?',
    };
    text.chars().map(near).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_the_same_small_png_every_time() {
        let chart = Chart::Bars(vec![
            ("enrolled".to_owned(), "120".to_owned(), 120.0),
            ("replied – 日本".to_owned(), "7".to_owned(), 7.0),
        ]);
        let (height, png) = picture(&chart).unwrap();
        assert_eq!((height, picture(&chart).unwrap().1 == png), (68, true));
        assert!(png.starts_with(b"\x89PNG\r\n") && png.len() < 10_000, "{}", png.len());
        let (_, png) = picture(&Chart::Week(vec![0.5; 168])).unwrap();
        assert!(png.len() < 10_000, "{}", png.len());
        assert!(
            picture(&Chart::Bars(Vec::new())).is_some(),
            "nothing to show is no error"
        );
    }
}
