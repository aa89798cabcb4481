//! When nothing more happens, and what must hold then.

use std::time::Duration;

use model::doc;
use tokio::time::Instant;
use yrs::Transact;

use super::{HEALING, Peer, Run, ags, document, network::Direction};
use crate::{content::Content, simulation::page::Page};

impl Run<'_> {
    /// Is everybody here, with everything saved and nothing on its way?
    pub(super) fn is_quiet(&self) -> bool {
        for state in &self.peers {
            let Some(link) = state.connection.and_then(|id| self.links.get(&id)) else {
                return false;
            };
            let is_idle = |way: &Direction| way.cut.is_none() && way.sent == way.arrived;
            let has_unsaved = state.page.as_ref().is_none_or(Page::has_unsaved);
            if has_unsaved || state.device.is_writing() > 0 || !is_idle(&link.up) || !is_idle(&link.down) {
                return false;
            }
        }
        // A relay may be about to go out: everybody has the same when nobody lacks anything.
        let clocks = |peer: &Peer| peer.page.as_ref().map(Page::clocks);
        let first = clocks(&self.peers[0]);
        self.server.is_some() && self.peers.iter().all(|peer| clocks(peer) == first)
    }

    /// Lets things happen until it is so, which it must be in time.
    pub(super) async fn step_until(&mut self, is_so: impl Fn(&Self) -> bool) -> Result<(), String> {
        let deadline = Instant::now() + HEALING;
        while !is_so(self) {
            if Instant::now() > deadline {
                return Err(format!(
                    "not in step after {} s: {}",
                    HEALING.as_secs(),
                    self.describe()
                ));
            }
            self.step().await?;
        }
        Ok(())
    }

    pub(super) async fn check_end(&mut self) -> Result<(), String> {
        // A last look at what the room would still send: deletions do not show in state vectors.
        let settled = Instant::now() + Duration::from_secs(2);
        self.step_until(|run| Instant::now() > settled && run.is_quiet())
            .await?;
        let rooms = self.server.clone().ok_or("there is no server")?;
        let served = rooms.document(&ags()).await.map_err(|error| error.to_string())?;
        let served = document(&served)?;
        let durable = self.disk.document();
        let expected = Content::of_doc(&served);
        let view = doc::view(&served.transact());
        let pages = self.peers.iter().filter_map(|peer| peer.page.as_ref().map(Page::doc));
        for (number, doc) in pages.chain([&durable]).enumerate() {
            if doc::view(&doc.transact()) != view {
                return Err(format!("document {number} shows something else than the server's"));
            }
            if !Content::of_doc(doc).equals(&expected) {
                return Err(format!("document {number} holds something else than the server's"));
            }
        }
        for peer in &self.peers {
            self.outcome.stranded += peer.left.len() as u64;
            if peer.device.left().len() != peer.left.len() {
                return Err("a device keeps what is saved".to_owned());
            }
        }
        self.outcome.lost = self.ledger.lost(&served) as u64;
        self.note(&format!("ends with {view:?}"));
        self.ledger.check_end(&served)
    }

    pub(super) fn describe(&self) -> String {
        let peers = self.peers.iter().map(|peer| {
            let page = peer.page.as_ref();
            format!(
                "page {}, connection {:?}, connecting {:?}, state {:?}, writing {}",
                page.is_some(),
                peer.connection,
                peer.connecting,
                page.map(|page| page.saved.state()),
                peer.device.is_writing()
            )
        });
        let peers: Vec<String> = peers.collect();
        format!("server {}, {}", self.server.is_some(), peers.join("; "))
    }
}
