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
    sync::{device::offline, replica::Replica, socket::SocketEvent},
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
                self.adopt_again();
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
                self.show_copy();
                // Who else is here, nobody knows now.
                self.0
                    .shown
                    .people
                    .update(|people| people.retain(|person| person.participant == self.0.own));
                self.0.shown.places.set(BTreeMap::new());
                self.0.shown.carets.set(BTreeMap::new());
                match code {
                    close::NOT_ALLOWED => self.withdraw(),
                    close::REFUSED => self.start_over(None),
                    close::BROKEN => set_if_new(self.0.shown.unreadable, true),
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
            ServerMessage::SyncStep1(state_vector) => self.answer(state_vector),
            ServerMessage::SyncStep2(update) => {
                self.apply(update);
                self.arrived();
                set_if_new(shown.loaded, true);
                set_if_new(shown.unreadable, false);
                self.keep_page();
            }
            ServerMessage::Update(update) => {
                let lacked_something = self.0.replica.borrow().lacks_something();
                self.apply(update);
                // What an earlier page left may wait for more than the server has; asking again would not bring it.
                if !lacked_something && self.0.replica.borrow().lacks_something() {
                    self.ask();
                }
            }
            ServerMessage::Awareness(entries) => {
                let news = self.0.presence.borrow_mut().take(entries);
                if news.fields {
                    shown.places.set(self.0.presence.borrow().fields());
                }
                if news.carets {
                    shown.carets.set(self.0.presence.borrow().places().clone());
                }
            }
            ServerMessage::Welcome(welcome) => {
                self.show_role(welcome.role);
                self.load_threads();
                self.send_actions_now();
            }
            ServerMessage::Role(change) => self.show_role(change.role),
            ServerMessage::Saved(messages) => {
                let changes = self.0.saved.borrow_mut().acknowledge(messages);
                let acknowledged = self.0.outbox.borrow_mut().acknowledge(changes);
                self.forget(acknowledged);
                // A suggestion may have waited for these words.
                self.send_actions();
            }
            ServerMessage::People(people) => shown.people.set(people),
            ServerMessage::Refused(refused) => self.start_over(Some(refused.code)),
            ServerMessage::Published(published) => shown.published.set(Some(published.at)),
            ServerMessage::Talk(news) => self.hear(*news),
            // Told with every connection: the fields must not be built anew for what they know.
            ServerMessage::ReadOnly(reason) => set_if_new(shown.read_only, reason),
            ServerMessage::Stage(change) => set_if_new(shown.stage, change.stage),
            ServerMessage::Restored(restored) => shown.restored.set(Some(restored)),
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
        self.admit_stranded();
    }

    /// Sends what the server lacks. After a long time without a network that is much: what waits here goes in pieces
    /// then, each acknowledged by itself, and the answer brings the rest. Should a piece build on something that the
    /// server has lost, it asks again and gets everything at once.
    fn answer(&self, state_vector: &[u8]) {
        let Some(whole) = self.0.replica.borrow().diff(state_vector) else {
            return;
        };
        let is_first = !self.0.saved.borrow().is_connected();
        let mut rest = None;
        if is_first && whole.len() > limits::OUTBOX_PIECE_BYTES && self.send_pieces(0) {
            let client_ids = self.0.outbox.borrow().client_ids();
            rest = self.0.replica.borrow().diff_without(state_vector, &client_ids);
        }
        self.send(&ClientMessage::SyncStep2(rest.as_deref().unwrap_or(&whole)));
        self.0.saved.borrow_mut().answer();
    }

    /// Sends what waits of the changes after number `after` as updates. `false`: not all of it, because the device gave back
    /// something that is no update; only a whole answer brings the rest.
    pub(super) fn send_pieces(&self, after: u64) -> bool {
        let outbox = self.0.outbox.borrow();
        for piece in outbox.pieces(after, limits::OUTBOX_PIECE_BYTES) {
            let Ok(update) = yrs::merge_updates_v1(piece.updates) else {
                return false;
            };
            self.send(&ClientMessage::Update(&update));
            self.0.saved.borrow_mut().sent(piece.up_to);
        }
        true
    }

    /// The link does not count any more: stops, and keeps what was not saved as text.
    fn withdraw(&self) {
        if let Some(socket) = self.0.socket.borrow().as_ref() {
            socket.stop();
        }
        self.keep_unsaved_words(None);
        self.recover_drafts();
        self.0.saved.borrow_mut().give_up();
        offline::forget_page();
        self.0.talking.withdrawn.set(true);
        self.send_actions_now();
        self.show_current_view();
        self.0.shown.withdrawn.set(true);
    }

    /// The server did not take something of this client id: every later change would wait for it. Keeps the words as
    /// text, and begins anew with the server's document under a new id.
    fn start_over(&self, reason: Option<String>) {
        if self.0.refused.replace(true) {
            return;
        }
        self.keep_unsaved_words(reason);
        let Ok(replica) = Replica::new() else { return };
        self.0.shown.loaded.set(false);
        self.0.view_due.stop();
        self.0.unread.borrow_mut().clear();
        self.0.selection.take();
        self.0.shown.client_id.set(replica.client_id);
        self.0.replica.replace(replica);
        self.0.saved.borrow_mut().give_up();
        self.0.awareness_clock.set(0);
        self.show_undo();
        self.hold_lock();
        // Whether the refusal ended the connection or not: what the two sides have counted on it is void.
        if let Some(socket) = self.0.socket.borrow().as_ref() {
            socket.reconnect();
        }
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
                && page.open().is_ok_and(|page| page.draft.is_none())
            {
                session.withdraw();
                session.show_saved();
            }
        });
    }
}
