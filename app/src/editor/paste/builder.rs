//! Builds stretches from what a tree of elements says, one element after the other.

use model::doc::{Role, Stretch};

use super::text::without_mark;

/// Words with single blanks, without what is invisible and no part of a letter.
pub(super) fn tidy(text: &str) -> String {
    let shown: String = text
        .chars()
        // Soft hyphens and zero-width spaces only say where a line may break; the joiners of emoji stay.
        .filter(|letter| {
            !matches!(letter, '\u{AD}' | '\u{200B}' | '\u{FEFF}') && (*letter == '\t' || !letter.is_control())
        })
        .collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What an element means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It begins a stretch of this role.
    Stretch(Role),
    /// A part of what is around it.
    Inline,
    Break,
    /// Nothing to read.
    Nothing,
}

/// What an element means, by its name in small letters, its class and its style. Word says by the last two what it has no
/// elements for.
pub(super) fn meaning(name: &str, class: &str, style: &str) -> Meaning {
    let style: String = style.to_ascii_lowercase().split_whitespace().collect();
    if style.contains("mso-list:ignore") || style.contains("display:none") || style.contains("mso-hide:all") {
        return Meaning::Nothing;
    }
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Meaning::Stretch(Role::Heading),
        "li" => Meaning::Stretch(Role::Item),
        "p" | "div" if class.starts_with("MsoTitle") || class.starts_with("MsoHeading") => {
            Meaning::Stretch(Role::Heading)
        }
        "p" if (style.contains("mso-list:") && !style.contains("mso-list:none"))
            || class.starts_with("MsoListParagraph")
            || class.starts_with("MsoListBullet") =>
        {
            Meaning::Stretch(Role::Item)
        }
        "p" | "div" | "section" | "article" | "header" | "footer" | "main" | "aside" | "blockquote" | "pre"
        | "address" | "dd" | "dt" | "td" | "th" | "figcaption" | "caption" | "summary" | "hr" | "table" | "ul"
        | "ol" | "dl" | "tr" | "figure" | "body" | "details" => Meaning::Stretch(Role::Paragraph),
        "br" => Meaning::Break,
        "sup" if class.contains("reference") || class.contains("footnote") => Meaning::Nothing,
        "script" | "style" | "head" | "title" | "template" | "noscript" | "svg" | "math" | "img" | "button"
        | "input" | "select" | "textarea" | "video" | "audio" | "canvas" | "iframe" | "object" | "nav" | "xml" => {
            Meaning::Nothing
        }
        _ => Meaning::Inline,
    }
}

/// Takes elements and words in the order of reading.
#[derive(Default)]
pub(super) struct Builder {
    done: Vec<Stretch>,
    /// The roles of the stretches that are open, the innermost last.
    open: Vec<Role>,
    words: String,
    breaks: usize,
}

impl Builder {
    /// A stretch begins. Paragraphs inside of an item or a heading are parts of that.
    pub(super) fn begin(&mut self, role: Role) {
        self.close_words();
        let role = match self.open.last() {
            Some(outer) if role == Role::Paragraph => *outer,
            _ => role,
        };
        self.open.push(role);
    }

    pub(super) fn end(&mut self) {
        self.close_words();
        self.open.pop();
    }

    pub(super) fn text(&mut self, words: &str) {
        if !words.chars().all(char::is_whitespace) {
            self.breaks = 0;
        }
        self.words.push_str(words);
    }

    /// One is a blank; two end a stretch.
    pub(super) fn line_break(&mut self) {
        self.breaks += 1;
        if self.breaks > 1 {
            self.close_words();
        } else {
            self.words.push(' ');
        }
    }

    pub(super) fn finish(mut self) -> Vec<Stretch> {
        self.close_words();
        self.done
    }

    fn close_words(&mut self) {
        let words = tidy(&std::mem::take(&mut self.words));
        self.breaks = 0;
        let role = self.open.last().copied().unwrap_or(Role::Paragraph);
        let (words, role) = match role {
            Role::Heading => (words.as_str(), role),
            // Some programs write a list as paragraphs with marks, and some both.
            Role::Item | Role::Paragraph => match without_mark(&words) {
                (words, true) => (words, Role::Item),
                (words, false) => (words, role),
            },
        };
        if !words.is_empty() {
            self.done.push(Stretch {
                role,
                words: words.to_owned(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `<name>`, `</name>` and words, as a walk through a tree meets them.
    fn build(steps: &[&str]) -> Vec<(Role, String)> {
        let mut builder = Builder::default();
        for step in steps {
            let name = step.trim_matches(['<', '/', '>']);
            match (step.starts_with('<'), meaning(name, "", "")) {
                (false, _) => builder.text(step),
                (true, Meaning::Break) => builder.line_break(),
                (true, Meaning::Stretch(_)) if step.starts_with("</") => builder.end(),
                (true, Meaning::Stretch(role)) => builder.begin(role),
                _ => {}
            }
        }
        let built = builder.finish();
        built.into_iter().map(|stretch| (stretch.role, stretch.words)).collect()
    }

    fn told(list: &[(Role, &str)]) -> Vec<(Role, String)> {
        list.iter().map(|(role, words)| (*role, (*words).to_owned())).collect()
    }

    #[test]
    fn headings_items_and_paragraphs_are_told_apart() {
        let steps = [
            "<h2>",
            "Unsere ",
            "<b>",
            "Leitlinie",
            "</b>",
            "</h2>",
            "\n",
            "<p>",
            "Ein\u{A0}Absatz\n geht weiter",
            "</p>",
            "<ul>",
            "<li>",
            "<p>",
            "eins",
            "</p>",
            "</li>",
            "<li>",
            "zwei",
            "<ul>",
            "<li>",
            "innen",
            "</li>",
            "</ul>",
            "danach",
            "</li>",
            "</ul>",
            "lose",
        ];
        assert_eq!(
            build(&steps),
            told(&[
                (Role::Heading, "Unsere Leitlinie"),
                (Role::Paragraph, "Ein Absatz geht weiter"),
                (Role::Item, "eins"),
                (Role::Item, "zwei"),
                (Role::Item, "innen"),
                (Role::Item, "danach"),
                (Role::Paragraph, "lose"),
            ])
        );
    }

    #[test]
    fn two_breaks_end_a_stretch_and_one_is_a_blank() {
        assert_eq!(
            build(&[
                "<div>",
                "eins",
                "<br>",
                "noch eins",
                "<br>",
                " ",
                "<br>",
                "• zwei",
                "</div>"
            ]),
            told(&[(Role::Paragraph, "eins noch eins"), (Role::Item, "zwei")])
        );
    }

    #[test]
    fn word_says_it_in_classes_and_styles() {
        let item = "margin-left:36.0pt;text-indent:-18.0pt;mso-list:l0 level1 lfo1";
        assert_eq!(
            meaning("p", "MsoListParagraphCxSpFirst", item),
            Meaning::Stretch(Role::Item)
        );
        assert_eq!(
            meaning("p", "MsoNormal", "mso-list: l0 level1"),
            Meaning::Stretch(Role::Item)
        );
        assert_eq!(
            meaning("p", "MsoNormal", "mso-list:none"),
            Meaning::Stretch(Role::Paragraph)
        );
        assert_eq!(
            meaning("span", "", "mso-list:Ignore"),
            Meaning::Nothing,
            "the drawn bullet"
        );
        assert_eq!(meaning("p", "MsoTitle", ""), Meaning::Stretch(Role::Heading));
        assert_eq!(meaning("o:p", "", ""), Meaning::Inline);
        assert_eq!(meaning("div", "", "display: none"), Meaning::Nothing);
    }

    #[test]
    fn what_is_invisible_goes_and_letters_stay_whole() {
        assert_eq!(
            tidy(" Kin\u{AD}der\u{200B}garten\u{A0}\t👩\u{200D}👧  e\u{301} "),
            "Kindergarten 👩\u{200D}👧 e\u{301}"
        );
    }
}
