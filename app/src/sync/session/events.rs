//! What the socket brings, and what becomes of it.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::{
    limits,
    role::Role,
    wire::{ClientMessage, ServerMessage, close},
};

use super::{Session, set_if_new};
use crate::{
    calls::open_editor,
    sync::{replica::Replica, socket::SocketEvent},
};

/// After every so many attempts that did not even open, the page asks whether the link still counts: a browser does not
/// tell why an upgrade was refused.
const ATTEMPTS_BEFORE_ASKING: u32 = 2;

impl Session {
    pub(super) fn on_socket(&self, event: SocketEvent) {
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
                self.0.shown.places.set(BTreeMap::new());
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
}
