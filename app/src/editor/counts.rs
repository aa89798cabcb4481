//! How much text there is: words and points.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use model::doc::{BlockId, BlockView, FieldId, GuidelineView, RootText, View};

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

/// How much there is. Only texts that changed are counted again.
#[derive(Debug, Default)]
pub(super) struct Counted {
    /// The words of everything that would be published.
    words: usize,
    /// Points with words in them, and the words with those of the points. Ideas are not part of the Leitbild.
    guidelines: HashMap<BlockId, (usize, usize)>,
    /// The texts that were counted.
    known: HashMap<FieldId, (String, usize)>,
}

impl Counted {
    /// Counts a text; true when there is another number of something than before.
    fn count(&mut self, view: &View) -> bool {
        let mut known = HashMap::with_capacity(self.known.len());
        let mut count = |field: FieldId, text: &String| {
            let before = self.known.remove(&field).filter(|(before, _)| before == text);
            let counted = before.unwrap_or_else(|| (text.clone(), words(text)));
            let number = counted.1;
            known.insert(field, counted);
            number
        };
        let mut all = count(FieldId::Root(RootText::Title), &view.title)
            + count(FieldId::Root(RootText::Motto), &view.motto)
            + count(FieldId::Root(RootText::Closing), &view.closing);
        let mut count = |block: &BlockView| count(FieldId::Block(block.id.clone()), &block.text);
        all += view.preamble.iter().map(&mut count).sum::<usize>();
        let mut of_guideline = |guideline: &GuidelineView| {
            let words = count(&guideline.block) + guideline.points.iter().map(&mut count).sum::<usize>();
            let points = guideline.points.iter().filter(|point| !point.text.is_empty());
            (guideline.block.id.clone(), (points.count(), words))
        };
        let guidelines: HashMap<_, _> = view.guidelines.iter().map(&mut of_guideline).collect();
        all += guidelines.values().map(|(_, words)| words).sum::<usize>();
        let is_other = all != self.words || guidelines != self.guidelines;
        *self = Self {
            words: all,
            guidelines,
            known,
        };
        is_other
    }

    /// Points with words in them, and the words of a Leitlinie.
    #[cfg(any(test, feature = "hydrate"))]
    pub(super) fn of_guideline(&self, guideline: &BlockId) -> (usize, usize) {
        self.guidelines.get(guideline).copied().unwrap_or_default()
    }
}

/// The counts of the text as it stands.
pub(super) fn counted(shown: Shown) -> Memo<Counted> {
    Memo::new_owning(move |before: Option<Counted>| {
        let is_first = before.is_none();
        let mut counted = before.unwrap_or_default();
        let is_other = shown.view.with(|view| counted.count(view));
        (counted, is_first || is_other)
    })
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
pub(super) fn Counts(counted: Memo<Counted>) -> impl IntoView {
    let i18n = use_i18n();
    let counts = Memo::new(move |_| counted.with(|counted| (counted.guidelines.len(), counted.words)));
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
    use model::doc::BlockKind;

    use super::*;

    fn id(name: &str) -> BlockId {
        BlockId::parse(name).unwrap()
    }

    fn block(name: &str, kind: BlockKind, text: &str) -> BlockView {
        BlockView {
            id: id(name),
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
            block: block("g", BlockKind::Guideline, "Wir sehen hin"),
            points: vec![
                block("p", BlockKind::Point, "und fragen nach"),
                block("q", BlockKind::Point, ""),
            ],
            ideas: vec![block("i", BlockKind::Idea, "eine Idee")],
        };
        let view = View {
            title: "Leitbild".to_owned(),
            preamble: vec![block("v", BlockKind::Paragraph, "Vorweg gesagt")],
            guidelines: vec![guideline],
            ..View::default()
        };
        let mut counted = Counted::default();
        assert!(counted.count(&view));
        assert_eq!(counted.of_guideline(&id("g")), (1, 6));
        assert_eq!(counted.of_guideline(&id("nobody")), (0, 0));
        assert_eq!((counted.guidelines.len(), counted.words), (1, 9));
    }

    #[test]
    fn a_text_that_changed_is_counted_again_and_one_that_went_is_forgotten() {
        let mut view = View {
            preamble: vec![block("a", BlockKind::Paragraph, "Vorweg gesagt")],
            motto: "Kein Kind allein".to_owned(),
            ..View::default()
        };
        let mut counted = Counted::default();
        counted.count(&view);
        assert!(!counted.count(&view), "nothing changed");
        view.preamble[0].text.push_str(" und getan");
        assert!(counted.count(&view));
        assert_eq!(counted.words, 7);
        view.preamble[0].text = "Fünf Wörter stehen jetzt noch".to_owned();
        view.motto = "Zwei Wörter".to_owned();
        assert!(!counted.count(&view), "other words, as many as before");
        assert_eq!(counted.words, 7);
        view.preamble.clear();
        assert!(counted.count(&view));
        assert_eq!((counted.words, counted.known.len()), (2, 3));
    }
}
