//! The same conversation where a WebSocket cannot be had: the server's frames as a stream of server-sent events, the
//! client's as posts. The routes, and who may come in, are not decided here.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::body::Bytes;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures::Stream;
use model::{limits, wire::admission::Refusal};
use tokio::{
    sync::{Semaphore, mpsc},
    time::{Instant, sleep_until, timeout},
};

use super::{Connection, Outgoing, reading::Reader, seat::OutgoingQueue};

/// Chunks that wait between the pump and the HTTP connection; what is behind them waits in the room's bounded queue.
const CHUNKS: usize = 2;

/// The open streams, by the id that their first event names.
#[derive(Clone, Default)]
pub struct Streams {
    open: Arc<Mutex<HashMap<String, Arc<Entry>>>>,
}

struct Entry {
    /// Whose stream it is: a hash of the secret that it was opened with.
    owner: String,
    state: Arc<tokio::sync::Mutex<State>>,
    /// One post at a time is read: what waits for its turn stays with whoever sends it.
    turn: Arc<Semaphore>,
    /// Until when the client may be silent.
    patience: Mutex<Instant>,
}

struct State {
    /// None once the stream has ended.
    reader: Option<Reader>,
    /// How many posts were taken.
    posts: u64,
}

/// Why a post was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostError {
    /// No such stream, or not this client's: it ended, the client opens a new one.
    Unknown,
    /// It is longer than a post may be.
    TooLarge,
    /// It did not arrive in time.
    Slow,
    /// Not frames, each behind its length.
    Malformed,
    /// A post before it is missing.
    OutOfOrder,
}

impl Streams {
    /// Opens a stream that `owner` may post to. Its first event names `id`, which nobody can guess.
    pub fn open(
        &self,
        id: String,
        owner: String,
        connection: Connection,
    ) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> + use<> {
        let reader = Reader::new(connection.incoming);
        let patience = Mutex::new(Instant::now() + reader.silence());
        let entry = Arc::new(Entry {
            owner,
            state: Arc::new(tokio::sync::Mutex::new(State {
                reader: Some(reader),
                posts: 0,
            })),
            turn: Arc::new(Semaphore::new(1)),
            patience,
        });
        self.entries().insert(id.clone(), Arc::clone(&entry));
        let (chunks, body) = mpsc::channel(CHUNKS);
        let streams = self.clone();
        // Its own task: a client that does not read must not keep its place in the room.
        tokio::spawn(async move {
            pump(&id, &entry, connection.outgoing, chunks).await;
            streams.entries().remove(&id);
            // A post under way keeps the lock for a moment, but takes nothing more into the room afterwards.
            entry.state.lock().await.reader = None;
        });
        body_of(body)
    }

    /// Takes a post: frames, each behind its length as four bytes, the highest first. `number` counts the posts of a
    /// stream from 1, so that one that comes twice is taken once. `body` reads it, once it is its turn; none when it is
    /// too long.
    ///
    /// # Errors
    /// [`PostError`]; nothing of the post was taken then.
    pub async fn post(
        &self,
        id: &str,
        owner: &str,
        number: Option<u64>,
        body: impl Future<Output = Option<Bytes>>,
    ) -> Result<(), PostError> {
        let taken = self.take_post(id, owner, number, body).await;
        if taken.is_err()
            && let Ok(entry) = self.entry(id, owner)
        {
            // Nothing was taken, so it is no sign of life that would count as long as a post on its way.
            let soon = Instant::now() + limits::SILENCE_AFTER_HELLO;
            entry.wait_until(entry.patience().min(soon));
        }
        taken
    }

    async fn take_post(
        &self,
        id: &str,
        owner: &str,
        number: Option<u64>,
        body: impl Future<Output = Option<Bytes>>,
    ) -> Result<(), PostError> {
        // It would count as one that came before, and be lost.
        if number == Some(0) {
            return Err(PostError::Malformed);
        }
        let entry = self.expect_post(id, owner)?;
        // It is never closed.
        let turn = Arc::clone(&entry.turn).acquire_owned().await;
        let turn = turn.map_err(|_| PostError::Unknown)?;
        // It may have ended meanwhile, and then nothing is read.
        let entry = self.expect_post(id, owner)?;
        let body = timeout(limits::POST_READ_TIMEOUT, body).await;
        let body = body.map_err(|_| PostError::Slow)?.ok_or(PostError::TooLarge)?;
        let frames = frames(&body).ok_or(PostError::Malformed)?;
        let mut state = Arc::clone(&entry.state).lock_owned().await;
        if state.reader.is_none() {
            return Err(PostError::Unknown);
        }
        match number {
            Some(number) if number <= state.posts => return Ok(()),
            Some(number) if number > state.posts + 1 => return Err(PostError::OutOfOrder),
            _ => state.posts += 1,
        }
        // Its own task: half a post must not be taken because the client went away meanwhile.
        let taken = tokio::spawn(async move {
            let _turn = turn;
            let Some(reader) = state.reader.as_mut() else { return };
            for frame in frames {
                if frame.len() > limits::MESSAGE_MAX_BYTES {
                    reader.refuse(Refusal::TooLarge);
                    return;
                }
                reader.take(frame).await;
            }
            // An empty post is a sign of life too.
            entry.wait_until(Instant::now() + reader.silence());
        });
        taken.await.map_err(|_| PostError::Unknown)
    }

    /// A post is on its way: the client is not silent while it takes.
    fn expect_post(&self, id: &str, owner: &str) -> Result<Arc<Entry>, PostError> {
        let entry = self.entry(id, owner)?;
        entry.wait_until(Instant::now() + limits::SILENCE_WITHOUT_HELLO);
        Ok(entry)
    }

    fn entry(&self, id: &str, owner: &str) -> Result<Arc<Entry>, PostError> {
        let entry = self.entries().get(id).cloned();
        entry.filter(|entry| entry.owner == owner).ok_or(PostError::Unknown)
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, Arc<Entry>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn wait_until(&self, patience: Instant) {
        *self.patience.lock().unwrap_or_else(PoisonError::into_inner) = patience;
    }

    fn patience(&self) -> Instant {
        *self.patience.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes events until the room closes the connection, the client is gone or silent, or nothing can be written.
async fn pump(id: &str, entry: &Entry, mut outgoing: OutgoingQueue, chunks: mpsc::Sender<Bytes>) {
    if chunks
        .send(format!("event: connection\ndata: {id}\n\n").into())
        .await
        .is_err()
    {
        return;
    }
    let mut heartbeat = Instant::now() + limits::EVENTS_HEARTBEAT;
    let code = loop {
        let next = tokio::select! {
            biased;
            () = chunks.closed() => return,
            next = outgoing.recv() => Some(next),
            () = sleep_until(entry.patience().min(heartbeat)) => None,
        };
        let chunk: Bytes = match next {
            Some(Outgoing::Close(code)) => break code,
            Some(Outgoing::Frame(frame)) => message(&frame).into(),
            None if entry.patience() <= Instant::now() => return,
            None if heartbeat <= Instant::now() => Bytes::from_static(b": here\n\n"),
            None => continue,
        };
        let patience = limits::send_timeout(chunk.len());
        let sent = tokio::select! {
            biased;
            code = outgoing.aborted() => break code,
            sent = timeout(patience, chunks.send(chunk)) => sent,
        };
        if !matches!(sent, Ok(Ok(()))) {
            return;
        }
        heartbeat = Instant::now() + limits::EVENTS_HEARTBEAT;
    };
    let _ = timeout(limits::SOCKET_CLOSE_TIMEOUT, chunks.send(close(code))).await;
}

/// The last event of a stream.
#[must_use]
pub fn close(code: u16) -> Bytes {
    format!("event: close\ndata: {code}\n\n").into()
}

fn message(frame: &[u8]) -> String {
    let mut event = String::with_capacity(frame.len().div_ceil(3) * 4 + 8);
    event.push_str("data: ");
    STANDARD.encode_string(frame, &mut event);
    event.push_str("\n\n");
    event
}

/// The frames of a post; none when the lengths do not fit.
fn frames(body: &Bytes) -> Option<Vec<Bytes>> {
    let mut frames = Vec::new();
    let mut at = 0;
    while at < body.len() {
        let start = at.checked_add(4)?;
        let length: [u8; 4] = body.get(at..start)?.try_into().ok()?;
        let end = start.checked_add(usize::try_from(u32::from_be_bytes(length)).ok()?)?;
        body.get(start..end)?;
        frames.push(body.slice(start..end));
        at = end;
    }
    Some(frames)
}

fn body_of(body: mpsc::Receiver<Bytes>) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> + use<> {
    futures::stream::unfold(body, |mut body| async move {
        body.recv().await.map(|chunk| (Ok(chunk), body))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn frames_come_back_and_nothing_else_does(parts: Vec<Vec<u8>>, cut in any::<prop::sample::Index>()) {
            let mut body = Vec::new();
            for part in &parts {
                body.extend((part.len() as u32).to_be_bytes());
                body.extend(part);
            }
            let body = Bytes::from(body);
            let found = frames(&body);
            prop_assert_eq!(found.as_ref().map(Vec::len), Some(parts.len()));
            prop_assert!(found.iter().flatten().zip(&parts).all(|(frame, part)| frame[..] == part[..]));
            // A shorter body holds the first frames or is refused, and never panics.
            let _ = frames(&body.slice(..cut.index(body.len() + 1)));
        }
    }

    #[test]
    fn a_length_beyond_the_end_is_refused() {
        assert_eq!(frames(&Bytes::from_static(&[0xff, 0xff, 0xff, 0xff, 1])), None);
        assert_eq!(frames(&Bytes::from_static(&[0, 0, 1])), None);
        assert_eq!(frames(&Bytes::new()), Some(Vec::new()));
    }

    #[test]
    fn the_bytes_are_those_of_the_specification() {
        assert_eq!(message(&[0, 2, 2, 1, 2]), "data: AAICAQI=\n\n");
        assert_eq!(&close(4401)[..], b"event: close\ndata: 4401\n\n");
    }
}
