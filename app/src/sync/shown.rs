//! What the page shows of a session: signals, the same on server and browser.

use std::{collections::BTreeMap, sync::Arc};

use leptos::prelude::*;
use model::{
    doc::View,
    role::Role,
    stage::Stage,
    wire::{Person, ReadOnly, Restored},
};

use super::{by_field::ByField, presence::At, recovered::Recovered, saved::SaveState, talk::Talk};

/// Can this device keep what is typed?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceState {
    Ready,
    /// The browser keeps nothing: a private window, for instance.
    Refused,
    /// It kept something before and does not take more: it is full.
    Full,
}

/// The signals of one editor page. On the server, and until the browser has taken over, they keep their first values.
#[derive(Clone, Copy)]
pub struct Shown {
    /// The text as it stands: where blocks are at once, words a moment later than their fields show them.
    pub view: RwSignal<Arc<View>>,
    /// The document has arrived once: blocks may become fields.
    pub loaded: RwSignal<bool>,
    pub saved: RwSignal<SaveState>,
    /// The fields with something that is not saved yet.
    pub unsaved: ByField<SaveState>,
    /// Is there a connection over which changes go out at once?
    pub connected: RwSignal<bool>,
    pub device: RwSignal<DeviceState>,
    /// Everybody who is here.
    pub people: RwSignal<Vec<Person>>,
    /// Own client id, to leave oneself out.
    pub client_id: RwSignal<u64>,
    /// The field each client is in, by client id.
    pub places: RwSignal<BTreeMap<u64, String>>,
    /// Where in it, by client id.
    pub carets: RwSignal<BTreeMap<u64, At>>,
    /// Counts changes of words by others: carets may stand elsewhere then.
    pub remote_words: RwSignal<u32>,
    pub role: RwSignal<Role>,
    /// The link was withdrawn: nothing goes on here.
    pub withdrawn: RwSignal<bool>,
    /// The stored draft cannot be opened: only the operator can help.
    pub unreadable: RwSignal<bool>,
    /// The room takes no lasting writes at the moment.
    pub read_only: RwSignal<Option<ReadOnly>>,
    /// Where the Leitbild stands.
    pub stage: RwSignal<Stage>,
    /// An earlier state was brought back while this page was open.
    pub restored: RwSignal<Option<Restored>>,
    /// The Leitbild was published while this page was open.
    pub published: RwSignal<Option<String>>,
    /// The server runs another version of the program than this page.
    pub outdated: RwSignal<bool>,
    /// What was not taken.
    pub recovered: RwSignal<Vec<Recovered>>,
    pub can_undo: RwSignal<bool>,
    pub can_redo: RwSignal<bool>,
    /// Comments and suggestions.
    pub talk: Talk,
}

impl Shown {
    /// `own` is this participant, who is here from the beginning.
    #[must_use]
    pub fn new(view: View, own: Person, stage: Stage) -> Self {
        let frozen = stage.is_frozen().then(|| ReadOnly {
            reason: ReadOnly::FROZEN.to_owned(),
        });
        Self {
            view: RwSignal::new(Arc::new(view)),
            loaded: RwSignal::new(false),
            saved: RwSignal::new(SaveState::Saved),
            unsaved: ByField::new(),
            connected: RwSignal::new(false),
            device: RwSignal::new(DeviceState::Ready),
            role: RwSignal::new(own.role),
            people: RwSignal::new(vec![own]),
            client_id: RwSignal::new(0),
            places: RwSignal::new(BTreeMap::new()),
            carets: RwSignal::new(BTreeMap::new()),
            remote_words: RwSignal::new(0),
            withdrawn: RwSignal::new(false),
            unreadable: RwSignal::new(false),
            read_only: RwSignal::new(frozen),
            stage: RwSignal::new(stage),
            restored: RwSignal::new(None),
            published: RwSignal::new(None),
            outdated: RwSignal::new(false),
            recovered: RwSignal::new(Vec::new()),
            can_undo: RwSignal::new(false),
            can_redo: RwSignal::new(false),
            talk: Talk::new(),
        }
    }

    /// Are the blocks fields now?
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.loaded.get() && self.may_change()
    }

    /// May this person write, as the Leitbild stands?
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.role.get().may_write() && !self.is_frozen()
    }

    /// The same, and is the link they came by still valid?
    #[must_use]
    pub fn may_change(&self) -> bool {
        self.may_write() && !self.withdrawn.get()
    }

    /// Can the server not save at the moment? What is typed waits here.
    #[must_use]
    pub fn waits_for_storage(&self) -> bool {
        self.connected.get() && self.read_only.with(Option::is_some) && !self.is_frozen()
    }

    /// May nobody write at the moment?
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.read_only.with(|why| why.as_ref().is_some_and(ReadOnly::is_frozen))
    }
}
