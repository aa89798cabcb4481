//! Pumps frames between a WebSocket and its place in a room.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
};
use futures::{
    SinkExt, Stream, StreamExt,
    stream::{SplitSink, SplitStream},
};
use model::{
    limits,
    wire::{ClientMessage, admission::Refusal, close},
};
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use super::{
    Connection, Outgoing,
    seat::{Incoming, OutgoingQueue},
};

/// Sets the limits of a socket before it is opened.
pub fn configure<F>(upgrade: WebSocketUpgrade<F>) -> WebSocketUpgrade<F> {
    // A little more than what is taken, so that a message somewhat too large is refused with its reason.
    let hard_limit = limits::MESSAGE_MAX_BYTES + limits::MESSAGE_MAX_BYTES / 4;
    upgrade
        .read_buffer_size(limits::SOCKET_READ_BUFFER_BYTES)
        .write_buffer_size(limits::SOCKET_WRITE_BUFFER_BYTES)
        .max_write_buffer_size(limits::SOCKET_WRITE_BUFFER_MAX_BYTES)
        .max_message_size(hard_limit)
        .max_frame_size(hard_limit)
}

/// Serves a socket until one side closes it.
pub async fn serve(socket: WebSocket, connection: Connection) {
    let (sink, mut stream) = socket.split();
    let Connection { incoming, outgoing } = connection;
    // The reader ends when the other side left or fell silent, the writer when the room has closed the socket or
    // nothing can be written any more. Either way `incoming` is dropped, which leaves the room.
    tokio::select! {
        () = write(sink, outgoing) => {}
        () = read(&mut stream, incoming) => return,
    }
    drain(stream).await;
}

/// Closes a socket that was not let in.
pub async fn turn_away(mut socket: WebSocket, code: u16) {
    if let Ok(Ok(())) = timeout(limits::SOCKET_CLOSE_TIMEOUT, socket.send(close_message(code))).await {
        drain(socket).await;
    }
}

/// Waits a moment for the other side's goodbye. Cut off with bytes unread, it might never see the code.
async fn drain(mut stream: impl Stream<Item = Result<Message, axum::Error>> + Unpin) {
    let goodbye = async { while let Some(Ok(_)) = stream.next().await {} };
    let _ = timeout(limits::SOCKET_CLOSE_TIMEOUT, goodbye).await;
}

async fn write(mut sink: SplitSink<WebSocket, Message>, mut outgoing: OutgoingQueue) {
    let code = loop {
        match outgoing.recv().await {
            Outgoing::Close(code) => break code,
            Outgoing::Frame(frame) => {
                let sent = tokio::select! {
                    biased;
                    code = outgoing.aborted() => break code,
                    sent = timeout(limits::SOCKET_SEND_TIMEOUT, sink.send(Message::Binary(frame))) => sent,
                };
                if !matches!(sent, Ok(Ok(()))) {
                    return;
                }
            }
        }
    };
    let _ = timeout(limits::SOCKET_CLOSE_TIMEOUT, sink.send(close_message(code))).await;
}

async fn read(stream: &mut SplitStream<WebSocket>, incoming: Incoming) {
    let mut rate = Rate::new(Instant::now());
    let mut silence = limits::SILENCE_WITHOUT_HELLO;
    loop {
        let Ok(next) = timeout_at(Instant::now() + silence, stream.next()).await else {
            return;
        };
        let frame = match next {
            Some(Ok(Message::Binary(frame))) => frame,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Bytes::new(),
            Some(Ok(Message::Close(_))) | None => return,
            Some(Ok(Message::Text(_))) => {
                incoming.refuse(Refusal::Malformed);
                return std::future::pending().await;
            }
            Some(Err(error)) => {
                tracing::debug!(%error, "A socket could not be read.");
                incoming.refuse(Refusal::Unreadable);
                return std::future::pending().await;
            }
        };
        sleep_until(rate.take(Instant::now(), frame.len())).await;
        if frame.is_empty() {
            continue;
        }
        if matches!(ClientMessage::decode(&frame), Ok(ClientMessage::Hello { .. })) {
            silence = limits::SILENCE_AFTER_HELLO;
        }
        incoming.send(frame).await;
    }
}

fn close_message(code: u16) -> Message {
    let reason = match code {
        close::NOT_ALLOWED => "not allowed",
        close::REFUSED => "refused",
        close::GOING_AWAY => "going away",
        _ => "try again",
    };
    Message::Close(Some(CloseFrame {
        code,
        reason: Utf8Bytes::from_static(reason),
    }))
}

/// Two buckets, of messages and of bytes, kept as the moment until which they are empty: reading waits, nothing is
/// refused.
struct Rate {
    messages: Instant,
    bytes: Instant,
}

impl Rate {
    fn new(now: Instant) -> Self {
        Self {
            messages: now,
            bytes: now,
        }
    }

    /// Takes a message out of both buckets; when it may go on.
    fn take(&mut self, now: Instant, bytes: usize) -> Instant {
        let message_cost = Duration::from_secs(1) / limits::READ_MESSAGES_PER_SECOND;
        let bytes_cost = Duration::from_secs_f64(bytes as f64 / f64::from(limits::READ_BYTES_PER_SECOND));
        let message_burst = message_cost * limits::READ_MESSAGES_BURST;
        let bytes_burst = Duration::from_secs(u64::from(limits::READ_BYTES_BURST / limits::READ_BYTES_PER_SECOND));
        self.messages = self.messages.max(now) + message_cost;
        self.bytes = self.bytes.max(now) + bytes_cost;
        // An empty bucket lies a whole burst in the future.
        let messages_at = self.messages.checked_sub(message_burst).unwrap_or(now);
        let bytes_at = self.bytes.checked_sub(bytes_burst).unwrap_or(now);
        messages_at.max(bytes_at).max(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_waits() {
        let now = Instant::now() + Duration::from_secs(3600);
        let mut rate = Rate::new(now);
        for _ in 0..limits::READ_MESSAGES_BURST {
            assert_eq!(rate.take(now, 10), now);
        }
        let next = rate.take(now, 10);
        assert_eq!(next - now, Duration::from_secs(1) / limits::READ_MESSAGES_PER_SECOND);
        // A second later the bucket holds a second's worth again.
        let later = now + Duration::from_secs(1);
        assert_eq!(rate.take(later, 10), later);
    }

    #[test]
    fn large_messages_wait_for_their_bytes() {
        let now = Instant::now() + Duration::from_secs(3600);
        let mut rate = Rate::new(now);
        assert_eq!(rate.take(now, limits::READ_BYTES_BURST as usize), now);
        let next = rate.take(now, limits::READ_BYTES_PER_SECOND as usize);
        assert_eq!(next - now, Duration::from_secs(1));
    }
}
