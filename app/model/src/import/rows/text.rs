//! Plain text: a page as it is copied from a browser, or a Leitbild as it stands in a letter.

use std::collections::BTreeSet;

use super::{Part, Row};
use crate::import::{
    ImportError, MAX_PAGE_LINES, Reason,
    profile::{self, FoundLeitbild, ProfileImport, bullet, numbered_title},
    text::{lines, prepare_long},
};
use crate::insert::inserted;

/// Reads plain text.
///
/// # Errors
/// What is no text, too large or empty.
pub fn text(text: &str) -> Result<Vec<Row>, ImportError> {
    let prepared = prepare_long(text)?;
    if prepared.lines().filter(|line| !line.trim().is_empty()).count() > MAX_PAGE_LINES {
        return Err(ImportError::file(Reason::TooManyLines { limit: MAX_PAGE_LINES }));
    }
    super::checked(outline(&prepared))
}

/// What the lines of a prepared text are.
pub(super) fn outline(prepared: &str) -> Vec<Row> {
    let usual = usual(prepared);
    let page = profile::read(&lines(&usual));
    if page.leitbild.as_ref().is_some_and(|found| !found.guidelines.is_empty()) {
        return rows(&usual, page, 0);
    }
    // No heading says that a Leitbild begins: then it does so with the first line.
    let announced = format!("Leitbild\n{usual}");
    let page = profile::read(&lines(&announced));
    rows(&usual, page, 1)
}

/// The text with the numbers and bullets that the reader knows: "Leitsatz 2 – …" and "B. …" count Leitlinien as "II. …" does,
/// "a) …" and "2.1 …" are points. Where no line is "2.1", the number in "2.5 Stellen" is a word like others, and so is "31.12.".
fn usual(text: &str) -> String {
    let first_words = |letter: char| {
        text.lines()
            .any(|line| lettered(line).is_some_and(|(found, _)| found == letter))
    };
    let counts_by_letter = first_words('A') && first_words('B');
    let counted_below: BTreeSet<&str> = inserted(
        text.lines()
            .filter_map(|line| below_number(line.trim()))
            .filter(|(_, below, _)| *below == "1")
            .map(|(number, ..)| number),
    );
    text.lines()
        .map(|line| {
            let line = line.trim();
            if let Some((number, title)) = named_number(line) {
                return format!("{number}. {title}");
            }
            if counts_by_letter && let Some((letter, title)) = lettered(line) {
                let number = u32::from(letter) - u32::from('A') + 1;
                return format!("{}. {title}", crate::leitbild::roman(number as usize));
            }
            let numbered = below_number(line).filter(|(number, ..)| counted_below.contains(number));
            match below_letter(line).or(numbered.map(|(.., words)| words)) {
                Some(words) => format!("• {words}"),
                None => line.to_owned(),
            }
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// Number and title of "Leitlinie II – Title", "Leitsatz 3: Title".
fn named_number(line: &str) -> Option<(&str, &str)> {
    let rest = ["Leitlinie ", "Leitsatz ", "Leitziel ", "Handlungsfeld "]
        .iter()
        .find_map(|name| line.strip_prefix(name))?;
    let end = rest.find([' ', ':', '.', ')', '–', '-']).unwrap_or(rest.len());
    let (number, title) = (&rest[..end], &rest[end..]);
    let title = title.trim_start_matches([' ', ':', '.', ')', '–', '-']);
    numbered_title(&format!("{number}.")).map(|_| (number, title))
}

/// Letter and title of "B. Title" or "B) Title".
fn lettered(line: &str) -> Option<(char, &str)> {
    let mut letters = line.trim().chars();
    let letter = letters.next().filter(char::is_ascii_uppercase)?;
    let rest = letters.as_str().strip_prefix(['.', ')'])?;
    (rest.starts_with(' ') && !rest.trim().is_empty()).then_some((letter, rest.trim()))
}

/// The words of "a) words".
fn below_letter(line: &str) -> Option<&str> {
    let (mark, words) = line.split_once(' ')?;
    let is_letter =
        mark.len() == 2 && mark.ends_with(')') && mark.starts_with(|letter: char| letter.is_ascii_lowercase());
    is_letter.then_some(words.trim())
}

/// Both numbers and the words of "1.2 words", "1.2. words".
fn below_number(line: &str) -> Option<(&str, &str, &str)> {
    let (mark, words) = line.split_once(' ')?;
    let is_number = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let (number, below) = mark.strip_suffix('.').unwrap_or(mark).split_once('.')?;
    (is_number(number) && is_number(below)).then_some((number, below, words.trim()))
}

/// What was found and what was not, in the order of the lines. `before`: how many lines the reader saw before the first of `text`.
fn rows(text: &str, page: ProfileImport, before: u32) -> Vec<Row> {
    let leitbild = page.leitbild.unwrap_or_default();
    let mut found: Vec<(u32, Row)> = parts(leitbild)
        .into_iter()
        .map(|(line, row)| (line.saturating_sub(before), row))
        .collect();
    let whole: Vec<String> = found.iter().map(|(_, row)| row.text.clone()).collect();
    for line in lines(text) {
        let is_taken = found.iter().any(|(at, _)| *at == line.line);
        // Several lines may have become one row.
        let words = bullet(&line.value).unwrap_or(&line.value);
        if !is_taken && !whole.iter().any(|row| row.contains(words)) {
            found.push((line.line, Row::new(Part::Omit, line.value)));
        }
    }
    found.sort_by_key(|(line, _)| *line);
    found.into_iter().map(|(_, row)| row).collect()
}

fn parts(leitbild: FoundLeitbild) -> Vec<(u32, Row)> {
    let mut parts = Vec::new();
    let mut add = |part, found: crate::import::Found<String>| parts.push((found.line, Row::new(part, found.value)));
    let single = [(Part::Title, leitbild.title), (Part::Motto, leitbild.motto)];
    for (part, found) in single {
        if let Some(found) = found {
            add(part, found);
        }
    }
    for found in leitbild.preamble {
        add(Part::Preamble, found);
    }
    for guideline in leitbild.guidelines {
        add(Part::Guideline, guideline.title);
        for point in guideline.points {
            add(Part::Point, point);
        }
    }
    if let Some(found) = leitbild.closing {
        add(Part::Closing, found);
    }
    parts
}
