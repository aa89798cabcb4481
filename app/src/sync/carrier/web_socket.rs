//! Frames over a WebSocket: each is one binary message.

use gloo_events::EventListener;
use js_sys::{ArrayBuffer, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

use super::{CODE_BROKEN, CarrierEvent};

const CODE_NORMAL: u16 = 1000;

/// One WebSocket.
pub(in crate::sync) struct Wire {
    socket: WebSocket,
    _listeners: [EventListener; 3],
}

impl Wire {
    pub(super) fn open(path: &str, on_event: impl Fn(CarrierEvent) + 'static) -> Option<Self> {
        let location = leptos::prelude::window().location();
        let is_secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
        let scheme = if is_secure { "wss" } else { "ws" };
        let socket = WebSocket::new(&format!("{scheme}://{}{path}", location.host().unwrap_or_default())).ok()?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let on_event = Rc::new(on_event);
        let listen = |event: &'static str, read: fn(&web_sys::Event) -> Option<CarrierEvent>| {
            let on_event = Rc::clone(&on_event);
            EventListener::new(&socket, event, move |event| {
                if let Some(event) = read(event) {
                    on_event(event);
                }
            })
        };
        let listeners = [
            listen("open", |_| Some(CarrierEvent::Opened)),
            listen("message", |event| {
                let data = event.dyn_ref::<MessageEvent>()?.data();
                let buffer = data.dyn_into::<ArrayBuffer>().ok()?;
                Some(CarrierEvent::Frame(Uint8Array::new(&buffer).to_vec()))
            }),
            listen("close", |event| {
                let code = event.dyn_ref::<CloseEvent>().map_or(CODE_BROKEN, CloseEvent::code);
                Some(CarrierEvent::Closed(code))
            }),
        ];
        Some(Self {
            socket,
            _listeners: listeners,
        })
    }

    pub(super) fn send(&self, frame: &[u8]) -> bool {
        self.socket.ready_state() == WebSocket::OPEN && self.socket.send_with_u8_array(frame).is_ok()
    }

    pub(super) fn close(&self) {
        // It may have closed by itself already, which is as good.
        let _ = self.socket.close_with_code(CODE_NORMAL);
    }
}
