//! What the page may say about what was typed: saved, on its way, or waiting for a connection.
//!
//! Pure counting, so that it can be tested without a browser. Every local change gets a number. A message brings the
//! server all changes up to some number; the server's `saved n` acknowledges the first n messages of this connection.
//! A new connection starts from zero: what was sent on the old one and not acknowledged comes again with the
//! `SyncStep2` that answers the server's `SyncStep1`.

use std::collections::VecDeque;

/// What the page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveState {
    /// Everything typed is durably stored.
    Saved,
    /// There is a connection, and something typed is not acknowledged yet.
    Pending,
    /// No connection.
    Offline,
}

impl SaveState {
    /// The value of `data-saved`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Pending => "pending",
            Self::Offline => "offline",
        }
    }
}

/// Counts local changes, messages and acknowledgements.
#[derive(Clone, Debug, Default)]
pub struct Saved {
    /// Local changes so far.
    changes: u64,
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
        self.changes += 1;
        let sent = match &mut self.connection {
            Some(connection) if connection.answered => {
                connection.send(self.changes);
                true
            }
            _ => false,
        };
        (self.changes, sent)
    }

    /// A `SyncStep2` with everything the server lacks goes out.
    pub fn answer(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.answered = true;
            connection.send(self.changes);
        }
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

    /// Is something typed and not acknowledged?
    #[must_use]
    pub fn has_unsaved(&self) -> bool {
        self.acknowledged < self.changes
    }

    /// Is the server's `SyncStep1` of this connection answered?
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.connection.as_ref().is_some_and(|connection| connection.answered)
    }

    #[must_use]
    pub fn state(&self) -> SaveState {
        match (self.is_connected(), self.has_unsaved()) {
            (false, _) => SaveState::Offline,
            (true, true) => SaveState::Pending,
            (true, false) => SaveState::Saved,
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
    fn nothing_is_saved_before_the_server_was_answered() {
        let mut saved = Saved::default();
        assert_eq!(saved.state(), SaveState::Offline);
        saved.connect();
        assert_eq!(saved.state(), SaveState::Offline);
        saved.answer();
        assert_eq!(saved.state(), SaveState::Saved);
    }

    #[test]
    fn every_change_is_acknowledged_by_its_own_message() {
        let mut saved = connected();
        assert_eq!(saved.change(), (1, true));
        assert_eq!(saved.change(), (2, true));
        assert_eq!(saved.state(), SaveState::Pending);
        assert_eq!(saved.acknowledge(2), 1);
        assert_eq!(saved.state(), SaveState::Pending);
        assert_eq!(saved.acknowledge(3), 2);
        assert_eq!(saved.state(), SaveState::Saved);
    }

    #[test]
    fn what_was_typed_offline_is_saved_with_the_answer_of_the_next_connection() {
        let mut saved = connected();
        saved.change();
        saved.disconnect();
        assert_eq!(saved.change(), (2, false));
        assert_eq!(saved.state(), SaveState::Offline);
        saved.connect();
        assert_eq!(saved.change(), (3, false), "held back until the answer brings it");
        assert_eq!(saved.state(), SaveState::Offline);
        saved.answer();
        assert_eq!(saved.state(), SaveState::Pending);
        assert_eq!(saved.acknowledge(1), 3);
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
        assert!(saved.has_unsaved());
        assert_eq!(saved.acknowledge(2), 6);
        assert!(!saved.has_unsaved());
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
}
