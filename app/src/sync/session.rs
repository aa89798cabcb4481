//! One editor page's session: the document, the socket, and what the page shows of both.
//!
//! Everything runs on the browser's one thread: an operation changes the document, then [`Session::settle`] sends what
//! it produced and tells fields and signals. No callback runs while something here is borrowed.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
    sync::Arc,
};

use gloo_events::EventListener;
use gloo_timers::callback::{Interval, Timeout};
use leptos::prelude::*;
use model::{
    ags::Ags,
    doc::{EditError, Entropy, FieldId, Source, TextChange, Undo, Undone},
    limits,
    role::Role,
    wire::{ClientMessage, ServerMessage, close},
};
use yrs::Doc;

use super::{
    browser,
    outbox::{Entry, Outbox},
    presence::{self, Presence},
    replica::Replica,
    saved::{SaveState, Saved},
    shown::Shown,
    socket::{Socket, SocketEvent},
};
use crate::calls::open_editor;

/// "Gespeichert" is shown only after this quiet, in milliseconds: it must be true and must not flicker at every letter.
const SAVED_AFTER_QUIET_MS: u32 = 400;
/// Own awareness is told again this often, in milliseconds: Yjs clients forget states after 30 s.
const AWARENESS_EVERY_MS: u32 = 15_000;
/// After every so many attempts that did not even open, the page asks whether the link still counts: a browser does not
/// tell why an upgrade was refused.
const ATTEMPTS_BEFORE_ASKING: u32 = 2;

/// Called with every change of a field's text that its page field did not make itself: the deltas first, then
/// [`TextChange::Reset`], with which it has to show the document's words.
pub(crate) type TextListener = Rc<dyn Fn(&TextChange)>;

/// Handle to the session; cheap to clone.
#[derive(Clone)]
pub(crate) struct Session(Rc<Inner>);

struct Inner {
    ags: Ags,
    shown: Shown,
    replica: RefCell<Replica>,
    saved: RefCell<Saved>,
    outbox: RefCell<Outbox>,
    presence: RefCell<Presence>,
    listeners: RefCell<HashMap<FieldId, TextListener>>,
    socket: RefCell<Option<Socket>>,
    /// This participant, as the list of people names them.
    own: String,
    /// Own place and how often it was told.
    at: RefCell<Option<FieldId>>,
    awareness_clock: Cell<u64>,
    /// This connection's refusal was dealt with already.
    refused: Cell<bool>,
    failed_attempts: Cell<u32>,
    quiet: RefCell<Option<Timeout>>,
    keepers: RefCell<Vec<Keeper>>,
}

/// What lives as long as the session.
enum Keeper {
    Interval(#[expect(dead_code, reason = "held for its drop")] Interval),
    Listener(#[expect(dead_code, reason = "held for its drop")] EventListener),
}

impl Session {
    /// Opens the document of `ags` for the participant `own` and connects.
    ///
    /// # Errors
    /// Only where a fresh document could not be watched, which does not happen.
    pub(crate) fn open(ags: Ags, own: String, shown: Shown) -> Result<Self, EditError> {
        let replica = Replica::new()?;
        shown.client_id.set(replica.client_id);
        let path = format!("/sync/{ags}");
        let session = Self(Rc::new(Inner {
            ags,
            shown,
            replica: RefCell::new(replica),
            saved: RefCell::default(),
            outbox: RefCell::default(),
            presence: RefCell::default(),
            listeners: RefCell::default(),
            own,
            socket: RefCell::default(),
            at: RefCell::default(),
            awareness_clock: Cell::new(0),
            refused: Cell::new(false),
            failed_attempts: Cell::new(0),
            quiet: RefCell::default(),
            keepers: RefCell::default(),
        }));
        let weak = Rc::downgrade(&session.0);
        let socket = Socket::open(&path, move |event| {
            if let Some(inner) = weak.upgrade() {
                Self(inner).on_socket(event);
            }
        });
        session.0.socket.replace(Some(socket));
        session.keep();
        Ok(session)
    }

    /// Closes the connection; the page goes elsewhere.
    pub(crate) fn close(&self) {
        self.0.socket.take();
        self.0.quiet.take();
        self.0.keepers.take();
    }

    /// Runs a change of blocks as one step of undo.
    pub(crate) fn step<T>(
        &self,
        change: impl FnOnce(&Doc, Entropy<'_>) -> Result<T, EditError>,
    ) -> Result<T, EditError> {
        let result = self
            .0
            .replica
            .borrow_mut()
            .undo
            .step(|doc| change(doc, &mut browser::entropy));
        self.settle(None);
        result
    }

    /// Runs a change of words in `field`.
    pub(crate) fn typing<T>(&self, field: &FieldId, change: impl FnOnce(&Doc) -> T) -> T {
        let result = self
            .0
            .replica
            .borrow_mut()
            .undo
            .typing(field, browser::now_ms(), change);
        self.settle(Some(field));
        result
    }

    pub(crate) fn undo(&self) -> Option<Undone> {
        self.walk(Undo::undo)
    }

    pub(crate) fn redo(&self) -> Option<Undone> {
        self.walk(Undo::redo)
    }

    /// The document's words of a field.
    pub(crate) fn text(&self, field: &FieldId) -> Option<String> {
        self.0.replica.borrow().text(field)
    }

    /// Tells a field's changes to `listener`; one listener a field.
    pub(crate) fn listen(&self, field: &FieldId, listener: TextListener) {
        self.0.listeners.borrow_mut().insert(field.clone(), listener);
    }

    /// Ends [`Self::listen`], if `listener` is still the one.
    pub(crate) fn unlisten(&self, field: &FieldId, listener: &TextListener) {
        let mut listeners = self.0.listeners.borrow_mut();
        if listeners.get(field).is_some_and(|other| Rc::ptr_eq(other, listener)) {
            listeners.remove(field);
        }
    }

    /// This person is in that field now, or in none.
    pub(crate) fn go_to(&self, field: Option<FieldId>) {
        let before = self.0.at.replace(field.clone());
        if before != field {
            self.0.replica.borrow_mut().undo.close_step();
            self.tell_awareness();
        }
    }

    /// Leaves [`Self::go_to`]'s field, unless this person is in another one already.
    pub(crate) fn leave(&self, field: &FieldId) {
        let is_there = self.0.at.borrow().as_ref() == Some(field);
        if is_there {
            self.go_to(None);
        }
    }

    /// Shows words that the document did not take.
    pub(crate) fn recover(&self, words: String) {
        if !words.trim().is_empty() {
            self.0.shown.recovered.update(|recovered| recovered.push(words));
        }
    }

    fn walk(&self, walk: impl FnOnce(&mut Undo) -> Option<Undone>) -> Option<Undone> {
        let undone = walk(&mut self.0.replica.borrow_mut().undo);
        self.settle(undone.as_ref().and_then(|undone| undone.field.as_ref()));
        undone
    }

    fn on_socket(&self, event: SocketEvent) {
        match event {
            SocketEvent::Opened => {
                self.0.failed_attempts.set(0);
                self.0.refused.set(false);
                self.0.saved.borrow_mut().connect();
                self.0.presence.borrow_mut().clear();
                self.send(&ClientMessage::Hello {
                    version: limits::PROTOCOL_VERSION,
                });
                self.ask();
                self.tell_awareness();
            }
            SocketEvent::Frame(frame) => match ServerMessage::decode(&frame) {
                Ok(message) => self.on_message(message),
                // From another version of the server: the next connection starts over.
                Err(error) => leptos::logging::warn!("a message of the server could not be read: {error}"),
            },
            SocketEvent::Closed { code, was_open } => {
                self.0.saved.borrow_mut().disconnect();
                // Who else is here, nobody knows now.
                self.0
                    .shown
                    .people
                    .update(|people| people.retain(|person| person.participant == self.0.own));
                self.0.shown.places.set(std::collections::BTreeMap::new());
                match code {
                    close::NOT_ALLOWED => self.withdraw(),
                    close::REFUSED => self.start_over(),
                    _ if !was_open => self.ask_whether_withdrawn(),
                    _ => {}
                }
            }
        }
        self.show_saved();
    }

    fn on_message(&self, message: ServerMessage<'_>) {
        let shown = self.0.shown;
        match message {
            ServerMessage::SyncStep1(state_vector) => {
                let diff = self.0.replica.borrow().diff(state_vector);
                if let Some(diff) = diff {
                    self.send(&ClientMessage::SyncStep2(&diff));
                    self.0.saved.borrow_mut().answer();
                }
            }
            ServerMessage::SyncStep2(update) => {
                self.apply(update);
                set_if_new(shown.loaded, true);
            }
            ServerMessage::Update(update) => {
                self.apply(update);
                let lacks_something = self.0.replica.borrow().lacks_something();
                if lacks_something {
                    self.ask();
                }
            }
            ServerMessage::Awareness(entries) => {
                let changed = self.0.presence.borrow_mut().take(entries);
                if changed {
                    shown.places.set(self.0.presence.borrow().fields().clone());
                }
            }
            ServerMessage::Welcome(welcome) => self.show_role(welcome.role),
            ServerMessage::Role(change) => self.show_role(change.role),
            ServerMessage::Saved(messages) => {
                let changes = self.0.saved.borrow_mut().acknowledge(messages);
                self.0.outbox.borrow_mut().acknowledge(changes);
            }
            ServerMessage::People(people) => shown.people.set(people),
            ServerMessage::Refused(_) => self.start_over(),
            ServerMessage::Published(published) => shown.published.set(Some(published.at)),
            ServerMessage::ReadOnly(reason) => shown.read_only.set(reason),
            ServerMessage::Pong | ServerMessage::Unknown => {}
        }
    }

    fn show_role(&self, role: Role) {
        if self.0.shown.role.get_untracked() != role {
            self.0.shown.role.set(role);
        }
    }

    fn apply(&self, update: &[u8]) {
        if !self.0.replica.borrow().apply(update) {
            leptos::logging::warn!("an update of the server could not be applied");
        }
        self.settle(None);
    }

    /// Sends what an operation produced and tells everybody what it changed. `field` is where words were typed.
    fn settle(&self, field: Option<&FieldId>) {
        let (updates, changes) = {
            let replica = self.0.replica.borrow();
            (replica.take_updates(), replica.take_changes())
        };
        for update in updates {
            let (change, sent) = self.0.saved.borrow_mut().change();
            if sent {
                self.send(&ClientMessage::Update(&update));
            }
            self.0.outbox.borrow_mut().push(Entry {
                change,
                field: field.cloned(),
                update,
            });
        }
        let mut view_changed = false;
        let mut touched: Vec<&FieldId> = Vec::new();
        for change in &changes {
            let typed_here = change.source == Source::Typing;
            // What is typed here stands in its field already, and moves nothing.
            view_changed |= change.structure || !typed_here;
            for (field, text) in change.texts.iter().filter(|_| !typed_here) {
                if matches!(text, TextChange::Delta(_)) {
                    self.tell(field, text);
                }
                if !touched.contains(&field) {
                    touched.push(field);
                }
            }
        }
        // The deltas carry carets along; that the words are the document's, this makes sure.
        for field in touched {
            self.tell(field, &TextChange::Reset);
        }
        if view_changed {
            let view = self.0.replica.borrow().view();
            self.0.shown.view.set(Arc::new(view));
        }
        self.show_undo();
        self.show_saved();
    }

    fn tell(&self, field: &FieldId, change: &TextChange) {
        let listener = self.0.listeners.borrow().get(field).cloned();
        if let Some(listener) = listener {
            listener(change);
        }
    }

    fn show_undo(&self) {
        let (undo, redo) = {
            let replica = self.0.replica.borrow();
            (replica.undo.can_undo(), replica.undo.can_redo())
        };
        set_if_new(self.0.shown.can_undo, undo);
        set_if_new(self.0.shown.can_redo, redo);
    }

    fn show_saved(&self) {
        let now = self.0.saved.borrow().state();
        let shown = self.0.shown.saved;
        if now != SaveState::Saved || shown.get_untracked() != SaveState::Pending {
            self.0.quiet.take();
            set_if_new(shown, now);
        } else if self.0.quiet.borrow().is_none() {
            let weak = Rc::downgrade(&self.0);
            let quiet = Timeout::new(SAVED_AFTER_QUIET_MS, move || {
                if let Some(inner) = weak.upgrade() {
                    let state = inner.saved.borrow().state();
                    set_if_new(inner.shown.saved, state);
                    // Let go after this call, which is its own.
                    leptos::task::spawn_local(async move { drop(inner.quiet.take()) });
                }
            });
            self.0.quiet.replace(Some(quiet));
        }
    }

    /// The link does not count any more: stops, and keeps what was not saved as text.
    fn withdraw(&self) {
        if let Some(socket) = self.0.socket.borrow().as_ref() {
            socket.stop();
        }
        self.keep_unsaved_words();
        // Nothing waits to be sent any more, so leaving the page needs no warning.
        self.0.saved.take();
        self.show_current_view();
        self.0.shown.withdrawn.set(true);
    }

    /// The server did not take something of this client id: every later change would wait for it. Keeps the words as
    /// text, and begins anew with the server's document under a new id.
    fn start_over(&self) {
        if self.0.refused.replace(true) {
            return;
        }
        self.keep_unsaved_words();
        let Ok(replica) = Replica::new() else { return };
        self.0.shown.loaded.set(false);
        self.0.shown.client_id.set(replica.client_id);
        self.0.replica.replace(replica);
        self.0.saved.take();
        self.0.awareness_clock.set(0);
        self.show_undo();
        // Whether the refusal ended the connection or not: what the two sides have counted on it is void.
        if let Some(socket) = self.0.socket.borrow().as_ref() {
            socket.reconnect();
        }
    }

    fn keep_unsaved_words(&self) {
        let fields = self.0.outbox.borrow().fields();
        for field in fields {
            if let Some(words) = self.text(&field) {
                self.recover(words);
            }
        }
        self.0.outbox.take();
    }

    fn show_current_view(&self) {
        let view = self.0.replica.borrow().view();
        self.0.shown.view.set(Arc::new(view));
    }

    /// A page whose upgrade is refused cannot see why; the page's own call can.
    fn ask_whether_withdrawn(&self) {
        let failed = self.0.failed_attempts.get() + 1;
        self.0.failed_attempts.set(failed);
        if !failed.is_multiple_of(ATTEMPTS_BEFORE_ASKING) {
            return;
        }
        let session = self.clone();
        leptos::task::spawn_local(async move {
            if let Ok(page) = open_editor(session.0.ags.clone()).await
                && page.draft.is_none()
            {
                session.withdraw();
                session.show_saved();
            }
        });
    }

    /// "Send me what I lack."
    fn ask(&self) {
        let state_vector = self.0.replica.borrow().state_vector();
        self.send(&ClientMessage::SyncStep1(&state_vector));
    }

    fn tell_awareness(&self) {
        let clock = self.0.awareness_clock.get() + 1;
        self.0.awareness_clock.set(clock);
        let field = self.0.at.borrow().as_ref().map(ToString::to_string);
        let client_id = self.0.replica.borrow().client_id;
        let message = presence::own_message(client_id, clock, field.as_deref());
        self.send(&ClientMessage::Awareness(&message));
    }

    /// Sends if there is a connection. What a closed one does not take comes with the next one's state vectors.
    fn send(&self, message: &ClientMessage<'_>) {
        if let Some(socket) = self.0.socket.borrow().as_ref() {
            socket.send(&message.encode());
        }
    }

    fn keep(&self) {
        let weak = Rc::downgrade(&self.0);
        let telling = Interval::new(AWARENESS_EVERY_MS, move || {
            if let Some(inner) = weak.upgrade() {
                Self(inner).tell_awareness();
            }
        });
        let weak = Rc::downgrade(&self.0);
        let options = gloo_events::EventListenerOptions::enable_prevent_default();
        let leaving = EventListener::new_with_options(&window(), "beforeunload", options, move |event| {
            if weak.upgrade().is_some_and(|inner| inner.saved.borrow().has_unsaved()) {
                event.prevent_default();
            }
        });
        self.0
            .keepers
            .borrow_mut()
            .extend([Keeper::Interval(telling), Keeper::Listener(leaving)]);
    }
}

/// Sets a signal only to something new: every set tells all who look at it.
fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|before| *before != value) {
        signal.set(value);
    }
}
