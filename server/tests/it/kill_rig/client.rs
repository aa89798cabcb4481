//! One writing client, as `docs/sync-protocol.md` says.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use app::sync::saved::{SaveState, Saved};
use futures::{SinkExt, StreamExt};
use model::{
    doc::{self, BlockKind, FieldId, LOCAL_ORIGIN, Parent, RootText, TextDelta, utf16_len},
    wire::{ClientMessage, ServerMessage},
};
use tokio::{
    net::TcpStream,
    sync::{mpsc, watch},
    time::{interval, sleep, timeout},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};
use yrs::{
    Doc, ReadTxn, StateVector, Transact, Update,
    updates::{decoder::Decode, encoder::Encode},
};

use super::{PATIENCE, ledger::Ledger};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What clients are to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Orders {
    Write,
    /// The server is being looked at: nobody may bring back what it lost.
    StayAway,
    /// No new edits; get everything saved.
    Finish,
}

/// What clients say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// The connection is gone, and everything that came over it was noted.
    Gone,
    /// Everything is saved.
    Saved,
}

struct Client {
    number: usize,
    doc: Doc,
    /// The update of the change just made.
    made: Arc<Mutex<Vec<Vec<u8>>>>,
    saved: Saved,
    edits: u64,
    /// Edits that are not acknowledged, with their numbers.
    waiting: VecDeque<(u64, Vec<u8>)>,
    ledger: Arc<Ledger>,
}

/// Writes until the end; answers with the number of edits.
pub(super) async fn write(
    number: usize,
    address: String,
    ledger: Arc<Ledger>,
    mut orders: watch::Receiver<Orders>,
    reports: mpsc::UnboundedSender<Report>,
) -> u64 {
    let doc = doc::new_doc(getrandom::u64().unwrap());
    let made: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
    let noted = Arc::clone(&made);
    doc.observe_update_v1("client", move |txn, event| {
        if txn
            .origin()
            .is_some_and(|origin| origin.as_ref() == LOCAL_ORIGIN.as_bytes())
        {
            noted.lock().unwrap().push(event.update.clone());
        }
    })
    .unwrap();
    let mut client = Client {
        number,
        doc,
        made,
        saved: Saved::default(),
        edits: 0,
        waiting: VecDeque::new(),
        ledger,
    };
    loop {
        if *orders.borrow() == Orders::StayAway {
            reports.send(Report::Gone).unwrap();
            orders.wait_for(|orders| *orders != Orders::StayAway).await.unwrap();
        }
        match connect_async(&address).await {
            Ok((socket, _)) => {
                if client.serve(socket, &orders).await {
                    reports.send(Report::Saved).unwrap();
                    return client.edits;
                }
                client.saved.disconnect();
            }
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

impl Client {
    /// One connection, until it ends; true when everything is saved and nothing more is to be written.
    async fn serve(&mut self, mut socket: Socket, orders: &watch::Receiver<Orders>) -> bool {
        self.saved.connect();
        let state_vector = self.doc.transact().state_vector().encode_v1();
        let hello = [
            ClientMessage::Hello { version: 1 }.encode(),
            ClientMessage::SyncStep1(&state_vector).encode(),
        ];
        for message in hello {
            if socket.send(Message::Binary(message.into())).await.is_err() {
                return false;
            }
        }
        let pause = 40 + getrandom::u64().unwrap() % 80;
        let mut keys = interval(Duration::from_millis(pause));
        let mut has_all = false;
        loop {
            let orders = *orders.borrow();
            let has_unsaved = !self.saved.is_connected() || self.saved.state() != SaveState::Saved;
            if orders == Orders::Finish && has_all && !has_unsaved {
                return true;
            }
            tokio::select! {
                frame = socket.next() => match frame {
                    Some(Ok(Message::Binary(frame))) => {
                        has_all |= matches!(ServerMessage::decode(&frame), Ok(ServerMessage::SyncStep2(_)));
                        if let Some(answer) = self.take(&frame)
                            && socket.send(Message::Binary(answer.into())).await.is_err()
                        {
                            // The other direction may still hold something that the server said.
                            self.read_to_the_end(&mut socket).await;
                            return false;
                        }
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return false,
                },
                _ = keys.tick() => {
                    let message = if orders == Orders::Write && has_all {
                        self.edit()
                    } else {
                        Some(ClientMessage::Ping.encode())
                    };
                    if let Some(message) = message
                        && socket.send(Message::Binary(message.into())).await.is_err()
                    {
                        self.read_to_the_end(&mut socket).await;
                        return false;
                    }
                }
            }
        }
    }

    async fn read_to_the_end(&mut self, socket: &mut Socket) {
        while let Ok(Some(Ok(message))) = timeout(PATIENCE, socket.next()).await {
            if let Message::Binary(frame) = message {
                self.take(&frame);
            }
        }
    }

    /// Takes a message in; the answer to it, if there is one.
    fn take(&mut self, frame: &[u8]) -> Option<Vec<u8>> {
        match ServerMessage::decode(frame).unwrap() {
            ServerMessage::SyncStep1(state_vector) => {
                let known = StateVector::decode_v1(state_vector).unwrap();
                let missing = self.doc.transact().encode_diff_v1(&known);
                self.saved.answer();
                return Some(ClientMessage::SyncStep2(&missing).encode());
            }
            ServerMessage::SyncStep2(update) | ServerMessage::Update(update) => {
                let update = Update::decode_v1(update).unwrap();
                self.doc.transact_mut().apply_update(update).unwrap();
            }
            ServerMessage::Saved(messages) => {
                let changes = self.saved.acknowledge(messages);
                let count = self.waiting.iter().take_while(|(number, _)| *number <= changes).count();
                let acknowledged: Vec<_> = self.waiting.drain(..count).collect();
                self.ledger.note(self.number, &acknowledged);
            }
            ServerMessage::Refused(refused) => panic!("client {} was refused: {refused:?}", self.number),
            _ => {}
        }
        None
    }

    fn cut(&self, at: u32, length: u32) {
        let cut = TextDelta::replace(at, length, "");
        doc::edit_text(&self.doc, &FieldId::Root(RootText::Title), &cut).unwrap();
    }

    /// Does something; the message for it, if it goes out now.
    fn edit(&mut self) -> Option<Vec<u8>> {
        let draw = getrandom::u64().unwrap();
        let at = |length: u32| (draw >> 32) as u32 % (length + 1);
        let title = FieldId::Root(RootText::Title);
        let length = utf16_len(&doc::field_text(&self.doc.transact(), &title).unwrap());
        let mut entropy = || getrandom::u64().unwrap();
        match draw % 10 {
            // A long run is to be long by its kills, not by the words that every edit has to walk over.
            _ if length > 4_000 => self.cut(at(length - 1_000), 1_000),
            0 if length > 200 => self.cut(at(length - 20), 20),
            1 => {
                let paragraphs = doc::view(&self.doc.transact()).preamble;
                if paragraphs.len() < 40 {
                    doc::add_block(
                        &self.doc,
                        &BlockKind::Paragraph,
                        &Parent::Root,
                        0,
                        "Absatz",
                        &mut entropy,
                    )
                    .unwrap();
                } else {
                    // At the top there is nothing to move beyond.
                    let _ = doc::move_up(&self.doc, &paragraphs[at(39) as usize].id, &mut entropy);
                }
            }
            _ => {
                let words = TextDelta::replace(at(length), 0, &format!("{}:{} ", self.number, self.edits + 1));
                doc::edit_text(&self.doc, &title, &words).unwrap();
            }
        }
        let update = self.made.lock().unwrap().pop()?;
        let (number, is_sent) = self.saved.change();
        self.edits = number;
        self.waiting.push_back((number, update.clone()));
        is_sent.then(|| ClientMessage::Update(&update).encode())
    }
}

/// The document as the server has it now.
pub(super) async fn read(address: &str) -> Doc {
    let reading = async {
        let (mut socket, _) = connect_async(address).await.unwrap();
        let nothing = StateVector::default().encode_v1();
        let ask = ClientMessage::SyncStep1(&nothing).encode();
        socket.send(Message::Binary(ask.into())).await.unwrap();
        let doc = doc::new_doc(1);
        loop {
            let Some(Ok(message)) = socket.next().await else {
                panic!("the server closed the socket of the reader")
            };
            if let Message::Binary(frame) = message
                && let Ok(ServerMessage::SyncStep2(update)) = ServerMessage::decode(&frame)
            {
                doc.transact_mut()
                    .apply_update(Update::decode_v1(update).unwrap())
                    .unwrap();
                return doc;
            }
        }
    };
    timeout(PATIENCE, reading).await.expect("the document cannot be read")
}
