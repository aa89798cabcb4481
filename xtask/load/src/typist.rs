//! Somebody typing: makes Yjs updates by hand, without a document.
//!
//! A typist has a block of its own, made as the editor makes one (`model::doc`), and types letters into its text; now
//! and then the cursor is set elsewhere. Every letter is one unit of the client's clock and one update, as a browser
//! sends it. What was typed can be asked for again from any clock on, joined to runs as Yjs joins them.
//!
//! Source of the format: npm `yjs` 13.6, `src/utils/encoding.js` and `src/structs`, encoding version 1.

use model::wire::lib0::{put_var_string, put_var_uint};

/// The cursor is set elsewhere after this many letters.
const LETTERS_IN_A_ROW: usize = 20;

/// Clocks that the block itself takes: its map, `kind`, `place` and `text`.
pub const BLOCK_CLOCKS: u32 = 4;
/// The clock of the text.
const TEXT_CLOCK: u32 = 3;

const STRING: u8 = 4;
const TYPE: u8 = 7;
const ANY: u8 = 8;
const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_KEY: u8 = 0x20;
const ANY_STRING: u8 = 119;
const TYPE_MAP: u8 = 1;
const TYPE_TEXT: u8 = 2;

/// An update that holds nothing.
pub const NOTHING: [u8; 2] = [0, 0];

pub struct Typist {
    client_id: u64,
    letters: Vec<Letter>,
    /// The clocks of the letters in the order in which they stand in the text.
    order: Vec<u32>,
    cursor: usize,
    random: u64,
}

/// One letter and the neighbours it was typed between, by their clocks.
#[derive(Clone, Copy)]
struct Letter {
    left: Option<u32>,
    right: Option<u32>,
    byte: u8,
}

impl Typist {
    #[must_use]
    pub fn new(client_id: u64) -> Self {
        Self {
            client_id,
            letters: Vec::new(),
            order: Vec::new(),
            cursor: 0,
            // Never zero, which the generator could not leave.
            random: client_id | 1,
        }
    }

    #[must_use]
    pub fn client_id(&self) -> u64 {
        self.client_id
    }

    /// The clock after everything typed so far, the block included.
    #[must_use]
    pub fn clock(&self) -> u32 {
        BLOCK_CLOCKS + self.letters.len() as u32
    }

    /// Types one letter; answers with its clock.
    pub fn type_letter(&mut self) -> u32 {
        if self.letters.len() % LETTERS_IN_A_ROW == LETTERS_IN_A_ROW - 1 {
            self.cursor = self.next_random() as usize % (self.order.len() + 1);
        }
        let clock = self.clock();
        let neighbour = |index: Option<usize>| index.and_then(|index| self.order.get(index)).copied();
        let letter = Letter {
            left: neighbour(self.cursor.checked_sub(1)),
            right: neighbour(Some(self.cursor)),
            byte: b'a' + (clock % 26) as u8,
        };
        self.letters.push(letter);
        self.order.insert(self.cursor, clock);
        self.cursor += 1;
        clock
    }

    /// Everything from `clock` on as one update; `clock` is 0 or behind the block.
    #[must_use]
    pub fn update_from(&self, clock: u32) -> Vec<u8> {
        self.update(clock, self.clock())
    }

    /// What was typed from `start` to before `end` as one update.
    #[must_use]
    pub fn update(&self, start: u32, end: u32) -> Vec<u8> {
        if start >= end {
            return NOTHING.to_vec();
        }
        let mut structs = Vec::new();
        let mut count = 0;
        let mut clock = start;
        if clock < BLOCK_CLOCKS {
            self.write_block(&mut structs);
            count += u64::from(BLOCK_CLOCKS);
            clock = BLOCK_CLOCKS;
        }
        while clock < end {
            clock = self.write_run(&mut structs, clock, end);
            count += 1;
        }
        let mut out = Vec::with_capacity(structs.len() + 16);
        put_var_uint(&mut out, 1);
        put_var_uint(&mut out, count);
        put_var_uint(&mut out, self.client_id);
        put_var_uint(&mut out, u64::from(start));
        out.append(&mut structs);
        // No deletions.
        out.push(0);
        out
    }

    fn write_block(&self, out: &mut Vec<u8>) {
        out.extend([TYPE | HAS_KEY, 1]);
        put_var_string(out, "blocks");
        put_var_string(out, &format!("load{:x}", self.client_id));
        out.push(TYPE_MAP);
        self.write_value(out, "kind", "point");
        self.write_value(out, "place", &format!("- V{:x}V", self.client_id));
        out.extend([TYPE | HAS_KEY, 0]);
        self.write_id(out, 0);
        put_var_string(out, "text");
        out.push(TYPE_TEXT);
    }

    fn write_value(&self, out: &mut Vec<u8>, key: &str, value: &str) {
        out.extend([ANY | HAS_KEY, 0]);
        self.write_id(out, 0);
        put_var_string(out, key);
        out.extend([1, ANY_STRING]);
        put_var_string(out, value);
    }

    /// Writes the letter at `clock` with those that follow it in one run; answers with the clock after them.
    fn write_run(&self, out: &mut Vec<u8>, clock: u32, end: u32) -> u32 {
        let letter = self.letter(clock);
        let mut after = clock + 1;
        while after < end && self.letter(after).left == Some(after - 1) && self.letter(after).right == letter.right {
            after += 1;
        }
        let mut info = STRING;
        if letter.left.is_some() {
            info |= HAS_ORIGIN;
        }
        if letter.right.is_some() {
            info |= HAS_RIGHT_ORIGIN;
        }
        out.push(info);
        if let Some(left) = letter.left {
            self.write_id(out, left);
        }
        if let Some(right) = letter.right {
            self.write_id(out, right);
        }
        if info == STRING {
            out.push(0);
            self.write_id(out, TEXT_CLOCK);
        }
        put_var_uint(out, u64::from(after - clock));
        out.extend((clock..after).map(|clock| self.letter(clock).byte));
        after
    }

    fn write_id(&self, out: &mut Vec<u8>, clock: u32) {
        put_var_uint(out, self.client_id);
        put_var_uint(out, u64::from(clock));
    }

    fn letter(&self, clock: u32) -> Letter {
        self.letters[(clock - BLOCK_CLOCKS) as usize]
    }

    /// Xorshift: the same letters in every run.
    fn next_random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}

#[cfg(test)]
mod tests {
    use model::{doc, wire::admission};
    use yrs::{ReadTxn, Transact, Update, updates::decoder::Decode};

    use super::*;

    fn apply(document: &yrs::Doc, update: &[u8]) {
        admission::scan(update).expect("the server admits what a typist writes");
        let mut txn = document.transact_mut();
        txn.apply_update(Update::decode_v1(update).unwrap()).unwrap();
        assert!(!txn.has_missing_updates());
    }

    /// The text of the only block, which the editor shows.
    fn text(document: &yrs::Doc) -> String {
        let view = doc::view(&document.transact());
        let texts: Vec<_> = view.blocks().map(|block| block.text.clone()).collect();
        assert_eq!(texts.len(), 1, "{view:?}");
        texts.concat()
    }

    fn typed(typist: &Typist) -> String {
        typist
            .order
            .iter()
            .map(|clock| char::from(typist.letter(*clock).byte))
            .collect()
    }

    #[test]
    fn the_document_shows_what_was_typed_letter_by_letter() {
        let mut typist = Typist::new(77);
        let document = doc::new_doc(1);
        apply(&document, &typist.update_from(0));
        for _ in 0..95 {
            let clock = typist.type_letter();
            apply(&document, &typist.update_from(clock));
        }
        assert_eq!(text(&document), typed(&typist));
    }

    #[test]
    fn one_update_with_everything_gives_the_same() {
        let mut typist = Typist::new(1 << 40);
        for _ in 0..300 {
            typist.type_letter();
        }
        let (whole, late) = (doc::new_doc(1), doc::new_doc(2));
        apply(&whole, &typist.update_from(0));
        apply(&late, &typist.update(0, 123));
        apply(&late, &typist.update_from(123));
        assert_eq!(text(&whole), typed(&typist));
        assert_eq!(text(&late), typed(&typist));
        assert_eq!(typist.update_from(typist.clock()), NOTHING);
    }

    #[test]
    fn an_update_holds_exactly_the_clocks_asked_for() {
        let mut typist = Typist::new(9);
        for _ in 0..60 {
            typist.type_letter();
        }
        let inserted = |update: &[u8]| {
            let mut inserts = admission::scan(update).unwrap().inserts;
            let ranges = inserts.remove(&9).unwrap();
            assert!(inserts.is_empty() && ranges.len() == 1);
            ranges[0].clone()
        };
        assert_eq!(inserted(&typist.update_from(0)), 0..64);
        assert_eq!(inserted(&typist.update(10, 50)), 10..50);
    }
}
