//! How much text there is: words and points.

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use model::doc::{GuidelineView, View};

use crate::{
    i18n::{Locale, t_string, use_i18n},
    lean::view,
    sync::shown::Shown,
};

/// Words of a text, as a person counts them: a dash between spaces is none.
fn words(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count()
}

/// The words of a Leitlinie with its points. Ideas are not part of the Leitbild.
fn guideline_words(guideline: &GuidelineView) -> usize {
    let blocks = std::iter::once(&guideline.block).chain(&guideline.points);
    blocks.map(|block| words(&block.text)).sum()
}

/// Points with words in them, and the words of the Leitlinie at `index`.
#[cfg(any(test, feature = "hydrate"))]
pub(super) fn of_guideline(view: &View, index: usize) -> (usize, usize) {
    view.guidelines.get(index).map_or((0, 0), |guideline| {
        let points = guideline.points.iter().filter(|point| !point.text.is_empty());
        (points.count(), guideline_words(guideline))
    })
}

/// Leitlinien, and the words of everything that would be published.
fn of_text(view: &View) -> (usize, usize) {
    let roots = [&view.title, &view.motto, &view.closing];
    let paragraphs = view.preamble.iter().map(|block| &block.text);
    let before: usize = roots.into_iter().chain(paragraphs).map(|text| words(text)).sum();
    let guidelines: usize = view.guidelines.iter().map(guideline_words).sum();
    (view.guidelines.len(), before + guidelines)
}

/// E.g. "48 Wörter".
pub(super) fn words_text(i18n: I18nContext<Locale>, words: usize) -> String {
    match words {
        1 => t_string!(i18n, editor.words_one).to_owned(),
        _ => t_string!(i18n, editor.words_many, number = words.to_string()).to_string(),
    }
}

/// The whole text's counts.
#[component]
pub(super) fn Counts(shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let counts = Memo::new(move |_| shown.view.with(|view| of_text(view)));
    let text = move || {
        let (guidelines, words) = counts.get();
        let words = words_text(i18n, words);
        match guidelines {
            1 => t_string!(i18n, editor.counts_one, words = words).to_string(),
            _ => t_string!(i18n, editor.counts_many, number = guidelines.to_string(), words = words).to_string(),
        }
    };
    view! {
        <p class="editor-counts" data-words=move || counts.get().1>
            {move || text()}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use model::doc::{BlockId, BlockKind, BlockView};

    use super::*;

    fn block(kind: BlockKind, text: &str) -> BlockView {
        BlockView {
            id: BlockId::parse("x").unwrap(),
            kind,
            text: text.to_owned(),
            plain: "Das zählt nicht mit".to_owned(),
            plain_stale: false,
            phases: Vec::new(),
            source: None,
            place: None,
        }
    }

    #[test]
    fn words_are_what_a_person_counts() {
        assert_eq!(words(""), 0);
        assert_eq!(words("  Kein Kind – keines! – allein.  "), 4);
        assert_eq!(words("Kita- und Schulkinder, 0 bis 10"), 6);
        assert_eq!(words("👩‍👧 … 学校"), 1);
    }

    #[test]
    fn a_leitlinie_counts_with_its_points_and_empty_ones_do_not() {
        let guideline = GuidelineView {
            block: block(BlockKind::Guideline, "Wir sehen hin"),
            points: vec![block(BlockKind::Point, "und fragen nach"), block(BlockKind::Point, "")],
            ideas: vec![block(BlockKind::Idea, "eine Idee")],
        };
        let view = View {
            title: "Leitbild".to_owned(),
            preamble: vec![block(BlockKind::Paragraph, "Vorweg gesagt")],
            guidelines: vec![guideline],
            ..View::default()
        };
        assert_eq!(of_guideline(&view, 0), (1, 6));
        assert_eq!(of_guideline(&view, 7), (0, 0));
        assert_eq!(of_text(&view), (1, 9));
    }
}
