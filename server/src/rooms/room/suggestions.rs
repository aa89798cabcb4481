//! Suggestions: updates that come from whoever accepted them, not from a socket.

use model::{
    limits,
    wire::admission::{self, Refusal, Summary},
};

use super::{
    super::{ParticipantId, RoomError, Suggestion, replica::Broken},
    Reply, Room,
};

impl Room {
    pub(super) async fn take_suggestion(
        &mut self,
        update: &[u8],
        by: ParticipantId,
        what: Suggestion,
        reply: Reply<()>,
    ) {
        let refused = |refusal| Err(RoomError::Suggestion(refusal));
        if self.closing.is_some() {
            return drop(reply.send(Err(RoomError::Closing)));
        }
        if self.rooms.is_kept_out(&by) {
            return drop(reply.send(Err(RoomError::KeptOut)));
        }
        let summary = match self.admit_suggestion(update, &by, what) {
            Ok(summary) => summary,
            Err(refusal) => return drop(reply.send(refused(refusal))),
        };
        // From now on nobody else can take the id that it needs.
        let ids = summary.inserts.keys().copied();
        ids.for_each(|client_id| self.claims.claim(client_id, &by));
        if what == Suggestion::Check {
            return drop(reply.send(Ok(())));
        }
        if self.is_frozen() {
            return drop(reply.send(Err(RoomError::Frozen)));
        }
        if self.is_full() {
            return drop(reply.send(Err(RoomError::Full)));
        }
        match self.replica.apply(update, &summary) {
            Ok(None) => {}
            Ok(Some(news)) => {
                let claims = self.claims.unlogged(summary.inserts.keys().copied());
                self.ledger
                    .push(news.clone(), &by, self.rooms.inner.clock.now_ms(), claims);
                self.news.push((news, None));
            }
            Err(Broken) => {
                self.rooms.keep_out(&by);
                self.quarantine(update, by);
                self.rebuild().await;
                return drop(reply.send(refused(Refusal::NotApplied)));
            }
        }
        self.waiting.push((self.ledger.position(), reply));
        // It may have changed nothing, and then no commit will come.
        self.answer_waiting();
    }

    /// A suggestion is held to what every update is held to, and is made under one client id, its author's.
    fn admit_suggestion(&mut self, update: &[u8], by: &ParticipantId, what: Suggestion) -> Result<Summary, Refusal> {
        let summary = admission::scan(update)?;
        if summary.inserts.len() > 1 {
            return Err(Refusal::TooMany);
        }
        for client_id in summary.inserts.keys() {
            // What is applied was checked when it was made, perhaps before this room was opened.
            let is_free = match what {
                Suggestion::Check => self.claims.allows(*client_id, by),
                Suggestion::Apply => self.claims.reclaim(*client_id, by),
            };
            if !is_free {
                return Err(Refusal::ForeignClientId(*client_id));
            }
            let is_new = self.claims.owner(*client_id).is_none();
            let is_unseen = self.replica.clock(*client_id) == 0;
            if is_new && self.claims.count(by) >= limits::PARTICIPANT_CLIENT_IDS
                || is_unseen && self.replica.client_ids() >= limits::DOCUMENT_CLIENT_IDS
            {
                return Err(Refusal::TooMany);
            }
        }
        if !summary.is_complete(|client_id| self.replica.clock(client_id)) {
            return Err(Refusal::Incomplete);
        }
        summary.check_depth(|text| self.replica.is_text(text))?;
        self.replica.check_size(update, &summary)?;
        Ok(summary)
    }
}
