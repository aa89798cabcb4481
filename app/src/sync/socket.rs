//! A connection that comes back by itself: with growing pauses, at once when the network or the page comes back, and
//! after a silence that an open connection would not have. Over a WebSocket; where those do not open, over events and
//! posts.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_events::EventListener;
use gloo_timers::callback::{Interval, Timeout};
use js_sys::{Date, Math};
use model::{limits, wire::ClientMessage};

use super::carrier::{CODE_BROKEN, Carrier, CarrierEvent, Kind};

/// The first pause before coming back, in milliseconds. It doubles up to [`RETRY_MAX_MS`]; each pause is shortened by
/// a random half, so that a hall full of phones does not come back in one moment.
const RETRY_FIRST_MS: u32 = 400;
const RETRY_MAX_MS: u32 = 10_000;
/// An attempt that has not opened by then is given up, in milliseconds.
const OPEN_TIMEOUT_MS: u32 = 15_000;
/// After so many WebSockets that did not open, one attempt is made with events and posts. Then it is the WebSocket's turn again, so
/// that a server that was away is not left with a hall full of posts; unless no WebSocket has ever opened here.
const BLOCKED_AFTER: u32 = 2;
/// Where one did open before, it is more likely that the server is away.
const BLOCKED_LATER_AFTER: u32 = 6;

/// A connection that fell silent need not be dead: on a slow network nothing else arrives while the document does. So each that
/// follows is given twice the time, up to this many times over, until one has lasted for [`LASTED_MS`].
const PATIENCE_DOUBLED_MAX: u32 = 4;
/// A connection that lives so long after its beginning is quick enough, in milliseconds.
const LASTED_MS: f64 = 60_000.0;

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
    path: String,
    on_event: Box<dyn Fn(SocketEvent)>,
    connection: RefCell<Option<Connection>>,
    retry: RefCell<Option<Timeout>>,
    failures: Cell<u32>,
    /// Connections in a row that fell silent before they had lasted.
    silent: Cell<u32>,
    /// WebSockets in a row that did not open.
    unopened: Cell<u32>,
    /// What has opened at some time.
    opened_before: Cell<Option<Kind>>,
    stopped: Cell<bool>,
    paused: Cell<bool>,
}

struct Connection {
    carrier: Carrier,
    kind: Kind,
    opened: bool,
    /// When it was begun, in milliseconds since 1970.
    began: f64,
    /// When the last frame came, in milliseconds since 1970.
    heard: f64,
    _open_timeout: Timeout,
}

impl Socket {
    /// Connects to `path` on the page's host and stays connected until [`Self::stop`].
    pub(crate) fn open(path: &str, on_event: impl Fn(SocketEvent) + 'static) -> Self {
        let inner = Rc::new(Inner {
            path: path.to_owned(),
            on_event: Box::new(on_event),
            connection: RefCell::default(),
            retry: RefCell::default(),
            failures: Cell::new(0),
            silent: Cell::new(0),
            unopened: Cell::new(0),
            opened_before: Cell::new(None),
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

impl Inner {
    fn connect(self: &Rc<Self>) {
        if self.stopped.get() || self.paused.get() || self.connection.borrow().is_some() {
            return;
        }
        self.retry.replace(None);
        let kind = self.next_kind();
        let inner = Rc::downgrade(self);
        let carrier = Carrier::open(kind, &self.path, move |event| {
            if let Some(inner) = inner.upgrade() {
                inner.on_carrier(event);
            }
        });
        let Some(carrier) = carrier else {
            self.note_unopened(kind);
            return self.retry_later();
        };
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
            carrier,
            kind,
            opened: false,
            began: Date::now(),
            heard: Date::now(),
            _open_timeout: open_timeout,
        }));
    }

    fn on_carrier(self: &Rc<Self>, event: CarrierEvent) {
        if let Some(connection) = self.connection.borrow_mut().as_mut() {
            connection.heard = Date::now();
            connection.opened |= matches!(event, CarrierEvent::Opened);
        }
        match event {
            CarrierEvent::Opened => {
                let kind = self.connection.borrow().as_ref().map(|connection| connection.kind);
                if self.opened_before.get() != Some(Kind::WebSocket) {
                    self.opened_before.set(kind);
                }
                self.unopened.set(0);
                (self.on_event)(SocketEvent::Opened);
            }
            CarrierEvent::Frame(frame) => {
                self.failures.set(0);
                (self.on_event)(SocketEvent::Frame(frame));
            }
            CarrierEvent::Closed(code) => self.lost(code),
        }
    }

    fn next_kind(&self) -> Kind {
        let is_blocked = self.opened_before.get() == Some(Kind::Events);
        let unopened = self.unopened.get();
        let patience = match self.opened_before.get() {
            Some(Kind::WebSocket) => BLOCKED_LATER_AFTER,
            _ => BLOCKED_AFTER,
        };
        // A network that blocked WebSockets is left at some time, too.
        if (is_blocked && unopened == 0) || unopened >= patience {
            self.unopened.set(0);
            return Kind::Events;
        }
        Kind::WebSocket
    }

    fn note_unopened(&self, kind: Kind) {
        // Without any network nothing opens, which says nothing.
        if !leptos::prelude::window().navigator().on_line() {
            return;
        }
        // Where events were the first choice and failed, it is the WebSocket's turn.
        if kind == Kind::WebSocket || self.opened_before.get() == Some(Kind::Events) {
            self.unopened.set(self.unopened.get().saturating_add(1));
        }
    }

    /// Comes back without waiting, if a pause is running.
    fn connect_now(self: &Rc<Self>) {
        self.failures.set(0);
        self.connect();
    }

    fn send(&self, frame: &[u8]) -> bool {
        let connection = self.connection.borrow();
        connection
            .as_ref()
            .is_some_and(|connection| connection.carrier.send(frame))
    }

    /// The connection is gone, or counts as gone: the browser may take minutes to notice.
    fn lost(self: &Rc<Self>, code: u16) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let was_open = connection.opened;
        if !was_open {
            self.note_unopened(connection.kind);
        }
        connection.close();
        (self.on_event)(SocketEvent::Closed { code, was_open });
        self.retry_later();
    }

    fn check_silence(self: &Rc<Self>) {
        let times = self
            .connection
            .borrow()
            .as_ref()
            .filter(|connection| connection.opened)
            .map(|connection| (Date::now() - connection.heard, connection.heard - connection.began));
        let Some((silence, lasted)) = times else { return };
        if silence <= patience_ms(self.silent.get()) {
            if lasted > LASTED_MS {
                self.silent.set(0);
            }
            return;
        }
        self.silent.set((self.silent.get() + 1).min(PATIENCE_DOUBLED_MAX));
        self.lost(CODE_BROKEN);
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

/// How long a connection may be silent after so many that were, in milliseconds.
fn patience_ms(silent: u32) -> f64 {
    (limits::SILENCE_AFTER_HELLO.as_millis() << silent.min(PATIENCE_DOUBLED_MAX)) as f64
}

impl Connection {
    /// Lets go of the connection; its events are no longer heard.
    fn close(self) {
        self.carrier.close();
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
