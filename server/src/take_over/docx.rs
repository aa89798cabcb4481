//! Word files (Office Open XML, ISO/IEC 29500), read without trusting them: bounded in what they may unfold to, and without DTDs.

use std::{
    collections::HashMap,
    io::{Cursor, Read},
};

use model::import::{
    ImportError, Reason,
    rows::{self, Hint, Line, Row},
};
use roxmltree::{Document, Node, ParsingOptions};
use zip::ZipArchive;

use crate::export::{CLOSING_STYLE, CLOSING_STYLE_NAME, NOTE_STYLE, NOTE_STYLE_NAME};

/// Most parts of a file. A long one with many pictures has some hundred.
const PARTS_MAX: usize = 2_000;
/// Largest part that is read, in bytes. The text of 1,000 pages is some 10 MB of XML.
const PART_MAX_BYTES: u64 = 32 << 20;
/// How many times its size a part may unfold to, once it is large. XML of real texts unfolds to some 20 times.
const RATIO_MAX: u64 = 150;
/// Below this the ratio says nothing.
const RATIO_FROM_BYTES: u64 = 1 << 20;
/// What all parts together may say they unfold to.
const ALL_MAX_BYTES: u64 = 512 << 20;
/// Most elements, attributes and texts of a part.
const NODES_MAX: u32 = 2_000_000;
/// Styles are based on one another; no deeper than this.
const STYLES_DEEP: usize = 16;

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
/// The same in files that were saved as "Strict Open XML".
const WORD_STRICT: &str = "http://purl.oclc.org/ooxml/wordprocessingml/main";

/// What a Word file was recognised as.
///
/// # Errors
/// [`Reason::NotWord`], [`Reason::BrokenWord`], [`Reason::WordBomb`], or what the recognition says.
pub fn read(bytes: &[u8]) -> Result<Vec<Row>, ImportError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| error(Reason::BrokenWord))?;
    check(&mut zip)?;
    let main = part(&mut zip, "word/document.xml")?.ok_or_else(|| error(Reason::NotWord))?;
    let styles = match part(&mut zip, "word/styles.xml")? {
        Some(text) => Styles::read(&parse(&text)?),
        None => Styles::default(),
    };
    let lines = lines(&parse(&main)?, &styles);
    rows::checked(rows::outline(&lines))
}

fn error(reason: Reason) -> ImportError {
    ImportError::file(reason)
}

/// Looks at what the file says of its parts, before any is unfolded.
fn check(zip: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), ImportError> {
    if zip.len() > PARTS_MAX {
        return Err(error(Reason::WordBomb));
    }
    let mut all = 0_u64;
    for index in 0..zip.len() {
        let part = zip.by_index_raw(index).map_err(|_| error(Reason::BrokenWord))?;
        if part.encrypted() {
            return Err(error(Reason::OldOrLockedWord));
        }
        if is_bomb(part.size(), part.compressed_size()) {
            return Err(error(Reason::WordBomb));
        }
        all = all.saturating_add(part.size());
    }
    if all > ALL_MAX_BYTES {
        return Err(error(Reason::WordBomb));
    }
    Ok(())
}

fn is_bomb(size: u64, compressed: u64) -> bool {
    size > RATIO_FROM_BYTES && size / compressed.max(1) > RATIO_MAX
}

/// One part's text. What it says of its size is not believed: no more than the limit is unfolded.
fn part(zip: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<String>, ImportError> {
    let Ok(file) = zip.by_name(name) else {
        return Ok(None);
    };
    let compressed = file.compressed_size();
    let mut bytes = Vec::new();
    file.take(PART_MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| error(Reason::BrokenWord))?;
    let size = bytes.len() as u64;
    if size > PART_MAX_BYTES || is_bomb(size, compressed) {
        return Err(error(Reason::WordBomb));
    }
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| error(Reason::BrokenWord))
}

/// Refuses a DTD, and with it every entity of one's own.
fn parse(text: &str) -> Result<Document<'_>, ImportError> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: NODES_MAX,
        ..ParsingOptions::default()
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Document::parse_with_options(text, options).map_err(|_| error(Reason::BrokenWord))
}

/// What the file's styles say, by their ids, which differ between languages; the names of Word's own do not.
#[derive(Default)]
struct Styles(HashMap<String, Style>);

#[derive(Default)]
struct Style {
    hint: Option<Hint>,
    based_on: Option<String>,
}

impl Styles {
    fn read(document: &Document<'_>) -> Self {
        let styles = document.descendants().filter(|node| is(node, "style"));
        let read = |node: Node<'_, '_>| {
            let id = value_of(&node, "styleId")?.to_owned();
            let name = child(&node, "name").and_then(|name| value(&name)).unwrap_or_default();
            let properties = child(&node, "pPr");
            let hint = own_hint(&id)
                .or_else(|| own_hint(name))
                .or_else(|| named_hint(name))
                .or_else(|| properties.and_then(|properties| marked_hint(&properties)));
            let based_on = child(&node, "basedOn")
                .and_then(|based| value(&based))
                .map(str::to_owned);
            Some((id, Style { hint, based_on }))
        };
        Self(styles.filter_map(read).collect())
    }

    fn hint(&self, id: &str) -> Option<Hint> {
        let mut id = id;
        for _ in 0..STYLES_DEEP {
            let Some(style) = self.0.get(id) else {
                return own_hint(id);
            };
            if style.hint.is_some() {
                return style.hint;
            }
            id = style.based_on.as_deref()?;
        }
        None
    }
}

/// Styles of our own export, by id or name.
fn own_hint(style: &str) -> Option<Hint> {
    match style {
        NOTE_STYLE | NOTE_STYLE_NAME => Some(Hint::Note),
        CLOSING_STYLE | CLOSING_STYLE_NAME => Some(Hint::Closing),
        _ => None,
    }
}

fn named_hint(name: &str) -> Option<Hint> {
    let name = name.to_lowercase();
    match name.as_str() {
        "title" | "titel" => return Some(Hint::Title),
        "subtitle" | "untertitel" => return Some(Hint::Motto),
        _ => {}
    }
    let level = ["heading ", "überschrift "]
        .iter()
        .find_map(|kind| name.strip_prefix(kind));
    if let Some(level) = level.and_then(|level| level.parse().ok()) {
        return Some(Hint::Heading(level));
    }
    let depth = ["list bullet", "list number", "aufzählungszeichen", "listennummer"]
        .iter()
        .find_map(|kind| name.strip_prefix(kind))?;
    // "List Bullet", "List Bullet 2", …
    Some(Hint::Item(
        depth.trim().parse::<u8>().map_or(0, |depth| depth.saturating_sub(1)),
    ))
}

/// What the properties of a paragraph or a style say by themselves.
fn marked_hint(properties: &Node<'_, '_>) -> Option<Hint> {
    if let Some(level) = child(properties, "outlineLvl").and_then(|level| value(&level)?.parse::<u8>().ok())
        && level < 9
    {
        return Some(Hint::Heading(level + 1));
    }
    let list = child(properties, "numPr")?;
    // Number 0 takes a paragraph out of its list.
    if child(&list, "numId").and_then(|number| value(&number)) == Some("0") {
        return None;
    }
    let depth = child(&list, "ilvl").and_then(|depth| value(&depth)?.parse().ok());
    Some(Hint::Item(depth.unwrap_or(0)))
}

fn lines(document: &Document<'_>, styles: &Styles) -> Vec<Line> {
    let mut paragraphs = Vec::new();
    walk(document.root(), |node| {
        let is_paragraph = is(&node, "p");
        if is_paragraph {
            paragraphs.push(node);
        }
        // Text boxes hold paragraphs within a paragraph, and a second time for old programs.
        !is_paragraph && !is_gone(&node)
    });
    let mut lines: Vec<Line> = paragraphs
        .into_iter()
        .map(|paragraph| {
            let properties = child(&paragraph, "pPr");
            let style = properties.and_then(|properties| child(&properties, "pStyle"));
            let by_style = style.and_then(|style| styles.hint(value(&style)?));
            let by_itself = properties.and_then(|properties| marked_hint(&properties));
            let hint = match (by_style, by_itself) {
                // A heading with a number stays a heading; an item knows best itself how deep it is.
                (Some(Hint::Item(_)), Some(item @ Hint::Item(_))) => item,
                (Some(hint), _) | (None, Some(hint)) => hint,
                (None, None) => Hint::Paragraph,
            };
            Line::new(hint, words(&paragraph))
        })
        .filter(|line| !line.text.is_empty())
        .collect();
    // In our own files a first-level heading is a Leitlinie, also where there is only one: the title has a style of its own.
    if lines.iter().any(|line| line.hint == Hint::Note) {
        for line in &mut lines {
            if let Hint::Heading(level) = &mut line.hint {
                *level = level.saturating_add(1);
            }
        }
    }
    lines
}

/// The words of a paragraph on one line, without what was deleted while changes were tracked.
fn words(paragraph: &Node<'_, '_>) -> String {
    let mut words = String::new();
    walk(*paragraph, |node| {
        if is(&node, "t") {
            words.push_str(node.text().unwrap_or_default());
        } else if is(&node, "tab") && node.parent().is_some_and(|run| is(&run, "r"))
            || is(&node, "br")
            || is(&node, "cr")
        {
            words.push(' ');
        } else if is(&node, "noBreakHyphen") {
            words.push('-');
        }
        !is_gone(&node)
    });
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is(node: &Node<'_, '_>, name: &str) -> bool {
    node.has_tag_name((WORD, name)) || node.has_tag_name((WORD_STRICT, name))
}

/// Is what stands in it not part of the text: deleted while changes were tracked, or there a second time for old programs?
fn is_gone(node: &Node<'_, '_>) -> bool {
    is(node, "del") || node.is_element() && node.tag_name().name() == "Fallback"
}

/// Meets everything below `top` once, in order; `look` answers whether to go inside. However deep it is, no step looks back up:
/// a file of elements within elements would make each of them cost as much as it is deep.
fn walk<'a, 'i>(top: Node<'a, 'i>, mut look: impl FnMut(Node<'a, 'i>) -> bool) {
    let mut inside = top.first_child();
    let mut node = top;
    while let Some(next) = inside.or_else(|| after(node, top)) {
        node = next;
        inside = if look(node) { node.first_child() } else { None };
    }
}

/// What comes after a node and everything in it, below `top`.
fn after<'a, 'i>(mut node: Node<'a, 'i>, top: Node<'a, 'i>) -> Option<Node<'a, 'i>> {
    while node != top {
        if let Some(next) = node.next_sibling() {
            return Some(next);
        }
        node = node.parent()?;
    }
    None
}

fn child<'a, 'i>(node: &Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| is(child, name))
}

fn value<'a>(node: &Node<'a, '_>) -> Option<&'a str> {
    value_of(node, "val")
}

fn value_of<'a>(node: &Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attribute((WORD, name))
        .or_else(|| node.attribute((WORD_STRICT, name)))
}
