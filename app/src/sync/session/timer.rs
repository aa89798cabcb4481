//! What a session does later.

use std::{cell::RefCell, rc::Rc};

use gloo_timers::callback::Timeout;
use leptos::task::spawn_local;

use super::Session;

/// Something that the session does later, once. It ends with the session.
#[derive(Default)]
pub(super) struct Timer(Rc<RefCell<Option<Timeout>>>);

impl Timer {
    pub(super) fn is_running(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// It is not done any more.
    pub(super) fn stop(&self) {
        self.0.take();
    }

    /// Does it after so many milliseconds, unless it is to be done already.
    pub(super) fn start(&self, session: &Session, after_ms: u32, act: fn(&Session)) {
        if !self.is_running() {
            self.restart(session, after_ms, act);
        }
    }

    /// Does it after so many milliseconds from now.
    pub(super) fn restart(&self, session: &Session, after_ms: u32, act: fn(&Session)) {
        let (session, own) = (Rc::downgrade(&session.0), Rc::downgrade(&self.0));
        let timeout = Timeout::new(after_ms, move || {
            // After this call, which is the timer's own: then it can be let go, and started again by what is done.
            spawn_local(async move {
                let is_due = own.upgrade().and_then(|own| own.take()).is_some();
                if let Some(inner) = session.upgrade().filter(|_| is_due) {
                    act(&Session(inner));
                }
            });
        });
        self.0.replace(Some(timeout));
    }
}
