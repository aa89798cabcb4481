//! Markdown (CommonMark): made so that `model::import` reads back the same Leitbild.
//!
//! The motto is a paragraph in italics, the closing line stands between two thematic breaks, the source after the last.
//! Notes below a text (Einfache Sprache, life phases, where it was taken over from) are lines in italics that begin as
//! [`Paper::notes`] says. Other italics do not occur, because every sign that means something in Markdown is written as itself.

use model::{
    leitbild::Point,
    paper::{Paper, guideline_heading, printable},
};

/// The file's text.
#[must_use]
pub fn markdown(paper: &Paper) -> String {
    let leitbild = &paper.leitbild;
    let mut parts: Vec<String> = Vec::new();
    if let Some(stamp) = paper.stamp() {
        parts.push(format!("**{}**", escaped(&stamp)));
    }
    if !printable(&leitbild.title).is_empty() {
        parts.push(format!("# {}", escaped(&leitbild.title)));
    }
    if !printable(&leitbild.motto).is_empty() {
        parts.push(format!("*{}*", escaped(&leitbild.motto)));
    }
    let note = |note: &String| format!("*{}*", escaped(note));
    for (index, text) in leitbild.preamble.iter().enumerate() {
        parts.push(escaped(text));
        parts.extend(paper.preamble_notes(index).iter().map(note));
    }
    for (index, guideline) in leitbild.guidelines.iter().enumerate() {
        parts.push(format!(
            "## {}",
            escaped_inside(&guideline_heading(index, &guideline.title))
        ));
        parts.extend(paper.guideline_notes(guideline).iter().map(note));
        let point = |point: &Point| {
            let notes = paper.point_notes(point);
            let notes: String = notes.iter().map(|line| format!("\n  {}", note(line))).collect();
            format!("- {}{notes}", escaped(&point.text))
        };
        let points: Vec<String> = guideline.points.iter().map(point).collect();
        parts.push(points.join("\n"));
    }
    if !printable(&leitbild.closing).is_empty() {
        parts.push("---".to_owned());
        parts.push(escaped(&leitbild.closing));
    }
    parts.push("---".to_owned());
    parts.push(format!("*{}*", escaped(&paper.source_line())));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

/// A whole line of text, of which nothing is markup.
fn escaped(text: &str) -> String {
    let inside = escaped_inside(text);
    // What would make the line a heading, a list, a break, or an underline of the line before.
    let digits = inside.bytes().take_while(u8::is_ascii_digit).count();
    match inside.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", &inside[..digits], &inside[digits..]),
        Some(b'#' | b'-' | b'+' | b'=' | b':') if digits == 0 => format!("\\{inside}"),
        _ => inside,
    }
}

/// The same within a line.
fn escaped_inside(text: &str) -> String {
    let mut escaped = String::new();
    for letter in printable(text).chars() {
        if r"\`*_[]<>&|~$".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    // A heading's closing sequence: " ##" at the end of a line would be dropped.
    if escaped.ends_with('#') {
        escaped.pop();
        escaped.push_str("\\#");
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{escaped, escaped_inside};

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(escaped("# kein Titel"), "\\# kein Titel");
        assert_eq!(escaped("1. Januar"), "1\\. Januar");
        assert_eq!(
            escaped("- [x] <b>*fett*</b> &amp;"),
            "\\- \\[x\\] \\<b\\>\\*fett\\*\\</b\\> \\&amp;"
        );
        assert_eq!(escaped("---"), "\\---");
        assert_eq!(escaped_inside("C #"), "C \\#");
        assert_eq!(escaped("Wir, 12 Kinder"), "Wir, 12 Kinder");
    }
}
