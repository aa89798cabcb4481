//! The draft as text: what the server renders, what those see who do not write, and what stands there until fields take
//! over.

use leptos::prelude::*;
use model::{
    doc::{BlockKind, BlockView, FieldId, RootText, View},
    leitbild::roman,
};

use super::{Actions, talk};
use crate::{
    i18n::{t_string, use_i18n},
    lean::{list, view},
    sync::shown::Shown,
};

/// The whole draft, empty blocks left out. A block that does not change stays the same element, with the focus in it.
#[component]
pub(super) fn DraftText(shown: Shown, actions: Actions) -> impl IntoView {
    let rows = move || shown.view.with(|view| rows(view));
    view! {
        <div class="blocks blocks-text" lang="de" data-editor="text">
            {list(rows, move |row| text_row(shown, actions, row))}
        </div>
    }
}

/// One paragraph or heading.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum TextRow {
    Words {
        field: FieldId,
        class: &'static str,
        /// Of a Leitlinie.
        number: Option<usize>,
        words: String,
    },
    Loose,
    Ideas,
}

fn rows(view: &View) -> Vec<TextRow> {
    let mut rows = Vec::new();
    rows.extend(root(RootText::Title, "block-title", &view.title));
    rows.extend(root(RootText::Motto, "block-motto", &view.motto));
    rows.extend(view.preamble.iter().filter_map(|shown| block(shown, None)));
    for (guideline, number) in view.guidelines.iter().zip(1..) {
        rows.extend(block(&guideline.block, Some(number)));
        let under = guideline.points.iter().chain(&guideline.ideas);
        rows.extend(under.filter_map(|shown| block(shown, None)));
    }
    rows.extend(root(RootText::Closing, "block-closing", &view.closing));
    for (heading, blocks) in [(TextRow::Loose, &view.loose), (TextRow::Ideas, &view.ideas)] {
        rows.extend((!blocks.is_empty()).then_some(heading));
        rows.extend(blocks.iter().filter_map(|shown| block(shown, None)));
    }
    rows
}

fn root(text: RootText, class: &'static str, words: &str) -> Option<TextRow> {
    (!words.is_empty()).then(|| TextRow::Words {
        field: FieldId::Root(text),
        class,
        number: None,
        words: words.to_owned(),
    })
}

/// A Leitlinie without words still stands above its points.
fn block(shown: &BlockView, number: Option<usize>) -> Option<TextRow> {
    (!shown.text.is_empty() || number.is_some()).then(|| TextRow::Words {
        field: FieldId::Block(shown.id.clone()),
        class: class(&shown.kind),
        number,
        words: shown.text.clone(),
    })
}

fn text_row(shown: Shown, actions: Actions, row: TextRow) -> AnyView {
    let i18n = use_i18n();
    let TextRow::Words {
        field,
        class,
        number,
        words,
    } = row
    else {
        let is_loose = row == TextRow::Loose;
        let heading = move || {
            if is_loose {
                t_string!(i18n, editor.loose)
            } else {
                t_string!(i18n, editor.ideas)
            }
        };
        return view! { <h2 class="block block-heading">{move || heading()}</h2> }.into_any();
    };
    let class = format!("block {class}");
    let data_block = field.block().map(ToString::to_string);
    let data_text = field.to_string();
    let way = talk::way(shown, actions, field, words.clone());
    let text = view! {
        <span class="block-text" data-text=data_text>
            {words}
        </span>
    };
    match number {
        Some(number) => view! {
            <h2 class=class data-block=data_block>
                <span class="numeral">{roman(number)}"."</span>
                {text}
                {way}
            </h2>
        }
        .into_any(),
        None => view! {
            <p class=class data-block=data_block>
                {text}
                {way}
            </p>
        }
        .into_any(),
    }
}

/// How a block of this kind looks, in text and as a field.
pub(super) fn class(kind: &BlockKind) -> &'static str {
    match kind {
        BlockKind::Paragraph => "block-paragraph",
        BlockKind::Guideline => "block-guideline",
        BlockKind::Point => "block-point",
        BlockKind::Idea => "block-idea",
        BlockKind::Other(_) => "block-other",
    }
}
