//! The messages of both directions, one to a WebSocket frame.

use serde::{Serialize, de::DeserializeOwned};

use super::{
    lib0::{DecodeError, Reader, put_var_bytes, put_var_uint},
    own::{Person, Published, ReadOnly, Refused, Restored, RoleChange, StageChange, Welcome},
};
use crate::talk;

const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const AUTH: u64 = 2;
const QUERY_AWARENESS: u64 = 3;
/// The type of all our own messages; y-websocket logs and skips types it does not know.
const OWN: u64 = 100;

const STEP_1: u64 = 0;
const STEP_2: u64 = 1;
const UPDATE: u64 = 2;

const HELLO: u64 = 0;
const PING: u64 = 1;

const WELCOME: u64 = 0;
const PONG: u64 = 1;
const SAVED: u64 = 2;
const PEOPLE: u64 = 3;
const REFUSED: u64 = 4;
const ROLE: u64 = 5;
const PUBLISHED: u64 = 6;
const READ_ONLY: u64 = 7;
const TALK: u64 = 8;
const STAGE: u64 = 9;
const RESTORED: u64 = 10;

/// What a client sends. Byte payloads are borrowed from the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientMessage<'a> {
    /// A state vector: "send me what I lack".
    SyncStep1(&'a [u8]),
    /// The answer to the server's step 1: an update.
    SyncStep2(&'a [u8]),
    /// An update.
    Update(&'a [u8]),
    /// An awareness update, see [`super::awareness`].
    Awareness(&'a [u8]),
    /// "Send me everybody's awareness."
    QueryAwareness,
    /// "Send me your own messages too", with the version the client speaks.
    Hello { version: u64 },
    /// "I am still here"; answered by [`ServerMessage::Pong`].
    Ping,
    /// A type or sub type from another version: skipped.
    Unknown,
}

/// What the server sends. Byte payloads are borrowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerMessage<'a> {
    /// A state vector: "send me what I lack".
    SyncStep1(&'a [u8]),
    /// The answer to the client's step 1: an update.
    SyncStep2(&'a [u8]),
    /// An update.
    Update(&'a [u8]),
    /// An awareness update, see [`super::awareness`].
    Awareness(&'a [u8]),
    Welcome(Welcome),
    Pong,
    /// The first `n` `SyncStep2` and `Update` messages of this connection, and everything applied before them, are
    /// durably committed.
    Saved(u64),
    /// Everybody who is here; replaces the list before.
    People(Vec<Person>),
    Refused(Refused),
    Role(RoleChange),
    Published(Published),
    /// `None`: writable again.
    ReadOnly(Option<ReadOnly>),
    /// A thread of comments changed.
    Talk(Box<talk::News>),
    Stage(StageChange),
    Restored(Restored),
    /// A type or sub type from another version: skipped.
    Unknown,
}

impl<'a> ClientMessage<'a> {
    /// Reads the message of one frame. Only the first message of a frame counts, as in y-websocket; bytes after it are
    /// ignored.
    ///
    /// # Errors
    /// When the frame ends too early or a number is overlong.
    pub fn decode(frame: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(frame);
        Ok(match reader.var_uint()? {
            SYNC => match reader.var_uint()? {
                STEP_1 => Self::SyncStep1(reader.var_bytes()?),
                STEP_2 => Self::SyncStep2(reader.var_bytes()?),
                UPDATE => Self::Update(reader.var_bytes()?),
                _ => Self::Unknown,
            },
            AWARENESS => Self::Awareness(reader.var_bytes()?),
            QUERY_AWARENESS => Self::QueryAwareness,
            OWN => match reader.var_uint()? {
                HELLO => Self::Hello {
                    version: reader.var_uint()?,
                },
                PING => Self::Ping,
                _ => Self::Unknown,
            },
            _ => Self::Unknown,
        })
    }

    /// The frame of this message; empty for [`Self::Unknown`], which is never sent.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::SyncStep1(bytes) => sync(STEP_1, bytes),
            Self::SyncStep2(bytes) => sync(STEP_2, bytes),
            Self::Update(bytes) => sync(UPDATE, bytes),
            Self::Awareness(bytes) => buffer(AWARENESS, bytes),
            Self::QueryAwareness => vec![QUERY_AWARENESS as u8],
            Self::Hello { version } => {
                let mut out = own(HELLO);
                put_var_uint(&mut out, *version);
                out
            }
            Self::Ping => own(PING),
            Self::Unknown => Vec::new(),
        }
    }
}

impl<'a> ServerMessage<'a> {
    /// Reads the message of one frame.
    ///
    /// # Errors
    /// When the frame ends too early, a number is overlong, or a JSON payload has another shape.
    pub fn decode(frame: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(frame);
        Ok(match reader.var_uint()? {
            SYNC => match reader.var_uint()? {
                STEP_1 => Self::SyncStep1(reader.var_bytes()?),
                STEP_2 => Self::SyncStep2(reader.var_bytes()?),
                UPDATE => Self::Update(reader.var_bytes()?),
                _ => Self::Unknown,
            },
            AWARENESS => Self::Awareness(reader.var_bytes()?),
            AUTH | QUERY_AWARENESS => Self::Unknown,
            OWN => match reader.var_uint()? {
                WELCOME => Self::Welcome(json(&mut reader)?),
                PONG => Self::Pong,
                SAVED => Self::Saved(reader.var_uint()?),
                PEOPLE => Self::People(json(&mut reader)?),
                REFUSED => Self::Refused(json(&mut reader)?),
                ROLE => Self::Role(json(&mut reader)?),
                PUBLISHED => Self::Published(json(&mut reader)?),
                READ_ONLY => Self::ReadOnly(json(&mut reader)?),
                TALK => Self::Talk(json(&mut reader)?),
                STAGE => Self::Stage(json(&mut reader)?),
                RESTORED => Self::Restored(json(&mut reader)?),
                _ => Self::Unknown,
            },
            _ => Self::Unknown,
        })
    }

    /// The frame of this message; empty for [`Self::Unknown`], which is never sent.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::SyncStep1(bytes) => sync(STEP_1, bytes),
            Self::SyncStep2(bytes) => sync(STEP_2, bytes),
            Self::Update(bytes) => sync(UPDATE, bytes),
            Self::Awareness(bytes) => buffer(AWARENESS, bytes),
            Self::Welcome(payload) => own_json(WELCOME, payload),
            Self::Pong => own(PONG),
            Self::Saved(count) => {
                let mut out = own(SAVED);
                put_var_uint(&mut out, *count);
                out
            }
            Self::People(payload) => own_json(PEOPLE, payload),
            Self::Refused(payload) => own_json(REFUSED, payload),
            Self::Role(payload) => own_json(ROLE, payload),
            Self::Published(payload) => own_json(PUBLISHED, payload),
            Self::ReadOnly(payload) => own_json(READ_ONLY, payload),
            Self::Talk(payload) => own_json(TALK, payload),
            Self::Stage(payload) => own_json(STAGE, payload),
            Self::Restored(payload) => own_json(RESTORED, payload),
            Self::Unknown => Vec::new(),
        }
    }
}

fn sync(kind: u64, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 8);
    put_var_uint(&mut out, SYNC);
    put_var_uint(&mut out, kind);
    put_var_bytes(&mut out, bytes);
    out
}

fn buffer(kind: u64, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 8);
    put_var_uint(&mut out, kind);
    put_var_bytes(&mut out, bytes);
    out
}

fn own(kind: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(8);
    put_var_uint(&mut out, OWN);
    put_var_uint(&mut out, kind);
    out
}

/// Our payloads hold only texts, numbers and lists, which always have a JSON form; should one ever not have it, the
/// frame carries an empty payload that the other side skips as malformed.
fn own_json<T: Serialize>(kind: u64, payload: &T) -> Vec<u8> {
    let mut out = own(kind);
    put_var_bytes(&mut out, &serde_json::to_vec(payload).unwrap_or_default());
    out
}

fn json<T: DeserializeOwned>(reader: &mut Reader<'_>) -> Result<T, DecodeError> {
    serde_json::from_slice(reader.var_bytes()?).map_err(|_| DecodeError::Json)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{role::Role, stage::Stage};

    fn client_messages() -> impl Strategy<Value = ClientMessage<'static>> {
        let bytes = any::<Vec<u8>>().prop_map(|bytes| &*bytes.leak());
        prop_oneof![
            bytes.clone().prop_map(ClientMessage::SyncStep1),
            bytes.clone().prop_map(ClientMessage::SyncStep2),
            bytes.clone().prop_map(ClientMessage::Update),
            bytes.prop_map(ClientMessage::Awareness),
            Just(ClientMessage::QueryAwareness),
            any::<u64>().prop_map(|version| ClientMessage::Hello { version }),
            Just(ClientMessage::Ping),
        ]
    }

    proptest! {
        #[test]
        fn client_messages_come_back(message in client_messages()) {
            let frame = message.encode();
            prop_assert_eq!(ClientMessage::decode(&frame), Ok(message));
        }

        #[test]
        fn arbitrary_frames_never_panic(frame: Vec<u8>) {
            let _ = ClientMessage::decode(&frame);
            let _ = ServerMessage::decode(&frame);
        }
    }

    #[test]
    fn server_messages_come_back() {
        let person = Person {
            participant: "p1".to_owned(),
            name: "Änne".to_owned(),
            color: 2,
            role: Role::Participate,
            client_ids: vec![1, 1 << 52],
        };
        let refused = Refused {
            code: "too_deep".to_owned(),
            client_id: Some(3),
            fatal: true,
        };
        let welcome = Welcome {
            participant: "p1".to_owned(),
            name: "Änne".to_owned(),
            color: 2,
            role: Role::Read,
            client_ids_ok: true,
        };
        for message in [
            ServerMessage::SyncStep1(&[0]),
            ServerMessage::SyncStep2(&[0, 0]),
            ServerMessage::Update(&[0, 0]),
            ServerMessage::Awareness(&[0]),
            ServerMessage::Welcome(welcome),
            ServerMessage::Pong,
            ServerMessage::Saved(300),
            ServerMessage::People(vec![person]),
            ServerMessage::Refused(refused),
            ServerMessage::Role(RoleChange { role: Role::Facilitate }),
            ServerMessage::Published(Published {
                at: "2026-03-01".to_owned(),
            }),
            ServerMessage::ReadOnly(Some(ReadOnly {
                reason: "storage".to_owned(),
            })),
            ServerMessage::ReadOnly(None),
            ServerMessage::Talk(Box::new(talk::News {
                number: 3,
                thread: None,
                authors: Vec::new(),
            })),
            ServerMessage::Stage(StageChange {
                stage: Stage::Committee,
            }),
            ServerMessage::Restored(Restored {
                at_ms: 1_773_320_580_000,
                name: Some("Nach dem Workshop".to_owned()),
                whole: true,
            }),
        ] {
            assert_eq!(ServerMessage::decode(&message.encode()), Ok(message));
        }
    }

    /// The bytes are the protocol: they stay as they are.
    #[test]
    fn the_bytes_are_those_of_the_specification() {
        assert_eq!(ClientMessage::Update(&[1, 2]).encode(), [0, 2, 2, 1, 2]);
        assert_eq!(ClientMessage::Hello { version: 1 }.encode(), [100, 0, 1]);
        assert_eq!(ClientMessage::Ping.encode(), [100, 1]);
        assert_eq!(ServerMessage::Saved(300).encode(), [100, 2, 0xac, 2]);
        assert_eq!(
            ServerMessage::ReadOnly(None).encode(),
            [&[100, 7, 4][..], b"null"].concat()
        );
        let stage = ServerMessage::Stage(StageChange { stage: Stage::Adopted });
        assert_eq!(stage.encode(), [&[100, 9, 19][..], br#"{"stage":"adopted"}"#].concat());
        let role = ServerMessage::Role(RoleChange { role: Role::Read });
        assert_eq!(role.encode(), [&[100, 5, 15][..], br#"{"role":"read"}"#].concat());
    }

    #[test]
    fn other_versions_are_skipped_and_broken_frames_are_not() {
        assert_eq!(ClientMessage::decode(&[5]), Ok(ClientMessage::Unknown));
        assert_eq!(ClientMessage::decode(&[100, 77]), Ok(ClientMessage::Unknown));
        assert_eq!(ServerMessage::decode(&[100, 77]), Ok(ServerMessage::Unknown));
        assert_eq!(ClientMessage::decode(&[]), Err(DecodeError::Truncated));
        assert_eq!(ClientMessage::decode(&[0, 2, 9, 1]), Err(DecodeError::Truncated));
        assert_eq!(ServerMessage::decode(&[100, 5, 1, b'x']), Err(DecodeError::Json));
    }
}
