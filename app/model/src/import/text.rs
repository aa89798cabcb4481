//! From bytes to clean lines.

use super::{Found, ImportError, MAX_BYTES, MAX_LINE_CHARS, Reason};

/// Longest piece of a file repeated in a message, in characters.
const EXCERPT_CHARS: usize = 120;

/// The text of an import file.
///
/// # Errors
/// [`Reason::TooLarge`], [`Reason::NotText`] or [`Reason::NotUtf8`] with the line of the first bad byte.
pub fn decode(bytes: &[u8]) -> Result<&str, ImportError> {
    check_size(bytes.len())?;
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(ImportError::at(line_of(bytes, at), Reason::NotText));
    }
    std::str::from_utf8(bytes).map_err(|error| ImportError::at(line_of(bytes, error.valid_up_to()), Reason::NotUtf8))
}

/// Checks size, line lengths and control characters, takes the byte order mark away, and makes every line end `\n`.
pub(super) fn prepare(text: &str) -> Result<String, ImportError> {
    prepare_to(text, MAX_LINE_CHARS)
}

/// The same for a Leitbild, whose blocks may be of any length that a room takes.
pub(super) fn prepare_long(text: &str) -> Result<String, ImportError> {
    prepare_to(text, crate::limits::TEXT_UNITS)
}

fn prepare_to(text: &str, line_chars: usize) -> Result<String, ImportError> {
    check_size(text.len())?;
    let text = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    for (number, line) in (1_u32..).zip(text.split('\n')) {
        if line
            .chars()
            .any(|char| char.is_control() && !matches!(char, '\t' | '\u{b}' | '\u{c}' | '\u{85}'))
        {
            return Err(ImportError::at(number, Reason::NotText));
        }
        if line.chars().count() > line_chars {
            return Err(ImportError::at(number, Reason::LineTooLong { limit: line_chars }));
        }
    }
    if text.chars().all(|char| char.is_whitespace() || is_invisible(char)) {
        return Err(ImportError::file(Reason::Empty));
    }
    Ok(text)
}

/// The lines of a prepared text that are not blank, each cleaned.
pub(super) fn lines(prepared: &str) -> Vec<Found<String>> {
    let numbered = (1_u32..).zip(prepared.split('\n'));
    numbered
        .map(|(number, line)| Found::new(number, clean(line)))
        .filter(|line| !line.value.is_empty())
        .collect()
}

/// One space for any white space (tabs, no-break spaces), none at the ends, and no invisible characters.
pub(super) fn clean(text: &str) -> String {
    let visible: String = text.chars().filter(|char| !is_invisible(*char)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` on one line and short enough for a message.
pub(super) fn excerpt(text: &str) -> String {
    let text = clean(text);
    match text.char_indices().nth(EXCERPT_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Zero-width spaces, soft hyphens, byte order marks inside the text and direction overrides, which pages and word
/// processors leave behind. Joiners stay: some scripts need them.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn check_size(bytes: usize) -> Result<(), ImportError> {
    if bytes > MAX_BYTES {
        return Err(ImportError::file(Reason::TooLarge { limit: MAX_BYTES }));
    }
    Ok(())
}

fn line_of(bytes: &[u8], at: usize) -> u32 {
    let breaks = bytes.iter().take(at).filter(|byte| **byte == b'\n').count();
    u32::try_from(breaks).unwrap_or(u32::MAX - 1) + 1
}
