//! Takes from pasted HTML what the page's security policy would report: styles and event handlers.
//!
//! The policy holds for every document that a page makes, also for one that only exists to be read. Nothing of this would
//! run or apply, but each place would be reported as a violation. What is needed of a style is kept under another name.

/// The same HTML with `style` and `on…` attributes called `data-…`, and `<style>` elements called `<template>`.
pub(super) fn disarm(html: &str) -> String {
    let mut disarmed = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        disarmed.push_str(before);
        if let Some(after) = tag.strip_prefix("<!--") {
            let end = after.find("-->").map_or(tag.len(), |end| end + "<!---->".len());
            disarmed.push_str(&tag[..end]);
            rest = &tag[end..];
            continue;
        }
        let name_at = if tag.starts_with("</") { 2 } else { 1 };
        let name_len = tag[name_at..]
            .find(|letter: char| !letter.is_ascii_alphanumeric())
            .unwrap_or(tag.len() - name_at);
        let (name, attributes) = tag[name_at..].split_at(name_len);
        disarmed.push_str(&tag[..name_at]);
        disarmed.push_str(if name.eq_ignore_ascii_case("style") {
            "template"
        } else {
            name
        });
        rest = if name.is_empty() {
            attributes
        } else {
            copy_attributes(attributes, &mut disarmed)
        };
    }
    disarmed.push_str(rest);
    disarmed
}

/// Copies up to the end of the tag, and answers with what follows it.
fn copy_attributes<'a>(attributes: &'a str, disarmed: &mut String) -> &'a str {
    let mut rest = attributes;
    loop {
        let name_at = rest
            .find(|letter: char| !letter.is_ascii_whitespace() && letter != '/')
            .unwrap_or(rest.len());
        disarmed.push_str(&rest[..name_at]);
        rest = &rest[name_at..];
        if rest.is_empty() || rest.starts_with('>') {
            return rest;
        }
        let ends_name = |letter: char| letter.is_ascii_whitespace() || matches!(letter, '=' | '>' | '/');
        // A name may begin with the sign that ends others.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let name_len = rest[first..].find(ends_name).map_or(rest.len(), |end| first + end);
        let name = &rest[..name_len];
        let is_armed =
            name.eq_ignore_ascii_case("style") || name.get(..2).is_some_and(|on| on.eq_ignore_ascii_case("on"));
        if is_armed {
            disarmed.push_str("data-");
        }
        disarmed.push_str(name);
        rest = &rest[name_len..];
        let value_at = rest
            .find(|letter: char| !letter.is_ascii_whitespace())
            .unwrap_or(rest.len());
        if !rest[value_at..].starts_with('=') {
            continue;
        }
        let after = &rest[value_at + 1..];
        let quote_at = after
            .find(|letter: char| !letter.is_ascii_whitespace())
            .unwrap_or(after.len());
        let value = &after[quote_at..];
        let value_len = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].find(quote).map_or(value.len(), |end| end + 2),
            _ => value
                .find(|letter: char| letter.is_ascii_whitespace() || letter == '>')
                .unwrap_or(value.len()),
        };
        let end = value_at + 1 + quote_at + value_len;
        disarmed.push_str(&rest[..end]);
        rest = &rest[end..];
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn styles_and_handlers_are_called_otherwise() {
        assert_eq!(
            disarm(r#"<p class=a STYLE='mso-list:l0; a:">"' onclick=x>style="b" onload=</p><br/>"#),
            r#"<p class=a data-STYLE='mso-list:l0; a:">"' data-onclick=x>style="b" onload=</p><br/>"#
        );
        assert_eq!(
            disarm("<style type=a>p > b {}</STYLE>"),
            "<template type=a>p > b {}</template>"
        );
        assert_eq!(
            disarm("<img/onerror=x src = \"on>\" style >"),
            "<img/data-onerror=x src = \"on>\" data-style >"
        );
    }

    #[test]
    fn everything_else_stays() {
        for html in [
            "3 < 4 style=a",
            "<!-- <p style=a> --><b>x</b>",
            "<p title='style=\"a\"'>",
            "<",
            "</",
            "<p",
            "<!--",
            "a<b=c",
        ] {
            assert_eq!(disarm(html), html);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered_with_all_its_words(html in "([<>/='\"! -]|style|onx|p|ä|👧){0,40}") {
            let disarmed = disarm(&html);
            prop_assert!(disarmed.len() >= html.len());
            prop_assert_eq!(disarmed.matches('<').count(), html.matches('<').count());
        }
    }
}
