//! A Leitbild as text to read.

use leptos::prelude::*;
use model::{
    leitbild::{Leitbild, PointSource, roman},
    paper::taken_from,
};

use crate::lean::view;

/// The whole text with numbered Leitlinien; every Leitlinie and point can be linked to by its id. `plain` shows what there
/// is in Einfache Sprache in its place.
#[component]
pub fn LeitbildText(leitbild: Leitbild, #[prop(optional)] plain: bool) -> impl IntoView {
    let words = move |text: String, simple: String| if plain && !simple.is_empty() { simple } else { text };
    let Leitbild {
        title,
        motto,
        preamble,
        preamble_plain,
        guidelines,
        closing,
    } = leitbild;
    view! {
        <div class="leitbild" lang="de">
            {(!title.is_empty()).then(|| view! { <p class="leitbild-title">{title}</p> })}
            {(!motto.is_empty()).then(|| view! { <p class="leitbild-motto">{motto}</p> })}
            {preamble
                .into_iter()
                .zip(preamble_plain.into_iter().chain(std::iter::repeat(String::new())))
                .map(|(text, simple)| words(text, simple))
                .filter(|text| !text.is_empty())
                .map(|text| view! { <p class="leitbild-paragraph">{text}</p> })
                .collect_view()}
            <ol class="leitbild-guidelines" role="list">
                {guidelines
                    .into_iter()
                    .enumerate()
                    .map(|(index, guideline)| {
                        view! {
                            <li id=format!("b-{}", guideline.id)>
                                <h3>
                                    <span class="numeral">{roman(index + 1)}"."</span>
                                    " "
                                    {words(guideline.title, guideline.plain)}
                                </h3>
                                <ul class="leitbild-points">
                                    {guideline
                                        .points
                                        .into_iter()
                                        .filter(|point| !point.text.is_empty())
                                        .map(|point| {
                                            view! {
                                                <li id=format!("b-{}", point.id)>
                                                    {words(point.text, point.plain)}
                                                    {point.source.map(|source| view! { <TakenFrom source /> })}
                                                </li>
                                            }
                                        })
                                        .collect_view()}
                                </ul>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
            {(!closing.is_empty()).then(|| view! { <p class="leitbild-closing">{closing}</p> })}
        </div>
    }
}

/// Whose words a point is.
#[component]
fn TakenFrom(source: PointSource) -> impl IntoView {
    let there = format!("/kommune/{}#b-{}", source.ags, source.block);
    view! {
        " "
        <small class="taken-from">
            <a href=there>{taken_from(&source)}</a>
        </small>
    }
}
