//! One socket to the server under test.

use std::rc::Rc;

use axum::body::Bytes;
use futures::{SinkExt, StreamExt};
use model::wire::ClientMessage;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, protocol::WebSocketConfig},
};

use crate::{Failure, Result, target::Target};

/// The library's 128 KiB for each of a thousand sockets would only cost the generator its caches.
const BUFFER_BYTES: usize = 16 * 1024;

pub struct Connection {
    socket: WebSocketStream<TcpStream>,
    target: Rc<Target>,
    room: usize,
}

impl Connection {
    /// Connects as the browser number `seat` of a room, and greets.
    ///
    /// # Errors
    /// When the server does not open a WebSocket.
    pub async fn open(target: &Rc<Target>, room: usize, seat: usize) -> Result<Self> {
        let stream = TcpStream::connect(&target.address)
            .await
            .map_err(Failure::because(format!("no socket from {}", target.address)))?;
        Self::greet(stream, target, room, seat).await
    }

    /// The same for a browser that will read nothing: its kernel takes next to nothing, either.
    ///
    /// # Errors
    /// When the server does not open a WebSocket.
    pub async fn open_narrow(target: &Rc<Target>, room: usize, seat: usize) -> Result<Self> {
        let failed = || format!("no socket from {}", target.address);
        let address = target.address.parse().map_err(Failure::because(failed()))?;
        let socket = TcpSocket::new_v4().map_err(Failure::because(failed()))?;
        // The kernel makes it its least, some kilobytes.
        socket.set_recv_buffer_size(1).map_err(Failure::because(failed()))?;
        let stream = socket.connect(address).await.map_err(Failure::because(failed()))?;
        Self::greet(stream, target, room, seat).await
    }

    async fn greet(stream: TcpStream, target: &Rc<Target>, room: usize, seat: usize) -> Result<Self> {
        let place = &target.rooms[room];
        let failed = || format!("no socket from {}", target.address);
        stream.set_nodelay(true).map_err(Failure::because(failed()))?;
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER_BYTES)
            .write_buffer_size(0);
        let (socket, _) = client_async_with_config(target.url(place, seat), stream, Some(config))
            .await
            .map_err(Failure::because(failed()))?;
        let mut connection = Self {
            socket,
            target: Rc::clone(target),
            room,
        };
        for frame in target.greeting(place) {
            connection.send_frame(frame).await?;
        }
        Ok(connection)
    }

    #[must_use]
    pub fn target(&self) -> &Rc<Target> {
        &self.target
    }

    /// Sends a message at once.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn send(&mut self, message: &ClientMessage<'_>) -> Result<()> {
        let frame = self.target.frame(&self.target.rooms[self.room], message);
        self.send_frame(frame).await
    }

    /// The next binary frame; `None` when the server closed the socket. Cancelling loses nothing.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            match self.socket.next().await?.ok()? {
                Message::Binary(frame) => return Some(frame),
                Message::Close(_) => return None,
                // Pings are answered by the library.
                _ => {}
            }
        }
    }

    /// Says goodbye and forgets the socket.
    pub async fn close(mut self) {
        // It is gone either way.
        let _ = self.socket.close(None).await;
    }

    async fn send_frame(&mut self, frame: Vec<u8>) -> Result<()> {
        let sent = self.socket.send(Message::Binary(frame.into())).await;
        sent.map_err(Failure::because("a socket was lost while sending"))
    }
}
