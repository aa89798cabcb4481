//! Why something was not taken.

use crate::wire::lib0::DecodeError;

/// Why something was not taken. [`Self::code`] is stable and part of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the message is larger than allowed")]
    TooLarge,
    #[error("the bytes are not what the protocol says")]
    Malformed,
    #[error("a frame could not be read: far too large, or no WebSocket frame")]
    Unreadable,
    #[error("values or types are nested deeper than a Leitbild needs")]
    TooDeep,
    #[error("a kind of content that a Leitbild does not hold")]
    ContentKind,
    #[error("a text, value, key or name is longer than allowed")]
    TooLong,
    #[error("more structs, clients or deletions than allowed")]
    TooMany,
    #[error("one text of the document would become longer than allowed")]
    TextTooLong,
    #[error("the document would have more blocks than allowed")]
    TooManyBlocks,
    #[error("the document is as large as it may become")]
    DocumentFull,
    #[error("a client id or a clock is out of range")]
    OutOfRange,
    #[error("content under the client id of another participant")]
    ForeignClientId(u64),
    #[error("content that builds on something nobody sent")]
    Incomplete,
    #[error("the document could not take the update")]
    NotApplied,
    #[error("this link allows reading only")]
    ReadOnlyLink,
    #[error("the text is frozen: nobody changes it at the moment")]
    Frozen,
}

impl Refusal {
    /// The code on the wire.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
            Self::Unreadable => "unreadable",
            Self::TooDeep => "too_deep",
            Self::ContentKind => "content_kind",
            Self::TooLong => "too_long",
            Self::TooMany => "too_many",
            Self::TextTooLong => "text_too_long",
            Self::TooManyBlocks => "too_many_blocks",
            Self::DocumentFull => "document_full",
            Self::OutOfRange => "out_of_range",
            Self::ForeignClientId(_) => "foreign_client_id",
            Self::Incomplete => "incomplete",
            Self::NotApplied => "not_applied",
            Self::ReadOnlyLink => "read_only_link",
            Self::Frozen => "frozen",
        }
    }

    /// Every refusal, in the order of the specification.
    pub const ALL: [Self; 16] = [
        Self::TooLarge,
        Self::Malformed,
        Self::Unreadable,
        Self::TooDeep,
        Self::ContentKind,
        Self::TooLong,
        Self::TooMany,
        Self::OutOfRange,
        Self::TextTooLong,
        Self::TooManyBlocks,
        Self::DocumentFull,
        Self::ForeignClientId(0),
        Self::Incomplete,
        Self::NotApplied,
        Self::ReadOnlyLink,
        Self::Frozen,
    ];

    /// The client id that it names.
    #[must_use]
    pub fn client_id(self) -> Option<u64> {
        match self {
            Self::ForeignClientId(client_id) => Some(client_id),
            _ => None,
        }
    }

    /// Does the socket end with it? Writing where that is not allowed, or not at the moment, does not cost the socket.
    #[must_use]
    pub fn is_fatal(self) -> bool {
        !matches!(self, Self::ReadOnlyLink | Self::Frozen)
    }
}

impl From<DecodeError> for Refusal {
    fn from(_: DecodeError) -> Self {
        Self::Malformed
    }
}
