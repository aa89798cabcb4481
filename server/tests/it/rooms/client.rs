//! A client as `docs/sync-protocol.md` describes it, over any [`Line`].

use std::{collections::BTreeMap, time::Duration};

use leitnetz::rooms::Outgoing;
use model::{
    doc::{self, FieldId, RootText, View},
    role::Role,
    stage::Stage,
    talk::News,
    wire::{ClientMessage, Person, ReadOnly, Refused, Restored, ServerMessage, awareness},
};
use yrs::{
    Doc, GetString, ReadTxn, StateVector, Text, Transact, Update,
    updates::{decoder::Decode, encoder::Encode},
};

use super::line::Line;

/// Far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Client {
    pub(super) doc: Doc,
    pub(super) connection: Line,
    /// Answers the server's `SyncStep1` by itself.
    pub(super) answers: bool,
    pub(super) asked: usize,
    pub(super) synced: bool,
    pub(super) pongs: usize,
    pub(super) updates: usize,
    pub(super) saved: Option<u64>,
    pub(super) people: Vec<Person>,
    pub(super) refused: Option<Refused>,
    /// How often it was refused.
    pub(super) refusals: usize,
    pub(super) role: Option<Role>,
    pub(super) read_only: Option<bool>,
    pub(super) frozen: bool,
    pub(super) stage: Option<Stage>,
    pub(super) restored: Option<Restored>,
    pub(super) published: Option<String>,
    pub(super) talk: Vec<News>,
    pub(super) awareness: BTreeMap<u64, String>,
    pub(super) closed: Option<u16>,
}

impl Client {
    /// A client that only listens so far.
    pub(super) fn silent(client_id: u64, connection: impl Into<Line>) -> Self {
        Self {
            doc: doc::new_doc(client_id),
            connection: connection.into(),
            answers: true,
            asked: 0,
            synced: false,
            pongs: 0,
            updates: 0,
            saved: None,
            people: Vec::new(),
            refused: None,
            refusals: 0,
            role: None,
            read_only: None,
            frozen: false,
            stage: None,
            restored: None,
            published: None,
            talk: Vec::new(),
            awareness: BTreeMap::new(),
            closed: None,
        }
    }

    /// A client that said hello and has the document.
    pub(super) async fn start(client_id: u64, connection: impl Into<Line>) -> Self {
        let mut client = Self::silent(client_id, connection);
        client.hello().await;
        client.sync().await;
        client
    }

    /// Goes on with the document of `self` over another connection.
    pub(super) async fn reconnect(self, connection: impl Into<Line>) -> Self {
        let mut client = Self {
            doc: self.doc,
            ..Self::silent(0, connection)
        };
        client.hello().await;
        client.sync().await;
        client
    }

    pub(super) async fn hello(&mut self) {
        self.send(&ClientMessage::Hello { version: 1 }).await;
    }

    /// Asks for everything and waits until it is there.
    pub(super) async fn sync(&mut self) {
        let state_vector = self.doc.transact().state_vector().encode_v1();
        self.synced = false;
        self.send(&ClientMessage::SyncStep1(&state_vector)).await;
        self.until("synced", |client| client.synced).await;
    }

    pub(super) async fn send(&self, message: &ClientMessage<'_>) {
        self.connection.send(message.encode()).await;
    }

    pub(super) async fn send_update(&self, update: &[u8]) {
        self.send(&ClientMessage::Update(update)).await;
    }

    /// Changes the own document; the update that says so.
    pub(super) fn change(&self, change: impl FnOnce(&Doc)) -> Vec<u8> {
        let before = self.doc.transact().state_vector();
        change(&self.doc);
        self.doc.transact().encode_diff_v1(&before)
    }

    /// Types into the title without sending.
    pub(super) fn write(&self, at: u32, words: &str) -> Vec<u8> {
        self.change(|doc| {
            let title = doc.get_or_insert_text("title");
            title.insert(&mut doc.transact_mut(), at, words);
        })
    }

    /// Types at the start of the title and sends.
    pub(super) async fn type_words(&self, words: &str) {
        let update = self.write(0, words);
        self.send_update(&update).await;
    }

    pub(super) fn title(&self) -> String {
        doc::field_text(&self.doc.transact(), &FieldId::Root(RootText::Title)).unwrap_or_default()
    }

    pub(super) fn state_vector(&self) -> StateVector {
        self.doc.transact().state_vector()
    }

    pub(super) fn view(&self) -> View {
        doc::view(&self.doc.transact())
    }

    /// Takes what comes until `is_so`; fails after much time without it.
    pub(super) async fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        while !is_so(self) {
            assert_eq!(self.closed, None, "closed before {what}: {:?}", self.refused);
            let next = tokio::time::timeout(PATIENCE, self.connection.recv()).await;
            let next = next.unwrap_or_else(|_| panic!("never {what}"));
            self.take(next).await;
        }
    }

    /// A round trip: everything the room did with what was sent before has arrived.
    pub(super) async fn settle(&mut self) {
        let pongs = self.pongs;
        self.send(&ClientMessage::Ping).await;
        self.until("pong", |client| client.pongs > pongs).await;
    }

    pub(super) async fn until_closed(&mut self) -> u16 {
        while self.closed.is_none() {
            let next = tokio::time::timeout(PATIENCE, self.connection.recv())
                .await
                .expect("never closed");
            self.take(next).await;
        }
        self.closed.unwrap()
    }

    async fn take(&mut self, outgoing: Outgoing) {
        let frame = match outgoing {
            Outgoing::Close(code) => return self.closed = Some(code),
            Outgoing::Frame(frame) => frame,
        };
        match ServerMessage::decode(&frame).unwrap() {
            ServerMessage::SyncStep1(state_vector) => {
                self.asked += 1;
                if self.answers {
                    self.answer(state_vector).await;
                }
            }
            ServerMessage::SyncStep2(update) => {
                self.apply(update);
                self.synced = true;
            }
            ServerMessage::Update(update) => {
                self.apply(update);
                self.updates += 1;
            }
            ServerMessage::Awareness(entries) => {
                for entry in awareness::decode(entries).unwrap() {
                    if entry.is_removal() {
                        self.awareness.remove(&entry.client_id);
                    } else {
                        self.awareness.insert(entry.client_id, entry.state);
                    }
                }
            }
            ServerMessage::Pong => self.pongs += 1,
            ServerMessage::Saved(count) => {
                assert!(self.saved < Some(count), "saved goes backwards");
                self.saved = Some(count);
            }
            ServerMessage::People(people) => self.people = people,
            ServerMessage::Refused(refused) => {
                self.refused = Some(refused);
                self.refusals += 1;
            }
            ServerMessage::Welcome(welcome) => self.role = Some(welcome.role),
            ServerMessage::Role(change) => self.role = Some(change.role),
            ServerMessage::ReadOnly(reason) => {
                self.frozen = reason.as_ref().is_some_and(ReadOnly::is_frozen);
                self.read_only = Some(reason.is_some());
            }
            ServerMessage::Stage(change) => self.stage = Some(change.stage),
            ServerMessage::Restored(restored) => self.restored = Some(restored),
            ServerMessage::Published(published) => self.published = Some(published.at),
            ServerMessage::Talk(news) => self.talk.push(*news),
            ServerMessage::Unknown => panic!("an unknown message"),
        }
    }

    /// Answers a `SyncStep1` with everything it asks for.
    pub(super) async fn answer(&self, state_vector: &[u8]) {
        let missing = self
            .doc
            .transact()
            .encode_diff_v1(&StateVector::decode_v1(state_vector).unwrap());
        self.send(&ClientMessage::SyncStep2(&missing)).await;
    }

    fn apply(&self, update: &[u8]) {
        let update = Update::decode_v1(update).unwrap();
        let mut txn = self.doc.transact_mut();
        txn.apply_update(update).unwrap();
        assert!(!txn.has_missing_updates(), "the server sent something with a gap");
    }
}

/// The title of a document that holds `update`.
pub(super) fn title_of(update: &[u8]) -> String {
    let doc = doc::new_doc(1);
    doc.transact_mut()
        .apply_update(Update::decode_v1(update).unwrap())
        .unwrap();
    let title = doc.get_or_insert_text("title");
    title.get_string(&doc.transact())
}
