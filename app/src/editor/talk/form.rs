//! The form with which something is proposed.

use leptos::prelude::*;
use model::{
    doc::{Anchor, BlockKind, FieldId, List, Parent, Proposal},
    leitbild::roman,
};

use crate::{
    editor::{
        layout::{self, RowKey, Target},
        live::Editor,
    },
    i18n::t_string,
    lean::{flag, view, words},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Words,
    Add,
    Remove,
    Move,
}

impl Sort {
    const ALL: [Self; 4] = [Self::Words, Self::Add, Self::Remove, Self::Move];

    fn as_str(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Move => "move",
        }
    }
}

pub(super) fn form(editor: Editor, field: &FieldId) -> AnyView {
    let i18n = editor.i18n;
    let drafts = editor.shown.talk.drafts;
    let field = field.clone();
    let draft = format!("suggest {field}");
    let now = words_now(editor, &field);
    let begun = drafts.with_value(|drafts| drafts.get(&draft).cloned());
    let sort = RwSignal::new(Sort::Words);
    let text = RwSignal::new(begun.unwrap_or_else(|| now.clone()));
    let reason = RwSignal::new(String::new());
    let place = RwSignal::new(0_usize);
    let told = RwSignal::new(None::<&'static str>);
    let targets = targets(editor, &field);
    let places: Vec<Target> = targets.iter().map(|(_, target)| target.clone()).collect();
    let has_places = places.len() > 1;
    let is_block = field.block().is_some();
    let needs_text = move || matches!(sort.get(), Sort::Words | Sort::Add);
    let typed = move |event| {
        let typed = event_target_value(&event);
        drafts.update_value(|drafts| {
            drafts.insert(draft.clone(), typed.clone());
        });
        text.set(typed);
    };
    let choose = {
        let field = field.clone();
        move |event| {
            let value = event_target_value(&event);
            let chosen = Sort::ALL
                .into_iter()
                .find(|sort| sort.as_str() == value)
                .unwrap_or(Sort::Words);
            // What was not touched yet makes way for what the other sort begins with.
            let now = words_now(editor, &field);
            match chosen {
                Sort::Add if text.get_untracked() == now => text.set(String::new()),
                Sort::Words if text.get_untracked().is_empty() => text.set(now),
                _ => {}
            }
            sort.set(chosen);
        }
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = text.get_untracked();
        let proposal = match (sort.get_untracked(), field.block()) {
            (Sort::Words, _) => Some(Proposal::Words {
                field: field.clone(),
                text: typed,
            }),
            (Sort::Add, Some(_)) => beside(editor, &field, typed),
            (Sort::Remove, Some(id)) => Some(Proposal::Remove(id.clone())),
            (Sort::Move, Some(id)) => places.get(place.get_untracked()).map(|target| Proposal::Move {
                id: id.clone(),
                parent: target.parent.clone(),
                index: target.index,
            }),
            (_, None) => None,
        };
        let (Some(session), Some(proposal)) = (editor.session(), proposal) else {
            return;
        };
        let done = session.propose(Anchor::field(field.clone()), &proposal, reason.get_untracked());
        if done.is_err() {
            return told.set(Some("same"));
        }
        told.set(Some("done"));
        editor.announce(t_string!(i18n, talk.suggest_done).to_owned());
        reason.set(String::new());
        sort.set(Sort::Words);
        drafts.update_value(|drafts| {
            drafts.remove(&format!("suggest {field}"));
        });
        text.set(words_now(editor, &field));
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
        .filter(|sort| *sort == Sort::Words || (is_block && (*sort != Sort::Move || has_places)))
        .map(|each| {
            view! {
                <option value=each.as_str() prop:selected=flag(move || sort.get() == each)>
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
                <textarea lang="de" rows="4" data-say="suggest-text" prop:value=text on:input=typed></textarea>
            </label>
            <label hidden=flag(move || sort.get() != Sort::Move)>
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
                    maxlength=model::limits::COMMENT_CHARS
                    data-say="suggest-reason"
                    prop:value=reason
                    on:input=move |event| reason.set(event_target_value(&event))
                ></textarea>
            </label>
            <button type="submit" class="button button-main" data-action="suggest">
                {text!(i18n, talk.suggest_send)}
            </button>
            <p role="status">
                {words(move || {
                    let text = match told.get() {
                        None => "",
                        Some("same") => t_string!(i18n, talk.suggest_same),
                        Some(_) => t_string!(i18n, talk.suggest_done),
                    };
                    text.to_owned()
                })}
            </p>
        </form>
    }
    .into_any()
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
