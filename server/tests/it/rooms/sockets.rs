//! The same over real WebSockets on loopback.

use std::time::Duration;

use axum::{
    Router,
    extract::{WebSocketUpgrade, ws::WebSocket},
    response::Response,
    routing::get,
};
use futures::{SinkExt, StreamExt};
use leitnetz::rooms::{LinkId, Rooms, socket};
use model::{
    limits,
    wire::{ClientMessage, Refused, ServerMessage, close},
};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use super::{join, log::TestLog, rooms};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Serves the room as "anna" to whoever connects; the address.
async fn serve(rooms: Rooms) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let upgrade = async move |upgrade: WebSocketUpgrade| -> Response {
        let connection = join(&rooms, "anna").await;
        socket::configure(upgrade).on_upgrade(async move |socket: WebSocket| socket::serve(socket, connection).await)
    };
    let router = Router::new().route("/", get(upgrade));
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("ws://{address}/")
}

async fn connect(address: &str) -> Socket {
    let (mut socket, _) = connect_async(address).await.unwrap();
    send(&mut socket, &ClientMessage::Hello { version: 1 }).await;
    socket
}

async fn send(socket: &mut Socket, message: &ClientMessage<'_>) {
    socket.send(Message::Binary(message.encode().into())).await.unwrap();
}

/// What came until the socket was closed: the last refusal and the code.
async fn until_closed(socket: &mut Socket) -> (Option<Refused>, Option<u16>) {
    let mut refusal = None;
    loop {
        let next = tokio::time::timeout(Duration::from_secs(60), socket.next())
            .await
            .expect("never closed");
        match next {
            Some(Ok(Message::Binary(frame))) => {
                if let Ok(ServerMessage::Refused(refused)) = ServerMessage::decode(&frame) {
                    refusal = Some(refused);
                }
            }
            Some(Ok(Message::Close(frame))) => return (refusal, frame.map(|frame| frame.code.into())),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return (refusal, None),
        }
    }
}

async fn until_pong(socket: &mut Socket) {
    send(socket, &ClientMessage::Ping).await;
    loop {
        let Some(Ok(message)) = socket.next().await else {
            panic!("closed instead of a pong")
        };
        if let Message::Binary(frame) = message
            && ServerMessage::decode(&frame) == Ok(ServerMessage::Pong)
        {
            return;
        }
    }
}

#[tokio::test]
async fn a_ping_is_answered_and_a_text_frame_refused() {
    let address = serve(rooms(TestLog::new())).await;
    let mut other = connect(&address).await;
    let mut socket = connect(&address).await;
    until_pong(&mut socket).await;
    socket.send(Message::Text("hello".into())).await.unwrap();
    let (refused, code) = until_closed(&mut socket).await;
    assert_eq!(
        (refused.unwrap().code.as_str(), code),
        ("malformed", Some(close::REFUSED))
    );
    until_pong(&mut other).await;
}

#[tokio::test]
async fn an_oversized_message_is_refused_with_its_reason() {
    let address = serve(rooms(TestLog::new())).await;
    let mut socket = connect(&address).await;
    send(&mut socket, &ClientMessage::Update(&vec![0; limits::MESSAGE_MAX_BYTES])).await;
    let (refused, code) = until_closed(&mut socket).await;
    assert_eq!(
        (refused.unwrap().code.as_str(), code),
        ("too_large", Some(close::REFUSED))
    );
}

#[tokio::test]
async fn a_frame_far_beyond_the_limit_is_refused_with_its_code() {
    let address = serve(rooms(TestLog::new())).await;
    let (mut sink, mut stream) = connect(&address).await.split();
    let huge = ClientMessage::Update(&vec![0; limits::MESSAGE_MAX_BYTES * 2]).encode();
    // Nobody reads it to its end.
    let sending = tokio::spawn(async move { sink.send(Message::Binary(huge.into())).await });
    let closed = async {
        let mut refusal = None;
        loop {
            match stream.next().await {
                Some(Ok(Message::Binary(frame))) => {
                    if let Ok(ServerMessage::Refused(refused)) = ServerMessage::decode(&frame) {
                        refusal = Some(refused.code);
                    }
                }
                Some(Ok(Message::Close(frame))) => return (refusal, frame.map(|frame| u16::from(frame.code))),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return (refusal, None),
            }
        }
    };
    let closed = tokio::time::timeout(Duration::from_secs(20), closed).await.unwrap();
    assert_eq!(closed, (Some("unreadable".to_owned()), Some(close::REFUSED)));
    sending.abort();
}

#[tokio::test]
async fn a_withdrawn_link_closes_the_socket() {
    let rooms = rooms(TestLog::new());
    let address = serve(rooms.clone()).await;
    let mut socket = connect(&address).await;
    until_pong(&mut socket).await;
    rooms.revoke_link(&LinkId("link of anna".to_owned()));
    assert_eq!(until_closed(&mut socket).await.1, Some(close::NOT_ALLOWED));
}

#[tokio::test]
async fn a_stop_closes_the_sockets_and_waits_for_them() {
    let rooms = rooms(TestLog::new());
    let address = serve(rooms.clone()).await;
    let mut socket = connect(&address).await;
    until_pong(&mut socket).await;
    let stopping = tokio::spawn(async move { rooms.shutdown().await });
    assert_eq!(until_closed(&mut socket).await.1, Some(close::GOING_AWAY));
    drop(socket);
    stopping.await.unwrap();
}

#[tokio::test]
async fn a_client_that_falls_silent_after_hello_is_let_go() {
    let address = serve(rooms(TestLog::new())).await;
    let mut watcher = connect(&address).await;
    let mut silent = connect(&address).await;
    until_pong(&mut silent).await;
    let started = tokio::time::Instant::now();
    let let_go = async {
        let mut pings = tokio::time::interval(limits::PING_EVERY);
        loop {
            tokio::select! {
                _ = pings.tick() => until_pong(&mut watcher).await,
                closed = until_closed(&mut silent) => return closed,
            }
        }
    };
    let_go.await;
    assert!(
        started.elapsed() <= limits::SILENCE_AFTER_HELLO + Duration::from_secs(1),
        "presence lasts too long"
    );
}
