//! Pumps frames between a WebSocket and its place in a room.

use axum::{
    body::Bytes,
    extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
};
use futures::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use model::{
    limits,
    wire::{admission::Refusal, close},
};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::{Connection, reading::Reader, seat::OutgoingQueue};

/// Sets the limits of a socket before it is opened.
pub fn configure<F>(upgrade: WebSocketUpgrade<F>) -> WebSocketUpgrade<F> {
    // A little more than what is taken, so that a message somewhat too large is refused as such.
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
    // nothing can be written any more. Either way the reader is dropped, which leaves the room.
    tokio::select! {
        () = write(sink, outgoing) => {}
        () = read(&mut stream, Reader::new(incoming)) => return,
    }
    drain(stream).await;
}

/// Closes a socket that was not let in.
pub async fn turn_away(mut socket: WebSocket, code: u16) {
    if let Ok(Ok(())) = timeout(limits::SOCKET_CLOSE_TIMEOUT, socket.send(close_message(code))).await {
        drain(socket.split().1).await;
    }
}

/// Waits a moment for the other side's goodbye. Cut off with bytes unread, it might never see the code.
async fn drain(mut stream: SplitStream<WebSocket>) {
    let goodbye = async {
        loop {
            match stream.next().await {
                Some(Ok(Message::Close(_))) => return,
                Some(Ok(_)) => {}
                // A frame beyond the hard limit cannot even be skipped: nothing more is read, but the other side gets
                // the time to read why.
                Some(Err(_)) | None => sleep(limits::SOCKET_CLOSE_TIMEOUT).await,
            }
        }
    };
    let _ = timeout(limits::SOCKET_CLOSE_TIMEOUT, goodbye).await;
}

async fn write(mut sink: SplitSink<WebSocket, Message>, mut outgoing: OutgoingQueue) {
    let mut frames = Vec::new();
    let code = loop {
        if let Err(code) = outgoing.recv_some(&mut frames).await {
            break code;
        }
        let patience = limits::send_timeout(frames.iter().map(Bytes::len).sum());
        let sent = tokio::select! {
            biased;
            code = outgoing.aborted() => break code,
            sent = timeout(patience, write_all(&mut sink, &mut frames)) => sent,
        };
        if !matches!(sent, Ok(Ok(()))) {
            return;
        }
    };
    let _ = timeout(limits::SOCKET_CLOSE_TIMEOUT, sink.send(close_message(code))).await;
}

/// Writes what waits at once: a frame is little, and a write is what costs.
async fn write_all(sink: &mut SplitSink<WebSocket, Message>, frames: &mut Vec<Bytes>) -> Result<(), axum::Error> {
    for frame in frames.drain(..) {
        sink.feed(Message::Binary(frame)).await?;
    }
    sink.flush().await
}

async fn read(stream: &mut SplitStream<WebSocket>, mut reader: Reader) {
    loop {
        let Ok(next) = timeout_at(Instant::now() + reader.silence(), stream.next()).await else {
            return;
        };
        match next {
            Some(Ok(Message::Binary(frame))) => reader.take(frame).await,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => reader.take(Bytes::new()).await,
            Some(Ok(Message::Close(_))) | None => return,
            Some(Ok(Message::Text(_))) => {
                reader.refuse(Refusal::Malformed);
                return std::future::pending().await;
            }
            Some(Err(error)) => {
                tracing::debug!(%error, "A socket could not be read.");
                reader.refuse(Refusal::Unreadable);
                return std::future::pending().await;
            }
        }
    }
}

fn close_message(code: u16) -> Message {
    let reason = match code {
        close::NOT_ALLOWED => "not allowed",
        close::REFUSED => "refused",
        close::GOING_AWAY => "going away",
        close::BROKEN => "cannot be opened",
        _ => "try again",
    };
    Message::Close(Some(CloseFrame {
        code,
        reason: Utf8Bytes::from_static(reason),
    }))
}
