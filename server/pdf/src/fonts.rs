//! The fonts, and how wide words are in them.
//!
//! Atkinson Hyperlegible Next is made for people who see badly. It has Latin letters; what it lacks (Greek, Cyrillic, signs)
//! comes from Source Sans 3, and what both lack becomes a box, with the letter itself as the text that is read aloud.

use krilla::text::Font;
use rustybuzz::{Direction, Face as Shaper, ShapePlan, UnicodeBuffer, script};

use crate::PdfError;

/// Stands for a letter that no font has.
const BOX: char = '\u{25a1}';

static REGULAR: &[u8] = include_bytes!("../fonts/AtkinsonHyperlegibleNext-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../fonts/AtkinsonHyperlegibleNext-SemiBold.ttf");
static REST: &[u8] = include_bytes!("../fonts/SourceSans3-Regular.ttf");

/// What a style asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

/// One font file, for measuring and for drawing.
pub struct Face {
    shaper: Shaper<'static>,
    /// Made once: it costs more than shaping a word.
    plan: ShapePlan,
    pub font: Font,
}

/// All of them.
pub struct Fonts {
    regular: Face,
    bold: Face,
    rest: Face,
}

/// Letters of a line that are drawn in one font.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    /// Drawn in the font for the rest.
    pub rest: bool,
    pub text: String,
}

impl Fonts {
    pub fn load() -> Result<Self, PdfError> {
        Ok(Self {
            regular: Face::load("Regular", REGULAR)?,
            bold: Face::load("SemiBold", BOLD)?,
            rest: Face::load("the rest", REST)?,
        })
    }

    pub fn face(&self, weight: Weight, run: &Run) -> &Face {
        match (run.rest, weight) {
            (true, _) => &self.rest,
            (false, Weight::Regular) => &self.regular,
            (false, Weight::Bold) => &self.bold,
        }
    }

    /// Width of `text` at 1 pt.
    pub fn width(&self, text: &str, weight: Weight) -> f32 {
        let runs = self.runs(text, weight);
        runs.iter().map(|run| self.face(weight, run).width(&run.text)).sum()
    }

    /// `text` cut where the font changes. Letters that no font has come as boxes.
    pub fn runs(&self, text: &str, weight: Weight) -> Vec<Run> {
        let own = match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        };
        let mut runs: Vec<Run> = Vec::new();
        for letter in text.chars() {
            let (rest, letter) = if own.has(letter) {
                (false, letter)
            } else if self.rest.has(letter) {
                (true, letter)
            } else if is_joiner(letter) {
                continue;
            } else {
                (!own.has(BOX), BOX)
            };
            match runs.last_mut().filter(|run| run.rest == rest) {
                Some(run) => run.text.push(letter),
                None => runs.push(Run {
                    rest,
                    text: letter.to_string(),
                }),
            }
        }
        runs
    }
}

impl Face {
    fn load(name: &'static str, data: &'static [u8]) -> Result<Self, PdfError> {
        let shaper = Shaper::from_slice(data, 0).ok_or(PdfError::Font(name))?;
        let plan = ShapePlan::new(&shaper, Direction::LeftToRight, Some(script::LATIN), None, &[]);
        Ok(Self {
            shaper,
            plan,
            font: Font::new(data.into(), 0).ok_or(PdfError::Font(name))?,
        })
    }

    fn has(&self, letter: char) -> bool {
        self.shaper.glyph_index(letter).is_some_and(|glyph| glyph.0 != 0)
    }

    /// Width of `text` at 1 pt.
    pub fn width(&self, text: &str) -> f32 {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(script::LATIN);
        let glyphs = rustybuzz::shape_with_plan(&self.shaper, &self.plan, buffer);
        let units: i32 = glyphs.glyph_positions().iter().map(|position| position.x_advance).sum();
        units as f32 / self.shaper.units_per_em() as f32
    }
}

/// Characters that only change their neighbours: nothing is missing when they are left out.
fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_font_lacks_comes_from_the_next() {
        let fonts = Fonts::load().unwrap();
        let runs = fonts.runs("Größe „Kinder“ – Ελλάδα 👩‍👧", Weight::Bold);
        let shown: Vec<_> = runs.iter().map(|run| (run.rest, run.text.as_str())).collect();
        assert_eq!(
            shown,
            [
                (false, "Größe „Kinder“ – "),
                (true, "Ελλάδα"),
                (false, " "),
                (true, "□□")
            ]
        );
    }

    #[test]
    fn bold_is_wider() {
        let fonts = Fonts::load().unwrap();
        assert!(fonts.width("Leitlinie", Weight::Bold) > fonts.width("Leitlinie", Weight::Regular));
    }
}
