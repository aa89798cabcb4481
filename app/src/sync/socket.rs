//! A WebSocket that comes back by itself: with growing pauses, at once when the network or the page comes back, and
//! after a silence that an open connection would not have.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_events::EventListener;
use gloo_timers::callback::{Interval, Timeout};
use js_sys::{ArrayBuffer, Date, Math, Uint8Array};
use model::{limits, wire::ClientMessage};
use wasm_bindgen::JsCast;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

/// The first pause before coming back, in milliseconds. It doubles up to [`RETRY_MAX_MS`]; each pause is shortened by
/// a random half, so that a hall full of phones does not come back in one moment.
const RETRY_FIRST_MS: u32 = 400;
const RETRY_MAX_MS: u32 = 10_000;
/// An attempt that has not opened by then is given up, in milliseconds.
const OPEN_TIMEOUT_MS: u32 = 15_000;

/// What happens on the wire.
pub(crate) enum SocketEvent {
    Opened,
    Frame(Vec<u8>),
    /// With the close code; 1006 when the connection just broke. `was_open` is false for an attempt that never
    /// succeeded.
    Closed {
        code: u16,
        was_open: bool,
    },
}

/// Handle to the socket of one page. Dropping it closes the connection.
pub(crate) struct Socket {
    inner: Rc<Inner>,
    _listeners: [EventListener; 3],
    _heartbeat: Interval,
}

struct Inner {
    url: String,
    on_event: Box<dyn Fn(SocketEvent)>,
    connection: RefCell<Option<Connection>>,
    retry: RefCell<Option<Timeout>>,
    failures: Cell<u32>,
    stopped: Cell<bool>,
    paused: Cell<bool>,
}

struct Connection {
    socket: WebSocket,
    opened: bool,
    /// When the last frame came, in milliseconds since 1970.
    heard: f64,
    _listeners: [EventListener; 3],
    _open_timeout: Timeout,
}

impl Socket {
    /// Connects to `path` on the page's host and stays connected until [`Self::stop`].
    pub(crate) fn open(path: &str, on_event: impl Fn(SocketEvent) + 'static) -> Self {
        let location = leptos::prelude::window().location();
        let scheme = if location.protocol().is_ok_and(|protocol| protocol == "https:") {
            "wss"
        } else {
            "ws"
        };
        let inner = Rc::new(Inner {
            url: format!("{scheme}://{}{path}", location.host().unwrap_or_default()),
            on_event: Box::new(on_event),
            connection: RefCell::default(),
            retry: RefCell::default(),
            failures: Cell::new(0),
            stopped: Cell::new(false),
            paused: Cell::new(false),
        });
        let window = leptos::prelude::window();
        let document = leptos::prelude::document();
        let listeners = [
            listen(&window, "online", &inner, |inner, _| inner.connect_now()),
            // The machine knows that its network is gone before the silence tells.
            listen(&window, "offline", &inner, |inner, _| inner.lost(CODE_BROKEN)),
            listen(&document, "visibilitychange", &inner, |inner, _| {
                if !leptos::prelude::document().hidden() {
                    inner.check_silence();
                    inner.connect_now();
                }
            }),
        ];
        let beating = Rc::downgrade(&inner);
        let heartbeat = Interval::new(limits::PING_EVERY.as_millis() as u32, move || {
            if let Some(inner) = beating.upgrade() {
                inner.check_silence();
                inner.send(&ClientMessage::Ping.encode());
            }
        });
        inner.connect();
        Self {
            inner,
            _listeners: listeners,
            _heartbeat: heartbeat,
        }
    }

    /// Sends one frame; false when there is no open connection.
    pub(crate) fn send(&self, frame: &[u8]) -> bool {
        self.inner.send(frame)
    }

    /// Lets go of the connection and comes back with a new one.
    pub(crate) fn reconnect(&self) {
        self.inner.lost(CODE_BROKEN);
    }

    /// Lets go of the connection until [`Self::resume`].
    pub(crate) fn pause(&self) {
        self.inner.paused.set(true);
        self.inner.retry.replace(None);
        self.inner.lost(CODE_BROKEN);
    }

    /// Ends [`Self::pause`].
    pub(crate) fn resume(&self) {
        self.inner.paused.set(false);
        self.inner.connect_now();
    }

    /// Closes for good.
    pub(crate) fn stop(&self) {
        self.inner.stop();
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.inner.stop();
    }
}

const CODE_NORMAL: u16 = 1000;
const CODE_BROKEN: u16 = 1006;

impl Inner {
    fn connect(self: &Rc<Self>) {
        if self.stopped.get() || self.paused.get() || self.connection.borrow().is_some() {
            return;
        }
        self.retry.replace(None);
        let Ok(socket) = WebSocket::new(&self.url) else {
            return self.retry_later();
        };
        socket.set_binary_type(BinaryType::Arraybuffer);
        let listeners = [
            listen(&socket, "open", self, |inner, _| {
                if let Some(connection) = inner.connection.borrow_mut().as_mut() {
                    connection.opened = true;
                    connection.heard = Date::now();
                }
                (inner.on_event)(SocketEvent::Opened);
            }),
            listen(&socket, "message", self, |inner, event| {
                if let Some(connection) = inner.connection.borrow_mut().as_mut() {
                    connection.heard = Date::now();
                }
                inner.failures.set(0);
                let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
                if let Some(buffer) = data.and_then(|data| data.dyn_into::<ArrayBuffer>().ok()) {
                    (inner.on_event)(SocketEvent::Frame(Uint8Array::new(&buffer).to_vec()));
                }
            }),
            listen(&socket, "close", self, |inner, event| {
                inner.lost(event.dyn_ref::<CloseEvent>().map_or(CODE_BROKEN, CloseEvent::code));
            }),
        ];
        let waiting = Rc::downgrade(self);
        let open_timeout = Timeout::new(OPEN_TIMEOUT_MS, move || {
            if let Some(inner) = waiting.upgrade()
                && inner
                    .connection
                    .borrow()
                    .as_ref()
                    .is_some_and(|connection| !connection.opened)
            {
                inner.lost(CODE_BROKEN);
            }
        });
        self.connection.replace(Some(Connection {
            socket,
            opened: false,
            heard: Date::now(),
            _listeners: listeners,
            _open_timeout: open_timeout,
        }));
    }

    /// Comes back without waiting, if a pause is running.
    fn connect_now(self: &Rc<Self>) {
        self.failures.set(0);
        self.connect();
    }

    fn send(&self, frame: &[u8]) -> bool {
        let connection = self.connection.borrow();
        let open = connection
            .as_ref()
            .filter(|connection| connection.socket.ready_state() == WebSocket::OPEN);
        open.is_some_and(|connection| connection.socket.send_with_u8_array(frame).is_ok())
    }

    /// The connection is gone, or counts as gone: the browser may take minutes to notice.
    fn lost(self: &Rc<Self>, code: u16) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let was_open = connection.opened;
        connection.close();
        (self.on_event)(SocketEvent::Closed { code, was_open });
        self.retry_later();
    }

    fn check_silence(self: &Rc<Self>) {
        let silence = self
            .connection
            .borrow()
            .as_ref()
            .filter(|connection| connection.opened)
            .map_or(0.0, |connection| Date::now() - connection.heard);
        if silence > limits::SILENCE_AFTER_HELLO.as_millis() as f64 {
            self.lost(CODE_BROKEN);
        }
    }

    fn retry_later(self: &Rc<Self>) {
        if self.stopped.get() || self.paused.get() {
            return;
        }
        let failures = self.failures.get();
        self.failures.set(failures.saturating_add(1));
        let pause = RETRY_FIRST_MS.saturating_mul(1 << failures.min(8)).min(RETRY_MAX_MS);
        let pause = f64::from(pause) * (1.0 - Math::random() / 2.0);
        let waiting = Rc::downgrade(self);
        let retry = Timeout::new(pause as u32, move || {
            if let Some(inner) = waiting.upgrade() {
                inner.connect();
            }
        });
        self.retry.replace(Some(retry));
    }

    fn stop(&self) {
        self.stopped.set(true);
        self.retry.replace(None);
        if let Some(connection) = self.connection.take() {
            connection.close();
        }
    }
}

impl Connection {
    /// Lets go of the browser's socket; its events are no longer heard.
    fn close(self) {
        // It may have closed by itself already, which is as good.
        let _ = self.socket.close_with_code(CODE_NORMAL);
        // These listeners may be running right now: they are let go after this turn.
        leptos::task::spawn_local(async move { drop(self) });
    }
}

fn listen(
    target: &web_sys::EventTarget,
    event: &'static str,
    inner: &Rc<Inner>,
    react: impl Fn(&Rc<Inner>, &web_sys::Event) + 'static,
) -> EventListener {
    let inner = Rc::downgrade(inner);
    EventListener::new(target, event, move |event| {
        if let Some(inner) = inner.upgrade() {
            react(&inner, event);
        }
    })
}
