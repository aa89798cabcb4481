//! What clients send to the document: admit, apply, count.

use model::{
    limits,
    wire::{ServerMessage, admission, admission::Refusal, close},
};

use super::{
    super::{Whose, replica::Broken, seat::SeatId},
    Room,
};

/// What to do with an update.
pub(super) enum Verdict {
    Apply(admission::Summary),
    /// Nothing to apply; it counts.
    NothingNew,
    /// It builds on something the server does not have.
    Incomplete,
    /// Not now: it does not count and is asked for later.
    Later,
    Refuse(Refusal),
}

impl Room {
    pub(super) async fn take_update(&mut self, id: SeatId, update: &[u8], is_answer: bool) {
        if let Some(seat) = self.seats.get_mut(&id) {
            seat.progress.receive();
        }
        let summary = match self.admit(id, update, is_answer) {
            Verdict::Apply(summary) => summary,
            Verdict::NothingNew => return self.settle(id, is_answer),
            Verdict::Incomplete => return self.ask_again(id, is_answer),
            Verdict::Later => {
                if let Some(seat) = self.seats.get_mut(&id) {
                    seat.progress.miss();
                }
                return;
            }
            Verdict::Refuse(refusal) => return self.refuse(id, refusal),
        };
        let Some(by) = self.seats.get(&id).map(|seat| seat.identity.participant.clone()) else {
            return;
        };
        match self.replica.apply(update, &summary) {
            Ok(None) => {}
            Ok(Some(news)) => {
                let claims = self.claims.unlogged(summary.inserts.keys().copied());
                self.ledger
                    .push(news.clone(), &by, self.rooms.inner.clock.now_ms(), claims);
                self.news.push((news, Some(id)));
            }
            Err(Broken) => {
                self.rooms.keep_out(&by);
                self.quarantine(update, by.clone());
                self.rebuild().await;
                self.refuse(id, Refusal::NotApplied);
                // The other sockets of this participant could send the same at once.
                return self.dismiss(&Whose::Participant(by), close::TRY_AGAIN);
            }
        }
        self.settle(id, is_answer);
    }

    /// Decides about an update, and makes the claims it needs.
    pub(super) fn admit(&mut self, id: SeatId, update: &[u8], is_answer: bool) -> Verdict {
        let (is_full, is_frozen) = (self.is_full(), self.is_frozen());
        let Some(seat) = self.seats.get_mut(&id) else {
            return Verdict::Later;
        };
        let summary = match admission::scan(update) {
            Ok(summary) => summary,
            Err(refusal) => return Verdict::Refuse(refusal),
        };
        let refusal = if !seat.identity.role.may_write() {
            Some(Refusal::ReadOnlyLink)
        } else {
            is_frozen.then_some(Refusal::Frozen)
        };
        if let Some(refusal) = refusal {
            let would_change = self.replica.would_change(update, &summary);
            return if would_change {
                Verdict::Refuse(refusal)
            } else {
                Verdict::NothingNew
            };
        }
        let new: Vec<u64> = summary
            .new_client_ids(|client_id| self.replica.clock(client_id))
            .collect();
        for client_id in &new {
            // Answering the server, a neighbour may bring back what others wrote and a crash cost.
            if !is_answer && !self.claims.allows(*client_id, &seat.identity.participant) {
                return Verdict::Refuse(Refusal::ForeignClientId(*client_id));
            }
        }
        // Rare: the first change of a page. What everybody has to know of everybody must not grow without bounds.
        let unseen = new
            .iter()
            .filter(|client_id| self.replica.clock(**client_id) == 0)
            .count();
        // What a neighbour brings back is not the neighbour's; nobody has claimed it until its author writes.
        let own = seat.awareness;
        let becomes_own = |client_id: &u64| !is_answer || own == Some(*client_id);
        let claimed = new
            .iter()
            .filter(|client_id| becomes_own(client_id) && self.claims.owner(**client_id).is_none())
            .count();
        if unseen > 0 && self.replica.client_ids() + unseen > limits::DOCUMENT_CLIENT_IDS
            || claimed > 0 && self.claims.count(&seat.identity.participant) + claimed > limits::PARTICIPANT_CLIENT_IDS
        {
            return Verdict::Refuse(Refusal::TooMany);
        }
        if !summary.is_complete(|client_id| self.replica.clock(client_id)) {
            return Verdict::Incomplete;
        }
        if is_full {
            self.overflowed = true;
            return Verdict::Later;
        }
        let within_limits = summary
            .check_depth(|text| self.replica.is_text(text))
            .and_then(|()| self.replica.check_size(update, &summary));
        if let Err(refusal) = within_limits {
            return Verdict::Refuse(refusal);
        }
        for client_id in new {
            if becomes_own(&client_id) {
                self.claims.claim(client_id, &seat.identity.participant);
                self.people_changed |= seat.client_ids.insert(client_id);
            }
        }
        Verdict::Apply(summary)
    }

    /// A message that counts was taken: it is saved as soon as everything applied so far is.
    pub(super) fn settle(&mut self, id: SeatId, is_answer: bool) {
        let position = self.ledger.position();
        // Nothing waits for the log: it counts at once.
        self.saved_changed |= position <= self.ledger.committed();
        let Some(seat) = self.seats.get_mut(&id) else { return };
        if is_answer {
            seat.progress.answered();
        }
        seat.progress.settle(position);
        if is_answer && seat.progress.needs_question() && seat.identity.role.may_write() {
            if self.is_full() {
                self.overflowed = true;
            } else if !self.is_frozen() {
                self.ask(id);
            }
        }
    }

    /// Something is missing before what a client sent: it neither counts nor is relayed, and the client is asked for
    /// everything the server lacks; once an open question is answered, if there is one.
    pub(super) fn ask_again(&mut self, id: SeatId, is_answer: bool) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        seat.progress.miss();
        if is_answer && seat.progress.answered_in_part() >= limits::ASK_AGAIN_MAX {
            self.refuse(id, Refusal::Incomplete);
        } else if seat.progress.needs_question() {
            self.ask(id);
        }
    }

    pub(super) fn ask(&mut self, id: SeatId) {
        if let Some(seat) = self.seats.get_mut(&id) {
            seat.progress.ask();
        }
        let state_vector = self.replica.state_vector();
        self.send(id, &ServerMessage::SyncStep1(&state_vector));
    }
}
