//! One simulated browser: what it knows of the document, and what it does with a frame.

use std::rc::Rc;

use model::wire::{ClientMessage, admission, lib0::put_var_uint};

use crate::{
    Result,
    connection::Connection,
    document::Document,
    meter::Meter,
    target::{Incoming, Kind, Target},
    typist::{NOTHING, Typist},
};

/// What outlives a connection.
pub struct Browser {
    document: Rc<Document>,
    meter: Rc<Meter>,
    /// Its number in its document.
    seat: usize,
    /// Who writes here, with the author's index; a reader has none.
    typist: Option<(Typist, usize)>,
    /// How far it has each author's work.
    seen: Vec<u32>,
    link: Link,
}

/// What belongs to one connection.
#[derive(Default)]
struct Link {
    /// It has the document.
    is_synced: bool,
    /// When each message that is acknowledged was sent, and how many of them were.
    sent: Vec<u64>,
    acknowledged: usize,
}

impl Browser {
    #[must_use]
    pub fn reader(document: &Rc<Document>, meter: &Rc<Meter>, seat: usize) -> Self {
        Self {
            document: Rc::clone(document),
            meter: Rc::clone(meter),
            seat,
            typist: None,
            seen: Vec::new(),
            link: Link::default(),
        }
    }

    #[must_use]
    pub fn writer(document: &Rc<Document>, meter: &Rc<Meter>, seat: usize, client_id: u64) -> Self {
        let author = document.add_author(client_id);
        Self {
            typist: Some((Typist::new(client_id), author)),
            ..Self::reader(document, meter, seat)
        }
    }

    /// Connects, asks for the document and waits for it; a writer's work goes along.
    ///
    /// # Errors
    /// When the connection cannot be had.
    pub async fn join(&mut self, target: &Rc<Target>, room: usize) -> Result<Connection> {
        self.link = Link::default();
        let mut connection = Connection::open(target, room, self.seat).await?;
        self.ask(&mut connection).await?;
        Ok(connection)
    }

    /// Asks for what it does not have, where the server has a document.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn ask(&mut self, connection: &mut Connection) -> Result<()> {
        if !connection.target().kind.keeps_documents() {
            self.link.is_synced = true;
            return Ok(());
        }
        let state_vector = self.state_vector();
        connection.send(&ClientMessage::SyncStep1(&state_vector)).await
    }

    /// Does it have the document?
    #[must_use]
    pub fn is_synced(&self) -> bool {
        self.link.is_synced
    }

    /// Does it have everything that every author has sent?
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let authors = self.document.authors();
        (0..authors.count()).all(|author| self.is_own(author) || self.seen_of(author) >= authors.end(author))
    }

    /// Has it sent something over this connection, and was all of it acknowledged?
    #[must_use]
    pub fn is_acknowledged(&self) -> bool {
        self.link.acknowledged > 0 && self.link.acknowledged >= self.link.sent.len()
    }

    /// Types a letter without sending it.
    pub fn type_offline(&mut self) {
        if let Some((typist, _)) = &mut self.typist {
            typist.type_letter();
        }
    }

    /// Everything typed counts as sent now; answers with the clock from which it was not before.
    pub fn mark_sent(&mut self, now: u64) -> u32 {
        let Some((typist, author)) = &self.typist else { return 0 };
        let start = self.document.authors().end(*author);
        self.document.sent(*author, typist.clock(), now);
        start
    }

    /// The update with everything typed and not sent before, which counts as sent now.
    pub fn unsent(&mut self) -> Option<Vec<u8>> {
        let now = self.meter.now();
        let start = self.mark_sent(now);
        let (typist, _) = self.typist.as_ref()?;
        self.link.sent.push(now);
        Some(typist.update_from(start))
    }

    /// Types a letter: the update to send. `listeners` others will get it.
    pub fn type_letter(&mut self, listeners: u64) -> Option<Vec<u8>> {
        self.type_offline();
        let update = self.unsent()?;
        let now = self.link.sent.last().copied().unwrap_or_default();
        if self.meter.is_in_window(now) {
            self.meter.count(|counts| {
                counts.edits += 1;
                counts.expected += listeners;
            });
        }
        Some(update)
    }

    /// Takes a frame; answers with the messages it asks for.
    pub fn take(&mut self, target: &Target, frame: &[u8]) -> Vec<Vec<u8>> {
        let now = self.meter.now();
        if self.meter.is_in_window(now) {
            self.meter.count(|counts| {
                counts.bytes_meanwhile += frame.len() as u64;
                counts.frames_meanwhile += 1;
            });
        }
        let mut answers = Vec::new();
        let read = target.read(frame, |message| match message {
            Incoming::Ask(state_vector) => answers.push(self.answer(state_vector, now)),
            Incoming::Answer(update) => {
                self.receive(update, now);
                self.link.is_synced = true;
            }
            Incoming::Update(update) => self.receive(update, now),
            Incoming::Saved(count) => self.acknowledged(usize::try_from(count).unwrap_or(usize::MAX), now),
            Incoming::Applied => self.acknowledged(self.link.acknowledged + 1, now),
        });
        if read.is_err() {
            self.meter.count(|counts| counts.unreadable += 1);
        }
        answers
    }

    /// The `SyncStep2` for a server that knows this much. What others wrote is left to them.
    fn answer(&mut self, state_vector: &[u8], now: u64) -> Vec<u8> {
        self.link.sent.push(now);
        let Some((typist, author)) = &self.typist else {
            return NOTHING.to_vec();
        };
        let known = admission::state_vector(state_vector).unwrap_or_default();
        let start = known.get(&typist.client_id()).copied().unwrap_or(0);
        let sent = self.document.authors().end(*author);
        typist.update(start, sent)
    }

    fn receive(&mut self, update: &[u8], now: u64) {
        let Ok(spans) = self.document.spans(update) else {
            self.meter.count(|counts| counts.unreadable += 1);
            return;
        };
        let in_window = self.meter.is_in_window(now);
        let document = Rc::clone(&self.document);
        let authors = document.authors();
        self.seen.resize(authors.count(), 0);
        let meter = Rc::clone(&self.meter);
        meter.count(|counts| {
            for span in spans.iter() {
                let seen = &mut self.seen[span.author];
                let start = (*seen).max(span.start);
                *seen = (*seen).max(span.end);
                if self.typist.as_ref().is_some_and(|(_, own)| *own == span.author) {
                    continue;
                }
                for clock in start..span.end {
                    let Some(sent) = authors.sent_at(span.author, clock) else {
                        continue;
                    };
                    if meter.is_in_window(sent) {
                        counts.delivered += 1;
                        counts.fanout.record((now - sent) / 1_000);
                    }
                    counts.deliveries_meanwhile += u64::from(in_window);
                }
            }
        });
    }

    fn acknowledged(&mut self, count: usize, now: u64) {
        let count = count.min(self.link.sent.len());
        let news = &self.link.sent[self.link.acknowledged.min(count)..count];
        self.meter.count(|counts| {
            for sent in news.iter().filter(|sent| self.meter.is_in_window(**sent)) {
                counts.acks.record((now - sent) / 1_000);
            }
        });
        self.link.acknowledged = self.link.acknowledged.max(count);
    }

    fn state_vector(&self) -> Vec<u8> {
        let authors = self.document.authors();
        let known: Vec<_> = (0..authors.count())
            .map(|author| {
                let own = self.typist.as_ref().filter(|(_, own)| *own == author);
                let clock = own.map_or(self.seen_of(author), |(typist, _)| typist.clock());
                (authors.client_id(author), clock)
            })
            .filter(|(_, clock)| *clock > 0)
            .collect();
        let mut out = Vec::new();
        put_var_uint(&mut out, known.len() as u64);
        for (client_id, clock) in known {
            put_var_uint(&mut out, client_id);
            put_var_uint(&mut out, u64::from(clock));
        }
        out
    }

    fn seen_of(&self, author: usize) -> u32 {
        self.seen.get(author).copied().unwrap_or(0)
    }

    fn is_own(&self, author: usize) -> bool {
        self.typist.as_ref().is_some_and(|(_, own)| *own == author)
    }
}

/// Sends what a frame asked for.
///
/// # Errors
/// When the connection is lost.
pub async fn send_answers(connection: &mut Connection, answers: Vec<Vec<u8>>) -> Result<()> {
    for answer in answers {
        connection.send(&ClientMessage::SyncStep2(&answer)).await?;
    }
    Ok(())
}

/// Does this server want to hear from a silent client?
#[must_use]
pub fn wants_pings(target: &Target) -> bool {
    target.kind == Kind::Leitnetz
}
