//! The fonts, and how wide words are in them.
//!
//! Atkinson Hyperlegible Next is made for people who see badly. It has Latin letters; what it lacks (Greek, Cyrillic, signs)
//! comes from Source Sans 3, and what both lack is replaced by what it is called, "[arabische Schrift]", with the letters
//! themselves as the text that is read aloud and copied.

use krilla::text::Font;
use rustybuzz::{Direction, Face as Shaper, ShapePlan, UnicodeBuffer, script};

use crate::PdfError;

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

    /// `text` cut where the font changes. What no font has comes as its name in brackets, once for as much of it as stands
    /// together.
    pub fn runs(&self, text: &str, weight: Weight) -> Vec<Run> {
        let own = self.own(weight);
        let mut runs: Vec<Run> = Vec::new();
        let mut push = |rest: bool, text: &str| match runs.last_mut().filter(|run: &&mut Run| run.rest == rest) {
            Some(run) => run.text.push_str(text),
            None => runs.push(Run {
                rest,
                text: text.to_owned(),
            }),
        };
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            if own.has(letter) || self.rest.has(letter) {
                push(!own.has(letter), letter.encode_utf8(&mut [0; 4]));
                continue;
            }
            if is_joiner(letter) {
                continue;
            }
            let name = name_of(letter);
            let is_same =
                |next: &char| !own.has(*next) && !self.rest.has(*next) && (is_joiner(*next) || name_of(*next) == name);
            while letters.next_if(is_same).is_some() {}
            push(false, &format!("[{name}]"));
        }
        runs
    }

    /// What is called by its name in `text`, because no font has it.
    pub fn missing(&self, text: &str) -> Vec<&'static str> {
        let lacks = |letter: &char| !self.regular.has(*letter) && !self.rest.has(*letter) && !is_joiner(*letter);
        text.chars().filter(lacks).map(name_of).collect()
    }

    /// Do the last letter of `before` and the first of `after` belong to what is called by one name?
    pub fn is_one_name(&self, before: &str, after: &str) -> bool {
        let lacks = |letter: &char| !self.regular.has(*letter) && !self.rest.has(*letter) && !is_joiner(*letter);
        let last = before.chars().next_back().filter(lacks);
        let next = after.chars().next().filter(lacks);
        matches!((last, next), (Some(last), Some(next)) if name_of(last) == name_of(next))
    }

    fn own(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}

/// What a letter belongs to, as people call it (blocks of Unicode 16).
fn name_of(letter: char) -> &'static str {
    match u32::from(letter) {
        0x0530..=0x058f => "armenische Schrift",
        0x0590..=0x05ff | 0xfb1d..=0xfb4f => "hebräische Schrift",
        0x0600..=0x06ff | 0x0750..=0x077f | 0x0870..=0x08ff | 0xfb50..=0xfdff | 0xfe70..=0xfeff => "arabische Schrift",
        0x0900..=0x0dff => "indische Schrift",
        0x0e00..=0x0e7f => "thailändische Schrift",
        0x10a0..=0x10ff | 0x2d00..=0x2d2f => "georgische Schrift",
        0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7ff => "koreanische Schrift",
        0x1200..=0x139f => "äthiopische Schrift",
        0x3040..=0x30ff | 0x31f0..=0x31ff => "japanische Schrift",
        0x2e80..=0x303f | 0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff => {
            "chinesische oder japanische Zeichen"
        }
        0x2190..=0x2bff => "Symbol",
        0x1f000..=0x1faff | 0xe0020..=0xe007f => "Emoji",
        _ => "anderes Zeichen",
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
            [(false, "Größe „Kinder“ – "), (true, "Ελλάδα"), (false, " [Emoji]")]
        );
    }

    #[test]
    fn what_no_font_has_is_called_by_its_name() {
        let fonts = Fonts::load().unwrap();
        let shown = |text: &str| {
            fonts
                .runs(text, Weight::Regular)
                .into_iter()
                .map(|run| run.text)
                .collect::<String>()
        };
        assert_eq!(shown("مرحبا بكم"), "[arabische Schrift] [arabische Schrift]");
        assert_eq!(
            shown("日本語 und שלום"),
            "[chinesische oder japanische Zeichen] und [hebräische Schrift]"
        );
        assert_eq!(shown("Größe, Ελλάδα, Київ – 3 €"), "Größe, Ελλάδα, Київ – 3 €");
        assert_eq!(fonts.missing("Größe 👩‍👧"), ["Emoji", "Emoji"]);
    }

    #[test]
    fn bold_is_wider() {
        let fonts = Fonts::load().unwrap();
        assert!(fonts.width("Leitlinie", Weight::Bold) > fonts.width("Leitlinie", Weight::Regular));
    }
}
