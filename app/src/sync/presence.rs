//! Who is in which field: awareness states by client id.
//!
//! A state says only where somebody is, as JSON `{"at": {"field": "…"}}`; whose client id it is says the server's list
//! of people.

use std::collections::BTreeMap;

use model::wire::awareness::{self, Entry};
use serde::{Deserialize, Serialize};

/// One client's state, as far as we read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
}

/// Where somebody is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct At {
    /// A field, in the string form of `model::doc::FieldId`.
    pub field: String,
}

/// Everybody's newest state.
#[derive(Debug, Default)]
pub struct Presence {
    clocks: BTreeMap<u64, u64>,
    fields: BTreeMap<u64, String>,
}

impl Presence {
    /// Takes an awareness message in; true when somebody's field changed. Malformed ones are skipped.
    pub fn take(&mut self, message: &[u8]) -> bool {
        let Ok(entries) = awareness::decode(message) else {
            return false;
        };
        let before = self.fields.clone();
        for entry in entries {
            let known = self.clocks.get(&entry.client_id).copied();
            if known.is_some_and(|clock| entry.clock < clock || (entry.clock == clock && !entry.is_removal())) {
                continue;
            }
            self.clocks.insert(entry.client_id, entry.clock);
            match serde_json::from_str::<Option<State>>(&entry.state)
                .ok()
                .flatten()
                .and_then(|state| state.at)
            {
                Some(at) => self.fields.insert(entry.client_id, at.field),
                None => self.fields.remove(&entry.client_id),
            };
        }
        before != self.fields
    }

    /// The field each client is in.
    #[must_use]
    pub fn fields(&self) -> &BTreeMap<u64, String> {
        &self.fields
    }

    /// Forgets everybody: on a new connection the server tells all again.
    pub fn clear(&mut self) {
        self.clocks.clear();
        self.fields.clear();
    }
}

/// The awareness message of one own state.
#[must_use]
pub fn own_message(client_id: u64, clock: u64, field: Option<&str>) -> Vec<u8> {
    let state = State {
        at: field.map(|field| At {
            field: field.to_owned(),
        }),
    };
    let state = serde_json::to_string(&state).unwrap_or_else(|_| "{}".to_owned());
    awareness::encode(&[Entry {
        client_id,
        clock,
        state,
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_state_counts_and_null_ends_it() {
        let mut presence = Presence::default();
        assert!(presence.take(&own_message(7, 2, Some("title"))));
        assert!(!presence.take(&own_message(7, 1, Some("motto"))), "older");
        assert_eq!(presence.fields().get(&7).map(String::as_str), Some("title"));
        assert!(presence.take(&own_message(7, 3, Some("motto"))));
        let gone = Entry {
            client_id: 7,
            clock: 3,
            state: "null".to_owned(),
        };
        assert!(presence.take(&awareness::encode(&[gone])));
        assert!(presence.fields().is_empty());
    }

    #[test]
    fn states_of_other_programs_are_skipped() {
        let mut presence = Presence::default();
        let foreign = Entry {
            client_id: 1,
            clock: 1,
            state: r#"{"user":{"name":"x"},"at":3}"#.to_owned(),
        };
        assert!(!presence.take(&awareness::encode(&[foreign])));
        assert!(!presence.take(&[255, 255]));
        assert!(presence.take(&own_message(1, 2, Some("title"))));
    }
}
