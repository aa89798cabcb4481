//! A Leitbild as text to read.

use leptos::prelude::*;
use model::leitbild::{Leitbild, roman};

/// The whole text with numbered Leitlinien; every Leitlinie and point can be linked to by its id.
#[component]
pub fn LeitbildText(leitbild: Leitbild) -> impl IntoView {
    let Leitbild {
        title,
        motto,
        preamble,
        guidelines,
        closing,
    } = leitbild;
    view! {
        <div class="leitbild" lang="de">
            {(!title.is_empty()).then(|| view! { <p class="leitbild-title">{title}</p> })}
            {(!motto.is_empty()).then(|| view! { <p class="leitbild-motto">{motto}</p> })}
            {preamble
                .into_iter()
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
                                    {guideline.title}
                                </h3>
                                <ul class="leitbild-points">
                                    {guideline
                                        .points
                                        .into_iter()
                                        .filter(|point| !point.text.is_empty())
                                        .map(|point| view! { <li id=format!("b-{}", point.id)>{point.text}</li> })
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
