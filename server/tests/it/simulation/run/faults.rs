//! The server, and what goes wrong.

use std::{sync::Arc, time::Duration};

use leitnetz::rooms::{Clock, Rooms};
use tokio::time::Instant;

use super::{Event, FromServer, Run, ags};
use crate::simulation::{PEOPLE, world::SeededEntropy};

impl Run<'_> {
    pub(super) fn start_server(&mut self) {
        let entropy = SeededEntropy::new(self.seeds.fork());
        let idle_after = Duration::from_millis(self.faults.between(500, 60_000));
        let rooms = Rooms::new(
            Arc::new(self.disk.open()),
            Arc::clone(&self.clock) as Arc<dyn Clock>,
            Arc::new(entropy),
        );
        self.server_number += 1;
        self.server = Some(rooms.idle_after(idle_after));
    }

    pub(super) fn restart_server(&mut self) {
        self.note("the server starts again");
        self.start_server();
        let (Some(rooms), to_run) = (self.server.clone(), self.to_run.clone()) else {
            return;
        };
        tokio::spawn(async move {
            if let Ok(document) = rooms.document(&ags()).await {
                let _ = to_run.send(FromServer::Reopened(document));
            }
        });
    }

    /// The machine stops at once. Nothing that its tasks still do can be seen: their disk and their sockets are gone.
    pub(super) fn crash_server(&mut self) {
        if self.server.take().is_none() {
            return;
        }
        self.note("the server crashes");
        self.outcome.server_crashes += 1;
        self.disk.crash();
        for peer in &mut self.peers {
            if peer.connecting.take().is_some() {
                peer.failures += 1;
            }
        }
        for id in self.links.keys().copied().collect::<Vec<_>>() {
            self.hang_up(id);
            self.break_connection(id);
        }
        for peer in 0..PEOPLE {
            self.retry(peer);
        }
        let after = self.faults.between(50, 15_000);
        self.schedule(after, Event::StartServer);
    }

    pub(super) fn stop_server(&mut self) {
        let Some(rooms) = self.server.take() else { return };
        self.note("the server stops");
        self.outcome.server_stops += 1;
        let to_run = self.to_run.clone();
        tokio::spawn(async move {
            rooms.shutdown().await;
            let _ = to_run.send(FromServer::Stopped);
        });
    }

    pub(super) fn crash_browser(&mut self, peer: usize, writes_everything: bool) {
        if self.peers[peer].page.is_none() {
            return;
        }
        self.note(&format!("the browser of {peer} ends"));
        self.outcome.browser_crashes += 1;
        self.close_page(peer, writes_everything);
        let after = self.faults.between(50, 12_000);
        self.schedule(after, Event::OpenPage(peer));
    }

    pub(super) fn fault(&mut self) {
        if self.is_over {
            return;
        }
        let peer = self.faults.index(PEOPLE);
        let soon = self.faults.between(100, 8_000);
        let until = Instant::now() + Duration::from_millis(soon);
        match self.faults.below(21) {
            0 | 1 => self.crash_server(),
            20 => {
                self.note("the power is gone");
                self.crash_server();
                for other in 0..PEOPLE {
                    if self.faults.percent(60) {
                        self.crash_browser(other, false);
                    }
                }
            }
            2 => self.stop_server(),
            3..6 => self.crash_browser(peer, false),
            6 => self.crash_browser(peer, true),
            7..10 => {
                self.note(&format!("the network is gone for {peer} for {soon} ms"));
                self.peers[peer].unreachable_until = until;
                if let Some(id) = self.peers[peer].connection.filter(|_| self.faults.percent(70)) {
                    self.break_connection(id);
                }
            }
            10 => {
                let long = self.faults.between(20_000, 90_000);
                self.note(&format!("{peer} is away for {long} ms"));
                self.peers[peer].unreachable_until = Instant::now() + Duration::from_millis(long);
                if let Some(id) = self.peers[peer].connection {
                    self.break_connection(id);
                }
            }
            11..14 => {
                self.note(&format!("a connection of {peer} breaks"));
                if let Some(id) = self.peers[peer].connection {
                    self.break_connection(id);
                }
            }
            14 => {
                let hours = self.faults.between(0, 20_000) as i64 - 10_000;
                self.note(&format!("the clock jumps by {hours} h"));
                self.clock.jump(hours * 3_600_000);
            }
            15 | 16 => {
                self.note(&format!("the disk refuses for {soon} ms"));
                self.disk.refuse(until);
            }
            17 => {
                self.note(&format!("the disk is slow for {soon} ms"));
                self.disk.slow_down(until);
            }
            18 => {
                self.note("commits are in each other's way, only seem to fail, or are not synced");
                self.disk.put_in_the_way(self.faults.between(0, 3) as u32);
                self.disk.lie(self.faults.between(0, 3) as u32);
                self.disk.fail_to_sync(self.faults.between(0, 2) as u32);
            }
            _ => {
                self.note("a commit panics");
                self.disk.panic(1);
            }
        }
    }
}
