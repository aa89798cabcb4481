//! The servers that are measured, and what differs between them: addresses and what stands around a message.

use std::str::FromStr;

use model::{
    limits,
    wire::{
        ClientMessage, DecodeError,
        lib0::{Reader, put_var_string, put_var_uint},
    },
};

use crate::Failure;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Leitnetz,
    /// npm's y-websocket: plain y-protocols, nothing is acknowledged.
    YWebsocket,
    /// npm's Hocuspocus: every message carries the document's name before it, every update is acknowledged when it was
    /// applied.
    Hocuspocus,
    /// The bare relay: passes on what it gets; a frame may hold several messages. It knows no document to ask for.
    Relay,
}

/// A server and its documents.
#[derive(Clone, Debug)]
pub struct Target {
    pub kind: Kind,
    /// Host and port.
    pub address: String,
    pub rooms: Vec<Room>,
}

/// One document as the server knows it.
#[derive(Clone, Debug)]
pub struct Room {
    pub name: String,
    /// The secrets of its edit links, where they are needed. Whoever comes by another link is another participant.
    pub tokens: Vec<String>,
}

/// What a server says, as far as the generator listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incoming<'a> {
    /// "Send me what I lack", with a state vector.
    Ask(&'a [u8]),
    /// The answer to our question: everything we lacked.
    Answer(&'a [u8]),
    Update(&'a [u8]),
    /// The first n of our updates are durable.
    Saved(u64),
    /// The next of our updates was applied; nothing is said about disks.
    Applied,
}

// Message types of y-protocols, of Leitnetz (`docs/sync-protocol.md`) and of Hocuspocus (`types.ts`).
const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const AUTH: u64 = 2;
const SYNC_REPLY: u64 = 4;
const SYNC_STATUS: u64 = 8;
const OWN: u64 = 100;
const OWN_SAVED: u64 = 2;
const STEP_1: u64 = 0;
const STEP_2: u64 = 1;
const UPDATE: u64 = 2;
const AUTH_TOKEN: u64 = 0;

impl Kind {
    /// Does this server keep documents, so that one can join late and come back?
    #[must_use]
    pub fn keeps_documents(self) -> bool {
        self != Self::Relay
    }

    /// Does it say what became of an update?
    #[must_use]
    pub fn acknowledges(self) -> bool {
        matches!(self, Self::Leitnetz | Self::Hocuspocus)
    }
}

impl FromStr for Kind {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(match text {
            "leitnetz" => Self::Leitnetz,
            "y-websocket" => Self::YWebsocket,
            "hocuspocus" => Self::Hocuspocus,
            "relay" => Self::Relay,
            _ => return Err(Failure(format!("there is no kind of server `{text}`"))),
        })
    }
}

impl Target {
    /// The address of a document's socket for the browser with this number.
    #[must_use]
    pub fn url(&self, room: &Room, seat: usize) -> String {
        let (address, name) = (&self.address, &room.name);
        match self.kind {
            Kind::Leitnetz => {
                let token = room.tokens.get(seat % room.tokens.len().max(1));
                format!("ws://{address}/sync/{name}?token={}", token.map_or("", String::as_str))
            }
            Kind::Relay => format!("ws://{address}/sync/{name}"),
            Kind::YWebsocket => format!("ws://{address}/{name}"),
            Kind::Hocuspocus => format!("ws://{address}/"),
        }
    }

    /// The frames a client begins with, before it asks for the document.
    #[must_use]
    pub fn greeting(&self, room: &Room) -> Vec<Vec<u8>> {
        match self.kind {
            Kind::Leitnetz => {
                let version = limits::PROTOCOL_VERSION;
                vec![ClientMessage::Hello { version }.encode()]
            }
            Kind::Hocuspocus => {
                let mut frame = Vec::new();
                put_var_string(&mut frame, &room.name);
                put_var_uint(&mut frame, AUTH);
                put_var_uint(&mut frame, AUTH_TOKEN);
                put_var_string(&mut frame, "load");
                vec![frame]
            }
            Kind::YWebsocket | Kind::Relay => Vec::new(),
        }
    }

    /// The frame of a message.
    #[must_use]
    pub fn frame(&self, room: &Room, message: &ClientMessage<'_>) -> Vec<u8> {
        let encoded = message.encode();
        if self.kind != Kind::Hocuspocus {
            return encoded;
        }
        let mut frame = Vec::with_capacity(room.name.len() + 1 + encoded.len());
        put_var_string(&mut frame, &room.name);
        frame.extend(encoded);
        frame
    }

    /// Hands every message of a frame that matters here to `take`.
    ///
    /// # Errors
    /// When the frame is not what this server should send.
    pub fn read<'a>(&self, frame: &'a [u8], mut take: impl FnMut(Incoming<'a>)) -> Result<(), DecodeError> {
        let mut reader = Reader::new(frame);
        loop {
            if self.kind == Kind::Hocuspocus {
                reader.var_bytes()?;
            }
            match reader.var_uint()? {
                SYNC | SYNC_REPLY => {
                    let step = reader.var_uint()?;
                    let bytes = reader.var_bytes()?;
                    match step {
                        STEP_1 => take(Incoming::Ask(bytes)),
                        STEP_2 => take(Incoming::Answer(bytes)),
                        UPDATE => take(Incoming::Update(bytes)),
                        _ => {}
                    }
                }
                AWARENESS => drop(reader.var_bytes()?),
                SYNC_STATUS if self.kind == Kind::Hocuspocus => {
                    reader.var_uint()?;
                    take(Incoming::Applied);
                }
                OWN if self.kind == Kind::Leitnetz => {
                    if reader.var_uint()? == OWN_SAVED {
                        take(Incoming::Saved(reader.var_uint()?));
                    }
                    return Ok(());
                }
                // Nothing that is counted, and of unknown length.
                _ => return Ok(()),
            }
            if reader.remaining() == 0 {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use model::wire::ServerMessage;

    use super::*;

    fn target(kind: Kind) -> (Target, Room) {
        let room = Room {
            name: "05111".to_owned(),
            tokens: Vec::new(),
        };
        let target = Target {
            kind,
            address: String::new(),
            rooms: vec![room.clone()],
        };
        (target, room)
    }

    fn read<'a>(target: &Target, frame: &'a [u8]) -> Vec<Incoming<'a>> {
        let mut messages = Vec::new();
        target.read(frame, |message| messages.push(message)).unwrap();
        messages
    }

    #[test]
    fn hocuspocus_names_the_document_before_every_message() {
        let (target, room) = target(Kind::Hocuspocus);
        let frame = target.frame(&room, &ClientMessage::Update(&[0, 0]));
        assert_eq!(frame, [&[5][..], b"05111", &[0, 2, 2, 0, 0]].concat());
        assert_eq!(read(&target, &frame), [Incoming::Update(&[0, 0])]);
        assert_eq!(
            read(&target, &[&[5][..], b"05111", &[8, 1]].concat()),
            [Incoming::Applied]
        );
    }

    #[test]
    fn what_leitnetz_says_is_understood_or_skipped() {
        let (target, _) = target(Kind::Leitnetz);
        assert_eq!(read(&target, &ServerMessage::Saved(7).encode()), [Incoming::Saved(7)]);
        assert_eq!(
            read(&target, &ServerMessage::SyncStep1(&[0]).encode()),
            [Incoming::Ask(&[0])]
        );
        assert_eq!(read(&target, &ServerMessage::People(Vec::new()).encode()), []);
    }

    #[test]
    fn a_frame_of_the_relay_holds_several_messages() {
        let (target, _) = target(Kind::Relay);
        let frame = [
            ClientMessage::Update(&[0, 0]).encode(),
            ClientMessage::Update(&[1]).encode(),
        ]
        .concat();
        assert_eq!(
            read(&target, &frame),
            [Incoming::Update(&[0, 0]), Incoming::Update(&[1])]
        );
    }
}
