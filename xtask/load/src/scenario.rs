//! What is measured: people typing, somebody joining late, everybody coming back from offline.

mod joining;
mod offline;
mod stalled;
mod typing;

use std::{rc::Rc, str::FromStr, time::Duration};

use model::{limits, wire::ClientMessage};
use tokio::{
    sync::watch,
    time::{Instant, interval_at, sleep},
};

use crate::{
    Failure, Result,
    browser::{Browser, send_answers, wants_pings},
    connection::Connection,
    meter::Meter,
    process::Process,
    report::Report,
    target::Target,
};

/// Browsers that connect at the same time.
const JOINING_AT_ONCE: usize = 32;
/// How long all browsers together may take to join.
const JOIN_PATIENCE: Duration = Duration::from_secs(60);
/// After the last edit: how long nothing may arrive until what is missing counts as lost.
const DRAIN_PATIENCE: Duration = Duration::from_secs(3);
/// Five keystrokes a second.
const KEY_EVERY: Duration = Duration::from_millis(200);

/// A scenario with its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// In each document so many people type and so many only read.
    Typing {
        documents: usize,
        writers: usize,
        readers: usize,
    },
    /// Somebody opens a document after so many edits.
    Joining { edits: usize },
    /// So many people are offline and type so many letters each, then all come back at once.
    Offline { people: usize, letters: usize },
    /// The same, but it is the server that was gone.
    Restart { people: usize, letters: usize },
    /// So many type in a document, first alone, then beside so many sockets that have stopped reading.
    Stalled { writers: usize, stalled: usize },
}

/// How long things take.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Typing before anything is measured.
    pub warm_up: Duration,
    /// What is measured.
    pub window: Duration,
    /// How long everybody stays offline.
    pub offline: Duration,
}

/// What the browsers do; a watch channel tells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Listening,
    Typing,
    Ended,
}

impl Scenario {
    /// How many documents it needs.
    #[must_use]
    pub fn documents(self) -> usize {
        match self {
            Self::Typing { documents, .. } => documents,
            _ => 1,
        }
    }

    /// How many people each of them has.
    #[must_use]
    pub fn people(self) -> usize {
        match self {
            Self::Typing { writers, readers, .. } => writers + readers,
            Self::Joining { .. } => joining::WRITERS,
            Self::Offline { people, .. } | Self::Restart { people, .. } => people,
            Self::Stalled { writers, stalled } => writers + stalled,
        }
    }

    /// Runs it against a server.
    ///
    /// # Errors
    /// When it cannot be measured at all; what a server only does badly is in the report.
    pub async fn run(self, target: &Rc<Target>, server: &Process, times: Times) -> Result<Report> {
        match self {
            Self::Typing {
                documents,
                writers,
                readers,
            } => typing::run(target, server, documents, writers, readers, times).await,
            Self::Joining { edits } => joining::run(target, server, edits).await,
            Self::Offline { people, letters } => {
                let absence = offline::Absence::Offline(times.offline);
                offline::run(target, server, people, letters, absence).await
            }
            Self::Restart { people, letters } => {
                offline::run(target, server, people, letters, offline::Absence::Restart).await
            }
            Self::Stalled { writers, stalled } => stalled::run(target, server, writers, stalled, times).await,
        }
    }
}

impl FromStr for Scenario {
    type Err = Failure;

    /// `typing:DOCUMENTS:WRITERS:READERS`, `joining:EDITS`, `offline:PEOPLE:LETTERS`, `restart:PEOPLE:LETTERS`,
    /// `stalled:WRITERS:STALLED`.
    fn from_str(text: &str) -> Result<Self> {
        let wrong = || Failure(format!("`{text}` is no scenario"));
        let mut parts = text.split(':');
        let name = parts.next().ok_or_else(wrong)?;
        let numbers: Vec<usize> = parts
            .map(str::parse)
            .collect::<std::result::Result<_, _>>()
            .map_err(|_| wrong())?;
        match (name, numbers.as_slice()) {
            ("typing", &[documents, writers, readers]) => Ok(Self::Typing {
                documents,
                writers,
                readers,
            }),
            ("joining", &[edits]) => Ok(Self::Joining { edits }),
            ("offline", &[people, letters]) => Ok(Self::Offline { people, letters }),
            ("restart", &[people, letters]) => Ok(Self::Restart { people, letters }),
            ("stalled", &[writers, stalled]) => Ok(Self::Stalled { writers, stalled }),
            _ => Err(wrong()),
        }
    }
}

/// A connected browser's life: takes what comes, types while everybody does, until the end. `listeners` others are in
/// its document; `offset` spreads the keystrokes of many.
async fn live(
    mut browser: Browser,
    mut connection: Connection,
    mut phase: watch::Receiver<Phase>,
    meter: Rc<Meter>,
    listeners: u64,
    offset: Duration,
) {
    let target = Rc::clone(connection.target());
    let pings = wants_pings(&target);
    let mut now = *phase.borrow_and_update();
    let mut keys = interval_at(Instant::now() + offset, KEY_EVERY);
    let mut ping = interval_at(Instant::now() + offset + limits::PING_EVERY, limits::PING_EVERY);
    while now != Phase::Ended {
        let sent = tokio::select! {
            frame = connection.next() => match frame {
                Some(frame) => {
                    let answers = browser.take(&target, &frame);
                    send_answers(&mut connection, answers).await
                }
                None => Err(Failure("closed".to_owned())),
            },
            _ = keys.tick(), if now == Phase::Typing => match browser.type_letter(listeners) {
                Some(update) => {
                    // What is sent shows that we are here, as in our own pages.
                    ping.reset();
                    connection.send(&ClientMessage::Update(&update)).await
                }
                None => Ok(()),
            },
            _ = ping.tick(), if pings => connection.send(&ClientMessage::Ping).await,
            changed = phase.changed() => {
                if changed.is_err() {
                    break;
                }
                now = *phase.borrow_and_update();
                keys.reset_after(offset);
                Ok(())
            }
        };
        if sent.is_err() {
            meter.count(|counts| counts.lost += 1);
            return;
        }
    }
    connection.close().await;
}

/// Joins and waits until the document is there; then the browser's block is sent, if it writes.
async fn join(browser: &mut Browser, target: &Rc<Target>, room: usize) -> Result<Connection> {
    let mut connection = browser.join(target, room).await?;
    while !browser.is_synced() {
        let frame = connection.next().await;
        let frame = frame.ok_or_else(|| Failure("the server closed a joining socket".to_owned()))?;
        let answers = browser.take(target, &frame);
        send_answers(&mut connection, answers).await?;
    }
    if let Some(block) = browser.unsent() {
        connection.send(&ClientMessage::Update(&block)).await?;
    }
    Ok(connection)
}

/// Waits until `is_done`, or until `progress` has not changed for so long. Answers whether it is done.
async fn settle(patience: Duration, progress: impl Fn() -> u64, is_done: impl Fn() -> bool) -> bool {
    let mut last = (progress(), Instant::now());
    while !is_done() {
        sleep(Duration::from_millis(20)).await;
        let now = progress();
        if now != last.0 {
            last = (now, Instant::now());
        } else if last.1.elapsed() > patience {
            return false;
        }
    }
    true
}

/// A 32-bit client id, as Yjs draws them.
fn client_id(number: usize) -> u64 {
    0x1000_0000 + number as u64 * 7_919
}

#[cfg(test)]
mod tests {
    use super::Scenario;

    #[test]
    fn scenarios_are_read() {
        let typing = Scenario::Typing {
            documents: 1,
            writers: 20,
            readers: 500,
        };
        assert_eq!("typing:1:20:500".parse::<Scenario>().unwrap(), typing);
        assert_eq!(
            "joining:50".parse::<Scenario>().unwrap(),
            Scenario::Joining { edits: 50 }
        );
        assert!("joining".parse::<Scenario>().is_err());
        assert!("offline:1:x".parse::<Scenario>().is_err());
    }
}
