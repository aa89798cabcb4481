//! The floor that servers are compared with: the same library, the same sockets and the same pauses between two relays
//! as Leitnetz has, but no document, no checks and no disk. What comes in goes out to all others as it is, everything
//! of one pause in one frame.
//!
//! `relay HOST:PORT` prints `listening` when it does.

use std::{
    collections::{BTreeMap, HashMap},
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::{
        Path, State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
    routing::get,
};
use futures::{SinkExt, StreamExt, stream::SplitSink};
use model::limits;
use tokio::{net::TcpListener, sync::mpsc, time::Instant};

/// The rooms by name; none ever ends.
#[derive(Clone, Default)]
struct Rooms(Arc<Mutex<HashMap<String, mpsc::UnboundedSender<Command>>>>);

enum Command {
    Join(mpsc::Sender<Bytes>, tokio::sync::oneshot::Sender<u64>),
    Frame(u64, Bytes),
    Leave(u64),
}

#[derive(Default)]
struct Room {
    seats: BTreeMap<u64, mpsc::Sender<Bytes>>,
    next_seat: u64,
    news: Vec<(u64, Bytes)>,
    relayed_at: Option<Instant>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned());
    match serve(&address).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{address}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(address: &str) -> std::io::Result<()> {
    use axum::serve::ListenerExt as _;

    let listener = TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);
    let router = Router::new()
        .route("/sync/{room}", get(open))
        .with_state(Rooms::default());
    // Small frames must not wait for one another; a socket that refuses this is only slower.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, router).await
}

async fn open(State(rooms): State<Rooms>, Path(name): Path<String>, upgrade: WebSocketUpgrade) -> Response {
    let room = rooms.get(&name);
    upgrade
        .read_buffer_size(limits::SOCKET_READ_BUFFER_BYTES)
        .write_buffer_size(limits::SOCKET_WRITE_BUFFER_BYTES)
        .max_write_buffer_size(limits::SOCKET_WRITE_BUFFER_MAX_BYTES)
        .on_upgrade(|socket| pump(socket, room))
}

async fn pump(socket: WebSocket, room: mpsc::UnboundedSender<Command>) {
    let (sender, outgoing) = mpsc::channel(limits::SOCKET_QUEUE_MESSAGES);
    let (reply, seat) = tokio::sync::oneshot::channel();
    if room.send(Command::Join(sender, reply)).is_err() {
        return;
    }
    let Ok(seat) = seat.await else { return };
    let (sink, mut stream) = socket.split();
    let read = async {
        while let Some(Ok(message)) = stream.next().await {
            if let Message::Binary(frame) = message
                && room.send(Command::Frame(seat, frame)).is_err()
            {
                return;
            }
        }
    };
    tokio::select! {
        () = read => {}
        () = write(sink, outgoing) => {}
    }
    // The room goes on without it; if the room is gone, so is everything.
    let _ = room.send(Command::Leave(seat));
}

async fn write(mut sink: SplitSink<WebSocket, Message>, mut outgoing: mpsc::Receiver<Bytes>) {
    let mut next = outgoing.recv().await;
    while let Some(frame) = next {
        if sink.feed(Message::Binary(frame)).await.is_err() {
            return;
        }
        // As Leitnetz does: what waits goes into one write.
        next = outgoing.try_recv().ok();
        if next.is_none() {
            if sink.flush().await.is_err() {
                return;
            }
            next = outgoing.recv().await;
        }
    }
}

impl Rooms {
    fn get(&self, name: &str) -> mpsc::UnboundedSender<Command> {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rooms
            .entry(name.to_owned())
            .or_insert_with(|| {
                let (sender, commands) = mpsc::unbounded_channel();
                tokio::spawn(Room::default().run(commands));
                sender
            })
            .clone()
    }
}

impl Room {
    async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Command>) {
        loop {
            let due = self.relay_at();
            tokio::select! {
                command = commands.recv() => {
                    let Some(command) = command else { return };
                    self.handle(command);
                    for _ in 1..limits::BATCH_MESSAGES {
                        let Ok(command) = commands.try_recv() else { break };
                        self.handle(command);
                    }
                }
                () = tokio::time::sleep_until(due), if !self.news.is_empty() => {}
            }
            if !self.news.is_empty() && self.relay_at() <= Instant::now() {
                self.relay();
            }
        }
    }

    fn handle(&mut self, command: Command) {
        match command {
            Command::Join(seat, reply) => {
                self.seats.insert(self.next_seat, seat);
                // Whoever does not wait any more leaves its seat when a frame cannot be sent.
                let _ = reply.send(self.next_seat);
                self.next_seat += 1;
            }
            Command::Frame(seat, frame) => self.news.push((seat, frame)),
            Command::Leave(seat) => drop(self.seats.remove(&seat)),
        }
    }

    fn relay(&mut self) {
        let news = std::mem::take(&mut self.news);
        self.relayed_at = Some(Instant::now());
        let first = news.first().map(|(from, _)| *from);
        let only_author = first.filter(|_| news.iter().all(|(from, _)| Some(*from) == first));
        let frame: Bytes = match news.as_slice() {
            [(_, frame)] => frame.clone(),
            several => several.iter().flat_map(|(_, frame)| frame.iter().copied()).collect(),
        };
        self.seats
            .retain(|seat, queue| Some(*seat) == only_author || queue.try_send(frame.clone()).is_ok());
    }

    /// As Leitnetz pauses.
    fn relay_at(&self) -> Instant {
        let sockets = u32::try_from(self.seats.len()).unwrap_or(u32::MAX);
        let pause = limits::relay_pause(sockets);
        self.relayed_at.map_or_else(Instant::now, |at| at + pause)
    }
}
