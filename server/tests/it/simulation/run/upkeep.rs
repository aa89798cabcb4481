//! What operators and coordinators do meanwhile: history is thinned out, the text is frozen and freed, and at times nobody is
//! there, so that the room goes and leaves a snapshot.

use std::time::Duration;

use leitnetz::rooms::{Clock as _, Hold, Rooms};
use model::{limits, stage::Stage};
use tokio::time::{Instant, sleep};

use super::{Event, FromServer, Run, ags, document};
use crate::{content::Content, simulation::PEOPLE};

/// Longer than history is kept whole.
const LONG_AFTER_HOURS: i64 = 1_000;

impl Run<'_> {
    pub(super) fn keep_up(&mut self) {
        if self.is_over {
            return;
        }
        match self.upkeep.below(8) {
            0..3 => self.freeze(),
            3..6 => self.thin_out(),
            6 => {
                self.note("everybody goes");
                for peer in 0..PEOPLE {
                    self.crash_browser(peer, true);
                }
            }
            _ => {}
        }
    }

    /// As a coordinator does: the room is held, and when everything is committed it becomes known that the text is frozen.
    fn freeze(&mut self) {
        let Some(rooms) = self.server.clone().filter(|_| self.frozen.is_none()) else {
            return;
        };
        self.note("the text is to be frozen");
        let (to_run, number) = (self.to_run.clone(), self.server_number);
        tokio::spawn(async move {
            // When it cannot be held, it is let go of by itself.
            if let Ok((hold, present)) = rooms.hold(&ags()).await {
                let _ = to_run.send(FromServer::Held(number, hold, present.seq));
            }
        });
    }

    pub(super) fn held(&mut self, server: u64, hold: Hold, seq: u64) {
        let Some(rooms) = self.server.clone().filter(|_| self.server_number == server) else {
            // The room that was held went with its server.
            return;
        };
        if self.is_over || self.frozen.is_some() {
            return;
        }
        self.note(&format!("the text is frozen after row {seq}"));
        self.outcome.freezes += 1;
        self.frozen = Some(seq);
        self.disk.set_stage(Stage::Committee);
        rooms.set_stage(&ags(), Stage::Committee);
        if self.upkeep.percent(50) {
            hold.release();
        }
        let pause = self.upkeep.between(100, 8_000);
        self.schedule(pause, Event::Thaw);
    }

    pub(super) fn thaw(&mut self) {
        if self.frozen.take().is_some() {
            self.note("the text is free again");
            self.disk.set_stage(Stage::Draft);
            if let Some(rooms) = &self.server {
                rooms.set_stage(&ags(), Stage::Draft);
            }
        }
    }

    /// Nothing is written into a frozen text, by nobody and no server.
    pub(super) fn check_frozen(&self) -> Result<(), String> {
        let last = self.disk.last_seq();
        match self.frozen {
            Some(seq) if last != seq => Err(format!("frozen after row {seq}, and there is row {last}")),
            _ => Ok(()),
        }
    }

    /// Much time passes, and the operator's server thins out what has become old, beside everything else.
    fn thin_out(&mut self) {
        // Not in every run: a log that was thinned out is short, and a room leaves a snapshot of a long one only.
        let Some(rooms) = self.server.clone().filter(|_| self.thins_out) else {
            return;
        };
        self.note("what is old is thinned out");
        self.clock.jump(LONG_AFTER_HOURS * 3_600_000);
        let to_run = self.to_run.clone();
        tokio::spawn(async move {
            let compacted = rooms.compact(&ags()).await;
            let left_out = compacted.map(|compacted| compacted.before - compacted.after);
            let _ = to_run.send(FromServer::Compacted(left_out.map_err(|error| error.to_string())));
        });
    }

    pub(super) fn compacted(&mut self, outcome: Result<usize, String>) {
        self.note(&format!("thinned out: {outcome:?}"));
        if let Ok(left_out) = outcome {
            self.outcome.merged += left_out as u64;
        }
    }

    /// When everybody has gone, the room goes too and leaves a snapshot; after years its history is thinned out; and what is
    /// opened from either is what everybody had.
    pub(super) async fn check_reopening(&mut self) -> Result<(), String> {
        let rooms = self.server.take().ok_or("there is no server")?;
        let served = document(&rooms.document(&ags()).await.map_err(|error| error.to_string())?)?;
        for id in self.links.keys().copied().collect::<Vec<_>>() {
            self.hang_up(id);
        }
        let deadline = Instant::now() + 2 * limits::ROOM_IDLE;
        while rooms.open_rooms() > 0 {
            if Instant::now() > deadline {
                return Err("a room that nobody uses stays".to_owned());
            }
            sleep(Duration::from_millis(100)).await;
        }
        if self.disk.rows() > limits::SNAPSHOT_IDLE_ROWS && self.disk.snapshot_seq().is_none() {
            return Err("the room left no snapshot".to_owned());
        }
        self.outcome.snapshots += u64::from(self.disk.snapshot_seq() == Some(self.disk.last_seq()));
        self.check_same(&rooms, &served).await?;
        self.clock.jump(LONG_AFTER_HOURS * 3_600_000);
        let now_ms = self.clock.now_ms();
        rooms.compact(&ags()).await.map_err(|error| error.to_string())?;
        self.note(&format!("{} rows are left at {now_ms}", self.disk.rows()));
        self.start_server();
        let rooms = self.server.clone().ok_or("there is no server")?;
        self.check_same(&rooms, &served).await?;
        self.disk.violation().map_or(Ok(()), Err)
    }

    async fn check_same(&self, rooms: &Rooms, expected: &yrs::Doc) -> Result<(), String> {
        let opened = document(&rooms.document(&ags()).await.map_err(|error| error.to_string())?)?;
        self.ledger.check_acknowledged(&opened)?;
        if Content::of_doc(&opened).equals(&Content::of_doc(expected)) {
            Ok(())
        } else {
            Err("a room that was opened again has another document".to_owned())
        }
    }
}
