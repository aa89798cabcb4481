//! Two states as one text to read, with what is different in it.

use leptos::{form::ActionForm, prelude::*};
use leptos_i18n::I18nContext;
use model::{
    ags::Ags,
    compare::{Change, Comparison, Counts, Kind, Line, Part, Piece},
    leitbild::roman,
};

use crate::{
    calls::RestoreVersion,
    i18n::{Locale, t_string, use_i18n},
    lean::view,
};

/// How single texts are brought back: to which state.
#[derive(Clone)]
pub struct Restoring {
    pub ags: Ags,
    pub seq: u64,
    pub restore: ServerAction<RestoreVersion>,
}

/// The text with its differences; the earlier state's words are struck through, the later one's underlined. What changed is
/// also said in words. With `restoring` each text that is different can be brought back.
#[component]
pub fn Difference(comparison: Comparison, restoring: Option<Restoring>) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |line| view! { <DifferenceLine line restoring=restoring.clone() /> };
    let is_empty = comparison.lines.is_empty();
    view! {
        <div class="difference" data-difference>
            {comparison.lines.into_iter().map(line).collect_view()}
            {is_empty.then(|| view! { <p class="unknown">{text!(i18n, versions.no_text)}</p> })}
        </div>
    }
}

#[component]
fn DifferenceLine(line: Line, restoring: Option<Restoring>) -> impl IntoView {
    let i18n = use_i18n();
    let Line {
        field,
        part,
        change,
        pieces,
    } = line;
    let words: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
    let pieces = pieces
        .into_iter()
        .map(|piece| piece_view(i18n, piece, change))
        .collect_view();
    let numeral = match part {
        Part::Guideline(number) => Some(view! { <span class="numeral">{roman(number)} ". "</span> }),
        _ => None,
    };
    let content = view! { {numeral} {pieces} };
    let content = match part {
        Part::Guideline(_) => view! { <h3 lang="de">{content}</h3> }.into_any(),
        _ => view! { <p lang="de">{content}</p> }.into_any(),
    };
    let can_be_restored = !matches!(change, Change::Same | Change::New);
    let hook = field.clone();
    view! {
        <div class=format!("line {} {}", part_class(part), change_class(change)) data-line=hook data-change=change_class(change)>
            {(change != Change::Same)
                .then(|| view! { <span class="change">{move || change_text(i18n, change)}</span> })}
            {content}
            {restoring
                .filter(|_| can_be_restored)
                .map(|Restoring { ags, seq, restore }| {
                    view! {
                        <ActionForm action=restore attr:class="restore-line">
                            <input type="hidden" name="ags" value=ags.to_string() />
                            <input type="hidden" name="state" value=seq.to_string() />
                            <input type="hidden" name="field" value=field />
                            <button
                                type="submit"
                                class="button button-small"
                                data-action="restore-line"
                                aria-label=move || {
                                    let what: String = words.chars().take(60).collect();
                                    t_string!(i18n, versions.restore_line_of, what = what).to_string()
                                }
                            >
                                {text!(i18n, versions.restore_line)}
                            </button>
                        </ActionForm>
                    }
                })}
        </div>
    }
}

/// In a text that is new or gone as a whole the mark before it says so already.
fn piece_view(i18n: I18nContext<Locale>, piece: Piece, change: Change) -> AnyView {
    let Piece { kind, text } = piece;
    let is_said = matches!(change, Change::New | Change::Removed);
    match kind {
        Kind::Same => text.into_any(),
        Kind::Inserted => view! {
            <ins>
                {(!is_said).then(|| view! { <span class="visually-hidden">{text!(i18n, versions.inserted)} " "</span> })}
                {text}
                {(!is_said).then(|| view! { <span class="visually-hidden">" " {text!(i18n, versions.inserted_end)} " "</span> })}
            </ins>
        }
        .into_any(),
        Kind::Deleted => view! {
            <del>
                {(!is_said).then(|| view! { <span class="visually-hidden">{text!(i18n, versions.deleted)} " "</span> })}
                {text}
                {(!is_said).then(|| view! { <span class="visually-hidden">" " {text!(i18n, versions.deleted_end)} " "</span> })}
            </del>
        }
        .into_any(),
    }
}

/// "2 geändert, 1 neu"; "Nichts ist anders." without any.
pub(super) fn counts_text(i18n: I18nContext<Locale>, counts: Counts) -> String {
    let parts = [
        (counts.changed, t_string!(i18n, versions.changed)),
        (counts.new, t_string!(i18n, versions.new)),
        (counts.removed, t_string!(i18n, versions.removed)),
        (counts.moved, t_string!(i18n, versions.moved)),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if parts.is_empty() {
        t_string!(i18n, versions.nothing_different).to_owned()
    } else {
        parts.join(", ")
    }
}

fn change_text(i18n: I18nContext<Locale>, change: Change) -> String {
    match change {
        Change::Same => String::new(),
        Change::Changed => t_string!(i18n, versions.changed).to_owned(),
        Change::New => t_string!(i18n, versions.new).to_owned(),
        Change::Removed => t_string!(i18n, versions.removed).to_owned(),
        Change::Moved(from) => moved_text(i18n, from),
        Change::MovedAndChanged(from) => {
            format!("{}, {}", moved_text(i18n, from), t_string!(i18n, versions.changed))
        }
    }
}

fn moved_text(i18n: I18nContext<Locale>, from: Option<usize>) -> String {
    match from {
        Some(number) => t_string!(i18n, versions.moved_from, number = roman(number)).to_string(),
        None => t_string!(i18n, versions.moved).to_owned(),
    }
}

fn change_class(change: Change) -> &'static str {
    match change {
        Change::Same => "same",
        Change::Changed => "changed",
        Change::New => "new",
        Change::Removed => "removed",
        Change::Moved(_) => "moved",
        Change::MovedAndChanged(_) => "moved-changed",
    }
}

fn part_class(part: Part) -> &'static str {
    match part {
        Part::Title => "line-title",
        Part::Motto => "line-motto",
        Part::Paragraph => "line-paragraph",
        Part::Guideline(_) => "line-guideline",
        Part::Point => "line-point",
        Part::Idea => "line-idea",
        Part::Loose => "line-loose",
        Part::Closing => "line-closing",
    }
}
