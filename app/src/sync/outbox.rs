//! What was done on this page, or on an earlier one of this browser, and is not acknowledged yet.
//!
//! Each entry has a place on the device, its [`Key`], and lies there as a [`Record`] in bytes until the server has it.
//! Two things go out: updates of the document, over the socket, acknowledged by counting ([`super::saved`]); and
//! [`Action`]s, over the page's own calls, each acknowledged by its key.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use model::{
    doc::FieldId,
    insert::inserted,
    wire::{DecodeError, lib0},
};

use super::about::{About, Deed};

/// Where an entry lies on the device, within one municipality and participant. No two pages share a client id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The page that made it.
    pub client_id: u64,
    /// Counts what that page made, from 1.
    pub number: u64,
}

/// What lies on the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When it was made, in milliseconds since 1970 by this device's clock.
    pub at_ms: u64,
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A change of the document.
    Update {
        about: Vec<About>,
        /// In encoding version 1.
        update: Vec<u8>,
    },
    Action(Action),
}

/// Something that is done once by a call to the server, whenever that can be reached: a comment, for instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it is; the call that takes it knows the kinds.
    pub kind: String,
    /// The idempotency key: the server carries out each key once, however often it is sent.
    pub key: String,
    /// The particulars, as JSON.
    pub body: String,
}

/// A local change that waits for its acknowledgement.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number on this page, as [`super::saved::Saved`] counts.
    pub change: u64,
    pub key: Key,
    pub about: Vec<About>,
    pub update: Vec<u8>,
}

/// Updates that go out as one message.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The last change in it.
    pub up_to: u64,
    pub updates: Vec<&'a [u8]>,
}

/// Local changes and actions in order, the oldest first.
#[derive(Debug, Default)]
pub struct Outbox {
    entries: VecDeque<Entry>,
    actions: VecDeque<(Key, Action)>,
    /// The last change of each field that is touched by an entry.
    touched: BTreeMap<FieldId, u64>,
    /// Numbers given under this page's client id.
    numbers: u64,
}

impl Outbox {
    /// The key of the next thing that this page makes.
    pub fn next_key(&mut self, client_id: u64) -> Key {
        self.numbers += 1;
        Key {
            client_id,
            number: self.numbers,
        }
    }

    pub fn push(&mut self, entry: Entry) {
        for About { field, .. } in &entry.about {
            self.touched.insert(field.clone(), entry.change);
        }
        self.entries.push_back(entry);
    }

    pub fn push_action(&mut self, key: Key, action: Action) {
        self.actions.push_back((key, action));
    }

    /// Forgets the first `changes` changes: the server has them on its disk. Answers with where they lie.
    pub fn acknowledge(&mut self, changes: u64) -> Vec<Key> {
        self.touched.retain(|_, last| *last > changes);
        let mut keys = Vec::new();
        while let Some(entry) = self.entries.pop_front_if(|entry| entry.change <= changes) {
            keys.push(entry.key);
        }
        keys
    }

    /// Forgets an action: the server has carried it out. Answers with where it lies.
    pub fn confirm(&mut self, key: &str) -> Option<Key> {
        let at = self.actions.iter().position(|(_, action)| action.key == key)?;
        self.actions.remove(at).map(|(key, _)| key)
    }

    /// Takes out all changes; actions stay, because the server did not refuse those.
    pub fn take_entries(&mut self) -> Vec<Entry> {
        self.touched.clear();
        std::mem::take(&mut self.entries).into()
    }

    /// Where everything in it lies.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        let actions = self.actions.iter().map(|(key, _)| *key);
        self.entries.iter().map(|entry| entry.key).chain(actions)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Actions that wait, the oldest first.
    pub fn actions(&self) -> impl Iterator<Item = &Action> {
        self.actions.iter().map(|(_, action)| action)
    }

    /// The last change of each field that waits.
    #[must_use]
    pub fn touched(&self) -> &BTreeMap<FieldId, u64> {
        &self.touched
    }

    /// The changes after number `after`, whole and in order, in pieces of at most `max_bytes`; a single change may be
    /// larger.
    #[must_use]
    pub fn pieces(&self, after: u64, max_bytes: usize) -> Vec<Piece<'_>> {
        let mut pieces: Vec<Piece<'_>> = Vec::new();
        let mut bytes = 0;
        for entry in self.entries.iter().filter(|entry| entry.change > after) {
            bytes += entry.update.len();
            match pieces.last_mut() {
                Some(piece) if bytes <= max_bytes => {
                    piece.up_to = entry.change;
                    piece.updates.push(&entry.update);
                }
                _ => {
                    bytes = entry.update.len();
                    pieces.push(Piece {
                        up_to: entry.change,
                        updates: vec![&entry.update],
                    });
                }
            }
        }
        pieces
    }

    /// The client ids of the changes that wait.
    #[must_use]
    pub fn client_ids(&self) -> BTreeSet<u64> {
        inserted(self.entries.iter().map(|entry| entry.key.client_id))
    }
}

/// The form on the device: `varuint` version, `varuint` time, then `0`, what it is about (count, and for each a byte
/// and the field's name) and the update, or `1` and the action's three texts; lib0's encoding throughout.
const RECORD_VERSION: u64 = 1;
const TAG_UPDATE: u64 = 0;
const TAG_ACTION: u64 = 1;

impl Record {
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        lib0::put_var_uint(&mut out, RECORD_VERSION);
        lib0::put_var_uint(&mut out, self.at_ms);
        match &self.content {
            Content::Update { about, update } => {
                lib0::put_var_uint(&mut out, TAG_UPDATE);
                lib0::put_var_uint(&mut out, about.len() as u64);
                for About { field, deed } in about {
                    let code = Deed::ALL.iter().position(|other| other == deed).unwrap_or_default();
                    lib0::put_var_uint(&mut out, code as u64);
                    lib0::put_var_string(&mut out, &field.to_string());
                }
                lib0::put_var_bytes(&mut out, update);
            }
            Content::Action(Action { kind, key, body }) => {
                lib0::put_var_uint(&mut out, TAG_ACTION);
                for text in [kind, key, body] {
                    lib0::put_var_string(&mut out, text);
                }
            }
        }
        out
    }

    /// Reads [`Self::encode`]; nothing for records of another version, which are left alone.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        Self::read(bytes).ok().flatten()
    }

    fn read(bytes: &[u8]) -> Result<Option<Self>, DecodeError> {
        let mut reader = lib0::Reader::new(bytes);
        if reader.var_uint()? != RECORD_VERSION {
            return Ok(None);
        }
        let at_ms = reader.var_uint()?;
        let content = match reader.var_uint()? {
            TAG_UPDATE => {
                let mut about = Vec::new();
                for _ in 0..reader.var_uint()? {
                    let code = usize::try_from(reader.var_uint()?).unwrap_or(usize::MAX);
                    let field = reader.var_string()?;
                    // A block that another program named is sent all the same, only without its name.
                    if let (Some(deed), Some(field)) = (Deed::ALL.get(code), FieldId::parse(field)) {
                        about.push(About { field, deed: *deed });
                    }
                }
                let update = reader.var_bytes()?.to_vec();
                Content::Update { about, update }
            }
            TAG_ACTION => {
                let mut text = || reader.var_string().map(str::to_owned);
                Content::Action(Action {
                    kind: text()?,
                    key: text()?,
                    body: text()?,
                })
            }
            _ => return Ok(None),
        };
        reader.finish()?;
        Ok(Some(Self { at_ms, content }))
    }
}

#[cfg(test)]
mod tests {
    use model::doc::{BlockId, RootText};
    use proptest::prelude::*;

    use super::*;

    fn words(field: &FieldId) -> About {
        About {
            field: field.clone(),
            deed: Deed::Words,
        }
    }

    fn entry(outbox: &mut Outbox, change: u64, about: Vec<About>, bytes: usize) -> Entry {
        Entry {
            change,
            key: outbox.next_key(7),
            about,
            update: vec![change as u8; bytes],
        }
    }

    #[test]
    fn acknowledged_entries_are_forgotten_and_their_keys_named() {
        let mut outbox = Outbox::default();
        let title = FieldId::Root(RootText::Title);
        let motto = FieldId::Root(RootText::Motto);
        for (change, about) in [
            (1, vec![words(&motto)]),
            (2, vec![words(&title)]),
            (3, vec![]),
            (4, vec![words(&title)]),
        ] {
            let entry = entry(&mut outbox, change, about, 3);
            outbox.push(entry);
        }
        assert_eq!(
            outbox.touched().iter().collect::<Vec<_>>(),
            [(&title, &4), (&motto, &1)]
        );
        let numbers: Vec<u64> = outbox.acknowledge(3).iter().map(|key| key.number).collect();
        assert_eq!(numbers, [1, 2, 3]);
        assert_eq!(outbox.touched().keys().collect::<Vec<_>>(), [&title]);
        assert_eq!(outbox.acknowledge(4).len(), 1);
        assert!(outbox.is_empty());
        assert_eq!(outbox.next_key(7).number, 5, "a number is never given again");
    }

    #[test]
    fn pieces_are_whole_changes_in_order_below_the_limit() {
        let mut outbox = Outbox::default();
        for (change, bytes) in [(1, 4), (2, 4), (3, 4), (4, 30), (5, 1)] {
            let entry = entry(&mut outbox, change, vec![], bytes);
            outbox.push(entry);
        }
        let sizes = |after| {
            outbox
                .pieces(after, 10)
                .iter()
                .map(|piece| (piece.up_to, piece.updates.iter().map(|update| update.len()).collect()))
                .collect::<Vec<(u64, Vec<usize>)>>()
        };
        assert_eq!(sizes(0), [(2, vec![4, 4]), (3, vec![4]), (4, vec![30]), (5, vec![1])]);
        assert_eq!(sizes(3), [(4, vec![30]), (5, vec![1])]);
        assert!(sizes(5).is_empty());
    }

    #[test]
    fn pieces_bring_the_same_words_as_the_changes_one_by_one() {
        use yrs::{Doc, GetString, ReadTxn, Text, Transact, Update, updates::decoder::Decode};
        let (author, reader) = (Doc::with_client_id(1), Doc::with_client_id(2));
        let text = author.get_or_insert_text("title");
        let mut outbox = Outbox::default();
        let mut seed = 11_u32;
        for change in 1..=200 {
            let update = {
                let mut txn = author.transact_mut();
                seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345);
                let length = text.len(&txn);
                let at = (seed >> 8) % (length + 1);
                if seed & 7 == 0 && at < length {
                    text.remove_range(&mut txn, at, 1);
                } else {
                    text.insert(&mut txn, at, "wort");
                }
                txn.encode_update_v1()
            };
            let key = outbox.next_key(1);
            outbox.push(Entry {
                change,
                key,
                about: vec![],
                update,
            });
        }
        let copy = reader.get_or_insert_text("title");
        let pieces = outbox.pieces(0, 300);
        assert!(pieces.len() > 5, "{}", pieces.len());
        for piece in pieces {
            let merged = yrs::merge_updates_v1(piece.updates).unwrap();
            let update = Update::decode_v1(&merged).unwrap();
            reader.transact_mut().apply_update(update).unwrap();
            assert!(!reader.transact().has_missing_updates(), "after change {}", piece.up_to);
        }
        assert_eq!(copy.get_string(&reader.transact()), text.get_string(&author.transact()));
    }

    #[test]
    fn an_action_goes_only_by_its_own_key() {
        let mut outbox = Outbox::default();
        let action = |key: &str| Action {
            kind: "comment".to_owned(),
            key: key.to_owned(),
            body: "{}".to_owned(),
        };
        for key in ["a", "b"] {
            let place = outbox.next_key(7);
            outbox.push_action(place, action(key));
        }
        assert!(outbox.acknowledge(9).is_empty());
        outbox.take_entries();
        assert_eq!(outbox.confirm("x"), None);
        assert_eq!(outbox.confirm("a").map(|key| key.number), Some(1));
        assert_eq!(outbox.actions().collect::<Vec<_>>(), [&action("b")]);
        assert_eq!(outbox.keys().map(|key| key.number).collect::<Vec<_>>(), [2]);
    }

    fn records() -> impl Strategy<Value = Record> {
        let field = prop_oneof![
            Just(FieldId::Root(RootText::Closing)),
            "[a-z2-7]{12}".prop_map(|id| FieldId::Block(BlockId::parse(&id).unwrap())),
            "[a-z2-7]{12}".prop_map(|id| FieldId::Plain(BlockId::parse(&id).unwrap())),
        ];
        let about =
            (field, proptest::sample::select(Deed::ALL.to_vec())).prop_map(|(field, deed)| About { field, deed });
        let update = (proptest::collection::vec(about, 0..4), any::<Vec<u8>>())
            .prop_map(|(about, update)| Content::Update { about, update });
        let action = (any::<String>(), any::<String>(), any::<String>())
            .prop_map(|(kind, key, body)| Content::Action(Action { kind, key, body }));
        (any::<u64>(), prop_oneof![update, action]).prop_map(|(at_ms, content)| Record { at_ms, content })
    }

    proptest! {
        #[test]
        fn records_come_back(record in records()) {
            prop_assert_eq!(Record::decode(&record.encode()), Some(record));
        }

        #[test]
        fn other_bytes_are_no_record_and_no_panic(record in records(), bytes: Vec<u8>, cut: usize) {
            let _ = Record::decode(&bytes);
            let whole = record.encode();
            prop_assert_eq!(Record::decode(&whole[..cut % whole.len()]), None);
        }
    }
}
