//! One editor page's session: the document, the socket, the device, and what the page shows of them.
//!
//! Everything runs on the browser's one thread: an operation changes the document, then [`Session::settle`] sends what
//! it produced and tells fields and signals. No callback runs while something here is borrowed.

mod drafts;
mod events;
mod keeping;
mod lifecycle;
mod recovering;
mod settle;
mod talking;
mod timer;

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

use leptos::prelude::*;
use model::{
    ags::Ags,
    doc::{EditError, Entropy, FieldId, Run, Sticky, TextDelta, Undo, Undone},
    wire::ClientMessage,
};
use yrs::Doc;

pub(crate) use self::talking::fresh_id;
use self::{keeping::Keeping, lifecycle::Keeper, settle::set_if_new, talking::Talking, timer::Timer};
use super::{
    browser,
    outbox::Outbox,
    presence::{self, At, Presence},
    replica::Replica,
    saved::Saved,
    shown::Shown,
    socket::Socket,
};

/// How often others are told where the caret is while it moves, in milliseconds.
const CARET_EVERY_MS: u32 = 100;
/// Called with every change of a field's text that its page field did not make itself: the deltas first, then that the
/// field has to show the document's words.
pub(crate) type TextListener = Rc<dyn Fn(Tell<'_>)>;

/// What a page field is told of its text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tell<'a> {
    Delta(&'a TextDelta),
    /// Somebody else changed it: it shows that when there is time.
    ShowSoon,
    /// This person did something that changed it: it shows that at once.
    Show,
}

/// Handle to the session; cheap to clone.
#[derive(Clone)]
pub(crate) struct Session(Rc<Inner>);

struct Inner {
    ags: Ags,
    shown: Shown,
    replica: RefCell<Replica>,
    saved: RefCell<Saved>,
    outbox: RefCell<Outbox>,
    keeping: Keeping,
    talking: Talking,
    presence: RefCell<Presence>,
    listeners: RefCell<HashMap<FieldId, TextListener>>,
    socket: RefCell<Option<Socket>>,
    /// This participant, as the list of people names them.
    own: String,
    /// Own place and how often it was told.
    at: RefCell<Option<FieldId>>,
    selection: RefCell<Option<(Sticky, Sticky)>>,
    awareness_clock: Cell<u64>,
    /// The pause after a caret was told, and whether it moved meanwhile.
    caret_pause: Timer,
    caret_moved: Cell<bool>,
    /// This connection's refusal was dealt with already.
    refused: Cell<bool>,
    failed_attempts: Cell<u32>,
    quiet: Timer,
    /// Until the view follows what was typed.
    view_due: Timer,
    /// The fields whose words the view has from before.
    unread: RefCell<BTreeSet<FieldId>>,
    keepers: RefCell<Vec<Keeper>>,
    closed: Cell<bool>,
    /// The page is frozen or put aside.
    resting: Cell<bool>,
}

impl Session {
    /// Opens the document of `ags` for the participant `own`: first what this device has of it, then the connection.
    ///
    /// # Errors
    /// Only where a fresh document could not be watched, which does not happen.
    pub(crate) fn open(ags: Ags, own: String, shown: Shown) -> Result<Self, EditError> {
        let replica = Replica::new()?;
        shown.client_id.set(replica.client_id);
        let session = Self(Rc::new(Inner {
            ags,
            shown,
            replica: RefCell::new(replica),
            saved: RefCell::default(),
            outbox: RefCell::default(),
            keeping: Keeping::default(),
            talking: Talking::default(),
            presence: RefCell::default(),
            listeners: RefCell::default(),
            own,
            socket: RefCell::default(),
            at: RefCell::default(),
            selection: RefCell::default(),
            awareness_clock: Cell::new(0),
            caret_pause: Timer::default(),
            caret_moved: Cell::new(false),
            refused: Cell::new(false),
            failed_attempts: Cell::new(0),
            quiet: Timer::default(),
            view_due: Timer::default(),
            unread: RefCell::default(),
            keepers: RefCell::default(),
            closed: Cell::new(false),
            resting: Cell::new(false),
        }));
        session.watch_page();
        let beginning = session.clone();
        leptos::task::spawn_local(async move {
            beginning.take_over().await;
            if !beginning.0.closed.get() {
                beginning.connect();
            }
        });
        Ok(session)
    }

    fn connect(&self) {
        let weak = Rc::downgrade(&self.0);
        let socket = Socket::open(&format!("/sync/{}", self.0.ags), move |event| {
            if let Some(inner) = weak.upgrade() {
                Self(inner).on_socket(event);
            }
        });
        if self.0.resting.get() {
            socket.pause();
        }
        self.0.socket.replace(Some(socket));
    }

    /// Closes the connection; the page goes elsewhere. What was not sent is adopted by the next page.
    pub(crate) fn close(&self) {
        self.0.closed.set(true);
        self.copy_document();
        self.keep_drafts();
        self.0.socket.take();
        self.0.quiet.stop();
        self.0.view_due.stop();
        self.0.caret_pause.stop();
        self.0.keepers.take();
        self.0.keeping.let_go();
        self.0.talking.let_go();
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

    /// A field's words, and who wrote them.
    pub(crate) fn authors(&self, field: &FieldId) -> Option<(String, Vec<Run>)> {
        self.0.replica.borrow().authors(field)
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
            self.0.selection.take();
            self.tell_awareness();
        }
    }

    /// This person selected from `anchor` to `head` in the field they are in, in UTF-16 units of the document's text.
    /// The others are told at once, and then every [`CARET_EVERY_MS`] while it goes on.
    pub(crate) fn select(&self, field: &FieldId, anchor: u32, head: u32) {
        if self.0.at.borrow().as_ref() != Some(field) {
            return;
        }
        let selection = {
            let replica = self.0.replica.borrow();
            replica.stick(field, anchor).zip(replica.stick(field, head))
        };
        if *self.0.selection.borrow() == selection {
            return;
        }
        self.0.selection.replace(selection);
        self.0.caret_moved.set(true);
        if !self.0.caret_pause.is_running() {
            self.tell_caret();
        }
    }

    fn tell_caret(&self) {
        if self.0.caret_moved.replace(false) {
            self.tell_awareness();
            self.0.caret_pause.start(self, CARET_EVERY_MS, Self::tell_caret);
        }
    }

    /// Where a place that somebody told stands in the field's text now.
    pub(crate) fn offset(&self, field: &FieldId, place: &Sticky) -> Option<u32> {
        self.0.replica.borrow().offset(field, place)
    }

    /// The field this person is in.
    pub(crate) fn place(&self) -> Option<FieldId> {
        self.0.at.borrow().clone()
    }

    /// Leaves [`Self::go_to`]'s field, unless this person is in another one already.
    pub(crate) fn leave(&self, field: &FieldId) {
        let is_there = self.0.at.borrow().as_ref() == Some(field);
        if is_there {
            self.go_to(None);
        }
    }

    fn walk(&self, walk: impl FnOnce(&mut Undo) -> Option<Undone>) -> Option<Undone> {
        let undone = walk(&mut self.0.replica.borrow_mut().undo);
        self.settle(undone.as_ref().and_then(|undone| undone.field.as_ref()));
        undone
    }

    /// "Send me what I lack."
    fn ask(&self) {
        let state_vector = self.0.replica.borrow().state_vector();
        self.send(&ClientMessage::SyncStep1(&state_vector));
    }

    fn tell_awareness(&self) {
        let clock = self.0.awareness_clock.get() + 1;
        self.0.awareness_clock.set(clock);
        let (anchor, head) = self.0.selection.borrow().clone().unzip();
        let at = self.0.at.borrow().as_ref().map(|field| At {
            field: field.to_string(),
            anchor,
            head,
        });
        let client_id = self.0.replica.borrow().client_id;
        let message = presence::own_message(client_id, clock, at);
        self.send(&ClientMessage::Awareness(&message));
    }

    /// Sends if there is a connection. What a closed one does not take comes with the next one's state vectors.
    fn send(&self, message: &ClientMessage<'_>) {
        if let Some(socket) = self.0.socket.borrow().as_ref() {
            socket.send(&message.encode());
        }
    }
}
