//! The Leitbild editor: the draft as text, then, once the browser has taken over and the document has arrived, every
//! block as a field of its own.
//!
//! [`LeitbildEditor`] is the same on server and browser; [`live`] (browser only) holds the fields. What is shown comes
//! from [`Shown`], which a session of [`crate::sync`] keeps up to date; no error leaves this module.
//!
//! Hooks for tests, kept stable:
//! - `data-saved="pending|device|saved"` and `data-connection="online|offline"` on the saved state; `data-people` on the
//!   list of people, each `data-person=PARTICIPANT`;
//! - `data-editor="text|live"` on the container of the blocks; a block's row is `data-block=ID`, its kind
//!   `data-kind`; `data-caret=PARTICIPANT` on others' carets; who is in it stands in its `data-here`; `data-unsaved="pending|device"` marks a row with something
//!   that is not saved;
//! - `data-field="title|motto|closing|ID"` on every field;
//! - `data-action` on every control: `add-paragraph`, `add-guideline`, `add-point` (with `data-guideline=ID`),
//!   `move-up`, `move-down`, `promote`, `demote`, `add-below`, `drag`, `remove`, `restore` (with `data-id=ID` in the
//!   bin), `undo`, `redo`, `undo-remove`, `keys`, `follow`, `copy`, `suggest-recovered`, `dismiss`, `reload`; those of a row are there once
//!   it had the focus or the pointer;
//! - `data-words=N` on the counts of the whole text, `data-counts` on those of a Leitlinie;
//! - `data-action="panel"` on a block's row opens `data-panel=FIELD` with its tabs `data-tab`; `data-marks` under a block's
//!   words; `data-chain` on the Präventionskette, each phase `data-phase` with its `data-count`;
//! - `data-threads=COUNT` on the badge of open threads; `data-way=FIELD` on the button of a text that is no field; in the panel
//!   `data-thread=ID` with `data-state`, `data-comment=ID`, `data-waiting` on what is not sent, `data-gone`, `data-effect`,
//!   `data-conflict`, `data-outcome`, `data-say` on fields; `data-talk-all` on all of it, `data-role-of=PARTICIPANT`;
//! - `data-plain` on an Einfache Sprache that is only read, `data-copied="no"` where copying failed;
//! - `data-bin` on the bin, `data-notice="withdrawn|published|restored|read|frozen|recovered|removed|device|outdated"` on notices.

mod bar;
mod bin;
mod chain;
mod counts;
mod keys_help;
mod notices;
mod panel;
mod talk;
mod text;

#[cfg(any(test, feature = "hydrate"))]
mod due;
#[cfg(any(test, feature = "hydrate"))]
mod layout;
#[cfg(any(test, feature = "hydrate"))]
mod marks;
#[cfg(any(test, feature = "hydrate"))]
mod paste;

#[cfg(feature = "hydrate")]
mod carets;
#[cfg(feature = "hydrate")]
mod commands;
#[cfg(feature = "hydrate")]
mod drag;
#[cfg(feature = "hydrate")]
mod field;
#[cfg(feature = "hydrate")]
mod follow;
#[cfg(feature = "hydrate")]
mod keyboard;
#[cfg(feature = "hydrate")]
mod keyed;
#[cfg(feature = "hydrate")]
mod keys;
#[cfg(feature = "hydrate")]
mod live;
#[cfg(feature = "hydrate")]
mod mirror;
#[cfg(feature = "hydrate")]
mod row;
#[cfg(feature = "hydrate")]
mod showing;
#[cfg(feature = "hydrate")]
mod tools;
#[cfg(feature = "hydrate")]
mod words;

use leptos::prelude::*;
use leptos_router::components::A;
use model::{
    ags::Ags,
    doc::{BlockId, FieldId, View},
    municipality::Municipality,
    phase::Phase,
    role::Role,
    stage::Stage,
    wire::Person,
};

use crate::{
    i18n::{t_string, use_i18n},
    lean::view,
    sync::shown::Shown,
    versions::stage_text,
    views::Access,
    widgets::Downloads,
};

/// The names of all places, to say where a point was taken over from; a document holds only their keys.
#[derive(Clone, Copy)]
pub struct Places(pub StoredValue<Vec<(Ags, String)>>);

/// The draft, live.
#[component]
pub fn LeitbildEditor(
    municipality: Municipality,
    access: Access,
    view: View,
    phases: Vec<Phase>,
    stage: Stage,
) -> impl IntoView {
    let i18n = use_i18n();
    let Access {
        participant,
        name: own_name,
        color,
        role,
    } = access;
    let is_empty = view.title.is_empty() && view.blocks().next().is_none();
    let own = Person {
        participant: participant.clone(),
        name: own_name.clone(),
        color,
        role,
        client_ids: Vec::new(),
    };
    let shown = Shown::new(view, own, stage);
    let actions = Actions::new();
    let counted = counts::counted(shown);
    #[cfg(feature = "hydrate")]
    live::start(
        municipality.ags.clone(),
        participant.clone(),
        shown,
        actions,
        phases.clone(),
        counted,
    );
    // What it follows from may be set to what it was; the fields must not be built anew for that.
    let is_live = Memo::new(move |_| shown.is_live());
    let profile = format!("/kommune/{}", municipality.ags);
    let downloads = format!("/kommune/{}/leitbild/entwurf", municipality.ags);
    let take_over = format!("/kommune/{}/leitbild/uebernehmen", municipality.ags);
    let may_take_over = role >= Role::Facilitate && is_empty;
    let history = format!("{profile}/leitbild/verlauf");
    let name = municipality.name;
    let who = move || {
        let name = own_name.clone();
        if shown.may_write() {
            t_string!(i18n, editor.you_are, name = name).to_string()
        } else if shown.role.get().may_talk() {
            t_string!(i18n, editor.you_suggest_as, name = name).to_string()
        } else {
            t_string!(i18n, editor.you_read_as, name = name).to_string()
        }
    };
    let no_script = format!("<p class=\"notice\">{}</p>", t_string!(i18n, editor.no_script));
    view! {
        <article class="page editor" class:editor-live=is_live class:panel-open=move || actions.panel.is_open()>
            <header class="editor-head">
                <p class="kicker">
                    <A href=profile>{name}</A>
                    <span>
                        " · "
                        <A href=history.clone() attr:data-action="history">{text!(i18n, editor.history)}</A>
                    </span>
                </p>
                <h1>{text!(i18n, editor.heading)}</h1>
                <p class="editor-stage">
                    {text!(i18n, editor.stage_label)} " "
                    <strong class="stage-label" data-stage=move || shown.stage.get().as_str()>
                        {move || stage_text(i18n, shown.stage.get())}
                    </strong>
                    <span hidden=move || !shown.role.get().may_steer()>
                        " · "
                        <A href=format!("{history}#festhalten") attr:data-action="keep-version">
                            {text!(i18n, editor.keep_version)}
                        </A>
                    </span>
                </p>
                <p class="editor-who">{move || who()}</p>
                <Downloads path=downloads />
                {may_take_over
                    .then(|| view! { <p class="editor-take-over"><A href=take_over>{text!(i18n, papers.take_over)}</A></p> })}
                <bar::People shown actions own=participant />
                <counts::Counts counted />
                <talk::Roles shown ags=municipality.ags.clone() />
                // With scripts on, browsers read what stands in here as text, so it must not be hydrated.
                <noscript inner_html=no_script></noscript>
            </header>
            <bar::Bar shown actions />
            <notices::Notices shown actions />
            <div class="editor-columns">
                <div class="editor-text">
                    {move || {
                        if is_live.get() {
                            live_blocks()
                        } else {
                            view! { <text::DraftText shown actions /> }.into_any()
                        }
                    }}
                </div>
                {actions.panel.place()}
            </div>
            {move || shown.loaded.get().then(all_talk)}
            <chain::Chain shown phases />
            <bin::Bin shown actions />
            <notices::Undoable shown actions />
        </article>
    }
}

/// What the controls around the text ask for, and what it tells them. The page's parts are the same on server and
/// browser, so they do not know the session; [`live`] answers.
#[derive(Clone, Copy)]
pub(crate) struct Actions {
    /// The last request. Nothing happens while the text is not live.
    ask: RwSignal<Option<Action>>,
    /// The block that was removed last, while taking that back is offered.
    removed: RwSignal<Option<Removed>>,
    /// The participant who is followed.
    following: RwSignal<Option<String>>,
    /// For the live region.
    announcement: RwSignal<String>,
    panel: panel::Panel,
}

/// A request of a control around the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Undo,
    Redo,
    /// Take a block out of the bin.
    Restore(BlockId),
    /// Go where this participant is, and stay with them; or stop it.
    Follow(String),
    /// The words that were not taken are not needed any more.
    DismissRecovered,
    /// Begin a suggestion: these words for this field.
    Suggest(FieldId, String),
}

/// A block that was removed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Removed {
    id: BlockId,
    /// What it was called, e.g. "Leitlinie II, Punkt 3".
    name: String,
}

impl Actions {
    fn new() -> Self {
        Self {
            ask: RwSignal::new(None),
            removed: RwSignal::new(None),
            following: RwSignal::new(None),
            announcement: RwSignal::new(String::new()),
            panel: panel::Panel::new(),
        }
    }
}

#[cfg(feature = "hydrate")]
fn live_blocks() -> AnyView {
    live::blocks().into_any()
}

/// The server never has a live document, so this is never asked for.
#[cfg(not(feature = "hydrate"))]
fn live_blocks() -> AnyView {
    ().into_any()
}

#[cfg(feature = "hydrate")]
fn all_talk() -> AnyView {
    talk::all()
}

/// Nor is this.
#[cfg(not(feature = "hydrate"))]
fn all_talk() -> AnyView {
    ().into_any()
}
