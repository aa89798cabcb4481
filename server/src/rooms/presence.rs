//! Who is where, and whose client ids are whose.

use std::collections::{BTreeMap, HashMap};

use model::wire::awareness::{self, Entry};

use super::{Claim, ParticipantId, seat::SeatId};

/// Everybody's awareness; each entry is owned by the socket that first sent it.
#[derive(Debug, Default)]
pub(super) struct Presence {
    entries: BTreeMap<u64, Shown>,
}

#[derive(Debug)]
struct Shown {
    seat: SeatId,
    entry: Entry,
}

impl Presence {
    /// The socket that owns the entry of `client_id`.
    pub(super) fn owner(&self, client_id: u64) -> Option<SeatId> {
        self.entries.get(&client_id).map(|shown| shown.seat)
    }

    /// Takes what its owner says. `false`: nothing new, or not JSON.
    pub(super) fn take(&mut self, seat: SeatId, entry: Entry) -> bool {
        let known = self.entries.get(&entry.client_id).map(|shown| shown.entry.clock);
        if entry.is_removal() {
            // At the same clock it counts, as with everybody who hears it.
            let counts = known.is_some_and(|clock| clock <= entry.clock);
            return counts && self.entries.remove(&entry.client_id).is_some();
        }
        let is_older = known.is_some_and(|clock| clock >= entry.clock);
        if !awareness::is_json(&entry.state) {
            return false;
        }
        if is_older {
            // A socket that came back with the same clock still becomes the owner.
            if let Some(shown) = self.entries.get_mut(&entry.client_id) {
                shown.seat = seat;
            }
            return false;
        }
        self.entries.insert(entry.client_id, Shown { seat, entry });
        true
    }

    /// Removes what a socket owned; what to tell the others.
    pub(super) fn leave(&mut self, seat: SeatId) -> Vec<Entry> {
        let gone: Vec<u64> = self
            .entries
            .iter()
            .filter(|(_, shown)| shown.seat == seat)
            .map(|(client_id, _)| *client_id)
            .collect();
        gone.iter()
            .filter_map(|client_id| self.entries.remove(client_id))
            .map(|shown| removal(&shown.entry))
            .collect()
    }

    /// Everybody, for a newcomer.
    pub(super) fn all(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values().map(|shown| &shown.entry)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The entry that removes `entry`: at the same clock `null` wins.
fn removal(entry: &Entry) -> Entry {
    Entry {
        client_id: entry.client_id,
        clock: entry.clock,
        state: "null".to_owned(),
    }
}

/// Which participant a client id belongs to.
#[derive(Debug, Default)]
pub(super) struct Claims {
    owners: HashMap<u64, Owner>,
}

#[derive(Debug)]
struct Owner {
    participant: ParticipantId,
    /// Is it on its way to the log?
    logged: bool,
}

impl Claims {
    /// Adds claims from the log.
    pub(super) fn load(&mut self, claims: &[Claim]) {
        for claim in claims {
            let owner = Owner {
                participant: claim.participant.clone(),
                logged: true,
            };
            self.owners.entry(claim.client_id).or_insert(owner);
        }
    }

    pub(super) fn owner(&self, client_id: u64) -> Option<&ParticipantId> {
        self.owners.get(&client_id).map(|owner| &owner.participant)
    }

    /// May this participant use the id? Its own, or one that nobody has yet.
    pub(super) fn allows(&self, client_id: u64, participant: &ParticipantId) -> bool {
        self.owner(client_id).is_none_or(|owner| owner == participant)
    }

    /// How many ids are this participant's.
    pub(super) fn count(&self, participant: &ParticipantId) -> usize {
        self.owners
            .values()
            .filter(|owner| owner.participant == *participant)
            .count()
    }

    /// The id is this participant's from now on, unless it is somebody's already.
    pub(super) fn claim(&mut self, client_id: u64, participant: &ParticipantId) {
        self.owners.entry(client_id).or_insert_with(|| Owner {
            participant: participant.clone(),
            logged: false,
        });
    }

    /// The id is this participant's, as was found before this room was opened; whoever claimed it since wrote nothing under
    /// it. `false`: somebody else did.
    pub(super) fn reclaim(&mut self, client_id: u64, participant: &ParticipantId) -> bool {
        if self.owners.get(&client_id).is_some_and(|owner| !owner.logged) {
            self.owners.remove(&client_id);
        }
        self.claim(client_id, participant);
        self.allows(client_id, participant)
    }

    /// The claims on these ids that the log does not know, to be logged with the row that uses them.
    pub(super) fn unlogged(&mut self, client_ids: impl IntoIterator<Item = u64>) -> Vec<Claim> {
        let mut claims = Vec::new();
        for client_id in client_ids {
            if let Some(owner) = self.owners.get_mut(&client_id)
                && !owner.logged
            {
                owner.logged = true;
                claims.push(Claim {
                    client_id,
                    participant: owner.participant.clone(),
                });
            }
        }
        claims
    }
}
