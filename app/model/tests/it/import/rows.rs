//! Existing texts, line by line.

use model::import::rows::{self, Part, Row};

/// What was recognised, as `part: text` lines.
fn shown(rows: &[Row]) -> Vec<String> {
    let row = |row: &Row| format!("{}: {}", row.part.as_str(), row.text);
    rows.iter().map(row).collect()
}

#[test]
fn a_number_with_a_point_is_a_mark_only_where_a_list_begins_with_it() {
    let text = "Kinder stark machen\n\nAnker werfen, Segel setzen\n\nAlle Kinder sollen gut aufwachsen.\n\n\
                1. Mut machen\n1.1 Wir hören zu\n1.2. Wir fragen nach\n• 2.5 Stellen für alle Schulen\n\n\
                2. Mitgehen\n2.5 Stellen gibt es dafür.\n31.12. ist Stichtag.\n12.30 Uhr ist Beginn.\n\nZusammen geht mehr.\n";
    let found = shown(&rows::text(text).expect("rows")).join("\n");
    for words in [
        "point: Wir hören zu",
        "point: Wir fragen nach",
        "point: 2.5 Stellen für alle Schulen",
    ] {
        assert!(found.lines().any(|line| line == words), "{words}: {found}");
    }
    for words in ["2.5 Stellen gibt", "31.12. ist Stichtag", "12.30 Uhr ist Beginn"] {
        assert!(found.contains(words), "{words}: {found}");
    }
}

#[test]
fn tags_within_a_line_of_markdown_are_looks_or_a_break_or_words() {
    let text = "# Leitbild\n\nKinder<br>Eltern<BR/>Schulen in <Name der Stadt> sind <b>sehr</b> \
                <span class=\"x\">wich<!-- so -->tig</span>.\n";
    let found = shown(&rows::markdown(text).expect("rows"));
    let words = "Kinder Eltern Schulen in <Name der Stadt> sind sehr wichtig.";
    assert_eq!(found, ["title: Leitbild".to_owned(), format!("preamble: {words}")]);
}

#[test]
fn a_tab_keeps_words_apart() {
    let row = Row {
        part: Part::Preamble,
        text: "Kinder\tund Eltern".to_owned(),
    };
    assert_eq!(rows::leitbild(&[row], &[]).preamble, ["Kinder und Eltern"]);
}
