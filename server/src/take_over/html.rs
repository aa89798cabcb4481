//! Pages in HTML: our own export, and whatever a browser saved. Read as the text they show: nothing in them is run, loaded or
//! followed, and no tag can nest deeper than a number.

use model::import::{
    ImportError,
    rows::{self, Hint, Line, Row},
};

use crate::export::GENERATOR;

/// What is not text of the page.
const SKIPPED: [&str; 13] = [
    "script", "style", "title", "noscript", "template", "svg", "math", "textarea", "select", "button", "nav", "iframe",
    "object",
];
/// What begins a line of its own, beside headings and items.
const BLOCKS: [&str; 20] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "blockquote",
    "ul",
    "ol",
    "table",
    "tr",
    "td",
    "th",
    "dl",
    "dt",
    "dd",
    "figure",
    "body",
];
/// The references that German texts have; others are written as numbers by every program.
const REFERENCES: [(&str, char); 27] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
    ("eacute", 'é'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("bdquo", '„'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("sbquo", '‚'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("bull", '•'),
    ("euro", '€'),
];

/// Is it HTML, by its name or its beginning?
pub fn is_html(name: &str, text: &str) -> bool {
    let begins = text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .chars()
        .take(15)
        .collect::<String>();
    let begins = begins.to_ascii_lowercase();
    name.ends_with(".html")
        || name.ends_with(".htm")
        || begins.starts_with("<!doctype html")
        || begins.starts_with("<html")
}

/// What a page was recognised as.
///
/// # Errors
/// What the recognition says.
pub fn read(text: &str) -> Result<Vec<Row>, ImportError> {
    let mut reader = Reader::default();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        reader.text(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let is_tag =
            rest[1..].starts_with(|letter: char| letter.is_ascii_alphabetic() || matches!(letter, '/' | '!' | '?'));
        if !is_tag {
            reader.text("<");
            rest = &rest[1..];
            continue;
        }
        let (tag, after) = tag(&rest[1..]);
        rest = reader.tag(tag, after);
    }
    reader.text(rest);
    reader.flush();
    rows::checked(rows::outline(&reader.lines))
}

/// What stands in a tag, and what comes after it.
fn tag(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return (&text[..at], &text[at + 1..]),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    (text, "")
}

#[derive(Default)]
struct Reader {
    lines: Vec<Line>,
    /// The line that is being read.
    words: String,
    /// What the tag around it says it is.
    hint: Option<Hint>,
    /// How many lists are open.
    depth: u8,
    /// It is our own export, whose classes mean something.
    is_own: bool,
}

impl Reader {
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find('&') {
            self.words.push_str(&rest[..at]);
            let (letter, after) = reference(&rest[at..]);
            self.words.push(letter);
            rest = after;
        }
        self.words.push_str(rest);
    }

    /// Takes a tag, and answers with what is to be read after it.
    fn tag<'a>(&mut self, tag: &str, after: &'a str) -> &'a str {
        let is_end = tag.starts_with('/');
        let name = tag.trim_start_matches('/');
        let name = name
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            name if !is_end && SKIPPED.contains(&name) => return behind(after, name),
            "meta" => {
                self.is_own |=
                    attribute(tag, "name") == Some("generator") && attribute(tag, "content") == Some(GENERATOR)
            }
            "br" => self.words.push(' '),
            "hr" => {
                self.flush();
                self.lines.push(Line::new(Hint::Break, ""));
            }
            "li" => {
                self.flush();
                self.hint = (!is_end).then(|| Hint::Item(self.depth.saturating_sub(1)));
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                let level = name.as_bytes().get(1).map_or(1, |digit| digit - b'0');
                self.hint = (!is_end).then(|| self.own(tag).unwrap_or(Hint::Heading(level)));
            }
            name if BLOCKS.contains(&name) => {
                self.flush();
                if matches!(name, "ul" | "ol") {
                    self.depth = if is_end {
                        self.depth.saturating_sub(1)
                    } else {
                        self.depth.saturating_add(1)
                    };
                }
                self.hint = if is_end { None } else { self.own(tag) };
            }
            _ => {}
        }
        after
    }

    /// What our own export says by a class, and by its first heading.
    fn own(&self, tag: &str) -> Option<Hint> {
        if !self.is_own {
            return None;
        }
        let class = attribute(tag, "class").and_then(|class| class.split(' ').next());
        match class {
            Some("stamp" | "place" | "given" | "note" | "source") => Some(Hint::Note),
            Some("motto") => Some(Hint::Motto),
            Some("closing") => Some(Hint::Closing),
            _ => tag.starts_with("h1").then_some(Hint::Title),
        }
    }

    fn flush(&mut self) {
        let words = std::mem::take(&mut self.words);
        let text = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let hint = self.hint.unwrap_or(match self.depth.checked_sub(1) {
            Some(depth) => Hint::Item(depth),
            None => Hint::Paragraph,
        });
        // A Leitlinie may have no title; its heading is there all the same.
        if !text.is_empty() || matches!(hint, Hint::Heading(_)) {
            self.lines.push(Line::new(hint, text));
        }
        self.hint = None;
    }
}

/// What comes behind an element that is passed over, with all that stands in it.
fn behind<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        let is_it = rest
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name));
        if is_it && !rest[name.len()..].starts_with(|letter: char| letter.is_ascii_alphanumeric()) {
            return tag(rest).1;
        }
    }
    ""
}

/// The value of an attribute that stands in quotes, as all of ours do.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    Some(after.split_once('"')?.0)
}

/// The letter that a reference stands for, and what comes after it; an ampersand that begins none stands for itself.
fn reference(text: &str) -> (char, &str) {
    let found = text.find(';').filter(|end| *end <= 10).and_then(|end| {
        let name = &text[1..end];
        let letter = match name.strip_prefix('#') {
            Some(number) => {
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => number.parse(),
                };
                char::from_u32(code.ok()?)?
            }
            None => REFERENCES.iter().find(|(known, _)| *known == name)?.1,
        };
        Some((letter, &text[end + 1..]))
    });
    found.unwrap_or(('&', &text[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> Vec<String> {
        let rows = read(html).unwrap();
        rows.iter()
            .map(|row| format!("{}: {}", row.part.as_str(), row.text))
            .collect()
    }

    #[test]
    fn a_page_as_others_write_it() {
        let page = "<!DOCTYPE html><html><head><title>Amt</title><style>p > b { x: '<p>' }</style></head><body><!-- <p>weg -->\
            <nav><ul><li>Startseite</li></ul></nav><h1>Leitbild f&uuml;r Kinder</h1><p>Wir gehen <b>alle</b>\n  mit.<br>Ja &amp; gern &#8211; 3 < 5.</p>\
            <h2>Mut machen</h2><ul><li>Erster<ul><li>darunter</li></ul></li><li>Zweiter &unbekannt; <script>alert('</p>')</SCRIPT >Punkt</ul>\
            <h2 class=\"note\">Mitgehen</h2><ol><li><p>Dritter</p></ol>";
        assert_eq!(
            shown(page),
            [
                "title: Leitbild für Kinder",
                "preamble: Wir gehen alle mit. Ja & gern – 3 < 5.",
                "guideline: Mut machen",
                "point: Erster",
                "point: darunter",
                "point: Zweiter &unbekannt; Punkt",
                "guideline: Mitgehen",
                "point: Dritter",
            ]
        );
    }

    #[test]
    fn whatever_is_broken_ends() {
        for broken in [
            "<",
            "</",
            "<p",
            "<!--",
            "<script>",
            "<h1>x<h1 a=\"",
            "&#xffffffff;<p>a",
            "&#0;<p>a",
            "<li></li></ul></ul>b",
            "<p>ä&ö;</p",
        ] {
            let _ = read(broken);
        }
        let deep = "<ul><li>".repeat(100_000);
        let _ = read(&format!("{deep}tief"));
    }
}
