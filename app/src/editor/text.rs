//! The draft as text: what the server renders, what readers see, and what stands there until fields take over.

use leptos::prelude::*;
use model::{
    doc::{BlockKind, BlockView, View},
    leitbild::roman,
};

use crate::i18n::use_i18n;

/// The whole draft, empty blocks left out.
#[component]
pub(super) fn DraftText(#[prop(into)] view: Signal<std::sync::Arc<View>>) -> impl IntoView {
    move || view.with(|view| text(view))
}

fn text(view: &View) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let paragraphs = view.preamble.iter().map(block).collect_view();
    let guidelines = view
        .guidelines
        .iter()
        .enumerate()
        .map(|(index, guideline)| {
            let id = guideline.block.id.to_string();
            view! {
                <h2 class="block block-guideline" data-block=id>
                    <span class="numeral">{roman(index + 1)}"."</span>
                    <span class="block-text">{guideline.block.text.clone()}</span>
                </h2>
                {guideline.points.iter().chain(&guideline.ideas).map(block).collect_view()}
            }
        })
        .collect_view();
    let loose = (!view.loose.is_empty()).then(|| {
        view! {
            <h2 class="block block-heading">{text!(i18n, editor.loose)}</h2>
            {view.loose.iter().map(block).collect_view()}
        }
    });
    let ideas = (!view.ideas.is_empty()).then(|| {
        view! {
            <h2 class="block block-heading">{text!(i18n, editor.ideas)}</h2>
            {view.ideas.iter().map(block).collect_view()}
        }
    });
    view! {
        <div class="blocks blocks-text" lang="de" data-editor="text">
            {root("block-title", &view.title)}
            {root("block-motto", &view.motto)}
            {paragraphs}
            {guidelines}
            {root("block-closing", &view.closing)}
            {loose}
            {ideas}
        </div>
    }
}

fn root(class: &'static str, text: &str) -> Option<impl IntoView + use<>> {
    let text = text.to_owned();
    (!text.is_empty()).then(|| {
        view! {
            <p class=format!("block {class}")>
                <span class="block-text">{text}</span>
            </p>
        }
    })
}

fn block(block: &BlockView) -> Option<impl IntoView + use<>> {
    let id = block.id.to_string();
    let text = block.text.clone();
    let class = format!("block {}", class(&block.kind));
    (!text.is_empty()).then(|| {
        view! {
            <p class=class data-block=id>
                <span class="block-text">{text}</span>
            </p>
        }
    })
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
