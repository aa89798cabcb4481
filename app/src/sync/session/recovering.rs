//! Words that neither the document nor the server took: text to read and copy, kept on the device until the person is
//! done with it.

use leptos::prelude::*;

use super::Session;
use crate::sync::{about::About, browser, journal::Write, recovered::Recovered};

impl Session {
    /// Shows words that the document did not take.
    pub(crate) fn recover(&self, words: &str) {
        self.keep_recovered(Recovered::words(recovered_id(), words));
    }

    /// Shows words that the server did not take, with the code of the reason.
    pub(super) fn recover_because(&self, words: &str, reason: &str) {
        let reason = Some(reason.to_owned());
        let recovered = Recovered::words(recovered_id(), words);
        self.keep_recovered(Recovered { reason, ..recovered });
    }

    /// Shows words that cannot be said any more, each by itself.
    pub(super) fn recover_all(&self, words: Vec<String>) {
        let recovered = Recovered::words(recovered_id(), "");
        self.keep_recovered(Recovered { words, ..recovered });
    }

    /// Nothing that waits will be taken by the server any more: it becomes text to read and copy. `reason` is the
    /// refusal's code.
    pub(super) fn keep_unsaved_words(&self, reason: Option<String>) {
        let entries = self.0.outbox.borrow_mut().take_entries();
        let about: Vec<About> = entries.iter().flat_map(|entry| entry.about.iter().cloned()).collect();
        let recovered = Recovered::gather(recovered_id(), &about, |field| self.text(field));
        self.keep_recovered(Recovered { reason, ..recovered });
        self.0.keeping.give_up(entries.iter().map(|entry| entry.key));
        self.forget(entries.iter().map(|entry| entry.key).collect());
        self.write_out();
    }

    fn keep_recovered(&self, recovered: Recovered) {
        if recovered.is_empty() {
            return;
        }
        let write = Write::PutRecovered(recovered.id.clone(), recovered.encode());
        self.0.shown.recovered.update(|all| all.push(recovered));
        self.0.keeping.journal.borrow_mut().note(write);
        self.write_out();
    }

    /// Is there anything that was not taken, and is not on the device either?
    pub(super) fn would_lose_recovered(&self) -> bool {
        let keeping = &self.0.keeping;
        let is_kept = keeping.device().is_some() && keeping.journal.borrow().is_empty();
        !is_kept && self.0.shown.recovered.try_with_untracked(|all| !all.is_empty()) == Some(true)
    }

    /// The person is done with what was not taken.
    pub(crate) fn dismiss_recovered(&self) {
        let dismissed = self.0.shown.recovered.get_untracked();
        self.0.shown.recovered.set(Vec::new());
        for recovered in dismissed {
            let write = Write::RemoveRecovered(recovered.id);
            self.0.keeping.journal.borrow_mut().note(write);
        }
        self.write_out();
    }
}

fn recovered_id() -> String {
    format!("{:016x}", browser::entropy())
}
