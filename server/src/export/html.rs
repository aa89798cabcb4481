//! HTML: one file that needs nothing else, and no script.

use base64::{Engine, engine::general_purpose::STANDARD};
use model::paper::{Paper, guideline_heading, printable};
use sha2::{Digest, Sha256};

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{max-width:42rem;margin:2rem auto;padding:0 1.25rem;font:1.0625rem/1.6 system-ui,sans-serif;overflow-wrap:anywhere}\
h1{font-size:1.9rem;line-height:1.25;margin:.25rem 0 1rem}\
h2{font-size:1.3rem;line-height:1.35;margin:2rem 0 .5rem}\
.place,.stamp{font-weight:600;margin:0}.motto{font-size:1.2rem}\
li{margin:.35rem 0}.note,.source{font-size:.875rem}.note{margin:.15rem 0}.foot{margin-top:3rem}\
@media print{body{margin:0;max-width:none}h2{break-after:avoid}}";

/// By this name the file is known again, and with it what its classes mean.
pub const GENERATOR: &str = "Leitnetz";

/// The file's text.
#[must_use]
pub fn html(paper: &Paper) -> String {
    let leitbild = &paper.leitbild;
    let mut body = String::new();
    let mut add = |tag: &str, class: &str, text: &str| {
        let text = escaped(text);
        if !text.is_empty() {
            let class = if class.is_empty() {
                String::new()
            } else {
                format!(" class=\"{class}\"")
            };
            body.push_str(&format!("<{tag}{class} dir=\"auto\">{text}</{tag}>\n"));
        }
    };
    add("p", "stamp", &paper.stamp().unwrap_or_default());
    add("p", "place", &paper.place);
    add(
        "h1",
        if printable(&leitbild.title).is_empty() {
            "given"
        } else {
            ""
        },
        &paper.title(),
    );
    add("p", "motto", &leitbild.motto);
    for (index, text) in leitbild.preamble.iter().enumerate() {
        add("p", "", text);
        paper
            .preamble_notes(index)
            .iter()
            .for_each(|note| add("p", "note", note));
    }
    for (index, guideline) in leitbild.guidelines.iter().enumerate() {
        let heading = escaped(&guideline_heading(index, &guideline.title));
        body.push_str(&format!("<h2 dir=\"auto\">{heading}</h2>\n"));
        for note in paper.guideline_notes(guideline) {
            body.push_str(&format!("<p class=\"note\" dir=\"auto\">{}</p>\n", escaped(&note)));
        }
        if guideline.points.is_empty() {
            continue;
        }
        body.push_str("<ul>\n");
        for point in &guideline.points {
            let notes = paper.point_notes(point);
            let notes: String = notes
                .iter()
                .map(|note| format!("<p class=\"note\" dir=\"auto\">{}</p>", escaped(note)))
                .collect();
            body.push_str(&format!("<li dir=\"auto\">{}{notes}</li>\n", escaped(&point.text)));
        }
        body.push_str("</ul>\n");
    }
    let mut add = |class: &str, text: &str| {
        let text = escaped(text);
        if !text.is_empty() {
            body.push_str(&format!("<p class=\"{class}\" dir=\"auto\">{text}</p>\n"));
        }
    };
    add("closing", &leitbild.closing);
    add("source foot", &paper.source_line());
    format!(
        "<!doctype html>\n<html lang=\"de\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"{GENERATOR}\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        title = escaped(&paper.title()),
    )
}

/// The style's hash as the Content-Security-Policy names it.
#[must_use]
pub fn style_hash() -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(STYLE)))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in printable(text).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}
