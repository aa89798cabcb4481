//! Who is in which field, and where in it: awareness states by client id.
//!
//! A state says only where somebody is, as JSON `{"at": {"field": "…", "anchor": …, "head": …}}`; whose client id it is
//! says the server's list of people. `anchor` and `head` are Yjs relative positions, as other Yjs editors have them.

use std::collections::BTreeMap;

use model::{
    doc::Sticky,
    insert::inserted,
    wire::awareness::{self, Entry},
};
use serde::{Deserialize, Deserializer, Serialize};

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
    /// Where the selection began.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "if_readable")]
    pub anchor: Option<Sticky>,
    /// Where it ends: the caret.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "if_readable")]
    pub head: Option<Sticky>,
}

/// What a message brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Somebody went to another field, came, or left.
    pub fields: bool,
    /// A caret moved, or one of those.
    pub carets: bool,
}

/// Everybody's newest state.
#[derive(Debug, Default)]
pub struct Presence {
    clocks: BTreeMap<u64, u64>,
    places: BTreeMap<u64, At>,
}

impl Presence {
    /// Takes an awareness message in. Malformed ones are skipped.
    pub fn take(&mut self, message: &[u8]) -> News {
        let mut news = News::default();
        let Ok(entries) = awareness::decode(message) else {
            return news;
        };
        for entry in entries {
            let known = self.clocks.get(&entry.client_id).copied();
            if known.is_some_and(|clock| entry.clock < clock || (entry.clock == clock && !entry.is_removal())) {
                continue;
            }
            self.clocks.insert(entry.client_id, entry.clock);
            let at = serde_json::from_str::<Option<State>>(&entry.state)
                .ok()
                .flatten()
                .and_then(|state| state.at);
            let before = match at.clone() {
                Some(at) => self.places.insert(entry.client_id, at),
                None => self.places.remove(&entry.client_id),
            };
            news.carets |= before != at;
            news.fields |= before.map(|at| at.field) != at.map(|at| at.field);
        }
        news
    }

    /// Where each client is.
    #[must_use]
    pub fn places(&self) -> &BTreeMap<u64, At> {
        &self.places
    }

    /// The field each client is in.
    #[must_use]
    pub fn fields(&self) -> BTreeMap<u64, String> {
        let fields = self.places.iter();
        inserted(fields.map(|(client_id, at)| (*client_id, at.field.clone())))
    }

    /// Forgets everybody: on a new connection the server tells all again.
    pub fn clear(&mut self) {
        self.clocks.clear();
        self.places.clear();
    }
}

/// The awareness message of one own state.
#[must_use]
pub fn own_message(client_id: u64, clock: u64, at: Option<At>) -> Vec<u8> {
    let state = serde_json::to_string(&State { at }).unwrap_or_else(|_| "{}".to_owned());
    awareness::encode(&[Entry {
        client_id,
        clock,
        state,
    }])
}

/// A position in a form of another program is none; the field counts all the same.
fn if_readable<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Sticky>, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    Ok(serde_json::from_value(value).ok())
}

#[cfg(test)]
mod tests {
    use model::doc::{self, FieldId, RootText, TextDelta};
    use yrs::Transact;

    use super::*;

    const FIELDS: News = News {
        fields: true,
        carets: true,
    };

    fn at(field: &str) -> Option<At> {
        Some(At {
            field: field.to_owned(),
            anchor: None,
            head: None,
        })
    }

    #[test]
    fn the_newest_state_counts_and_null_ends_it() {
        let mut presence = Presence::default();
        assert_eq!(presence.take(&own_message(7, 2, at("title"))), FIELDS);
        assert_eq!(presence.take(&own_message(7, 1, at("motto"))), News::default(), "older");
        assert_eq!(presence.fields().get(&7).map(String::as_str), Some("title"));
        assert_eq!(presence.take(&own_message(7, 3, at("motto"))), FIELDS);
        let gone = Entry {
            client_id: 7,
            clock: 3,
            state: "null".to_owned(),
        };
        assert_eq!(presence.take(&awareness::encode(&[gone])), FIELDS);
        assert!(presence.fields().is_empty());
    }

    #[test]
    fn states_of_other_programs_are_skipped() {
        let mut presence = Presence::default();
        let say = |clock, state: &str| {
            awareness::encode(&[Entry {
                client_id: 1,
                clock,
                state: state.to_owned(),
            }])
        };
        let none = News::default();
        assert_eq!(presence.take(&say(1, r#"{"user":{"name":"x"},"at":3}"#)), none);
        assert_eq!(presence.take(&[255, 255]), none);
        assert_eq!(
            presence.take(&say(2, r#"{"at":{"field":"title","anchor":7,"head":{"item":"no"}}}"#)),
            FIELDS
        );
        assert_eq!(presence.places().get(&1).cloned(), at("title"), "the field is readable");
    }

    #[test]
    fn a_caret_is_told_as_yjs_tells_it_and_follows_its_letter() {
        let field = FieldId::Root(RootText::Title);
        let doc = doc::new_doc(5);
        doc::set_text(&doc, &field, "Kein Kind").unwrap();
        let caret = Sticky::at(&doc.transact(), &field, 4);
        let told = At {
            field: field.to_string(),
            anchor: caret.clone(),
            head: caret,
        };
        let mut presence = Presence::default();
        presence.take(&own_message(5, 1, Some(told.clone())));
        let json = serde_json::to_value(&told).unwrap();
        assert_eq!(
            json["head"],
            serde_json::json!({"item": {"client": 5, "clock": 3}, "assoc": -1})
        );
        let read = presence.places()[&5].clone();
        assert_eq!(read, told);
        let insertion = TextDelta::replace(0, 0, "Hier bleibt: ");
        doc::edit_text(&doc, &field, &insertion).unwrap();
        let offset = read.head.and_then(|head| head.offset(&doc.transact(), &field));
        assert_eq!(offset, Some(17));
        // Only a caret that moved is no news of fields.
        let moved = At {
            head: Sticky::at(&doc.transact(), &field, 0),
            ..told
        };
        let news = presence.take(&own_message(5, 2, Some(moved)));
        assert_eq!((news.fields, news.carets), (false, true));
    }
}
