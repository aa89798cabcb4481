//! What an import did, line by line.

use leptos::prelude::*;

use crate::{error::AppError, i18n::use_i18n, lean::view, views::ImportReport, widgets::error_text};

/// Counts, and every line that was not understood.
#[component]
pub fn ImportResult(report: ImportReport) -> impl IntoView {
    let i18n = use_i18n();
    let ImportReport {
        added,
        unchanged,
        points,
        notes,
    } = report;
    view! {
        <div class="notice notice-good" role="status">
            <p>
                {text!(i18n, coordination.imported_facts)} " " {added} " · " {text!(i18n, coordination.imported_unchanged)} " "
                {unchanged} " · " {text!(i18n, coordination.imported_points)} " " {points}
            </p>
            {(!notes.is_empty())
                .then(|| {
                    view! {
                        <p>{text!(i18n, coordination.imported_notes)}</p>
                        <ul>
                            {notes
                                .into_iter()
                                .map(|note| {
                                    let note = AppError::Invalid { mistakes: vec![note] };
                                    view! { <li>{move || error_text(i18n, &note)}</li> }
                                })
                                .collect_view()}
                        </ul>
                    }
                })}
        </div>
    }
}
