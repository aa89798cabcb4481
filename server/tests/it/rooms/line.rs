//! What a client speaks over: a place in a room itself, a WebSocket, or the fallback of events and posts.

use axum::{
    Router,
    body::{Body, BodyDataStream, Bytes},
    http::{Method, Request, StatusCode, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures::{SinkExt, StreamExt};
use leitnetz::rooms::{Connection, Outgoing};
use tokio::{net::TcpStream, sync::Mutex};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};
use tower::ServiceExt;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What a lost connection ends with, as browsers say it.
const LOST: u16 = 1006;

pub(super) enum Line {
    Room(Connection),
    Socket(Box<Mutex<Socket>>),
    Events(Box<Events>),
}

impl From<Connection> for Line {
    fn from(connection: Connection) -> Self {
        Self::Room(connection)
    }
}

impl Line {
    /// `url` with everything that lets in.
    pub(super) async fn socket(url: &str) -> Self {
        Self::Socket(Box::new(Mutex::new(connect_async(url).await.unwrap().0)))
    }

    pub(super) async fn send(&self, frame: impl Into<Bytes>) {
        match self {
            Self::Room(connection) => connection.send(frame).await,
            // A closed one is noticed when it is read.
            Self::Socket(socket) => drop(socket.lock().await.send(Message::Binary(frame.into())).await),
            Self::Events(events) => drop(events.post(&[frame.into()]).await),
        }
    }

    pub(super) async fn recv(&mut self) -> Outgoing {
        match self {
            Self::Room(connection) => connection.recv().await,
            Self::Socket(socket) => loop {
                match socket.get_mut().next().await {
                    Some(Ok(Message::Binary(frame))) => return Outgoing::Frame(frame),
                    Some(Ok(Message::Close(frame))) => {
                        return Outgoing::Close(frame.map_or(LOST, |frame| frame.code.into()));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Outgoing::Close(LOST),
                }
            },
            Self::Events(events) => events.recv().await,
        }
    }
}

/// The fallback, over the router without a listener.
pub(super) struct Events {
    router: Router,
    /// `/sync/{ags}`.
    path: String,
    /// Everything that lets in: `token=…&` for the address, and headers.
    token: String,
    headers: Vec<(header::HeaderName, String)>,
    body: BodyDataStream,
    read: String,
    pub(super) connection: String,
    posts: Mutex<u64>,
}

impl Events {
    /// Opens the stream and waits for its first event; the close code when that was all.
    pub(super) async fn open(
        router: Router,
        ags: &str,
        token: &str,
        headers: Vec<(header::HeaderName, String)>,
    ) -> Result<Self, u16> {
        let token = if token.is_empty() {
            String::new()
        } else {
            format!("token={token}&")
        };
        let path = format!("/sync/{ags}");
        let request = request(Method::GET, &format!("{path}/events?{token}"), &headers, Body::empty());
        let response = router.clone().oneshot(request).await.unwrap();
        if response.status() != StatusCode::OK {
            return Err(response.status().as_u16());
        }
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        let mut events = Self {
            router,
            path,
            token,
            headers,
            body: response.into_body().into_data_stream(),
            read: String::new(),
            connection: String::new(),
            posts: Mutex::new(0),
        };
        match events.next_event().await {
            Some((kind, id)) if kind == "connection" => events.connection = id,
            Some((kind, code)) if kind == "close" => return Err(code.parse().unwrap()),
            other => panic!("the stream began with {other:?}"),
        }
        Ok(events)
    }

    /// Posts frames, each behind its length.
    pub(super) async fn post(&self, frames: &[Bytes]) -> StatusCode {
        let mut posts = self.posts.lock().await;
        *posts += 1;
        self.post_as(Some(*posts), frames).await
    }

    pub(super) async fn post_as(&self, number: Option<u64>, frames: &[Bytes]) -> StatusCode {
        let mut body = Vec::new();
        for frame in frames {
            body.extend(u32::try_from(frame.len()).unwrap().to_be_bytes());
            body.extend_from_slice(frame);
        }
        let number = number.map_or(String::new(), |number| format!("&post={number}"));
        self.post_bytes(&format!("connection={}{number}", self.connection), &self.headers, body)
            .await
    }

    pub(super) async fn post_bytes(
        &self,
        query: &str,
        headers: &[(header::HeaderName, String)],
        body: Vec<u8>,
    ) -> StatusCode {
        self.post_body(query, headers, Body::from(body)).await
    }

    pub(super) async fn post_body(
        &self,
        query: &str,
        headers: &[(header::HeaderName, String)],
        body: Body,
    ) -> StatusCode {
        let address = format!("{}/messages?{}{query}", self.path, self.token);
        let request = request(Method::POST, &address, headers, body);
        self.router.clone().oneshot(request).await.unwrap().status()
    }

    async fn recv(&mut self) -> Outgoing {
        match self.next_event().await {
            Some((kind, data)) if kind == "message" => Outgoing::Frame(STANDARD.decode(data).unwrap().into()),
            Some((kind, code)) if kind == "close" => Outgoing::Close(code.parse().unwrap()),
            Some(other) => panic!("an unknown event {other:?}"),
            None => Outgoing::Close(LOST),
        }
    }

    /// The next event, its kind and its data, as a browser reads it; none at the end of the stream.
    pub(super) async fn next_event(&mut self) -> Option<(String, String)> {
        loop {
            while let Some((event, rest)) = self.read.split_once("\n\n") {
                let (mut kind, mut data) = ("message".to_owned(), None);
                for line in event.lines() {
                    if let Some(value) = line.strip_prefix("event: ") {
                        value.clone_into(&mut kind);
                    } else if let Some(value) = line.strip_prefix("data: ") {
                        data = Some(value.to_owned());
                    } else {
                        assert!(line.starts_with(':'), "an unknown line {line:?}");
                    }
                }
                self.read = rest.to_owned();
                if let Some(data) = data {
                    return Some((kind, data));
                }
            }
            let chunk = self.body.next().await?.ok()?;
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

fn request(method: Method, address: &str, headers: &[(header::HeaderName, String)], body: Body) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(address)
        .header(header::HOST, "127.0.0.1:3000");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(body).unwrap()
}
