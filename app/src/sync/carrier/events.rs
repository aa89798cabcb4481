//! Frames over server-sent events and posts, for networks that let no WebSocket through. The format stands in
//! `docs/sync-protocol.md`.
//!
//! Posts go out one at a time, so that the server sees the frames in order; what is sent meanwhile goes with the next one.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use gloo_events::EventListener;
use gloo_net::http::Request;
use gloo_timers::future::sleep;
use js_sys::Uint8Array;
use leptos::task::spawn_local;
use model::limits;
use wasm_bindgen::JsCast;
use web_sys::{EventSource, MessageEvent};

use super::{CODE_BROKEN, CarrierEvent};

/// A post whose answer is lost is sent again under its number; so often at most, with this pause.
const POST_ATTEMPTS: u32 = 3;
const POST_PAUSE: Duration = Duration::from_millis(500);

const NO_CONTENT: u16 = 204;

/// One stream with its posts.
pub(in crate::sync) struct Events {
    inner: Rc<Inner>,
    _listeners: [EventListener; 4],
}

struct Inner {
    source: EventSource,
    path: String,
    on_event: Box<dyn Fn(CarrierEvent)>,
    /// What the stream is called in posts; none before it opened.
    connection: RefCell<Option<String>>,
    /// Frames that wait, each behind its length.
    waiting: RefCell<Vec<u8>>,
    /// A post is on its way.
    posting: Cell<bool>,
    posts: Cell<u64>,
    closed: Cell<bool>,
}

impl Events {
    pub(super) fn open(path: &str, on_event: impl Fn(CarrierEvent) + 'static) -> Option<Self> {
        let source = EventSource::new(&format!("{path}/events")).ok()?;
        let inner = Rc::new(Inner {
            source: source.clone(),
            path: path.to_owned(),
            on_event: Box::new(on_event),
            connection: RefCell::default(),
            waiting: RefCell::default(),
            posting: Cell::new(false),
            posts: Cell::new(0),
            closed: Cell::new(false),
        });
        let listen = |event: &'static str, react: fn(&Rc<Inner>, Option<String>)| {
            let inner = Rc::downgrade(&inner);
            EventListener::new(&source, event, move |event| {
                let data = event
                    .dyn_ref::<MessageEvent>()
                    .and_then(|message| message.data().as_string());
                if let Some(inner) = inner.upgrade() {
                    react(&inner, data);
                }
            })
        };
        let listeners = [
            listen("connection", |inner, id| {
                inner.connection.replace(id);
                inner.tell(CarrierEvent::Opened);
            }),
            listen("message", |inner, text| match text.as_deref().and_then(bytes_of) {
                Some(frame) => inner.tell(CarrierEvent::Frame(frame)),
                None => inner.end(CODE_BROKEN),
            }),
            listen("close", |inner, code| {
                inner.end(code.and_then(|code| code.parse().ok()).unwrap_or(CODE_BROKEN));
            }),
            // The browser would come back by itself, but with a stream that knows nothing of this connection.
            listen("error", |inner, _| inner.end(CODE_BROKEN)),
        ];
        Some(Self {
            inner,
            _listeners: listeners,
        })
    }

    pub(super) fn send(&self, frame: &[u8]) -> bool {
        let Ok(length) = u32::try_from(frame.len()) else {
            return false;
        };
        if self.inner.closed.get() || self.inner.connection.borrow().is_none() {
            return false;
        }
        {
            let mut waiting = self.inner.waiting.borrow_mut();
            waiting.extend(length.to_be_bytes());
            waiting.extend(frame);
        }
        Inner::post(&self.inner);
        true
    }

    pub(super) fn close(&self) {
        self.inner.closed.set(true);
        self.inner.source.close();
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.close();
    }
}

impl Inner {
    fn tell(&self, event: CarrierEvent) {
        if !self.closed.get() {
            (self.on_event)(event);
        }
    }

    fn end(&self, code: u16) {
        self.source.close();
        if !self.closed.replace(true) {
            (self.on_event)(CarrierEvent::Closed(code));
        }
    }

    /// Posts what waits, unless a post is on its way, which goes on with it.
    fn post(inner: &Rc<Self>) {
        if inner.posting.replace(true) {
            return;
        }
        let inner = Rc::clone(inner);
        spawn_local(async move {
            while !inner.closed.get() {
                let body = take_frames(&mut inner.waiting.borrow_mut(), limits::MESSAGE_MAX_BYTES);
                if body.is_empty() {
                    break;
                }
                if let Err(code) = inner.post_one(&body).await {
                    inner.end(code);
                }
            }
            inner.posting.set(false);
        });
    }

    /// Posts `body` until it is answered; the code to end with if it was not taken.
    async fn post_one(&self, body: &[u8]) -> Result<(), u16> {
        let number = self.posts.get() + 1;
        self.posts.set(number);
        let connection = self.connection.borrow().clone().unwrap_or_default();
        let address = format!("{}/messages?connection={connection}&post={number}", self.path);
        for attempt in 1..=POST_ATTEMPTS {
            let request = Request::post(&address)
                .body(Uint8Array::from(body))
                .map_err(|_| CODE_BROKEN)?;
            match request.send().await.map(|response| response.status()) {
                Ok(NO_CONTENT) => return Ok(()),
                // The stream has ended, or the server does not understand it any more: a new one begins anew. Whether the link
                // still counts is for the stream to say; a post may also be forbidden by something in between.
                Ok(_) => return Err(CODE_BROKEN),
                Err(_) if attempt < POST_ATTEMPTS && !self.closed.get() => sleep(POST_PAUSE).await,
                Err(_) => return Err(CODE_BROKEN),
            }
        }
        Err(CODE_BROKEN)
    }
}

/// Takes whole frames from the front of `waiting`: one at least, more as long as they stay within `limit` bytes.
fn take_frames(waiting: &mut Vec<u8>, limit: usize) -> Vec<u8> {
    let mut end = 0;
    while let Some(length) = waiting.get(end..end + 4).and_then(|bytes| bytes.try_into().ok()) {
        let next = end + 4 + u32::from_be_bytes(length) as usize;
        if end > 0 && next > limit {
            break;
        }
        end = next;
    }
    let rest = waiting.split_off(end.min(waiting.len()));
    std::mem::replace(waiting, rest)
}

/// The bytes behind a line of base64.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    // The browser's own decoder: each of its characters is one byte.
    let decoded = leptos::prelude::window().atob(text).ok()?;
    decoded.chars().map(|byte| u8::try_from(u32::from(byte)).ok()).collect()
}
