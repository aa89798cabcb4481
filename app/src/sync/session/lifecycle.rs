//! What happens to the page: it is hidden, frozen, put aside for the back button, or left.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, EventTarget, PageTransitionEvent};

use super::Session;
use crate::sync::{device::promise::property, saved::SaveState, shown::DeviceState};

/// Own awareness is told again this often, in milliseconds: Yjs clients forget states after 30 s.
const AWARENESS_EVERY_MS: u32 = 15_000;

/// What lives as long as the session.
pub(super) enum Keeper {
    Interval(#[expect(dead_code, reason = "held for its drop")] Interval),
    Listener(#[expect(dead_code, reason = "held for its drop")] EventListener),
}

impl Session {
    /// Follows what happens to the page.
    pub(super) fn watch_page(&self) {
        let weak = Rc::downgrade(&self.0);
        let telling = Interval::new(AWARENESS_EVERY_MS, move || {
            if let Some(inner) = weak.upgrade() {
                Self(inner).tell_awareness();
            }
        });
        let (window, document) = (window(), document());
        let keepers = [
            Keeper::Interval(telling),
            self.on(&window, "beforeunload", |session, event| {
                session.keep_drafts();
                if session.would_lose_words() {
                    event.prevent_default();
                }
            }),
            // Going to another page of ours asks nobody. Where the device keeps nothing it must, so it is made a real
            // navigation.
            self.on_its_way_down(&document, "click", |session, event| {
                if session.keeps_nothing() && leads_away(event) && session.would_lose_words() {
                    event.stop_propagation();
                }
            }),
            self.on(&window, "pagehide", |session, event| {
                session.copy_document();
                session.keep_drafts();
                if is_put_aside(event) {
                    session.rest();
                }
            }),
            self.on(&window, "pageshow", |session, event| {
                if is_put_aside(event) {
                    session.wake();
                }
            }),
            self.on(&document, "freeze", |session, _| session.rest()),
            self.on(&document, "resume", |session, _| session.wake()),
            self.on(&document, "visibilitychange", |session, _| {
                if leptos::prelude::document().hidden() {
                    session.copy_document();
                    session.keep_drafts();
                }
            }),
        ];
        self.0.keepers.borrow_mut().extend(keepers);
        // The same for the browser's own buttons. When it tells the page by `popstate` it is too late to ask; browsers
        // without this interface do not ask.
        if let Ok(navigation) = property(&window, "navigation").dyn_into::<EventTarget>() {
            let asking = self.on(&navigation, "navigate", |session, event| {
                if let Some(address) = goes_back_to(event)
                    && session.keeps_nothing()
                    && session.would_lose_words()
                {
                    event.prevent_default();
                    // After this call: loading is told here, too. The browser asks then; where it does not load, the page stays.
                    leptos::task::spawn_local(async move {
                        let _ = leptos::prelude::window().location().set_href(&address);
                    });
                }
            });
            self.0.keepers.borrow_mut().push(asking);
        }
    }

    /// Would closing the page now lose something that was typed?
    fn would_lose_words(&self) -> bool {
        self.0.saved.borrow().state() == SaveState::Pending
            || self.would_lose_talk()
            || self.would_lose_drafts()
            || self.would_lose_recovered()
    }

    fn keeps_nothing(&self) -> bool {
        self.0.shown.device.get_untracked() != DeviceState::Ready
    }

    /// Nothing runs here for a while, perhaps never again: lets go of the connection, so that the others see this person
    /// leave, and of the lock, so that another page sends what is left. It is the same changes, whoever sends them.
    fn rest(&self) {
        self.0.resting.set(true);
        self.copy_document();
        self.keep_drafts();
        if let Some(socket) = self.0.socket.borrow().as_ref() {
            socket.pause();
        }
        self.release_lock();
    }

    fn wake(&self) {
        self.0.resting.set(false);
        self.hold_lock();
        if let Some(socket) = self.0.socket.borrow().as_ref() {
            socket.resume();
        }
    }

    fn on(&self, target: &EventTarget, event: &'static str, react: impl Fn(&Self, &Event) + 'static) -> Keeper {
        self.on_with(target, event, EventListenerOptions::enable_prevent_default(), react)
    }

    /// Hears of an event before what it happens to does.
    fn on_its_way_down(
        &self,
        target: &EventTarget,
        event: &'static str,
        react: impl Fn(&Self, &Event) + 'static,
    ) -> Keeper {
        self.on_with(target, event, EventListenerOptions::run_in_capture_phase(), react)
    }

    fn on_with(
        &self,
        target: &EventTarget,
        event: &'static str,
        options: EventListenerOptions,
        react: impl Fn(&Self, &Event) + 'static,
    ) -> Keeper {
        let weak = Rc::downgrade(&self.0);
        Keeper::Listener(EventListener::new_with_options(target, event, options, move |event| {
            if let Some(inner) = weak.upgrade() {
                react(&Self(inner), event);
            }
        }))
    }
}

/// Where the browser's own buttons lead, if that is a page of ours which replaces this one without loading, and can be
/// stopped.
fn goes_back_to(navigate: &Event) -> Option<String> {
    let destination = property(navigate, "destination");
    let replaces_this_one = navigate.cancelable()
        && property(navigate, "navigationType").as_string().as_deref() == Some("traverse")
        && property(&destination, "sameDocument").is_truthy();
    property(&destination, "url").as_string().filter(|_| replaces_this_one)
}

/// Is it a click on a link?
fn leads_away(event: &Event) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| matches!(target.closest("a[href]"), Ok(Some(_))))
}

/// Does the page go into, or come out of, the cache of the back button?
fn is_put_aside(event: &Event) -> bool {
    event
        .dyn_ref::<PageTransitionEvent>()
        .is_some_and(PageTransitionEvent::persisted)
}
