//! Where the Leitbild stands, and whether anybody may write.

use model::{
    stage::Stage,
    wire::{ReadOnly, ServerMessage, StageChange},
};

use super::{super::seat::SeatId, HoldId, Reply, Room};

impl Room {
    /// May nobody change the text at the moment, whatever their role?
    pub(super) fn is_frozen(&self) -> bool {
        !self.holds.is_empty() || self.stage.is_frozen()
    }

    /// The Leitbild stands at `stage` now. Whoever holds the room goes on holding it.
    pub(super) fn set_stage(&mut self, stage: Stage) {
        let was_frozen = self.is_frozen();
        if self.stage != stage {
            self.stage = stage;
            self.tell_all(&ServerMessage::Stage(StageChange { stage }));
        }
        self.may_be_free(was_frozen);
    }

    /// One of those who hold the room lets go.
    pub(super) fn release(&mut self, hold: HoldId, stage: Option<Stage>) {
        let was_frozen = self.is_frozen();
        self.holds.remove(&hold);
        if let Some(stage) = stage {
            self.set_stage(stage);
        }
        self.may_be_free(was_frozen);
    }

    fn may_be_free(&mut self, was_frozen: bool) {
        self.tell_read_only();
        if was_frozen && !self.is_frozen() {
            // What was refused meanwhile is taken now, from clients that still have it.
            self.overflowed = true;
        }
    }

    /// Answers when everything applied so far is committed.
    pub(super) fn settle_all(&mut self, hold: Option<HoldId>, reply: Reply<()>) {
        self.holds.extend(hold);
        self.tell_read_only();
        self.waiting.push((self.ledger.position(), reply));
        self.answer_waiting();
    }

    /// Why nobody may write; a frozen text before all, because then it does not matter whether it could be saved.
    pub(super) fn why_read_only(&self) -> Option<&'static str> {
        if self.is_frozen() {
            Some(ReadOnly::FROZEN)
        } else {
            self.read_only.then_some(ReadOnly::STORAGE)
        }
    }

    /// Tells everybody whether they may write, if that is another than before.
    pub(super) fn tell_read_only(&mut self) {
        let why = self.why_read_only();
        if self.told != why {
            self.told = why;
            self.tell_all(&read_only(why));
        }
    }

    /// Tells somebody who just came.
    pub(super) fn tell_stage(&mut self, id: SeatId) {
        self.send(id, &ServerMessage::Stage(StageChange { stage: self.stage }));
        // Also that it can be written in: they may have learnt otherwise before.
        self.send(id, &read_only(self.why_read_only()));
    }
}

fn read_only(why: Option<&'static str>) -> ServerMessage<'static> {
    ServerMessage::ReadOnly(why.map(|why| ReadOnly { reason: why.to_owned() }))
}
