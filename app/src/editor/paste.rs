//! Pasted text as lines.

/// The lines that have words, without blanks and list marks around them.
pub(crate) fn lines(text: &str) -> Vec<&str> {
    text.lines().map(without_mark).filter(|line| !line.is_empty()).collect()
}

fn without_mark(line: &str) -> &str {
    let line = line.trim();
    let rest = line.trim_start_matches(['•', '·', '▪', '◦', '‣']);
    match rest.strip_prefix(['-', '–', '*']) {
        Some(words) if words.starts_with(char::is_whitespace) => words.trim_start(),
        _ => rest.trim_start(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_from_other_programs_lose_their_marks() {
        let text = "•\tErstens\r\n\r\n - Zweitens\n* Drittens\n–  Viertens\n";
        assert_eq!(lines(text), ["Erstens", "Zweitens", "Drittens", "Viertens"]);
    }

    #[test]
    fn what_only_begins_like_a_mark_stays() {
        assert_eq!(
            lines("-5 Grad\n**wichtig**\nÜber- und unterwegs"),
            ["-5 Grad", "**wichtig**", "Über- und unterwegs"]
        );
    }
}
