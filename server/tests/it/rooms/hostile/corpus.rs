//! Updates and messages that somebody wrote to do harm, each with what it tries.

use model::{
    limits,
    wire::{
        ClientMessage,
        lib0::{put_var_bytes, put_var_string, put_var_uint},
    },
};

/// The honest client beside all this.
pub(super) const ANNA: u64 = 11;
const MALLORY: u64 = 66;

/// Frames, by name.
pub(super) fn frames() -> Vec<(&'static str, Vec<u8>)> {
    let mut frames: Vec<(&'static str, Vec<u8>)> = updates()
        .into_iter()
        .map(|(name, update)| (name, ClientMessage::Update(&update).encode()))
        .collect();
    let awareness = |bytes: &[u8]| ClientMessage::Awareness(bytes).encode();
    let state_vector = |bytes: &[u8]| ClientMessage::SyncStep1(bytes).encode();
    let mut of_anna = vec![1];
    put_var_uint(&mut of_anna, ANNA);
    put_var_uint(&mut of_anna, 1_000_000);
    put_var_string(&mut of_anna, "null");
    let mut deep = vec![1, 66, 1];
    put_var_string(&mut deep, &"[".repeat(limits::AWARENESS_STATE_BYTES));
    frames.extend([
        ("an empty frame", Vec::new()),
        ("a message without its payload", vec![0, 2]),
        ("a payload longer than the frame", vec![0, 2, 0xff, 0xff, 0xff, 0x7f, 1]),
        ("a number without an end", vec![0x80; 64]),
        ("a message type of ten bytes", vec![0xff; 10]),
        ("our own messages, as the server sends them", vec![100, 2, 200, 1]),
        (
            "a version beyond all numbers",
            [&[100, 0][..], &[0xff; 9], &[1]].concat(),
        ),
        (
            "more clients in a state vector than bytes",
            state_vector(&[0xff, 0xff, 0xff, 0x7f]),
        ),
        (
            "a clock beyond 32 bits",
            state_vector(&[1, 66, 0xff, 0xff, 0xff, 0xff, 0x7f]),
        ),
        ("a state vector in the middle of a letter", state_vector(&[1, 11, 1])),
        ("more awareness entries than bytes", awareness(&[0xff, 0xff, 3, 1])),
        ("the honest client said to be gone", awareness(&of_anna)),
        ("awareness nested as deep as it goes", awareness(&deep)),
        ("awareness that is no text", awareness(&[1, 66, 1, 2, 0xff, 0xfe])),
        (
            "a clock that JavaScript cannot count",
            awareness(&[1, 66, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, b'1']),
        ),
    ]);
    frames
}

/// Updates in Yjs' encoding version 1, by name.
pub(super) fn updates() -> Vec<(&'static str, Vec<u8>)> {
    let mut far = vec![1, 1, 66];
    put_var_uint(&mut far, limits::CLOCK_MAX);
    far.extend([4, 1, 1, b'r', 1, b'a', 0]);
    let mut huge_id = vec![1, 1];
    put_var_uint(&mut huge_id, limits::CLIENT_ID_MAX + 1);
    huge_id.extend([0, 4, 1, 1, b'r', 1, b'a', 0]);
    let mut many_clients = Vec::new();
    put_var_uint(&mut many_clients, limits::UPDATE_CLIENTS as u64 + 1);
    many_clients.extend([1, 66, 0, 4]);
    let mut long_key = vec![1, 1, 66, 0, 0x28, 1, 1, b'r'];
    put_var_string(&mut long_key, &"k".repeat(limits::KEY_BYTES + 1));
    long_key.extend([1, 126, 0]);
    let mut long_value = vec![1, 1, 66, 0, 0x28, 1, 1, b'r', 1, b'k', 1, 119];
    put_var_string(&mut long_value, &"v".repeat(limits::VALUE_BYTES + 1));
    long_value.push(0);
    let mut many_deletions = vec![0, 1, 66];
    put_var_uint(&mut many_deletions, limits::UPDATE_DELETIONS as u64 + 1);
    many_deletions.extend([0, 1]);
    let mut binary = vec![1, 1, 66, 0, 3, 1, 1, b'r'];
    put_var_bytes(&mut binary, &[0; 100]);
    binary.push(0);
    vec![
        ("arrays nested 10,000 deep", nested(117, 10_000)),
        ("objects nested 10,000 deep", nested(118, 10_000)),
        ("arrays nested as deep as a message is long", nested(117, 2_000_000)),
        ("more structs than bytes", vec![1, 0xff, 0xff, 0xff, 0x7f, 66, 0, 4]),
        ("more clients than allowed", many_clients),
        ("more deletions than bytes", many_deletions),
        (
            "more values than bytes",
            vec![1, 1, 66, 0, 0x28, 1, 1, b'r', 1, b'k', 0xff, 0xff, 0xff, 0x7f, 126, 0],
        ),
        (
            "a text longer than the update",
            vec![1, 1, 66, 0, 4, 1, 1, b'r', 0xff, 0xff, 3, b'a', 0],
        ),
        (
            "a text that is none",
            vec![1, 1, 66, 0, 4, 1, 1, b'r', 2, 0xff, 0xfe, 0],
        ),
        (
            "a deletion of the last clock and beyond",
            vec![0, 1, 66, 1, 0xff, 0xff, 0xff, 0xff, 3, 0xff, 0xff, 0xff, 0xff, 3],
        ),
        ("deletions that overlap", vec![0, 1, 66, 2, 0, 5, 3, 5]),
        ("deletions of the honest client's words", vec![0, 1, 11, 1, 0, 3]),
        ("deletions of words that nobody wrote", vec![0, 1, 11, 1, 100, 200]),
        (
            "a word under the honest client's id",
            vec![1, 1, 11, 0, 4, 1, 1, b'r', 1, b'a', 0],
        ),
        (
            "a word behind a gap under the honest client's id",
            vec![1, 1, 11, 0xe8, 7, 4, 1, 1, b'r', 1, b'a', 0],
        ),
        ("a word behind a gap", vec![1, 1, 66, 50, 4, 1, 1, b'r', 1, b'a', 0]),
        (
            "a gap in the middle",
            vec![1, 3, 66, 0, 4, 1, 1, b'r', 1, b'a', 10, 5, 4, 1, 1, b'r', 1, b'b', 0],
        ),
        ("nothing but a gap", vec![1, 1, 66, 0, 10, 5, 0]),
        (
            "garbage of four billion clocks",
            vec![1, 1, 66, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 0],
        ),
        ("a clock as high as it goes", far),
        ("a client id beyond 53 bits", huge_id),
        ("a key longer than allowed", long_key),
        ("a value longer than allowed", long_value),
        ("bytes where words belong", binary),
        ("a client twice", vec![2, 1, 66, 0, 0, 1, 1, 66, 1, 0, 1, 0]),
        (
            "a letter that stands behind itself",
            vec![1, 1, 66, 0, 0x84, 66, 0, 1, b'a', 0],
        ),
        (
            "structs that wait for each other",
            vec![2, 1, 67, 0, 0x84, 66, 0, 1, b'b', 1, 66, 0, 0x84, 67, 0, 1, b'a', 0],
        ),
        (
            "a value inside a letter",
            vec![1, 2, 66, 0, 4, 1, 1, b'r', 1, b'a', 0x28, 0, 66, 0, 1, b'k', 1, 120, 0],
        ),
        (
            "a letter between neighbours of two texts",
            vec![
                1, 3, 66, 0, 4, 1, 1, b'r', 1, b'a', 4, 1, 1, b's', 1, b'b', 0xc4, 66, 0, 66, 1, 1, b'c', 0,
            ],
        ),
        (
            "a map in a map",
            vec![1, 2, 66, 0, 0x27, 1, 1, b'r', 1, b'k', 1, 0x27, 0, 66, 0, 1, b'm', 1, 0],
        ),
        (
            "blocks that hold no block",
            vec![
                1, 1, 66, 0, 0x28, 1, 6, b'b', b'l', b'o', b'c', b'k', b's', 1, b'k', 1, 120, 0,
            ],
        ),
        (
            "a title that is a map",
            vec![
                1, 1, 66, 0, 0x28, 1, 5, b't', b'i', b't', b'l', b'e', 1, b'k', 1, 120, 0,
            ],
        ),
        ("bytes after the end", vec![0, 0, 1, 2, 3]),
        ("another encoding version", vec![0, 0, 5, 0, 1, 2, 3, 4, 5, 0, 0]),
    ]
}

/// A value under a key that nests its kind (117: lists, 118: objects) so deep.
fn nested(kind: u8, depth: usize) -> Vec<u8> {
    let mut update = vec![1, 1];
    put_var_uint(&mut update, MALLORY);
    update.extend([0, 0x28, 1, 1, b'r', 1, b'k', 1]);
    for _ in 0..depth {
        update.push(kind);
        update.push(1);
        if kind == 118 {
            update.extend([1, b'k']);
        }
    }
    update.extend([126, 0]);
    update
}
