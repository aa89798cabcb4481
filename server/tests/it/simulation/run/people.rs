//! What people and their pages do.

use std::{collections::BTreeSet, time::Duration};

use leitnetz::rooms::Outgoing;
use model::wire::{ClientMessage, ReadOnly, ServerMessage, admission::Refusal, close};
use tokio::time::Instant;

use super::{ConnectionId, Event, Peer, Run, now_ms};
use crate::simulation::{ledger::check_blocks, page::Page, person::Deed};

impl Run<'_> {
    pub(super) fn act(&mut self, peer: usize) -> Result<(), String> {
        // A word, then a thought.
        let most = if self.network.percent(80) { 300 } else { 3_000 };
        let pause = self.network.between(5, most);
        if self.is_over {
            return Ok(());
        }
        self.schedule(pause, Event::Act(peer));
        let now_ms = now_ms(&self.clock);
        let Peer {
            person,
            page: Some(page),
            ..
        } = &mut self.peers[peer]
        else {
            return Ok(());
        };
        // The first load shows no fields before the document is there.
        if !page.is_loaded || page.is_frozen {
            return Ok(());
        }
        self.outcome.operations += 1;
        let deed = person.act(page, now_ms, self.ledger.deleted())?;
        self.note(&format!("{peer} {}", deed.what));
        self.settle(peer, Some(&deed));
        let page = self.peers[peer].page.as_ref();
        page.filter(|_| self.network.percent(3))
            .map_or(Ok(()), |page| check_blocks(page.doc()))
    }

    /// Sends and keeps what a page has changed.
    pub(super) fn settle(&mut self, peer: usize, deed: Option<&Deed>) {
        let first = self.ledger.len();
        let Some(page) = &mut self.peers[peer].page else { return };
        for change in page.settle() {
            let number = self.ledger.write(peer, change.update.clone());
            let Peer {
                device,
                page: Some(page),
                ..
            } = &mut self.peers[peer]
            else {
                return;
            };
            let (entry, transaction) = device.put(change.update.clone());
            page.is_stored_as(&change, entry);
            self.ledger.keep(peer, entry, number);
            self.write_down(peer, transaction);
            if change.is_sent {
                self.send(peer, &ClientMessage::Update(&change.update));
            }
        }
        if let Some(deed) = deed {
            let last = self.ledger.len();
            self.ledger.note(deed, first..last);
        }
    }

    /// The device needs a moment for a transaction.
    pub(super) fn write_down(&mut self, peer: usize, transaction: u64) {
        let most = if self.network.percent(5) { 4_000 } else { 80 };
        let pause = Duration::from_millis(self.network.below(most));
        let Peer {
            device_busy_until,
            page_number,
            ..
        } = &mut self.peers[peer];
        *device_busy_until = (*device_busy_until).max(Instant::now()) + pause;
        let (at, page_number) = (*device_busy_until, *page_number);
        self.schedule_at(at, Event::Written(peer, page_number, transaction));
    }

    pub(super) fn open_page(&mut self, peer: usize) -> Result<(), String> {
        if self.peers[peer].page.is_some() {
            return Ok(());
        }
        let client_id = self.seeds.next() & model::limits::CLIENT_ID_MAX;
        let mut page = Page::open(client_id);
        let state = &mut self.peers[peer];
        if let Some(document) = state.device.document() {
            page.apply(document)?;
            page.is_loaded = true;
        }
        state.left = state.device.left();
        state.page = Some(page);
        (state.failures, state.forgotten, state.awareness_clock) = (0, 0, 0);
        let left = state.left.len();
        self.note(&format!("{peer} opens a page as {client_id}, {left} changes are left"));
        self.adopt(peer);
        self.schedule(0, Event::Connect(peer));
        Ok(())
    }

    /// Takes over what earlier pages left, as far as the document has what it rests on.
    pub(super) fn adopt(&mut self, peer: usize) {
        let Peer {
            left, page: Some(page), ..
        } = &mut self.peers[peer]
        else {
            return;
        };
        let mut messages = Vec::new();
        left.retain(|(entry, update)| {
            if !page.adopt(update) {
                return true;
            }
            for change in page.settle() {
                page.is_stored_as(&change, *entry);
                if change.is_sent {
                    messages.push(change.update);
                }
            }
            false
        });
        for update in messages {
            self.send(peer, &ClientMessage::Update(&update));
        }
    }

    pub(super) fn close_page(&mut self, peer: usize, writes_everything: bool) {
        let state = &mut self.peers[peer];
        if state.page.take().is_none() {
            return;
        }
        state.page_number += 1;
        state.left.clear();
        state.connecting = None;
        let writing = state.device.is_writing();
        let kept = if writes_everything {
            writing
        } else {
            self.faults.index(writing + 1)
        };
        state.device.crash(kept);
        if let Some(id) = state.connection.take() {
            self.abandon(id);
        }
    }

    pub(super) fn on_frame(&mut self, peer: usize, id: ConnectionId, outgoing: Outgoing) -> Result<(), String> {
        let frame = match outgoing {
            Outgoing::Frame(frame) => frame,
            Outgoing::Close(close::REFUSED) => return Err(format!("the server refused {peer}, who is honest")),
            Outgoing::Close(code) => {
                self.note(&format!("{peer} is closed with {code}"));
                self.lose(peer);
                self.hang_up(id);
                return Ok(());
            }
        };
        let Some(page) = &mut self.peers[peer].page else {
            return Ok(());
        };
        match ServerMessage::decode(&frame).map_err(|error| error.to_string())? {
            ServerMessage::SyncStep1(state_vector) => {
                let missing = page.diff(state_vector);
                page.saved.answer();
                self.send(peer, &ClientMessage::SyncStep2(&missing));
            }
            ServerMessage::SyncStep2(update) => {
                page.apply(update)?;
                page.is_loaded = true;
                self.adopt(peer);
            }
            ServerMessage::Update(update) => {
                page.apply(update)?;
                // The same message again must change nothing.
                if self.network.percent(5) {
                    page.apply(update)?;
                }
                self.adopt(peer);
            }
            ServerMessage::Saved(messages) => self.saved(peer, messages)?,
            ServerMessage::ReadOnly(why) => page.is_frozen = why.is_some_and(|why| why.reason == ReadOnly::FROZEN),
            // Written before it heard that the text was frozen, or while it was offline: the page keeps it, and is asked
            // for it when the text is free.
            ServerMessage::Refused(refused) if refused.code == Refusal::Frozen.code() && !refused.fatal => {
                self.outcome.frozen_out += 1;
            }
            ServerMessage::Refused(refused) => return Err(format!("{peer}, who is honest, was refused: {refused:?}")),
            ServerMessage::Unknown => return Err("the server sent an unknown message".to_owned()),
            _ => {}
        }
        Ok(())
    }

    /// What the server calls saved must be on the disk at this moment.
    pub(super) fn saved(&mut self, peer: usize, messages: u64) -> Result<(), String> {
        let Peer {
            page: Some(page),
            device,
            forgotten,
            ..
        } = &mut self.peers[peer]
        else {
            return Ok(());
        };
        let acknowledged = page.acknowledge(messages);
        let news: BTreeSet<u64> = acknowledged[*forgotten..].iter().copied().collect();
        *forgotten = acknowledged.len();
        if news.is_empty() {
            return Ok(());
        }
        for entry in &news {
            let update = self.ledger.kept(peer, *entry);
            if let Some(content) = self.ledger.acknowledge(update)
                && !self.disk.holds(content)
            {
                return Err(format!(
                    "update {update} of {peer} was called saved and is not on the disk"
                ));
            }
        }
        let transaction = device.forget(news);
        let copy = self.network.percent(10).then(|| device.copy(page.everything()));
        self.write_down(peer, transaction);
        if let Some(transaction) = copy {
            self.write_down(peer, transaction);
        }
        Ok(())
    }
}
