//! Who is here: hello, roles, awareness.

use std::collections::BTreeMap;

use model::{
    limits,
    role::Role,
    wire::{Person, RoleChange, ServerMessage, Welcome, awareness},
};
use tokio::time::Instant;

use super::{
    super::{Identity, ParticipantId, Whose, seat::SeatId},
    Room,
};

impl Room {
    pub(super) fn hello(&mut self, id: SeatId) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        seat.said_hello = true;
        let Identity {
            participant,
            name,
            color,
            role,
            ..
        } = seat.identity.clone();
        let welcome = Welcome {
            participant: participant.0,
            name,
            color,
            role,
            client_ids_ok: true,
        };
        self.send(id, &ServerMessage::Welcome(welcome));
        // The list of people follows at the next turn: in a hall everybody says hello at once.
        self.people_changed = true;
        self.tell_stage(id);
    }

    pub(super) fn set_role(&mut self, whose: &Whose, role: Role) {
        for id in self.seats_of(whose) {
            let Some(seat) = self.seats.get_mut(&id) else { continue };
            // What a reader's or a facilitator's link says stays; only writing and suggesting are set for a person.
            let may_be_set = !matches!(whose, Whose::Participant(_)) || seat.identity.role.can_be_set();
            if seat.identity.role == role || !may_be_set {
                continue;
            }
            seat.identity.role = role;
            self.people_changed = true;
            // What was refused while it could only read is taken now.
            let ask = role.may_write() && seat.progress.needs_question();
            self.tell(id, &ServerMessage::Role(RoleChange { role }));
            if ask {
                self.ask(id);
            }
        }
    }

    pub(super) fn take_awareness(&mut self, id: SeatId, entries: &[u8]) {
        let entries = match awareness::decode(entries) {
            Ok(entries) => entries,
            Err(refusal) => return self.refuse(id, refusal),
        };
        let mut taken = Vec::new();
        for entry in entries {
            if self.owns(id, entry.client_id) && self.presence.take(id, entry.clone()) {
                taken.push(entry);
            }
        }
        self.tell_awareness(taken);
    }

    /// Is this socket the one that speaks for `client_id`? The first client id that it sends is its own, unless that
    /// belongs to somebody else; y-websocket re-sends everybody's later.
    pub(super) fn owns(&mut self, id: SeatId, client_id: u64) -> bool {
        let Some(seat) = self.seats.get(&id) else { return false };
        if let Some(own) = seat.awareness {
            return own == client_id;
        }
        let Identity { participant, role, .. } = seat.identity.clone();
        let previous = self.presence.owner(client_id);
        let is_free = previous
            .and_then(|other| self.seats.get(&other))
            .is_none_or(|other| other.identity.participant == participant);
        let is_free = is_free || self.claims.owner(client_id) == Some(&participant);
        if !is_free || !self.claims.allows(client_id, &participant) {
            return false;
        }
        if let Some(other) = previous.and_then(|other| self.seats.get_mut(&other)) {
            other.awareness = None;
            other.client_ids.remove(&client_id);
        }
        // Readers write under no id, and could take others' ids away, under which nothing was written yet.
        if role.may_talk() && self.claims.count(&participant) < limits::PARTICIPANT_CLIENT_IDS {
            self.claims.claim(client_id, &participant);
        }
        if let Some(seat) = self.seats.get_mut(&id) {
            seat.awareness = Some(client_id);
            seat.client_ids.insert(client_id);
        }
        self.people_changed = true;
        true
    }

    /// Notes what is to be told; only the last state of each client counts.
    pub(super) fn tell_awareness(&mut self, entries: Vec<awareness::Entry>) {
        for entry in entries {
            self.awareness_news.insert(entry.client_id, entry);
        }
    }

    /// Tells everybody as one message, unless the last one was just now, and together with the next relay of updates if
    /// there is one.
    pub(super) fn relay_awareness(&mut self) {
        let is_early = self.awareness_due().is_some_and(|at| at > Instant::now());
        if self.awareness_news.is_empty() || is_early || self.relays_soon() {
            return;
        }
        self.awareness_at = Some(Instant::now());
        let entries = std::mem::take(&mut self.awareness_news);
        // Also to those it came from: y-websocket takes 30 s without a message for a dead connection.
        let frame = ServerMessage::Awareness(&awareness::encode(entries.values()))
            .encode()
            .into();
        self.push_to(&frame, |_, _| true);
    }

    /// The earliest moment for the next relay of awareness; none before the first.
    pub(super) fn awareness_due(&self) -> Option<Instant> {
        let pause = limits::AWARENESS_PAUSE_PER_SOCKET
            .saturating_mul(self.sockets())
            .min(limits::AWARENESS_PAUSE_MAX);
        self.awareness_at.map(|at| at + pause)
    }

    pub(super) fn tell_people(&mut self) {
        if !self.people_changed || self.people_due().is_some_and(|at| at > Instant::now()) {
            return;
        }
        self.people_changed = false;
        self.people_at = Some(Instant::now());
        let people = ServerMessage::People(self.people());
        self.tell_all(&people);
    }

    pub(super) fn people_due(&self) -> Option<Instant> {
        let pause = limits::PEOPLE_PAUSE + limits::PEOPLE_PAUSE_PER_SOCKET.saturating_mul(self.sockets());
        self.people_at.map(|at| at + pause.min(limits::PEOPLE_PAUSE_MAX))
    }

    pub(super) fn people(&self) -> Vec<Person> {
        let mut people: BTreeMap<&ParticipantId, Person> = BTreeMap::new();
        for seat in self.seats.values() {
            let Identity {
                participant,
                name,
                color,
                role,
                ..
            } = &seat.identity;
            let person = people.entry(participant).or_insert_with(|| Person {
                participant: participant.0.clone(),
                name: name.clone(),
                color: *color,
                role: *role,
                client_ids: Vec::new(),
            });
            person.client_ids.extend(&seat.client_ids);
        }
        people
            .into_values()
            .map(|mut person| {
                person.client_ids.sort_unstable();
                person.client_ids.dedup();
                person
            })
            .collect()
    }
}
