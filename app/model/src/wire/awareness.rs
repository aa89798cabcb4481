//! Awareness: who is where, ephemeral, one JSON state for each client id.
//!
//! Source of the format: npm `y-protocols`, `awareness.js`: a count, then for each entry client id, clock and the state
//! as JSON text; the text `null` says that the client is gone.

use super::{
    admission::Refusal,
    lib0::{Reader, put_var_string, put_var_uint},
};
use crate::limits;

/// One client's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub client_id: u64,
    /// Counts the states of this client id; a higher one wins, and at the same clock `null` does.
    pub clock: u64,
    /// JSON; `null` when the client is gone.
    pub state: String,
}

impl Entry {
    /// Is the client gone?
    #[must_use]
    pub fn is_removal(&self) -> bool {
        self.state == "null"
    }
}

/// The entries of an awareness message.
///
/// # Errors
/// [`Refusal::Malformed`], [`Refusal::TooLarge`], [`Refusal::TooMany`], [`Refusal::TooLong`], [`Refusal::OutOfRange`].
/// Whether a state is JSON is not checked here: see [`is_json`].
pub fn decode(bytes: &[u8]) -> Result<Vec<Entry>, Refusal> {
    if bytes.len() > limits::AWARENESS_MESSAGE_BYTES {
        return Err(Refusal::TooLarge);
    }
    let mut reader = Reader::new(bytes);
    let count = reader.var_uint()?;
    if count > limits::AWARENESS_ENTRIES as u64 {
        return Err(Refusal::TooMany);
    }
    let mut entries = Vec::new();
    for _ in 0..count {
        let client_id = reader.var_uint()?;
        if client_id > limits::CLIENT_ID_MAX {
            return Err(Refusal::OutOfRange);
        }
        let clock = reader.var_uint()?;
        // JavaScript clients throw at numbers that they cannot count exactly.
        if clock > limits::CLIENT_ID_MAX {
            return Err(Refusal::OutOfRange);
        }
        let state = reader.var_string()?;
        if state.len() > limits::AWARENESS_STATE_BYTES {
            return Err(Refusal::TooLong);
        }
        entries.push(Entry {
            client_id,
            clock,
            state: state.to_owned(),
        });
    }
    Ok(entries)
}

/// The payload of an awareness message.
#[must_use]
pub fn encode<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Vec<u8> {
    let mut body = Vec::new();
    let mut count = 0_u64;
    for entry in entries {
        put_var_uint(&mut body, entry.client_id);
        put_var_uint(&mut body, entry.clock);
        put_var_string(&mut body, &entry.state);
        count += 1;
    }
    let mut out = Vec::with_capacity(body.len() + 4);
    put_var_uint(&mut out, count);
    out.append(&mut body);
    out
}

/// Is this text JSON? Parsed without building values, so a deeply nested one costs nothing.
#[must_use]
pub fn is_json(state: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(state).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_bytes_are_those_of_y_protocols() {
        let entry = Entry {
            client_id: 300,
            clock: 2,
            state: "{}".to_owned(),
        };
        let bytes = encode([&entry]);
        assert_eq!(bytes, [1, 0xac, 2, 2, 2, b'{', b'}']);
        assert_eq!(decode(&bytes), Ok(vec![entry]));
    }

    #[test]
    fn a_count_that_lies_reserves_nothing() {
        assert_eq!(decode(&[0xff, 0xff, 0xff, 0xff, 0x0f]), Err(Refusal::TooMany));
        assert_eq!(decode(&[2, 1, 1, 0]), Err(Refusal::Malformed));
    }

    #[test]
    fn deeply_nested_json_is_only_looked_at() {
        let deep = "[".repeat(2_000) + &"]".repeat(2_000);
        assert!(is_json("{\"a\":[1]}") && !is_json("{") && !is_json(""));
        // Whether it counts as JSON does not matter here; that it is answered does.
        let _ = is_json(&deep);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            let _ = decode(&bytes);
        }
    }
}
