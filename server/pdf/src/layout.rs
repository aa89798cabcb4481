//! Blocks into lines (Unicode line breaking, UAX 14) and lines onto pages. Lengths are in points.

use unicode_linebreak::linebreaks;
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    fonts::Fonts,
    sheet::{Block, Role, Style},
};

/// A4.
pub const PAGE_WIDTH: f32 = 595.28;
pub const PAGE_HEIGHT: f32 = 841.89;
pub const SIDE: f32 = 68.0;
const TOP: f32 = 64.0;
const BOTTOM: f32 = 76.0;
/// Fewest lines of a paragraph at the end of a page, and at the beginning of one.
const TOGETHER: usize = 2;

/// One line on a page.
#[derive(Debug, PartialEq)]
pub struct Line {
    /// Index of its block.
    pub block: usize,
    /// The block's first line.
    pub first: bool,
    pub text: String,
    pub x: f32,
    pub baseline: f32,
}

/// The pages with their lines; at least one page.
pub fn pages(sheet: &[Block], fonts: &Fonts) -> Vec<Vec<Line>> {
    let lines: Vec<Vec<String>> = sheet
        .iter()
        .map(|block| {
            let width = PAGE_WIDTH - 2.0 * SIDE - block.style.indent;
            wrap(&block.text, &block.style, width, fonts)
        })
        .collect();
    let mut pages = Pages {
        done: Vec::new(),
        page: Vec::new(),
        y: TOP,
    };
    for index in 0..sheet.len() {
        pages.add(index, sheet, &lines);
    }
    pages.done.push(pages.page);
    pages.done
}

struct Pages {
    done: Vec<Vec<Line>>,
    page: Vec<Line>,
    /// Where the next line's box begins.
    y: f32,
}

impl Pages {
    fn add(&mut self, index: usize, sheet: &[Block], lines: &[Vec<String>]) {
        let (block, texts) = (&sheet[index], &lines[index]);
        let leading = block.style.leading;
        if !self.page.is_empty() {
            self.y += block.style.above;
        }
        let mut at = 0;
        while at < texts.len() {
            let left = texts.len() - at;
            let room = PAGE_HEIGHT - BOTTOM - self.y;
            let fits = (room / leading).floor().max(0.0) as usize;
            let mut take = fits.min(left);
            if take < left {
                // Not one line alone on either page.
                if left - take < TOGETHER {
                    take = take.saturating_sub(TOGETHER - (left - take));
                }
                if take < TOGETHER {
                    take = 0;
                }
            } else if at == 0 && self.leaves_next_alone(index, sheet, lines, left as f32 * leading) {
                take = 0;
            }
            if take == 0 {
                if self.page.is_empty() {
                    // A page takes what it can, whatever the rules say.
                    take = fits.clamp(1, left);
                } else {
                    self.next_page();
                    continue;
                }
            }
            for text in &texts[at..at + take] {
                self.page.push(Line {
                    block: index,
                    first: at == 0 && self.page.last().is_none_or(|line| line.block != index),
                    text: text.clone(),
                    x: SIDE + block.style.indent,
                    // The letters stand in the middle of the line's box.
                    baseline: self.y + (leading + block.style.size * 0.7) / 2.0,
                });
                self.y += leading;
            }
            at += take;
            if at < texts.len() {
                self.next_page();
            }
        }
    }

    /// Would a heading stand at the foot of the page, with its text on the next one?
    fn leaves_next_alone(&self, index: usize, sheet: &[Block], lines: &[Vec<String>], height: f32) -> bool {
        let keeps = matches!(sheet[index].role, Role::Title | Role::Guideline);
        let Some(next) = sheet.get(index + 1).filter(|_| keeps && !self.page.is_empty()) else {
            return false;
        };
        let needed = lines[index + 1].len().min(TOGETHER) as f32 * next.style.leading + next.style.above;
        self.y + height + needed > PAGE_HEIGHT - BOTTOM
    }

    fn next_page(&mut self) {
        self.done.push(std::mem::take(&mut self.page));
        self.y = TOP;
    }
}

/// Breaks `text` into lines no wider than `width`. Spaces stay at the end of their line: words that are read aloud need them.
fn wrap(text: &str, style: &Style, width: f32, fonts: &Fonts) -> Vec<String> {
    let measure = |text: &str| fonts.width(text, style.weight) * style.size;
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0.0_f32);
    let mut start = 0;
    for (end, _) in linebreaks(text) {
        // What stands on paper as one name is not broken.
        if fonts.is_one_name(&text[..end], &text[end..]) {
            continue;
        }
        let word = &text[start..end];
        start = end;
        let seen = measure(word.trim_end());
        if used + seen > width && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            used = 0.0;
        }
        if seen <= width {
            line.push_str(word);
            used += measure(word);
            continue;
        }
        // A word wider than the page is cut between letters.
        for letter in word.graphemes(true) {
            let wide = measure(letter);
            if used + wide > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            line.push_str(letter);
            used += wide;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::Weight;

    fn style() -> Style {
        Style {
            weight: Weight::Regular,
            size: 11.0,
            leading: 16.0,
            above: 8.0,
            indent: 0.0,
            color: [0, 0, 0],
        }
    }

    fn block(role: Role, text: &str) -> Block {
        Block {
            role,
            style: style(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn no_line_is_too_wide_and_no_letter_is_lost() {
        let fonts = Fonts::load().unwrap();
        let text = format!(
            "Wir {} und gehen weiter, auch hier.",
            "Donaudampfschifffahrt".repeat(20)
        );
        let lines = wrap(&text, &style(), 300.0, &fonts);
        assert!(lines.len() > 3);
        assert_eq!(lines.concat(), text);
        for line in lines {
            assert!(fonts.width(line.trim_end(), Weight::Regular) * 11.0 <= 300.5, "{line}");
        }
    }

    #[test]
    fn a_heading_goes_with_its_text_and_no_line_stands_alone() {
        let fonts = Fonts::load().unwrap();
        let long = "Wörter in einer Zeile, die lang genug ist, damit drei daraus werden, und das braucht seine Zeit. "
            .repeat(3);
        let lines = wrap(&long, &style(), PAGE_WIDTH - 2.0 * SIDE, &fonts).len();
        assert!(lines >= 3);
        // Every length of the text before it, so that the heading comes to stand everywhere.
        for before in 1..60 {
            let mut sheet: Vec<Block> = (0..before).map(|_| block(Role::Paragraph, "Kurz")).collect();
            sheet.push(block(Role::Guideline, "Überschrift"));
            sheet.push(block(Role::Paragraph, &long));
            let pages = pages(&sheet, &fonts);
            let all: usize = pages.iter().map(Vec::len).sum();
            assert_eq!(all, before + 1 + lines, "{before}");
            for page in &pages {
                let (first, last) = (&page[0], &page[page.len() - 1]);
                assert_ne!(last.block, before, "{before}: the heading ends a page");
                let of_last = page.iter().filter(|line| line.block == before + 1).count();
                assert!(of_last == 0 || of_last >= 2, "{before}: one line alone");
                assert!(first.baseline > TOP && last.baseline < PAGE_HEIGHT - BOTTOM);
            }
        }
    }
}
