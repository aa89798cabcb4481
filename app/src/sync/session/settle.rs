//! What becomes of an operation: its updates are kept and sent, fields are told, and the page's signals follow.

use std::{collections::BTreeMap, sync::Arc};

use leptos::prelude::*;
use model::{
    doc::{BlockId, Changes, FieldId, Source, TextChange, View},
    insert::inserted,
};

use super::{Session, Tell};
use crate::sync::{
    about::{self, About, Deed},
    saved::{SaveState, Saved},
};

/// "Gespeichert" is shown only after this quiet, in milliseconds: it must be true and must not flicker at every letter.
const SAVED_AFTER_QUIET_MS: u32 = 400;
/// Words that were typed, here or elsewhere, stand in the view after so long, in milliseconds. Fields show them at once;
/// the view is for what is counted and marked beside them, and building it at every letter of everybody would take the
/// time that typing needs.
const VIEW_AFTER_WORDS_MS: u32 = 300;

impl Session {
    /// Keeps and sends what an operation produced and tells everybody what it changed. `typed` is where words were typed.
    pub(super) fn settle(&self, typed: Option<&FieldId>) {
        let (updates, changes) = {
            let replica = self.0.replica.borrow();
            (replica.take_updates(), replica.take_changes())
        };
        let view = changes
            .iter()
            .any(|change| self.moves_blocks(change))
            .then(|| Arc::new(self.0.replica.borrow().view()));
        if !updates.is_empty() {
            let about = self.about(typed, &changes, view.as_deref());
            for update in updates {
                self.put(update, about.clone());
            }
        }
        let mut touched: BTreeMap<&FieldId, bool> = BTreeMap::new();
        for change in changes.iter().filter(|change| change.source != Source::Typing) {
            for (field, text) in &change.texts {
                if let TextChange::Delta(delta) = text {
                    self.tell(field, Tell::Delta(delta));
                }
                *touched.entry(field).or_default() |= change.source == Source::Local;
            }
        }
        // The deltas carry carets along; that the words are the document's, this makes sure.
        for (field, is_own) in touched {
            self.tell(field, if is_own { Tell::Show } else { Tell::ShowSoon });
        }
        // Until then the page shows what the server rendered, which is more than a part of the document.
        let is_remote = |change: &Changes| change.source == Source::Remote && !change.texts.is_empty();
        if changes.iter().any(is_remote) {
            self.0.shown.remote_words.update(|count| *count = count.wrapping_add(1));
        }
        if self.0.keeping.has_whole_document() {
            match view {
                Some(view) => {
                    self.0.view_due.stop();
                    self.0.unread.borrow_mut().clear();
                    self.0.shown.view.set(view);
                }
                None if !changes.is_empty() => {
                    let fields = changes.iter().flat_map(|change| &change.texts).map(|(field, _)| field);
                    self.0.unread.borrow_mut().extend(fields.cloned());
                    self.show_view_soon();
                }
                None => {}
            }
        }
        if !changes.is_empty() {
            self.copy_document_later();
            self.place_threads_later();
        }
        self.show_undo();
        self.show_saved();
    }

    /// May the change have put blocks elsewhere, or brought one back from the bin, as words that reach a removed one do?
    fn moves_blocks(&self, change: &Changes) -> bool {
        change.structure
            || !self.0.keeping.has_whole_document()
            || self.0.shown.view.with_untracked(|view| {
                let removed = |id: &BlockId| view.bin.iter().any(|block| block.id == *id);
                change.texts.iter().any(|(field, _)| field.block().is_some_and(removed))
            })
    }

    /// What an operation of this person did. `view` is the new view, if it is another one than the page shows.
    fn about(&self, typed: Option<&FieldId>, changes: &[Changes], view: Option<&View>) -> Vec<About> {
        let before = self.0.shown.view.get_untracked();
        let mut told = view.map(|view| about::deeds(&before, view)).unwrap_or_default();
        let written = changes
            .iter()
            .filter(|change| change.source != Source::Remote)
            .flat_map(|change| &change.texts)
            // A new block has fields that nobody has written in yet.
            .filter(|(field, text)| {
                matches!(text, TextChange::Delta(_)) || self.text(field).is_some_and(|words| !words.is_empty())
            })
            .map(|(field, _)| field);
        for field in written.chain(typed) {
            let about = About {
                field: field.clone(),
                deed: Deed::Words,
            };
            if !told.contains(&about) {
                told.push(about);
            }
        }
        told
    }

    fn tell(&self, field: &FieldId, tell: Tell<'_>) {
        let listener = self.0.listeners.borrow().get(field).cloned();
        if let Some(listener) = listener {
            listener(tell);
        }
    }

    pub(super) fn show_undo(&self) {
        let (undo, redo) = {
            let replica = self.0.replica.borrow();
            (replica.undo.can_undo(), replica.undo.can_redo())
        };
        set_if_new(self.0.shown.can_undo, undo);
        set_if_new(self.0.shown.can_redo, redo);
    }

    pub(super) fn show_saved(&self) {
        let shown = self.0.shown;
        let (now, connected, unsaved) = {
            let saved = self.0.saved.borrow();
            let outbox = self.0.outbox.borrow();
            let touched = outbox.touched().iter();
            let unsaved = touched.map(|(field, change)| (field.clone(), saved.state_of(*change)));
            (self.state(&saved), saved.is_connected(), inserted(unsaved))
        };
        shown.unsaved.set(unsaved);
        set_if_new(shown.connected, connected);
        let shown = shown.saved;
        if now != SaveState::Saved || shown.try_get_untracked() == Some(SaveState::Saved) {
            self.0.quiet.stop();
            set_if_new(shown, now);
        } else {
            self.0.quiet.start(self, SAVED_AFTER_QUIET_MS, |session| {
                let state = session.state(&session.0.saved.borrow());
                set_if_new(session.0.shown.saved, state);
            });
        }
    }

    /// What may be said about everything that was typed in this browser.
    fn state(&self, saved: &Saved) -> SaveState {
        if self.0.keeping.has_stranded() {
            saved.state().min(SaveState::Device)
        } else {
            saved.state()
        }
    }

    fn show_view_soon(&self) {
        self.0.view_due.start(self, VIEW_AFTER_WORDS_MS, Self::show_words);
    }

    /// Brings the words of the view up to date.
    fn show_words(&self) {
        let unread = self.0.unread.take();
        let view = self.0.shown.view;
        let is_enough = view.try_maybe_update(|view| {
            let is_enough = self.0.replica.borrow().reread(Arc::make_mut(view), &unread);
            // A half-read view is replaced below.
            (is_enough, is_enough)
        });
        if is_enough == Some(false) {
            self.show_current_view();
        }
    }

    pub(super) fn show_current_view(&self) {
        self.0.unread.borrow_mut().clear();
        let view = self.0.replica.borrow().view();
        self.0.shown.view.set(Arc::new(view));
    }
}

/// Sets a signal only to something new: every set tells all who look at it. Answers may come after the page has gone, and its
/// signals with it; then nobody looks any more.
pub(super) fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|before| *before != value) == Some(true) {
        signal.set(value);
    }
}
