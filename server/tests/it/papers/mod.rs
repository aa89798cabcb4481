//! A Leitbild as a file, out and in.

mod export;
mod form;
mod import;
mod network;

use model::{
    leitbild::{Guideline, Leitbild, Point, PointSource},
    paper::Paper,
};

/// Texts that mean something to some program or other.
pub const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "]]> & <b onclick='x'>\"</b> &amp; &#0;",
    "=HYPERLINK(\"http://evil.example\";\"x\")",
    "+cmd|' /C calc'!A0",
    "\u{202e}verkehrt\u{202c} \u{2066}herum",
    "a\u{0}b\u{7}\u{1b}[31m\u{85}\u{fffe}",
    "# I. - * _ [x](javascript:alert(1)) ![](//evil.example/p.png) `c` | ~~~ --- ***",
    "{{7*7}} ${7*7} %n%s \\ ' \" ;",
    "שלום עולם 👩‍👧 e\u{301}",
];

/// A text that has everything, with `words` in every place.
pub fn paper_of(words: &str) -> Paper {
    let point = |id: &str, source| Point {
        id: id.to_owned(),
        text: words.to_owned(),
        source,
        ..Point::default()
    };
    let source = PointSource {
        ags: "05566".parse().unwrap(),
        place: words.to_owned(),
        block: "p9".to_owned(),
        date: "2026-03-12".to_owned(),
    };
    Paper {
        ags: "05314".parse().unwrap(),
        place: words.to_owned(),
        address: "http://127.0.0.1:3000/kommune/05314".to_owned(),
        date: "2026-05-04".to_owned(),
        draft: true,
        leitbild: Leitbild {
            title: words.to_owned(),
            motto: words.to_owned(),
            preamble: vec![words.to_owned(), "Zweiter Absatz".to_owned()],
            guidelines: vec![Guideline {
                id: "g".to_owned(),
                title: words.to_owned(),
                points: vec![point("p1", None), point("p2", Some(source))],
                ..Guideline::default()
            }],
            closing: words.to_owned(),
            ..Leitbild::default()
        },
        phases: model::phase::usual(),
    }
}
