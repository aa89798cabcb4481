//! One run: the people, their browsers, the network, the server, the disk, and everything that goes wrong.
//!
//! It is a list of events by (paused) time. The only other thing that lives are the server's own tasks and, for each
//! connection, a task in each direction that stands for its socket. What they send is taken up at the very moment it
//! is sent, because time goes on only when nobody has anything to do.

mod end;
mod faults;
mod network;
mod people;
mod upkeep;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::body::Bytes;
use leitnetz::rooms::{Clock, Connection, Hold, Identity, LinkId, Outgoing, ParticipantId, Rooms};
use model::{
    ags::Ags,
    doc,
    import::{Draft, DraftGuideline},
    role::Role,
};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};
use yrs::{Doc, Transact, Update, updates::decoder::Decode};

use super::{
    PEOPLE, Trace,
    device::Device,
    ledger::{Ledger, check_blocks},
    outcome::Outcome,
    page::Page,
    person::Person,
    random::Random,
    store::Disk,
    world::WallClock,
};
use network::Link;

/// A page takes a silent server for dead after this long, and the server a silent page.
const SILENCE: Duration = Duration::from_secs(9);
/// After the last fault everybody must be in step within this time.
const HEALING: Duration = Duration::from_secs(300);

type ConnectionId = u64;

enum Event {
    /// Somebody does something.
    Act(usize),
    OpenPage(usize),
    Connect(usize),
    Opened(ConnectionId),
    /// A frame reaches the server, the page.
    Up(ConnectionId, u64, Bytes),
    Down(ConnectionId, u64, Outgoing),
    /// One side notices that the connection is gone.
    PageNotices(ConnectionId),
    ServerNotices(ConnectionId),
    Written(usize, u64, u64),
    Fault,
    StartServer,
    /// Something that an operator or a coordinator does.
    Upkeep,
    /// The text is free again.
    Thaw,
}

/// What the server's side says.
enum FromServer {
    Joined(ConnectionId, Option<Connection>),
    Sent(ConnectionId, Outgoing),
    /// The document after a restart.
    Reopened(Vec<u8>),
    Stopped,
    /// This server lets nobody write, and has committed everything up to this row.
    Held(u64, Hold, u64),
    /// How many rows compaction left out, or why it ended.
    Compacted(Result<usize, String>),
}

struct Peer {
    person: Person,
    device: Device,
    page: Option<Page>,
    /// Counts the pages of this browser: what an earlier one began has no effect.
    page_number: u64,
    /// Entries of the device that the page has not been able to take over yet.
    left: Vec<(u64, Vec<u8>)>,
    /// The first so many of the page's acknowledged changes were forgotten on the device.
    forgotten: usize,
    connection: Option<ConnectionId>,
    connecting: Option<ConnectionId>,
    failures: u32,
    unreachable_until: Instant,
    awareness_clock: u64,
    /// The device completes its transactions in order.
    device_busy_until: Instant,
}

pub(super) struct Run<'a> {
    /// What people do before everything heals.
    operations: usize,
    trace: &'a Trace,
    started: Instant,
    events: BTreeMap<(Instant, u64), Event>,
    next_event: u64,
    next_connection: ConnectionId,
    network: Random,
    faults: Random,
    seeds: Random,
    clock: Arc<WallClock>,
    disk: Disk,
    server: Option<Rooms>,
    /// Counts the servers.
    server_number: u64,
    upkeep: Random,
    thins_out: bool,
    /// Nobody may write: nothing comes behind this row.
    frozen: Option<u64>,
    peers: Vec<Peer>,
    links: BTreeMap<ConnectionId, Link>,
    ledger: Ledger,
    from_server: mpsc::UnboundedReceiver<FromServer>,
    to_run: mpsc::UnboundedSender<FromServer>,
    is_over: bool,
    outcome: Outcome,
}

impl<'a> Run<'a> {
    pub(super) fn new(seed: u64, operations: usize, trace: &'a Trace) -> Self {
        let mut seeds = Random::new(seed);
        let now = Instant::now();
        let (to_run, from_server) = mpsc::unbounded_channel();
        let disk = Disk::new(seeds.fork());
        let mut upkeep = seeds.fork();
        let thins_out = upkeep.percent(50);
        let peers = (0..PEOPLE).map(|number| Peer {
            person: Person::new(number, seeds.fork()),
            device: Device::default(),
            page: None,
            page_number: 0,
            left: Vec::new(),
            forgotten: 0,
            connection: None,
            connecting: None,
            failures: 0,
            unreachable_until: now,
            awareness_clock: 0,
            device_busy_until: now,
        });
        Self {
            operations,
            trace,
            started: now,
            events: BTreeMap::new(),
            next_event: 0,
            next_connection: 0,
            peers: peers.collect(),
            network: seeds.fork(),
            faults: seeds.fork(),
            upkeep,
            thins_out,
            frozen: None,
            server_number: 0,
            clock: Arc::new(WallClock::new()),
            seeds,
            disk,
            server: None,
            links: BTreeMap::new(),
            ledger: Ledger::default(),
            from_server,
            to_run,
            is_over: false,
            outcome: Outcome::default(),
        }
    }

    /// Runs to the end and checks what it came to.
    pub(super) async fn run(mut self) -> Result<Outcome, String> {
        self.start_server();
        self.fill().await?;
        for peer in 0..PEOPLE {
            let after = self.network.below(2_000);
            self.schedule(after, Event::OpenPage(peer));
            self.schedule(after + 200, Event::Act(peer));
        }
        self.schedule(1_000, Event::Fault);
        self.schedule(2_000, Event::Upkeep);
        while self.outcome.operations < self.operations as u64 {
            self.step().await?;
        }
        self.note("everything heals");
        self.is_over = true;
        self.disk.heal();
        self.thaw();
        for peer in &mut self.peers {
            peer.unreachable_until = Instant::now();
            let now_ms = now_ms(&self.clock);
            if let Some(page) = &mut peer.page {
                page.composition_end(now_ms).map_err(|error| error.to_string())?;
            }
        }
        for peer in 0..PEOPLE {
            self.settle(peer, None);
        }
        self.step_until(Self::is_quiet).await?;
        self.check_end().await?;
        self.check_reopening().await?;
        self.outcome.runs = 1;
        self.outcome.updates = self.ledger.len() as u64;
        self.outcome.acknowledged = self.ledger.acknowledged;
        Ok(self.outcome)
    }

    /// Something to begin with, as an import leaves it.
    async fn fill(&mut self) -> Result<(), String> {
        let guideline = |title: &str, points: [&str; 2]| DraftGuideline {
            title: title.to_owned(),
            points: points.map(str::to_owned).to_vec(),
        };
        let draft = Draft {
            title: "Leitbild".to_owned(),
            preamble: vec!["Absatz".to_owned()],
            guidelines: vec![
                guideline("Aufwachsen", ["früh", "gemeinsam"]),
                guideline("Teilhabe", ["für alle", "überall"]),
            ],
            ..Draft::default()
        };
        let rooms = self.server.clone().ok_or("there is no server")?;
        let filled = rooms.fill(&ags(), draft, ParticipantId("import".to_owned())).await;
        filled.map_err(|error| error.to_string())?;
        self.ledger.start(self.disk.updates());
        Ok(())
    }

    /// Waits for whatever happens next, and lets it happen.
    async fn step(&mut self) -> Result<(), String> {
        let next = self.events.first_key_value().map(|((at, _), _)| *at);
        let next = next.ok_or_else(|| format!("nothing more happens: {}", self.describe()))?;
        let said = tokio::select! {
            biased;
            said = self.from_server.recv() => said,
            () = sleep_until(next) => None,
        };
        if let Some(said) = said {
            self.on_server(said)?;
        } else if let Some((_, event)) = self.events.pop_first() {
            self.on_event(event)?;
        }
        self.check_frozen()?;
        self.disk.violation().map_or(Ok(()), Err)
    }

    fn on_server(&mut self, said: FromServer) -> Result<(), String> {
        match said {
            FromServer::Joined(id, connection) => self.on_joined(id, connection),
            FromServer::Sent(id, outgoing) => {
                if let Some(link) = self.links.get_mut(&id) {
                    let not_before = self.peers[link.peer].unreachable_until;
                    let (number, at) = link.down.send(&mut self.network, not_before);
                    self.schedule_at(at, Event::Down(id, number, outgoing));
                }
            }
            FromServer::Reopened(document) => {
                let doc = self::document(&document)?;
                self.ledger.check_acknowledged(&doc)?;
                check_blocks(&doc)?;
            }
            FromServer::Stopped => {
                self.disk.crash();
                for id in self.links.keys().copied().collect::<Vec<_>>() {
                    self.hang_up(id);
                }
                self.schedule(300, Event::StartServer);
            }
            FromServer::Held(server, hold, seq) => self.held(server, hold, seq),
            FromServer::Compacted(outcome) => self.compacted(outcome),
        }
        Ok(())
    }

    fn on_event(&mut self, event: Event) -> Result<(), String> {
        match event {
            Event::Act(peer) => self.act(peer)?,
            Event::OpenPage(peer) => self.open_page(peer)?,
            Event::Connect(peer) => self.connect(peer),
            Event::Opened(id) => self.opened(id),
            Event::Up(id, number, frame) => {
                if let Some(link) = self.links.get_mut(&id)
                    && link.up.arrive(number)
                    && let Some((room, _)) = &link.room
                {
                    // A room that has just closed the socket takes no more frames.
                    let _ = room.send(frame);
                }
            }
            Event::Down(id, number, outgoing) => {
                if let Some(link) = self.links.get_mut(&id)
                    && link.down.arrive(number)
                    && self.peers[link.peer].connection == Some(id)
                {
                    let peer = link.peer;
                    self.on_frame(peer, id, outgoing)?;
                }
            }
            Event::PageNotices(id) => {
                if let Some(peer) = self.links.get(&id).map(|link| link.peer)
                    && self.peers[peer].connection == Some(id)
                {
                    self.lose(peer);
                }
            }
            Event::ServerNotices(id) => self.hang_up(id),
            Event::Written(peer, page_number, transaction) => {
                if self.peers[peer].page_number == page_number {
                    self.peers[peer].device.complete(transaction);
                }
            }
            Event::Fault => {
                self.fault();
                let next = self.faults.between(100, 4_000);
                self.schedule(next, Event::Fault);
            }
            Event::StartServer => self.restart_server(),
            Event::Upkeep => {
                self.keep_up();
                let next = self.upkeep.between(500, 6_000);
                self.schedule(next, Event::Upkeep);
            }
            Event::Thaw => self.thaw(),
        }
        Ok(())
    }
}

/// Time.
impl Run<'_> {
    fn schedule(&mut self, after_ms: u64, event: Event) {
        self.schedule_at(Instant::now() + Duration::from_millis(after_ms), event);
    }

    fn schedule_at(&mut self, at: Instant, event: Event) {
        self.events.insert((at, self.next_event), event);
        self.next_event += 1;
    }

    fn note(&self, what: &str) {
        self.trace.note(self.started.elapsed(), what);
    }
}

/// The document that an update with everything gives.
fn document(everything: &[u8]) -> Result<Doc, String> {
    let doc = doc::new_doc(1);
    let update = Update::decode_v1(everything).map_err(|error| error.to_string())?;
    doc.transact_mut()
        .apply_update(update)
        .map_err(|error| error.to_string())?;
    Ok(doc)
}

fn now_ms(clock: &WallClock) -> u64 {
    clock.now_ms().unsigned_abs()
}

fn ags() -> Ags {
    Ags::new("05566").unwrap()
}

fn identity(peer: usize) -> Identity {
    Identity {
        participant: ParticipantId(format!("person {peer}")),
        link: Some(LinkId("link".to_owned())),
        name: format!("Person {peer}"),
        color: 0,
        role: Role::Participate,
    }
}
