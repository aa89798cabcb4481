//! What was begun and not said yet: brought to the device while it is written, so that it outlives the page.

use leptos::prelude::*;

use super::Session;
use crate::sync::drafts::{Draft, Drafts};

/// What was typed is written to the device this long after its first letter, in milliseconds: not at every letter.
const KEEP_AFTER_MS: u32 = 300;

impl Session {
    /// Brings what was begun to the device soon.
    pub(crate) fn keep_drafts_soon(&self) {
        if !self.0.closed.get() {
            self.0.keeping.drafting.start(self, KEEP_AFTER_MS, Self::keep_drafts);
        }
    }

    /// Brings what was begun to the device now. Where there is none, it stays at risk.
    pub(crate) fn keep_drafts(&self) {
        if self.0.keeping.device().is_none() {
            return;
        }
        let drafts = self.0.shown.talk.drafts;
        let changed = drafts.try_update_value(Drafts::take_changed).unwrap_or_default();
        if changed.is_empty() {
            return;
        }
        {
            let mut journal = self.0.keeping.journal.borrow_mut();
            for (key, record) in changed {
                journal.keep_begun(key, record);
            }
        }
        self.write_out();
    }

    /// Everything that was to be written is on the device.
    pub(super) fn drafts_are_stored(&self) {
        self.0.shown.talk.drafts.try_update_value(Drafts::stored);
    }

    /// Would something be lost with the page that was begun on it?
    pub(super) fn would_lose_drafts(&self) -> bool {
        let drafts = self.0.shown.talk.drafts;
        drafts.try_with_value(Drafts::is_at_risk).unwrap_or(false)
    }

    /// Nothing can be said here any more: what was begun becomes text to read and copy.
    pub(super) fn recover_drafts(&self) {
        let drafts = self.0.shown.talk.drafts;
        let begun = drafts.try_update_value(Drafts::take_all).unwrap_or_default();
        self.recover_all(begun.iter().flat_map(Draft::words).collect());
        self.keep_drafts();
    }
}
