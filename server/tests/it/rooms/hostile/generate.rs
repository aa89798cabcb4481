//! Bytes that come far: updates of a real editor with something wrong in them, and updates that are well-formed and
//! make no sense.

use model::{
    doc::{self, BlockKind, FieldId, Parent, RootText},
    wire::lib0::{put_var_string, put_var_uint},
};
use yrs::{Doc, ReadTxn, Transact, Update, updates::decoder::Decode};

use super::{super::splitmix, corpus};

/// Real updates that wait to be changed.
const POOL: usize = 48;

pub(super) struct Generator {
    state: u64,
    pool: Vec<Vec<u8>>,
}

impl Generator {
    pub(super) fn new(seed: u64) -> Self {
        let pool = corpus::updates().into_iter().map(|(_, update)| update);
        // The longest ones would only be copied all the time.
        let pool = pool.filter(|update| update.len() < 10_000).collect();
        Self { state: seed, pool }
    }

    pub(super) fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        splitmix(self.state)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.number() % end.max(1) as u64) as usize
    }

    /// Edits this document like a person, under this id, and keeps the updates for later changes.
    pub(super) fn learn(&mut self, document: &[u8], client_id: u64) {
        let doc = doc::new_editor_doc(client_id);
        let applied = doc.transact_mut().apply_update(Update::decode_v1(document).unwrap());
        applied.unwrap();
        for _ in 0..4 {
            let before = doc.transact().state_vector();
            self.edit(&doc);
            let update = doc.transact().encode_diff_v1(&before);
            if update.len() > 20_000 {
                continue;
            }
            if self.pool.len() < POOL {
                self.pool.push(update);
            } else {
                let at = self.below(POOL);
                self.pool[at] = update;
            }
        }
    }

    fn edit(&mut self, doc: &Doc) {
        let view = doc::view(&doc.transact());
        let blocks: Vec<_> = view.blocks().map(|block| block.id.clone()).collect();
        let block = blocks.get(self.below(blocks.len())).cloned();
        let what = self.below(7);
        let at = self.below(12) as u32;
        let mut entropy = || self.number();
        // What is not possible just now changes nothing.
        let _ = match (what, block) {
            (0, Some(id)) => doc::split(doc, &id, at, &mut entropy).map(drop),
            (1, Some(id)) => doc::join(doc, &id, &mut entropy).map(drop),
            (2, Some(id)) => doc::move_down(doc, &id, &mut entropy),
            (3, Some(id)) => doc::remove_block(doc, &id),
            (4, Some(id)) => doc::set_text(doc, &FieldId::Block(id), "für alle 👧🏽"),
            (5, _) => doc::set_text(doc, &FieldId::Root(RootText::Title), &"Leitbild ".repeat(at as usize)),
            _ => doc::add_block(
                doc,
                &BlockKind::Guideline,
                &Parent::Root,
                0,
                "Gut aufwachsen",
                &mut entropy,
            )
            .map(drop),
        };
    }

    /// An update for somebody whose id is `own`.
    pub(super) fn update(&mut self, own: u64) -> Vec<u8> {
        let mut update = match self.below(3) {
            0 => return self.invent(own),
            1 => self.invent(own),
            _ => {
                let at = self.below(self.pool.len());
                self.pool[at].clone()
            }
        };
        for _ in 0..=self.below(4) {
            self.change(&mut update);
        }
        update
    }

    /// One thing goes wrong with the bytes.
    pub(super) fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        let end = (at + 1 + self.below(8)).min(bytes.len());
        match self.below(8) {
            _ if bytes.is_empty() => bytes.push(self.number() as u8),
            0 => bytes[at] ^= 1 << self.below(8),
            1 => bytes[at] = self.number() as u8,
            2 => bytes.truncate(at),
            3 => {
                bytes.drain(at..end);
            }
            4 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            5 => {
                // A number that claims more.
                let mut large = Vec::new();
                put_var_uint(&mut large, self.number() >> self.below(64));
                bytes.splice(at..=at, large);
            }
            6 => {
                let other = self.below(self.pool.len());
                let other = &self.pool[other];
                let from = at.min(other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            _ => bytes.insert(at, [0, 1, 0x7f, 0x80, 0xff][self.below(5)]),
        }
    }

    /// Well-formed structs and deletions that refer to whatever may be there.
    fn invent(&mut self, own: u64) -> Vec<u8> {
        let mut out = Vec::new();
        let clients = self.below(3);
        put_var_uint(&mut out, clients as u64);
        for number in 0..clients {
            let structs = 1 + self.below(4);
            put_var_uint(&mut out, structs as u64);
            let client = if number == 0 { own } else { self.client(own) };
            put_var_uint(&mut out, client);
            let clock = if self.below(3) > 0 { 0 } else { self.below(20) };
            put_var_uint(&mut out, clock as u64);
            for _ in 0..structs {
                self.invent_struct(&mut out, own);
            }
        }
        let deletions = self.below(3);
        put_var_uint(&mut out, deletions as u64);
        for _ in 0..deletions {
            put_var_uint(&mut out, self.client(own));
            let ranges = 1 + self.below(3);
            put_var_uint(&mut out, ranges as u64);
            let mut clock = 0;
            for _ in 0..ranges {
                clock += self.below(6) as u64;
                let length = 1 + self.below(4) as u64;
                put_var_uint(&mut out, clock);
                put_var_uint(&mut out, length);
                clock += length;
            }
        }
        out
    }

    fn client(&mut self, own: u64) -> u64 {
        match self.below(6) {
            0 => corpus::ANNA,
            1 => own + 1,
            2 => self.number() >> 11,
            _ => own,
        }
    }

    fn invent_struct(&mut self, out: &mut Vec<u8>, own: u64) {
        let content = [0, 1, 4, 4, 4, 7, 8, 8, 10][self.below(9)];
        if content == 0 || content == 10 {
            out.push(content);
            put_var_uint(out, 1 + self.below(3) as u64);
            return;
        }
        let sides = [0, 0, 0x80, 0x40, 0xc0][self.below(5)];
        let key = if self.below(2) == 0 { 0x20 } else { 0 };
        out.push(content | sides | key);
        for side in [0x80, 0x40] {
            if sides & side != 0 {
                self.invent_id(out, own);
            }
        }
        if sides == 0 {
            if self.below(2) == 0 {
                out.push(1);
                let root = ["title", "blocks", "r", "motto"][self.below(4)];
                put_var_string(out, root);
            } else {
                out.push(0);
                self.invent_id(out, own);
            }
            if key != 0 {
                let key = ["text", "place", "kind", "removed", "k"][self.below(5)];
                put_var_string(out, key);
            }
        }
        match content {
            1 => put_var_uint(out, 1 + self.below(3) as u64),
            4 => put_var_string(out, ["a", "für", "👧🏽", "Wort"][self.below(4)]),
            7 => out.push(1 + self.below(2) as u8),
            _ => {
                let values = 1 + self.below(2);
                put_var_uint(out, values as u64);
                for _ in 0..values {
                    match self.below(3) {
                        0 => out.push([120, 121, 126, 127][self.below(4)]),
                        1 => out.extend([125, self.number() as u8 & 0x7f]),
                        _ => {
                            out.push(119);
                            put_var_string(out, ["- V", "guideline", "x"][self.below(3)]);
                        }
                    }
                }
            }
        }
    }

    fn invent_id(&mut self, out: &mut Vec<u8>, own: u64) {
        put_var_uint(out, self.client(own));
        put_var_uint(out, self.below(8) as u64);
    }
}
