//! Rooms over a log in memory, without a network except in [`sockets`] and [`conversation`].

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests stop at the first surprise"
)]

mod client;
mod commits;
mod convergence;
mod conversation;
mod durability;
mod fallback;
mod full;
mod full_disk;
mod history;
mod hostile;
mod identity;
mod life;
mod line;
mod log;
mod opening;
mod presence;
mod quarantine;
mod refusals;
mod rights;
mod sockets;
mod stage;

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use leitnetz::rooms::{Clock, Connection, Entropy, Identity, LinkId, Log, ParticipantId, Rooms};
use model::{ags::Ags, role::Role};

/// A clock that moves one second at every look.
#[derive(Default)]
struct TestClock(AtomicI64);

/// The numbers of splitmix64 (Steele, Lea, Flood 2014) from a seed.
struct TestEntropy(AtomicU64);

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.0.fetch_add(1000, Ordering::Relaxed)
    }
}

impl Entropy for TestEntropy {
    fn random(&self) -> u64 {
        splitmix(self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed))
    }
}

fn splitmix(state: u64) -> u64 {
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn steinfurt() -> Ags {
    Ags::new("05566").unwrap()
}

fn rooms(log: Arc<impl Log>) -> Rooms {
    Rooms::new(
        log,
        Arc::new(TestClock::default()),
        Arc::new(TestEntropy(AtomicU64::new(7))),
    )
}

fn identity(participant: &str) -> Identity {
    Identity {
        participant: ParticipantId(participant.to_owned()),
        link: Some(LinkId(format!("link of {participant}"))),
        name: participant.to_uppercase(),
        color: 3,
        role: Role::Participate,
    }
}

async fn join(rooms: &Rooms, participant: &str) -> Connection {
    rooms.join(&steinfurt(), identity(participant)).await.unwrap()
}
