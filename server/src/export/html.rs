//! HTML: one file that needs nothing else, and no script.

use std::fmt::Write as _;

use base64::{Engine, engine::general_purpose::STANDARD};
use model::paper::{Paper, guideline_heading, printable, taken_from};
use sha2::{Digest, Sha256};

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{max-width:42rem;margin:2rem auto;padding:0 1.25rem;font:1.0625rem/1.6 system-ui,sans-serif;overflow-wrap:anywhere}\
h1{font-size:1.9rem;line-height:1.25;margin:.25rem 0 1rem}\
h2{font-size:1.3rem;line-height:1.35;margin:2rem 0 .5rem}\
.place,.stamp{font-weight:600;margin:0}.motto{font-size:1.2rem}\
li{margin:.35rem 0}.source{font-size:.875rem}.foot{margin-top:3rem}\
@media print{body{margin:0;max-width:none}h2{break-after:avoid}}";

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
            let _ = writeln!(body, "<{tag}{class} dir=\"auto\">{text}</{tag}>");
        }
    };
    add("p", "stamp", &paper.stamp().unwrap_or_default());
    add("p", "place", &paper.place);
    add("h1", "", &paper.title());
    add("p", "motto", &leitbild.motto);
    for text in &leitbild.preamble {
        add("p", "", text);
    }
    for (index, guideline) in leitbild.guidelines.iter().enumerate() {
        let _ = writeln!(
            body,
            "<h2 dir=\"auto\">{}</h2>",
            escaped(&guideline_heading(index, &guideline.title))
        );
        if guideline.points.is_empty() {
            continue;
        }
        body.push_str("<ul>\n");
        for point in &guideline.points {
            let source = point.source.as_ref().map(taken_from);
            let source = source.map(|source| format!("<br><span class=\"source\">{}</span>", escaped(&source)));
            let _ = writeln!(
                body,
                "<li dir=\"auto\">{}{}</li>",
                escaped(&point.text),
                source.unwrap_or_default()
            );
        }
        body.push_str("</ul>\n");
    }
    let mut add = |class: &str, text: &str| {
        let text = escaped(text);
        if !text.is_empty() {
            let _ = writeln!(body, "<p class=\"{class}\" dir=\"auto\">{text}</p>");
        }
    };
    add("closing", &leitbild.closing);
    add("source foot", &paper.source_line());
    format!(
        "<!doctype html>\n<html lang=\"de\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
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
