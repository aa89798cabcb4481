//! Markdown (CommonMark), as people write it and as our own export does.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::{Hint, Line, Row, notes::is_note, outline};
use crate::import::{ImportError, text::prepare_long};

/// Tags that say how words look.
const LOOKS: [&str; 14] = [
    "a", "b", "code", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u",
];

/// Does a text look like Markdown rather than like plain text?
#[must_use]
pub fn is_markdown(text: &str) -> bool {
    text.lines().any(|line| {
        let marks = line.bytes().take_while(|byte| *byte == b'#').count();
        (1..=6).contains(&marks) && line[marks..].starts_with(' ')
    })
}

/// Reads Markdown.
///
/// # Errors
/// What is no text, too large or empty.
pub fn markdown(text: &str) -> Result<Vec<Row>, ImportError> {
    let text = prepare_long(text)?;
    let mut reader = Reader::default();
    for event in Parser::new(&text) {
        reader.take(event);
    }
    reader.flush(Hint::Paragraph);
    super::checked(outline(&reader.lines))
}

#[derive(Default)]
struct Reader {
    lines: Vec<Line>,
    /// The words of the block that is being read.
    words: Vec<Words>,
    /// How many lists are open.
    depth: u8,
    emphasis: u8,
    strong: u8,
}

/// Words that are marked alike.
struct Words {
    text: String,
    emphasis: bool,
    strong: bool,
    /// They begin a line.
    after_break: bool,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::Paragraph | Tag::CodeBlock(_) | Tag::HtmlBlock) => {
                self.flush(self.around());
            }
            Event::End(TagEnd::Heading(level)) => self.flush(Hint::Heading(level as u8)),
            Event::End(TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::Item) => self.flush(self.around()),
            Event::End(TagEnd::HtmlBlock) => self.flush(Hint::Note),
            Event::Start(Tag::List(_)) => {
                self.flush(self.around());
                self.depth = self.depth.saturating_add(1);
            }
            Event::End(TagEnd::List(_)) => self.depth = self.depth.saturating_sub(1),
            Event::Start(Tag::Emphasis) => self.emphasis = self.emphasis.saturating_add(1),
            Event::End(TagEnd::Emphasis) => self.emphasis = self.emphasis.saturating_sub(1),
            Event::Start(Tag::Strong) => self.strong = self.strong.saturating_add(1),
            Event::End(TagEnd::Strong) => self.strong = self.strong.saturating_sub(1),
            Event::Text(text) | Event::Code(text) | Event::Html(text) => self.push(&text, false),
            Event::InlineHtml(tag) => self.tag(&tag),
            Event::SoftBreak | Event::HardBreak => self.push(" ", true),
            Event::Rule => {
                self.flush(Hint::Paragraph);
                self.lines.push(Line::new(Hint::Break, ""));
            }
            _ => {}
        }
    }

    /// What a paragraph is here: an item within a list.
    fn around(&self) -> Hint {
        match self.depth.checked_sub(1) {
            Some(depth) => Hint::Item(depth),
            None => Hint::Paragraph,
        }
    }

    /// What stands between "<" and ">" within a line. What is no tag that we know is words: "<Name der Stadt>".
    fn tag(&mut self, tag: &str) {
        let name = tag.trim_start_matches(['<', '/']);
        let end = name.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-'));
        let name = name[..end.unwrap_or(name.len())].to_ascii_lowercase();
        if name == "br" {
            self.push(" ", false);
        } else if !tag.starts_with("<!--") && !LOOKS.contains(&name.as_str()) {
            self.push(tag, false);
        }
    }

    fn push(&mut self, text: &str, is_break: bool) {
        let (emphasis, strong) = (self.emphasis > 0, self.strong > 0);
        match self.words.last_mut() {
            Some(last) if !is_break && (last.emphasis, last.strong) == (emphasis, strong) => last.text.push_str(text),
            _ => self.words.push(Words {
                text: text.to_owned(),
                emphasis,
                strong,
                after_break: is_break,
            }),
        }
    }

    fn flush(&mut self, hint: Hint) {
        let mut words = std::mem::take(&mut self.words);
        // Our own export says below a text what belongs to it.
        let mut notes = Vec::new();
        while let [.., last] = words.as_slice()
            && last.emphasis
            && is_note(&last.text)
            && matches!(&words[..words.len() - 1], [.., before] if before.after_break && before.text.trim().is_empty())
        {
            notes.extend(words.pop());
            words.pop();
        }
        let text: String = words.iter().map(|words| words.text.as_str()).collect();
        let text = text.trim();
        if !text.is_empty() || matches!(hint, Hint::Heading(_)) {
            let all =
                |marked: fn(&Words) -> bool| words.iter().all(|words| marked(words) || words.text.trim().is_empty());
            let hint = match hint {
                Hint::Paragraph if all(|words| words.emphasis) && is_note(text) => Hint::Note,
                Hint::Paragraph if all(|words| words.emphasis) => Hint::Emphasis,
                Hint::Paragraph if all(|words| words.strong) => Hint::Strong,
                hint => hint,
            };
            self.lines.push(Line::new(hint, text));
        }
        for note in notes.into_iter().rev() {
            self.lines.push(Line::new(Hint::Note, note.text));
        }
    }
}
