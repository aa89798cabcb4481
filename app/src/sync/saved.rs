//! What the page may say about what was typed: on its way, safe on this device, or saved.
//!
//! Pure counting, so that it can be tested without a browser. Every local change gets a number. The device stores the
//! changes in order; a message brings the server all changes up to some number, and the server's `saved n`
//! acknowledges the first n messages of this connection. A new connection starts from zero: what was sent on the old
//! one and not acknowledged comes again with the `SyncStep2` that answers the server's `SyncStep1`.

use std::collections::VecDeque;

/// What the page says. The later, the safer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SaveState {
    /// Something typed stands nowhere but on this page.
    Pending,
    /// Everything typed outlives this page, and the server has not acknowledged all of it.
    Device,
    /// The server has stored everything typed.
    Saved,
}

impl SaveState {
    /// The value of `data-saved` and `data-unsaved`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Device => "device",
            Self::Saved => "saved",
        }
    }
}

/// Counts local changes, what the device stored of them, messages and acknowledgements.
#[derive(Clone, Debug, Default)]
pub struct Saved {
    /// Local changes so far.
    changes: u64,
    /// The first so many changes are on the device.
    stored: u64,
    /// The first so many changes are acknowledged.
    acknowledged: u64,
    connection: Option<Connection>,
}

#[derive(Clone, Debug, Default)]
struct Connection {
    /// The server's `SyncStep1` was answered: from now on every change goes out by itself.
    answered: bool,
    /// Counted messages sent.
    messages: u64,
    /// Messages not acknowledged: their number, and the changes the server has with them.
    waiting: VecDeque<(u64, u64)>,
}

impl Saved {
    /// A socket opened.
    pub fn connect(&mut self) {
        self.connection = Some(Connection::default());
    }

    /// The socket closed.
    pub fn disconnect(&mut self) {
        self.connection = None;
    }

    /// Something was typed. Answers with the number of the change, and whether it goes out as an update message now;
    /// otherwise the next [`Self::answer`] brings it.
    pub fn change(&mut self) -> (u64, bool) {
        let change = self.adopt();
        let goes_out = self.is_connected();
        if goes_out {
            self.sent(change);
        }
        (change, goes_out)
    }

    /// A change came without being typed here: words of an earlier page. Answers with its number.
    pub fn adopt(&mut self) -> u64 {
        self.changes += 1;
        self.changes
    }

    /// An update message went out that brings the last of the first `changes` changes.
    pub fn sent(&mut self, changes: u64) {
        if let Some(connection) = &mut self.connection {
            connection.send(changes);
        }
    }

    /// A `SyncStep2` with everything the server lacks goes out.
    pub fn answer(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.answered = true;
            connection.send(self.changes);
        }
    }

    /// The first `changes` changes are on the device.
    pub fn stored(&mut self, changes: u64) {
        self.stored = self.stored.max(changes);
    }

    /// The server said `saved n`. Answers with the number of changes that are acknowledged now.
    pub fn acknowledge(&mut self, messages: u64) -> u64 {
        if let Some(connection) = &mut self.connection {
            while let Some((number, changes)) = connection.waiting.front().copied()
                && number <= messages
            {
                connection.waiting.pop_front();
                self.acknowledged = self.acknowledged.max(changes);
            }
        }
        self.acknowledged
    }

    /// What there is will not be sent any more. Numbers go on.
    pub fn give_up(&mut self) {
        self.acknowledged = self.changes;
        self.connection = None;
    }

    /// Is the server's `SyncStep1` of this connection answered?
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.connection.as_ref().is_some_and(|connection| connection.answered)
    }

    #[must_use]
    pub fn state(&self) -> SaveState {
        self.state_of(self.changes)
    }

    /// What may be said about a change and all before it.
    #[must_use]
    pub fn state_of(&self, change: u64) -> SaveState {
        if change <= self.acknowledged {
            SaveState::Saved
        } else if change <= self.stored {
            SaveState::Device
        } else {
            SaveState::Pending
        }
    }
}

impl Connection {
    fn send(&mut self, changes: u64) {
        self.messages += 1;
        self.waiting.push_back((self.messages, changes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connected() -> Saved {
        let mut saved = Saved::default();
        saved.connect();
        saved.answer();
        saved
    }

    #[test]
    fn changes_go_out_only_after_the_server_was_answered() {
        let mut saved = Saved::default();
        assert_eq!(saved.change(), (1, false));
        saved.connect();
        assert!(!saved.is_connected());
        assert_eq!(saved.change(), (2, false), "held back until the answer brings it");
        saved.answer();
        assert!(saved.is_connected());
        assert_eq!(saved.change(), (3, true));
        assert_eq!(saved.acknowledge(1), 2);
        assert_eq!(saved.acknowledge(2), 3);
        assert_eq!(saved.state(), SaveState::Saved);
    }

    #[test]
    fn every_change_is_acknowledged_by_its_own_message() {
        let mut saved = connected();
        assert_eq!(saved.change(), (1, true));
        assert_eq!(saved.change(), (2, true));
        assert_eq!(saved.state(), SaveState::Pending);
        assert_eq!(saved.acknowledge(2), 1);
        assert_eq!(saved.state_of(1), SaveState::Saved);
        assert_eq!(saved.state(), SaveState::Pending);
        assert_eq!(saved.acknowledge(3), 2);
        assert_eq!(saved.state(), SaveState::Saved);
    }

    #[test]
    fn on_the_device_is_said_only_of_what_the_device_stored() {
        let mut saved = Saved::default();
        saved.change();
        saved.change();
        saved.stored(1);
        assert_eq!(
            [saved.state_of(1), saved.state_of(2)],
            [SaveState::Device, SaveState::Pending]
        );
        assert_eq!(saved.state(), SaveState::Pending);
        saved.stored(2);
        assert_eq!(saved.state(), SaveState::Device);
        saved.change();
        assert_eq!(saved.state(), SaveState::Pending);
        saved.stored(1);
        assert_eq!(
            saved.state_of(2),
            SaveState::Device,
            "an older answer takes nothing back"
        );
    }

    #[test]
    fn what_was_typed_offline_is_saved_with_the_answer_of_the_next_connection() {
        let mut saved = connected();
        saved.change();
        saved.disconnect();
        assert_eq!(saved.change(), (2, false));
        saved.connect();
        assert_eq!(saved.change(), (3, false));
        saved.answer();
        assert_eq!(saved.state(), SaveState::Pending);
        assert_eq!(saved.acknowledge(1), 3);
        assert_eq!(saved.state(), SaveState::Saved);
    }

    #[test]
    fn pieces_before_the_answer_count_as_messages() {
        let mut saved = Saved::default();
        for _ in 0..5 {
            saved.adopt();
        }
        saved.connect();
        saved.sent(2);
        saved.sent(4);
        saved.answer();
        assert_eq!(saved.acknowledge(1), 2);
        assert_eq!(saved.acknowledge(2), 4);
        assert_eq!(saved.state(), SaveState::Pending);
        assert_eq!(saved.acknowledge(3), 5);
        assert_eq!(saved.state(), SaveState::Saved);
    }

    #[test]
    fn an_acknowledgement_counts_only_messages_of_its_own_connection() {
        let mut saved = connected();
        for _ in 0..5 {
            saved.change();
        }
        assert_eq!(saved.acknowledge(1), 0, "the answer to step 1 came before any change");
        saved.disconnect();
        assert_eq!(
            saved.acknowledge(6),
            0,
            "a message from the closed socket says nothing any more"
        );
        saved.connect();
        saved.answer();
        saved.change();
        assert_eq!(saved.acknowledge(1), 5);
        assert_eq!(saved.state(), SaveState::Pending);
        assert_eq!(saved.acknowledge(2), 6);
        assert_eq!(saved.state(), SaveState::Saved);
    }

    #[test]
    fn a_second_answer_counts_too() {
        let mut saved = connected();
        saved.change();
        saved.answer();
        assert_eq!(saved.acknowledge(3), 1);
        assert_eq!(saved.change(), (2, true));
        assert_eq!(saved.acknowledge(4), 2);
    }

    #[test]
    fn after_giving_up_old_messages_and_stores_say_nothing_about_new_changes() {
        let mut saved = connected();
        saved.change();
        saved.give_up();
        assert_eq!(saved.state(), SaveState::Saved, "nothing waits any more");
        let (change, _) = saved.change();
        saved.stored(1);
        assert_eq!(saved.state_of(change), SaveState::Pending);
        saved.connect();
        saved.answer();
        assert_eq!(saved.acknowledge(1), 2);
    }
}
