//! `/kommune/{ags}/leitbild/uebernehmen`: an existing Leitbild is pasted or uploaded, looked over, corrected, and taken over. Plain
//! forms: the page works without a script, by keyboard, and on small screens.

use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};
use model::import::rows::{Part, Row};

use super::{
    data::PageData,
    params::{ags_param, key},
};
use crate::{
    calls::show_take_over,
    error::AppError,
    i18n::{t_string, use_i18n},
    lean::view,
    views::{Recognised, TakeOverPage},
    widgets::{ErrorNotice, PageTitle},
};

/// What the browser's file dialogue offers.
const ACCEPT: &str = ".docx,.md,.markdown,.txt,.html,.htm,.json,text/plain,text/markdown,text/html,application/json,\
    application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The route: loads what the page needs to know.
#[component]
pub fn TakeOverRouteView() -> impl IntoView {
    let ags = ags_param();
    let load = move || {
        let ags = ags.get_untracked();
        async move { show_take_over(ags?).await }
    };
    PageData::new(move || key(ags), load).show(move |page| view! { <TakeOver page /> }.into_any())
}

#[component]
fn TakeOver(page: TakeOverPage) -> impl IntoView {
    let i18n = use_i18n();
    let TakeOverPage {
        municipality,
        draft_empty,
        may_edit,
        error,
        recognised,
        pasted,
    } = page;
    let points = use_query_map().with_untracked(|query| query.get("punkte")?.parse::<u32>().ok());
    let back = if may_edit {
        format!("/kommune/{}/leitbild/bearbeiten", municipality.ags)
    } else {
        format!("/koordination/{}", municipality.ags)
    };
    let done = back.clone();
    let is_new = error.is_none() && recognised.is_none();
    view! {
        <PageTitle text=Signal::derive(move || t_string!(i18n, papers.take_over_title).to_owned()) />
        <article class="page take-over">
            <p class="kicker"><A href=back>{municipality.name}</A></p>
            <h1>{text!(i18n, papers.take_over_title)}</h1>
            {points
                .filter(|_| is_new)
                .map(|points| {
                    view! {
                        <div class="notice notice-good" role="status">
                            <p>
                                {text!(i18n, papers.taken_over)} " " {text!(i18n, papers.taken_points)} " " {points}
                            </p>
                            <p><A href=done>{text!(i18n, papers.to_draft)}</A></p>
                        </div>
                    }
                })}
            {error.map(|error| view! { <Mistake error /> })}
            {match recognised {
                Some(recognised) => view! { <Preview recognised draft_empty /> }.into_any(),
                None => view! { <Ask pasted /> }.into_any(),
            }}
        </article>
    }
}

#[component]
fn Mistake(error: AppError) -> impl IntoView {
    let i18n = use_i18n();
    // Somebody else wrote meanwhile: what helps stands right below.
    if error == AppError::DraftNotEmpty {
        return view! { <p class="notice notice-error" role="alert">{text!(i18n, papers.no_longer_empty)}</p> }
            .into_any();
    }
    view! { <ErrorNotice error /> }.into_any()
}

#[component]
fn Ask(pasted: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="lead">{text!(i18n, papers.take_over_intro)}</p>
        <form method="post" enctype="multipart/form-data" class="form">
            <input type="hidden" name="step" value="read" />
            <label for="vorlage-text">{text!(i18n, papers.paste)}</label>
            <textarea
                id="vorlage-text"
                name="text"
                rows="12"
                aria-describedby="vorlage-hinweis"
                inner_html=escaped(&pasted)
            ></textarea>
            <p id="vorlage-hinweis" class="hint">{text!(i18n, papers.paste_hint)}</p>
            <label for="vorlage-datei">{text!(i18n, papers.file)}</label>
            <input id="vorlage-datei" name="file" type="file" accept=ACCEPT aria-describedby="datei-hinweis" />
            <p id="datei-hinweis" class="hint">{text!(i18n, papers.file_hint)}</p>
            <button type="submit" class="button button-main">{text!(i18n, papers.read)}</button>
        </form>
    }
}

#[component]
fn Preview(recognised: Recognised, draft_empty: bool) -> impl IntoView {
    let i18n = use_i18n();
    let into = if draft_empty { "empty" } else { "append" };
    view! {
        <p class="lead">{text!(i18n, papers.preview_intro)}</p>
        {(!draft_empty).then(|| view! { <p class="notice">{text!(i18n, papers.append_hint)}</p> })}
        <form method="post" enctype="multipart/form-data" class="form rows-form">
            <input type="hidden" name="step" value="take" />
            <input type="hidden" name="into" value=into />
            <ol class="rows" role="list">
                {recognised
                    .rows
                    .into_iter()
                    .zip(1_usize..)
                    .map(|(row, number)| view! { <PreviewRow row number /> })
                    .collect_view()}
            </ol>
            <div class="rows-actions">
                <button type="submit" class="button button-main">
                    {move || {
                        if draft_empty { t_string!(i18n, papers.take) } else { t_string!(i18n, papers.take_append) }
                    }}
                </button>
                // The page itself, without what was sent to it.
                <a class="button" href="uebernehmen" rel="external">{text!(i18n, papers.start_again)}</a>
            </div>
        </form>
    }
}

#[component]
fn PreviewRow(row: Row, number: usize) -> impl IntoView {
    let i18n = use_i18n();
    let Row { part, text } = row;
    // About as high as the words need on a phone and beside the choice alike; the field can be made larger.
    let lines = (text.chars().count() / 60 + 1).min(8).to_string();
    view! {
        <li class="row-line" data-part=part.as_str()>
            <select
                name="part"
                aria-label=move || t_string!(i18n, papers.row_part, number = number).to_string()
            >
                {Part::ALL
                    .map(|option| {
                        view! {
                            <option value=option.as_str() selected=option == part>
                                {move || match option {
                                    Part::Title => t_string!(i18n, papers.part_title),
                                    Part::Motto => t_string!(i18n, papers.part_motto),
                                    Part::Preamble => t_string!(i18n, papers.part_preamble),
                                    Part::Guideline => t_string!(i18n, papers.part_guideline),
                                    Part::Point => t_string!(i18n, papers.part_point),
                                    Part::Closing => t_string!(i18n, papers.part_closing),
                                    Part::Plain => t_string!(i18n, papers.part_plain),
                                    Part::Phases => t_string!(i18n, papers.part_phases),
                                    Part::Source => t_string!(i18n, papers.part_source),
                                    Part::Omit => t_string!(i18n, papers.part_omit),
                                }}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
            <textarea
                name="words"
                rows=lines
                lang="de"
                aria-label=move || t_string!(i18n, papers.row_words, number = number).to_string()
                inner_html=escaped(&text)
            ></textarea>
        </li>
    }
}

/// Leptos escapes no words inside a textarea.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
