//! Every limit and timeout of the living text, in one place, and what pages have to know of requests.
//!
//! Limits on content are far above what a person types in 24 hours without a network, so that an honest page never
//! meets them; they bound what a hostile one can cost. Rates are not limits: they only slow reading down.

use std::time::Duration;

/// Version of our own messages, named in `hello`.
pub const PROTOCOL_VERSION: u64 = 1;

// --- Bytes of the socket -------------------------------------------------------------------------------------------

/// The largest message a socket takes, in bytes. An outbox sends in pieces well below it; the `SyncStep2` of a plain
/// Yjs client is one message however long it was away.
pub const MESSAGE_MAX_BYTES: usize = 8 * 1024 * 1024;
/// How much an outbox puts into one update message, in bytes: on the slowest network that is served
/// ([`SOCKET_SLOWEST_BYTES_PER_SECOND`]) one arrives within [`SILENCE_AFTER_HELLO`], so the sender does not count as silent.
pub const OUTBOX_PIECE_BYTES: usize = 64 * 1024;
/// Read buffer of one socket, in bytes. tungstenite's default of 128 KiB does not serve a thousand phones.
pub const SOCKET_READ_BUFFER_BYTES: usize = 4 * 1024;
/// The socket's write buffer is flushed from this size on, in bytes.
pub const SOCKET_WRITE_BUFFER_BYTES: usize = 8 * 1024;
/// The most that waits in a socket's write buffer, in bytes: one whole document and a little.
pub const SOCKET_WRITE_BUFFER_MAX_BYTES: usize = 64 * 1024 * 1024;
/// Messages that wait for one socket. A socket whose queue is full is closed and catches up when it comes back.
pub const SOCKET_QUEUE_MESSAGES: usize = 512;
/// Bytes that wait for one socket, the answer to its `SyncStep1` not counted. Beyond it the socket is closed like a full
/// one. Relayed messages are shared between sockets, so a stalled one alone costs less than this.
pub const SOCKET_QUEUE_BYTES: usize = 512 * 1024;
/// Messages that one socket may have waiting in its room before it is read from again.
pub const SOCKET_INBOX_MESSAGES: usize = 64;

// --- Rates: reading waits, nothing is refused ----------------------------------------------------------------------

/// Messages a second that are read from one socket in the long run.
pub const READ_MESSAGES_PER_SECOND: u32 = 100;
/// Messages that may come at once before reading waits.
pub const READ_MESSAGES_BURST: u32 = 500;
/// Bytes a second that are read from one socket in the long run.
pub const READ_BYTES_PER_SECOND: u32 = 512 * 1024;
/// Bytes that may come at once before reading waits.
pub const READ_BYTES_BURST: u32 = 16 * 1024 * 1024;

// --- Time ----------------------------------------------------------------------------------------------------------

/// How often our client pings.
pub const PING_EVERY: Duration = Duration::from_secs(3);
/// A client that said hello and is silent this long is gone: with `PING_EVERY`, presence ends within ten seconds.
pub const SILENCE_AFTER_HELLO: Duration = Duration::from_secs(9);
/// A client that did not say hello (y-websocket) sends its awareness every 15 s and reconnects after 30 s without a
/// message.
pub const SILENCE_WITHOUT_HELLO: Duration = Duration::from_secs(60);
/// How long a short send may take before the socket counts as dead; a longer one gets more, see [`send_timeout`].
pub const SOCKET_SEND_TIMEOUT: Duration = Duration::from_secs(20);
/// The slowest network on which a long message still arrives, in bytes a second.
pub const SOCKET_SLOWEST_BYTES_PER_SECOND: u32 = 8 * 1024;
/// How long a post of the fallback may take to arrive. The stream it belongs to has no more patience than that, either.
pub const POST_READ_TIMEOUT: Duration = SILENCE_WITHOUT_HELLO;
/// How long a closing socket may take to say goodbye.
pub const SOCKET_CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// A room without sockets and without unsaved rows is dropped after this long, and comes back from its log.
pub const ROOM_IDLE: Duration = Duration::from_secs(60);
/// How long a stopping server waits for the last commits.
pub const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a stop may take in all, commits, sockets and answers under way together.
pub const STOP_WITHIN: Duration = Duration::from_secs(9);
/// Between the starts of two commits at least this long. A commit takes all that came since the last one; alone nothing
/// waits, and under load a few larger commits cost far less than many small ones.
pub const COMMIT_PAUSE: Duration = Duration::from_millis(30);
/// A commit that takes longer than this counts as failing: people are told while it goes on.
pub const COMMIT_STALLED_AFTER: Duration = Duration::from_secs(10);
/// First pause after a failed commit; it doubles up to [`COMMIT_RETRY_MAX`].
pub const COMMIT_RETRY_FIRST: Duration = Duration::from_millis(100);
/// Longest pause between two attempts to commit.
pub const COMMIT_RETRY_MAX: Duration = Duration::from_secs(5);
/// Between two relays at least this long for each socket in the room: alone nothing waits, a full hall is batched. What
/// a relay costs is the number of its frames, one for each socket, so that the pause decides what syncing costs.
pub const RELAY_PAUSE_PER_SOCKET: Duration = Duration::from_micros(150);
/// Between two lists of people at least this long: in a hall everybody joins at once.
pub const PEOPLE_PAUSE: Duration = Duration::from_millis(200);
/// And this much longer for each socket in the room, because a list grows with them and goes to each.
pub const PEOPLE_PAUSE_PER_SOCKET: Duration = Duration::from_millis(1);
/// The longest pause between two lists of people. With [`SILENCE_AFTER_HELLO`] it stays within ten seconds.
pub const PEOPLE_PAUSE_MAX: Duration = Duration::from_millis(900);
/// The longest pause between two relays.
pub const RELAY_PAUSE_MAX: Duration = Duration::from_millis(40);

/// How long a room with so many sockets pauses between two relays.
#[must_use]
pub fn relay_pause(sockets: u32) -> Duration {
    RELAY_PAUSE_PER_SOCKET.saturating_mul(sockets).min(RELAY_PAUSE_MAX)
}

/// How often a stream of events carries a comment when nothing else is sent: proxies cut off what is silent.
pub const EVENTS_HEARTBEAT: Duration = Duration::from_secs(5);

/// How long sending `bytes` may take.
#[must_use]
pub const fn send_timeout(bytes: usize) -> Duration {
    SOCKET_SEND_TIMEOUT.saturating_add(Duration::from_secs(
        bytes as u64 / SOCKET_SLOWEST_BYTES_PER_SECOND as u64,
    ))
}

// --- Rooms ---------------------------------------------------------------------------------------------------------

/// Messages that a room takes before it relays, however many wait.
pub const BATCH_MESSAGES: usize = 512;
/// Updates in one commit.
pub const COMMIT_ROWS: usize = 4_096;
/// Bytes in one commit, one update at least.
pub const COMMIT_BYTES: usize = 1024 * 1024;
/// Consecutive updates of one participant become one row of the log below this size, in bytes.
pub const ROW_JOIN_BYTES: usize = 4 * 1024;
/// Uncommitted bytes that a room keeps. Beyond it updates are neither applied nor relayed, and asked for again as soon
/// as the log takes rows.
pub const UNCOMMITTED_MAX_BYTES: usize = 32 * 1024 * 1024;
/// Uncommitted bytes that all rooms keep together; beyond it every room does the same.
pub const UNCOMMITTED_TOTAL_BYTES: usize = 256 * 1024 * 1024;
/// What an uncommitted row is counted as beside its update, in bytes.
pub const UNCOMMITTED_ROW_BYTES: usize = 256;
/// Sockets of one room.
pub const ROOM_SOCKETS: usize = 2_000;
/// Sockets of one participant in one room: more tabs than anybody keeps open, and far fewer than a room has. Lost ones
/// count until they fall silent.
pub const PARTICIPANT_SOCKETS: usize = 24;
/// How often the server asks one socket for what is missing before it refuses it.
pub const ASK_AGAIN_MAX: u32 = 3;

// --- A document as a whole -----------------------------------------------------------------------------------------

/// Bytes of a whole document, encoded, with what was deleted. A day of one person's uninterrupted typing, with the
/// cursor set elsewhere at every fifth letter, stays below two million.
pub const DOCUMENT_BYTES: usize = 16 * 1024 * 1024;
/// Blocks that a document ever had. Nobody makes one every two seconds for a day.
pub const BLOCKS_PER_DOCUMENT: usize = 50_000;
/// UTF-16 units of one text (title, block, …) as it is shown. A day of five letters a second is 432,000.
pub const TEXT_UNITS: usize = 1_000_000;
/// What a struct is counted as beside its text when a document's size is estimated, in bytes.
pub const STRUCT_BYTES: usize = 24;
/// How long a room whose stored document cannot be opened answers without looking again.
pub const BROKEN_ROOM_PAUSE: Duration = Duration::from_secs(60);
/// How long a participant is kept out whose update broke a document: building it again costs far more than sending a
/// few bytes.
pub const KEPT_OUT_AFTER_BREAKING: Duration = Duration::from_secs(10);
/// Bytes that are kept of an update that broke a document, for whoever examines it.
pub const QUARANTINE_BYTES: usize = 256 * 1024;
/// Updates that are kept so for one Leitbild; the oldest go.
pub const QUARANTINE_UPDATES: usize = 20;

// --- History -------------------------------------------------------------------------------------------------------

/// A room writes a snapshot of its document after so many rows, if they are an eighth of the last snapshot at least.
pub const SNAPSHOT_AFTER_ROWS: usize = 5_000;
/// And after so many bytes, if they are as many as the last snapshot's: what comes after one is read whole when the room opens.
pub const SNAPSHOT_AFTER_BYTES: usize = 8 << 20;
/// An idle room writes one after fewer, before it goes.
pub const SNAPSHOT_IDLE_ROWS: usize = 100;
/// Every state younger than this is kept.
pub const HISTORY_WHOLE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Of older states the last of each such step is kept, and those that bear a name.
pub const HISTORY_STEP: Duration = Duration::from_secs(10 * 60);
/// States of a Leitbild that a page is offered; of more, those that are followed by another at once are left out.
pub const HISTORY_SHOWN: usize = 1_000;
/// Bytes of states that are kept in memory, because whoever looks at one looks at the next one, too.
pub const HISTORY_CACHE_BYTES: usize = 16 * 1024 * 1024;
/// Leitbilder whose list of states is kept in memory.
pub const HISTORY_LISTS: usize = 16;
/// Longest name of a state, in characters.
pub const STATE_NAME_CHARS: usize = 80;
/// How often old history is thinned out.
pub const COMPACT_EVERY: Duration = Duration::from_secs(60 * 60);
/// Bytes of the log that one transaction of compaction reads and replaces, one commit at least.
pub const COMPACT_BYTES: usize = 1024 * 1024;

// --- Awareness -----------------------------------------------------------------------------------------------------

/// Between two relays of awareness at least this long for each socket in the room; in between, only the last state of
/// each client counts. This is what bounds its rate: nothing is refused for coming too often.
pub const AWARENESS_PAUSE_PER_SOCKET: Duration = Duration::from_micros(2_500);
/// The longest pause between two relays of awareness.
pub const AWARENESS_PAUSE_MAX: Duration = Duration::from_millis(250);
/// Entries of one awareness message: y-websocket re-sends everybody's.
pub const AWARENESS_ENTRIES: usize = 4_000;
/// Bytes of one awareness message: everybody's of a full room.
pub const AWARENESS_MESSAGE_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of one client's state, as JSON.
pub const AWARENESS_STATE_BYTES: usize = 1024;

// --- Content of an update ------------------------------------------------------------------------------------------

/// Structs (items, deleted ranges, gaps) and plain values in one update. A day of typing with the cursor set elsewhere at every fifth
/// letter stays below.
pub const UPDATE_STRUCTS: usize = 250_000;
/// Clients with structs or deletions in one update, or in one state vector.
pub const UPDATE_CLIENTS: usize = 50_000;
/// Client ids in one document: fewer than [`UPDATE_CLIENTS`], so that everybody can still say what they have.
pub const DOCUMENT_CLIENT_IDS: usize = 40_000;
/// Client ids of one participant in one document. Each load of the page that writes takes one.
pub const PARTICIPANT_CLIENT_IDS: usize = 2_000;
/// Ranges of deletions in one update.
pub const UPDATE_DELETIONS: usize = 1_000_000;
/// Bytes of one piece of text.
pub const TEXT_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of a text value in a map (`kind`, `place`, …).
pub const VALUE_BYTES: usize = 4 * 1024;
/// Bytes of a map key or of a root's name.
pub const KEY_BYTES: usize = 256;
/// Client ids are unsigned 53-bit numbers: what JavaScript counts exactly.
pub const CLIENT_ID_MAX: u64 = (1 << 53) - 1;
/// The clock of a struct, counted in UTF-16 units; yrs computes with signed 32-bit differences.
pub const CLOCK_MAX: u64 = i32::MAX as u64 / 2;

// --- Comments and suggestions --------------------------------------------------------------------------------------

/// Comments that one participant may make, change or settle at once; what comes faster is refused and sent again later.
pub const COMMENTS_BURST: u32 = 60;
/// And so many a minute in the long run.
pub const COMMENTS_PER_MINUTE: u32 = 30;
/// Suggestions that one participant may make at once.
pub const SUGGESTIONS_BURST: u32 = 30;
/// And so many a minute in the long run.
pub const SUGGESTIONS_PER_MINUTE: u32 = 15;
/// Searches in the network that one participant may begin at once; a panel searches when it is opened, and while one types.
pub const SEARCHES_BURST: u32 = 60;
/// And so many a minute in the long run.
pub const SEARCHES_PER_MINUTE: u32 = 60;
/// Times that one link may be redeemed at once. The people of a hall come by one link, within a minute and from one
/// address.
pub const REDEMPTIONS_BURST: u32 = 200;
/// And so many a minute in the long run.
pub const REDEMPTIONS_PER_MINUTE: u32 = 60;
/// Texts or files that one participant may have read at once to take them over.
pub const IMPORTS_BURST: u32 = 20;
/// And so many a minute in the long run.
pub const IMPORTS_PER_MINUTE: u32 = 6;
/// Rates of participants and links that are remembered before those who rest are forgotten.
pub const RATES_KEPT: usize = 10_000;
/// Characters of one comment, of a suggestion's reason and of the reason of a decision.
pub const COMMENT_CHARS: usize = 4_000;
/// Comments of one thread, deleted ones counted too.
pub const THREAD_COMMENTS: usize = 500;
/// Threads of one Leitbild, settled ones counted too.
pub const THREADS_PER_DOCUMENT: usize = 5_000;
/// Characters that a thread quotes of the text it is about; of what stands around them it keeps less.
pub const QUOTE_CHARS: usize = 1_000;
/// Bytes of the update that a suggestion is.
pub const SUGGESTION_BYTES: usize = 64 * 1024;
/// Characters of the id of a thread, of a comment and of an action's idempotency key.
pub const TALK_ID_CHARS: usize = 64;
/// Bytes of one action, as JSON: the longest suggestion with its reason.
pub const ACTION_BYTES: usize = 256 * 1024;
/// A thread that takes more, as JSON, is not told over sockets: pages are told that it changed and load it.
pub const TALK_MESSAGE_BYTES: usize = 48 * 1024;

/// The largest body of a request, in bytes: an import with room to spare.
pub const BODY_MAX_BYTES: usize = 2 * 1024 * 1024;
