//! What the session keeps on this device: what was typed, until the server has it; a copy of the document; and what
//! the server did not take.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    rc::Rc,
};

use leptos::{prelude::*, task::spawn_local};
use model::{insert::inserted, wire::ClientMessage};

use super::{Session, set_if_new, timer::Timer};
use crate::sync::{
    about::About,
    adopt, browser,
    device::{
        Device,
        locks::{self, PageLock},
        offline,
    },
    journal::{Journal, Write},
    outbox::{Content, Entry, Key, Record},
    shown::DeviceState,
    talk::Board,
};

/// While the document changes, it is copied this often, in milliseconds. Nothing rests on the copy being new.
const COPY_EVERY_MS: u32 = 5_000;
/// The copy is shown when the server has not answered by then, in milliseconds. Until then its text may be older than
/// what the server is about to send, and would change under the reader's eyes.
const SHOW_COPY_AFTER_MS: u32 = 1_500;
/// A device that took nothing is asked again after this pause, in milliseconds, and with every change.
const WRITE_AGAIN_MS: u32 = 5_000;
/// The service worker and the question for the release wait this long after the text has arrived, in milliseconds: the
/// first seconds belong to the person.
const KEEP_PAGE_AFTER_MS: u32 = 1_000;

#[derive(Default)]
pub(super) struct Keeping {
    /// Nothing when the browser keeps nothing.
    device: RefCell<Option<Rc<Device>>>,
    pub(super) journal: RefCell<Journal>,
    lock: RefCell<Option<PageLock>>,
    /// Changes of earlier pages that build on something this page does not have yet.
    stranded: RefCell<Vec<(Key, Record)>>,
    /// What became recovered words must not be adopted again.
    given_up: RefCell<BTreeSet<Key>>,
    /// The document is whole: it came from the server or from the copy.
    is_whole: Cell<bool>,
    /// It came from the copy.
    is_copy: Cell<bool>,
    /// It changed since it was copied.
    changed: Cell<bool>,
    /// What is said about it did.
    threads_changed: Cell<bool>,
    copying: Timer,
    showing: Timer,
    writing_again: Timer,
    /// Until what was begun goes to the device.
    pub(super) drafting: Timer,
    keeping_page: Timer,
    has_kept_page: Cell<bool>,
    asked_to_persist: Cell<bool>,
    /// What the server's release was called when this page first asked.
    release: RefCell<Option<String>>,
}

impl Keeping {
    /// Is the document whole, and not only what was left here?
    pub(super) fn has_whole_document(&self) -> bool {
        self.is_whole.get()
    }

    /// The page goes elsewhere. Writes that were noted are still made.
    pub(super) fn let_go(&self) {
        self.lock.take();
        for timer in [&self.copying, &self.showing, &self.keeping_page, &self.drafting] {
            timer.stop();
        }
    }

    /// Nothing of these changes, and of the document with them, is brought to the server again.
    pub(super) fn give_up(&self, changes: impl Iterator<Item = Key>) {
        // The stranded ones stay on the device: nobody can read them before what they build on has come.
        let stranded = self.stranded.take();
        let changes = changes.chain(stranded.iter().map(|(key, _)| *key));
        self.given_up.borrow_mut().extend(changes);
        // The copy holds it, too.
        self.copying.stop();
        self.changed.set(false);
        self.threads_changed.set(false);
        self.is_whole.set(false);
        self.is_copy.set(false);
        self.journal.borrow_mut().note(Write::RemoveDocument);
    }

    /// Does something lie on the device that cannot be sent yet?
    pub(super) fn has_stranded(&self) -> bool {
        !self.stranded.borrow().is_empty()
    }

    pub(super) fn device(&self) -> Option<Rc<Device>> {
        self.device.borrow().clone()
    }
}

/// Opening, adopting.
impl Session {
    /// Opens the device and takes over what earlier pages of this browser left there.
    pub(super) async fn take_over(&self) {
        let shown = self.0.shown;
        self.lock().await;
        let kept = match Device::open(&self.0.ags, &self.0.own).await {
            Ok(device) => device.read().await.map(|kept| (device, kept)),
            Err(refused) => Err(refused),
        };
        let Ok((device, kept)) = kept else {
            return shown.device.set(DeviceState::Refused);
        };
        self.0.keeping.device.replace(Some(Rc::new(device)));
        // Gone elsewhere meanwhile: the next page takes it over.
        if self.0.closed.get() {
            return;
        }
        // The connection was quicker, and found nothing to keep the page with.
        if self.0.saved.borrow().is_connected() {
            self.keep_page();
        }
        if !kept.recovered.is_empty() {
            shown.recovered.update(|recovered| recovered.extend(kept.recovered));
        }
        shown.talk.drafts.update_value(|drafts| drafts.load(kept.begun));
        self.keep_drafts();
        if let Some(document) = kept.document {
            let whole = self.0.replica.borrow().apply(&document);
            self.0.keeping.is_whole.set(whole);
            self.0.keeping.is_copy.set(whole);
        }
        if let Some(threads) = kept.threads.and_then(|threads| serde_json::from_slice(&threads).ok()) {
            let board = shown.talk.board;
            // The server may have been quicker.
            if board.try_with_untracked(|board| board.loaded) == Some(false) {
                board.update(|board| board.load(threads));
                self.place_threads_later();
            }
        }
        self.adopt().await;
        if self.0.closed.get() {
            return;
        }
        self.settle(None);
        if !window().navigator().on_line() {
            return self.show_copy();
        }
        self.0.keeping.showing.start(self, SHOW_COPY_AFTER_MS, Self::show_copy);
    }

    /// Lets the text be written in without the server, if this device has it.
    pub(super) fn show_copy(&self) {
        if self.0.keeping.is_copy.get() {
            set_if_new(self.0.shown.loaded, true);
        }
    }

    /// The document has come from the server.
    pub(super) fn arrived(&self) {
        self.0.keeping.showing.stop();
        if !self.0.keeping.is_whole.replace(true) {
            self.show_current_view();
        }
    }

    /// Tells the browser's other pages that this one's client id is in use.
    pub(super) fn hold_lock(&self) {
        let session = self.clone();
        spawn_local(async move { session.lock().await });
    }

    async fn lock(&self) {
        let client_id = self.0.replica.borrow().client_id;
        let lock = PageLock::hold(client_id).await;
        // Gone elsewhere or put aside meanwhile: the lock goes, too.
        if !self.0.closed.get() && !self.0.resting.get() {
            self.0.keeping.lock.replace(lock);
        }
    }

    /// This page listens to nothing for a while, perhaps for ever.
    pub(super) fn release_lock(&self) {
        self.0.keeping.lock.take();
    }

    /// Pages may have gone since this one looked last.
    pub(super) fn adopt_again(&self) {
        let session = self.clone();
        spawn_local(async move { session.adopt().await });
    }

    /// Takes over what pages that are gone could not send.
    async fn adopt(&self) {
        let Some(device) = self.0.keeping.device() else { return };
        // In this order: who has written anything by now held its lock before.
        let Ok(records) = device.records().await else { return };
        let living = locks::living().await;
        if self.0.closed.get() {
            return;
        }
        let mut known: BTreeSet<Key> = inserted(self.0.outbox.borrow().keys());
        known.extend(self.0.keeping.stranded.borrow().iter().map(|(key, _)| *key));
        known.extend(self.0.keeping.given_up.borrow().iter());
        let own = self.0.replica.borrow().client_id;
        let adopted = adopt::plan(records, own, living.as_ref(), &known);
        if adopted.is_empty() {
            return;
        }
        let updates = adopted.iter().filter_map(|(_, record)| match &record.content {
            Content::Update { update, .. } => Some(update.as_slice()),
            Content::Action(_) => None,
        });
        self.0.replica.borrow().apply_all(updates);
        self.0.keeping.stranded.borrow_mut().extend(adopted);
        self.settle(None);
        self.admit_stranded();
    }

    /// Counts adopted changes as changes of this page and sends them, unless they still wait for something: what waits
    /// is not in the document, and nobody could say that it is saved.
    pub(super) fn admit_stranded(&self) {
        if self.0.keeping.stranded.borrow().is_empty() || self.0.replica.borrow().lacks_something() {
            return;
        }
        let mut first = None;
        for (key, record) in self.0.keeping.stranded.take() {
            match record.content {
                Content::Update { about, update } => {
                    let change = self.0.saved.borrow_mut().adopt();
                    first.get_or_insert(change);
                    self.0.keeping.journal.borrow_mut().lies_there(change);
                    self.0.outbox.borrow_mut().push(Entry {
                        change,
                        key,
                        about,
                        update,
                    });
                }
                Content::Action(action) => self.0.outbox.borrow_mut().push_action(key, action),
            }
        }
        self.show_waiting(true);
        self.send_actions();
        if let Some(first) = first.filter(|_| self.0.saved.borrow().is_connected()) {
            let sent = self.send_pieces(first - 1);
            // The first answer of a connection can be whole.
            if let Some(socket) = self.0.socket.borrow().as_ref().filter(|_| !sent) {
                socket.reconnect();
            }
        }
        self.write_out();
        self.show_saved();
    }
}

/// Writing.
impl Session {
    /// Notes a change of the document: it goes to the device, and out when there is a connection.
    pub(super) fn put(&self, update: Vec<u8>, about: Vec<About>) {
        let (change, goes_out) = self.0.saved.borrow_mut().change();
        if goes_out {
            self.send(&ClientMessage::Update(&update));
        }
        let client_id = self.0.replica.borrow().client_id;
        let key = self.0.outbox.borrow_mut().next_key(client_id);
        if self.0.keeping.device().is_some() {
            let content = Content::Update {
                about: about.clone(),
                update: update.clone(),
            };
            let record = Record {
                at_ms: browser::now_ms(),
                content,
            };
            self.0.keeping.journal.borrow_mut().put(key, record.encode(), change);
            self.write_out();
        }
        self.0.outbox.borrow_mut().push(Entry {
            change,
            key,
            about,
            update,
        });
    }

    /// Notes an action: it goes to the device.
    pub(super) fn keep_action(&self, key: Key, record: &Record) {
        if self.0.keeping.device().is_some() {
            let write = Write::Put(key, record.encode());
            self.0.keeping.journal.borrow_mut().note(write);
            self.write_out();
        }
    }

    /// The server has these.
    pub(super) fn forget(&self, keys: Vec<Key>) {
        if keys.is_empty() || self.0.keeping.device().is_none() {
            return;
        }
        for key in keys {
            self.0.keeping.journal.borrow_mut().remove(key);
        }
        self.write_out();
    }

    /// Begins the next transaction, unless one is running.
    pub(super) fn write_out(&self) {
        let Some(device) = self.0.keeping.device() else { return };
        let Some(writes) = self.0.keeping.journal.borrow_mut().begin() else {
            return;
        };
        let session = self.clone();
        spawn_local(async move {
            let written = device.write(writes).await;
            let keeping = &session.0.keeping;
            match written {
                Ok(()) => {
                    let stored = keeping.journal.borrow_mut().done();
                    if let Some(change) = stored {
                        session.0.saved.borrow_mut().stored(change);
                        session.ask_to_persist();
                    }
                    keeping.writing_again.stop();
                    // What a page noted is written also when it has gone; only nothing is shown then.
                    if !session.0.closed.get() {
                        if keeping.journal.borrow().is_empty() {
                            session.actions_are_stored();
                            session.drafts_are_stored();
                        }
                        set_if_new(session.0.shown.device, DeviceState::Ready);
                        session.show_saved();
                    }
                    session.write_out();
                }
                Err(_) => {
                    keeping.journal.borrow_mut().failed();
                    if !session.0.closed.get() {
                        set_if_new(session.0.shown.device, DeviceState::Full);
                    }
                    keeping.writing_again.restart(&session, WRITE_AGAIN_MS, Self::write_out);
                }
            }
        });
    }

    fn ask_to_persist(&self) {
        if !self.0.keeping.asked_to_persist.replace(true) {
            offline::ask_to_persist();
        }
    }

    /// Copies the document soon.
    pub(super) fn copy_document_later(&self) {
        self.0.keeping.changed.set(true);
        self.copy_later();
    }

    /// Copies soon what is said about it.
    pub(super) fn copy_threads_later(&self) {
        self.0.keeping.threads_changed.set(true);
        self.copy_later();
    }

    fn copy_later(&self) {
        if !self.0.closed.get() {
            self.0.keeping.copying.start(self, COPY_EVERY_MS, Self::copy_document);
        }
    }

    /// Copies the document now, if it is whole, and what is said about it: what of both changed.
    pub(super) fn copy_document(&self) {
        let keeping = &self.0.keeping;
        let Some(device) = keeping.device().filter(|_| keeping.is_whole.get()) else {
            return;
        };
        let state = keeping.changed.replace(false).then(|| self.0.replica.borrow().state());
        let board = self.0.shown.talk.board;
        let threads = keeping
            .threads_changed
            .replace(false)
            .then(|| board.with_untracked(Board::all));
        let threads = threads.and_then(|threads| serde_json::to_vec(&threads).ok());
        if state.is_some() || threads.is_some() {
            spawn_local(async move {
                // An older copy does as well.
                let _ = device.write_copy(state, threads).await;
            });
        }
    }
}

/// The page itself.
impl Session {
    /// Lets the page open without a network from now on, and sees whether the server has another release than before.
    pub(super) fn keep_page(&self) {
        let keeping_page = &self.0.keeping.keeping_page;
        keeping_page.start(self, KEEP_PAGE_AFTER_MS, |session| {
            let session = session.clone();
            spawn_local(async move {
                let keeping = &session.0.keeping;
                // Without an answer it is taken for the same; the next connection asks again.
                let release = offline::release().await;
                let is_another =
                    release.is_some_and(|now| *keeping.release.borrow_mut().get_or_insert(now.clone()) != now);
                if is_another {
                    set_if_new(session.0.shown.outdated, true);
                } else if keeping.device().is_some() && !keeping.has_kept_page.replace(true) {
                    offline::keep_page().await;
                }
            });
        });
    }
}
