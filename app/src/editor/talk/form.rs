//! The form with which something is proposed.

use leptos::prelude::*;
use model::{
    doc::{Anchor, BlockKind, FieldId, List, Parent, Proposal},
    leitbild::roman,
};

use super::write::{too_long, too_many};
use crate::{
    editor::{
        layout::{self, RowKey, Target},
        live::Editor,
    },
    i18n::t_string,
    lean::{flag, view, words},
    sync::{
        drafts::{Draft, suggest_key},
        talk::{Begun, Sort},
    },
};

/// What became of the suggestion.
#[derive(Clone, Copy)]
enum Told {
    Same,
    Nowhere,
    /// It is being sent.
    Done,
    /// It is sent when there is a connection.
    Later,
}

pub(super) fn form(editor: Editor, field: &FieldId) -> AnyView {
    let i18n = editor.i18n;
    let drafts = editor.shown.talk.drafts;
    let kept = drafts.with_value(|drafts| drafts.suggestion(field).cloned());
    let begun = RwSignal::new(kept.unwrap_or_else(|| Begun::new(field.clone(), words_now(editor, field))));
    let place = RwSignal::new(0_usize);
    let told = RwSignal::new(None::<Told>);
    let targets = targets(editor, field);
    let places: Vec<Target> = targets.iter().map(|(_, target)| target.clone()).collect();
    let has_places = places.len() > 1;
    let is_block = field.block().is_some();
    let may_add = beside(editor, field, String::new()).is_some();
    let chosen = begun.with_untracked(|begun| begun.sort);
    let sort = move || begun.with(|begun| begun.sort);
    let needs_text = move || matches!(sort(), Sort::Words | Sort::Add);
    let change = move |change: &dyn Fn(&mut Begun)| {
        begun.update(change);
        keep(editor, &begun.get_untracked());
    };
    let typed = move |event| {
        let words = event_target_value(&event);
        change(&|begun| begun.text.clone_from(&words));
    };
    let reasoned = move |event| {
        let words = event_target_value(&event);
        change(&|begun| begun.reason.clone_from(&words));
    };
    let choose = move |event| {
        let value = event_target_value(&event);
        let chosen = Sort::ALL.into_iter().find(|sort| sort.as_str() == value);
        change(&|begun| begun.choose(chosen.unwrap_or(Sort::Words)));
    };
    let too_many_reasons = move || begun.with(|begun| too_many(&begun.reason));
    let send = {
        let field = field.clone();
        move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            if untrack(too_many_reasons) > 0 {
                return;
            }
            let Begun {
                sort,
                seen,
                text,
                reason,
                ..
            } = begun.get_untracked();
            let proposal = match (sort, field.block()) {
                (Sort::Words, _) => Some(Proposal::Words {
                    field: field.clone(),
                    seen,
                    text,
                }),
                (Sort::Add, Some(_)) => beside(editor, &field, text),
                (Sort::Remove, Some(id)) => Some(Proposal::Remove(id.clone())),
                (Sort::Move, Some(id)) => places.get(place.get_untracked()).map(|target| Proposal::Move {
                    id: id.clone(),
                    parent: target.parent.clone(),
                    index: target.index,
                }),
                (_, None) => None,
            };
            let Some(session) = editor.session() else { return };
            let Some(proposal) = proposal else {
                // Its place went while the form was open.
                return told.set(Some(Told::Nowhere));
            };
            if session
                .propose(Anchor::field(field.clone()), &proposal, reason)
                .is_err()
            {
                return told.set(Some(Told::Same));
            }
            if editor.shown.connected.get_untracked() {
                told.set(Some(Told::Done));
                editor.announce(t_string!(i18n, talk.suggest_done).to_owned());
            } else {
                told.set(Some(Told::Later));
            }
            let anew = Begun::new(field.clone(), words_now(editor, &field));
            keep(editor, &anew);
            begun.set(anew);
        }
    };
    let options = targets.into_iter().enumerate().map(|(index, (name, _))| {
        view! { <option value=index.to_string()>{name}</option> }
    });
    let name_of = move |sort: Sort| match sort {
        Sort::Words => t_string!(i18n, talk.suggest_words),
        Sort::Add => t_string!(i18n, talk.suggest_add),
        Sort::Remove => t_string!(i18n, talk.suggest_remove),
        Sort::Move => t_string!(i18n, talk.suggest_move),
    };
    let sorts = Sort::ALL
        .into_iter()
        .filter(|sort| match sort {
            Sort::Words => true,
            // One that was begun is shown as what it is, also where its place went since.
            _ if *sort == chosen => true,
            Sort::Add => may_add,
            Sort::Remove => is_block,
            Sort::Move => has_places,
        })
        .map(|each| {
            view! {
                <option value=each.as_str() prop:selected=flag(move || sort() == each)>
                    {words(move || name_of(each).to_owned())}
                </option>
            }
        });
    view! {
        <form class="talk-form" data-suggest on:submit=send>
            <h3>{text!(i18n, talk.suggest)}</h3>
            <label>
                <span>{text!(i18n, talk.suggest_what)}</span>
                <select data-suggest-sort on:change=choose>
                    {sorts.collect_view()}
                </select>
            </label>
            <label hidden=flag(move || !needs_text())>
                <span>{text!(i18n, talk.suggest_text)}</span>
                <textarea lang="de" rows="4" data-say="suggest-text" prop:value=words(move || begun.with(|begun| begun.text.clone())) on:input=typed></textarea>
            </label>
            <label hidden=flag(move || sort() != Sort::Move)>
                <span>{text!(i18n, talk.suggest_where)}</span>
                <select
                    data-suggest-place
                    on:change=move |event| place.set(event_target_value(&event).parse().unwrap_or_default())
                >
                    {options.collect_view()}
                </select>
            </label>
            <label>
                <span>{text!(i18n, talk.suggest_reason)}</span>
                <textarea
                    rows="2"
                    required
                    data-say="suggest-reason"
                    prop:value=words(move || begun.with(|begun| begun.reason.clone()))
                    on:input=reasoned
                ></textarea>
            </label>
            {too_long(editor, too_many_reasons)}
            <button type="submit" class="button button-main" data-action="suggest">
                {text!(i18n, talk.suggest_send)}
            </button>
            <p role="status">
                {words(move || {
                    let text = match told.get() {
                        None => "",
                        Some(Told::Same) => t_string!(i18n, talk.suggest_same),
                        Some(Told::Nowhere) => t_string!(i18n, talk.suggest_nowhere),
                        Some(Told::Done) => t_string!(i18n, talk.suggest_done),
                        Some(Told::Later) => t_string!(i18n, talk.suggest_later),
                    };
                    text.to_owned()
                })}
            </p>
        </form>
    }
    .into_any()
}

/// Keeps what is begun while the panel shows something else, and over a reload.
fn keep(editor: Editor, begun: &Begun) {
    let draft = begun.is_begun().then(|| Draft::Suggestion(begun.clone()));
    editor.keep_draft(&suggest_key(&begun.field), draft);
}

/// Begins a suggestion with `words`, in place of one that was begun there, and opens it.
pub(in crate::editor) fn begin(editor: Editor, field: FieldId, words: String) {
    let mut begun = Begun::new(field.clone(), words_now(editor, &field));
    begun.text = words;
    keep(editor, &begun);
    editor.panel().talk_anew(field);
}

fn words_now(editor: Editor, field: &FieldId) -> String {
    editor
        .session()
        .and_then(|session| session.text(field))
        .unwrap_or_default()
}

/// A new block beside this one; under a Leitlinie a new first point.
fn beside(editor: Editor, field: &FieldId, text: String) -> Option<Proposal> {
    let view = editor.shown.view.get_untracked();
    let (list, at) = view.locate(field.block()?)?;
    let (kind, parent, index) = match list {
        List::Preamble => (BlockKind::Paragraph, Parent::Root, at + 1),
        List::Guidelines => (BlockKind::Point, Parent::Block(field.block()?.clone()), 0),
        List::Points(guideline) => (BlockKind::Point, Parent::Block(guideline), at + 1),
        List::IdeasOf(guideline) => (BlockKind::Idea, Parent::Block(guideline), at + 1),
        List::Ideas => (BlockKind::Idea, Parent::Root, at + 1),
        List::Loose | List::Bin => return None,
    };
    Some(Proposal::Add {
        kind,
        parent,
        index,
        text,
    })
}

/// Where the block can go, each with its name.
fn targets(editor: Editor, field: &FieldId) -> Vec<(String, Target)> {
    let i18n = editor.i18n;
    let Some(id) = field.block() else {
        return Vec::new();
    };
    let view = editor.shown.view.get_untracked();
    let rows = layout::rows(&view);
    let named = |(row, target): (usize, Target)| {
        let name = match &rows.get(row)?.key {
            RowKey::Block(before) if before == id => return None,
            RowKey::Block(before) => {
                let what = editor.field_name(&view, &FieldId::Block(before.clone()));
                t_string!(i18n, talk.suggest_before, what = what).to_string()
            }
            RowKey::AddPoint(guideline) => {
                let number = view.guidelines.iter().position(|other| other.block.id == *guideline)?;
                let number = roman(number + 1);
                t_string!(i18n, talk.suggest_end_of, number = number).to_string()
            }
            _ => t_string!(i18n, talk.suggest_end).to_owned(),
        };
        Some((name, target))
    };
    layout::drop_targets(&view, &rows, id)
        .into_iter()
        .filter_map(named)
        .collect()
}
