//! How a version was adopted, for citizens.

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use model::{ags::Ags, decision::Decision, leitbild::Adopted};

use super::moment::day_text;
use crate::{
    i18n::{Locale, t_string, use_i18n},
    lean::view,
};

/// "Beschlossen: Rat, 10. März 2026 · Vorlage V/41 · Ja 31 · Nein 2".
#[component]
pub fn AdoptionText(decision: Decision) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="adoption">
            <strong>{text!(i18n, profile.adopted)}</strong>
            " "
            {move || decision_text(i18n, &decision)}
        </p>
    }
}

/// Versions that were decided on before, each at its own address.
#[component]
pub fn FormerVersions(ags: Ags, former: Vec<Adopted>) -> impl IntoView {
    let i18n = use_i18n();
    let item = move |adopted: Adopted| {
        let address = format!("/kommune/{ags}/leitbild/fassung/{}", adopted.number);
        view! {
            <li>
                <a href=address>{move || decision_text(i18n, &adopted.decision)}</a>
            </li>
        }
    };
    (!former.is_empty()).then(|| {
        view! {
            <h3 class="former-title">{text!(i18n, profile.former)}</h3>
            <ul class="former">{former.into_iter().map(item).collect_view()}</ul>
        }
    })
}

pub(super) fn decision_text(i18n: I18nContext<Locale>, decision: &Decision) -> String {
    let Decision {
        body,
        paper,
        date,
        votes,
    } = decision;
    let mut text = format!("{body}, {}", day_text(i18n, date));
    let mut add = |what: &str, value: &str| {
        for part in [" · ", what, " ", value] {
            text.push_str(part);
        }
    };
    if !paper.is_empty() {
        add(t_string!(i18n, profile.paper), paper);
    }
    for (what, votes) in [
        (t_string!(i18n, profile.votes_yes), votes.yes),
        (t_string!(i18n, profile.votes_no), votes.no),
        (t_string!(i18n, profile.votes_abstained), votes.abstained),
        (t_string!(i18n, profile.votes_biased), votes.biased),
    ] {
        if let Some(votes) = votes {
            add(what, &votes.to_string());
        }
    }
    text
}
