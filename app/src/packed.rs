//! How values travel from the server to a page: packed as [postcard](https://postcard.jamesmunro.com), which names no
//! fields.
//!
//! What a page shows stands in its HTML, or is the answer of a server function when the page is reached by a link. Both
//! are the same [`Packed`] bytes, so that the browser needs one reader of each type; a reader of JSON for each of the two
//! ways was a sixth of what a citizen's page loads.
//!
//! Postcard does not say which type its bytes are. Every value therefore begins with [`RELEASE`]: a page that is older or
//! newer than the server's answer says that it has to be loaded again, instead of misreading it. Types that travel so
//! serialize every field always: `skip_serializing_if`, `flatten` and tagged enums cannot be read back.

use std::{fmt, marker::PhantomData};

use leptos::{
    server::codee,
    server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::error::AppError;

/// Differs between builds of different sources; computed in `build.rs`.
const RELEASE: [u8; 4] = release().to_be_bytes();

const fn release() -> u32 {
    match u32::from_str_radix(env!("LEITNETZ_RELEASE"), 16) {
        Ok(release) => release,
        // The build script writes eight hexadecimal digits.
        Err(_) => 0,
    }
}

/// A value in its bytes.
pub struct Packed<T> {
    bytes: Vec<u8>,
    value: PhantomData<fn() -> T>,
}

impl<T> Packed<T> {
    /// The same bytes, with their type forgotten: what carries them is compiled once for all types.
    #[must_use]
    pub fn erase(self) -> Packed<()> {
        Packed::from_bytes(self.bytes)
    }

    /// What an answer's body is.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            value: PhantomData,
        }
    }
}

impl<T: Serialize> Packed<T> {
    /// Packs a value.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] for types that cannot be packed, see above.
    pub fn new(value: &T) -> Result<Self, AppError> {
        postcard::to_extend(value, RELEASE.to_vec())
            .map(Self::from_bytes)
            .map_err(|_| AppError::Unavailable)
    }
}

impl<T: DeserializeOwned> Packed<T> {
    /// Unpacks the value.
    ///
    /// # Errors
    /// [`AppError::Outdated`] for bytes of another release.
    pub fn open(&self) -> Result<T, AppError> {
        unpack(&self.bytes).map_err(|_| AppError::Outdated)
    }
}

impl Packed<()> {
    /// Gives erased bytes their type back.
    #[must_use]
    pub fn restore<T>(self) -> Packed<T> {
        Packed::from_bytes(self.bytes)
    }
}

// Derived, these would ask the same of `T`.
impl<T> Clone for Packed<T> {
    fn clone(&self) -> Self {
        Self::from_bytes(self.bytes.clone())
    }
}

impl<T> fmt::Debug for Packed<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Packed({} bytes)", self.bytes.len())
    }
}

fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WrongRelease> {
    bytes
        .strip_prefix(&RELEASE)
        .and_then(|bytes| postcard::from_bytes(bytes).ok())
        .ok_or(WrongRelease)
}

/// Bytes that this release does not know.
#[derive(Debug)]
pub struct WrongRelease;

impl fmt::Display for WrongRelease {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("of another release")
    }
}

/// The encoding of answers that are [`Packed`], and of every [`AppError`].
pub struct Compact;

/// [`Compact`] as the `output` of a server function.
pub type CompactOutput = Post<Compact>;

impl ContentType for Compact {
    const CONTENT_TYPE: &'static str = "application/x-postcard";
}

impl FormatType for Compact {
    const FORMAT_TYPE: Format = Format::Binary;
}

impl<T> Encodes<Packed<T>> for Compact {
    type Error = WrongRelease;

    fn encode(packed: &Packed<T>) -> Result<bytes::Bytes, Self::Error> {
        Ok(packed.bytes.clone().into())
    }
}

impl<T> Decodes<Packed<T>> for Compact {
    type Error = WrongRelease;

    fn decode(bytes: bytes::Bytes) -> Result<Packed<T>, Self::Error> {
        Ok(Packed::from_bytes(bytes.into()))
    }
}

impl Encodes<AppError> for Compact {
    type Error = AppError;

    fn encode(error: &AppError) -> Result<bytes::Bytes, Self::Error> {
        Packed::new(error).map(|packed| packed.bytes.into())
    }
}

impl Decodes<AppError> for Compact {
    type Error = WrongRelease;

    fn decode(bytes: bytes::Bytes) -> Result<AppError, Self::Error> {
        unpack(&bytes)
    }
}

/// What a page waits for.
pub(crate) type Loaded = Result<Packed<()>, AppError>;

/// As it stands in the HTML: each byte is the character of that number, but for those of [`STAND_INS`]. Base64 would be
/// shorter before compression and longer after it, because words and paths of the map stand in the page a second time.
impl codee::Encoder<Loaded> for Compact {
    type Error = AppError;
    type Encoded = String;

    fn encode(loaded: &Loaded) -> Result<String, AppError> {
        let (mark, bytes) = match loaded {
            Ok(packed) => (VALUE, packed.bytes.clone()),
            Err(error) => (ERROR, Packed::new(error)?.bytes),
        };
        Ok(std::iter::once(mark).chain(bytes).map(to_letter).collect())
    }
}

impl codee::Decoder<Loaded> for Compact {
    type Error = WrongRelease;
    type Encoded = str;

    fn decode(text: &str) -> Result<Loaded, WrongRelease> {
        let bytes: Vec<u8> = text
            .chars()
            .map(from_letter)
            .collect::<Option<_>>()
            .ok_or(WrongRelease)?;
        match bytes.split_first() {
            Some((&VALUE, bytes)) => Ok(Ok(Packed::from_bytes(bytes.to_vec()))),
            Some((&ERROR, bytes)) => unpack(bytes).map(Err),
            _ => Err(WrongRelease),
        }
    }
}

const VALUE: u8 = b'v';
const ERROR: u8 = b'e';
/// Characters that do not come back from the HTML as they were: Leptos writes `<` as the six characters `\u003c`, and zero
/// as `\0`, which with a digit behind it is something else to JavaScript.
const STAND_INS: [(u8, char); 2] = [(0, '\u{100}'), (b'<', '\u{101}')];

fn to_letter(byte: u8) -> char {
    let stand_in = STAND_INS.iter().find(|(other, _)| *other == byte);
    stand_in.map_or(char::from(byte), |(_, letter)| *letter)
}

fn from_letter(letter: char) -> Option<u8> {
    let stand_in = STAND_INS.iter().find(|(_, other)| *other == letter);
    stand_in
        .map(|(byte, _)| *byte)
        .or_else(|| u8::try_from(u32::from(letter)).ok())
}

#[cfg(test)]
mod tests {
    use leptos::server::codee::{Decoder, Encoder};
    use model::{
        ags::Ags,
        decision::{Decision, Votes},
        doc::{BlockId, BlockKind, BlockView, GuidelineView, View},
        leitbild::{Adopted, Guideline, Leitbild, Point, PointSource, Published},
        map::NetworkPage,
        municipality::{Kind, MemberSummary, Municipality, Regierungsbezirk},
        role::Role,
        stage::Stage,
    };

    use super::*;
    use crate::{
        error::Mistake,
        versions::{Compared, StateRef},
        views::{Access, EditorPage, ProfilePage, TakeOverPage},
    };

    fn returns<T: Serialize + DeserializeOwned + PartialEq + fmt::Debug>(value: &T) {
        assert_eq!(&Packed::new(value).unwrap().open().unwrap(), value);
    }

    fn steinfurt() -> Municipality {
        Municipality {
            ags: Ags::new("05566").unwrap(),
            name: "Kreis Steinfurt".to_owned(),
            kind: Kind::Kreis,
            regierungsbezirk: Regierungsbezirk::Muenster,
        }
    }

    fn decision(votes: Votes) -> Decision {
        Decision {
            body: "Kreistag".to_owned(),
            paper: String::new(),
            date: "2024-09-01".to_owned(),
            votes,
        }
    }

    fn block(text: &str, source: Option<PointSource>) -> BlockView {
        BlockView {
            id: BlockId::parse("abcdefghijklmnop").unwrap(),
            kind: BlockKind::Point,
            text: text.to_owned(),
            plain: String::new(),
            plain_stale: source.is_some(),
            phases: Vec::new(),
            source,
            place: None,
        }
    }

    fn source() -> PointSource {
        PointSource::parse("05566 abc 2024-01-31").unwrap()
    }

    fn leitbild() -> Leitbild {
        let point = |text: &str, source| Point {
            text: text.to_owned(),
            source,
            ..Point::default()
        };
        Leitbild {
            title: "Größe – „ß“ 😀".to_owned(),
            preamble: vec![String::new(), "zwei".to_owned()],
            guidelines: vec![
                Guideline::default(),
                Guideline {
                    points: vec![point("a", Some(source())), point("", None)],
                    ..Guideline::default()
                },
            ],
            ..Leitbild::default()
        }
    }

    /// Every field that is empty, absent or a default must come back as well: postcard counts fields.
    #[test]
    fn pages_come_back_with_and_without_all_there_is() {
        let votes = Votes {
            yes: Some(1),
            abstained: Some(0),
            ..Votes::default()
        };
        for decision in [None, Some(decision(Votes::default())), Some(decision(votes))] {
            let published = Published {
                leitbild: leitbild(),
                date: "2024-09-01".to_owned(),
                decision: decision.clone(),
            };
            returns(&ProfilePage {
                municipality: steinfurt(),
                facts: Vec::new(),
                former: decision
                    .map(|decision| Adopted { number: 7, decision })
                    .into_iter()
                    .collect(),
                published: Some(published),
                neighbours: vec![steinfurt()],
                may_edit: true,
            });
        }
        let view = View {
            title: "T".to_owned(),
            guidelines: vec![GuidelineView {
                block: block("g", None),
                points: vec![block("a", Some(source())), block("", None)],
                ideas: Vec::new(),
            }],
            bin: vec![block("weg", None)],
            ..View::default()
        };
        let access = Access {
            participant: "p".to_owned(),
            name: "Ada".to_owned(),
            color: 3,
            role: Role::Suggest,
        };
        for draft in [None, Some((access, view))] {
            returns(&EditorPage {
                municipality: steinfurt(),
                draft,
                phases: model::phase::usual(),
                places: vec![(Ags::new("05566").unwrap(), "Steinfurt".to_owned())],
                stage: Stage::Workshop,
                published: None,
            });
        }
        for name in [None, Some("Beschluss".to_owned())] {
            returns(&StateRef {
                seq: u64::MAX,
                at_ms: -1,
                name,
            });
        }
        returns(&TakeOverPage {
            municipality: steinfurt(),
            draft_empty: false,
            may_edit: true,
            error: Some(AppError::invalid("so nicht", "not so")),
            pasted: "Wir".to_owned(),
            recognised: None,
        });
        returns(&None::<Compared>);
    }

    #[test]
    fn the_network_comes_back_with_its_map() {
        let map = serde_json::from_str(include_str!("../../server/data/map.json")).unwrap();
        let members = vec![MemberSummary {
            municipality: steinfurt(),
            joined: Vec::new(),
            published: true,
        }];
        returns(&NetworkPage { members, map });
    }

    #[test]
    fn the_page_reads_what_stands_in_its_html() {
        let encode = |loaded: &Loaded| <Compact as Encoder<Loaded>>::encode(loaded).unwrap();
        let decode = <Compact as Decoder<Loaded>>::decode;
        let all: Vec<u8> = (0..=255).collect();
        let loaded: Loaded = Ok(Packed::from_bytes(all.clone()));
        let text = encode(&loaded);
        assert!(!text.contains(['\0', '<']), "Leptos changes these");
        assert_eq!(decode(&text).unwrap().unwrap().bytes, all);

        let mistakes = vec![Mistake {
            de: "ä".to_owned(),
            en: String::new(),
        }];
        let errors = [
            AppError::NotFound,
            AppError::Invalid { mistakes },
            AppError::TooLarge,
            AppError::Outdated,
        ];
        for error in errors {
            let read = decode(&encode(&Err(error.clone()))).unwrap();
            assert_eq!(read.unwrap_err(), error);
        }
        for broken in ["", "v\u{2014}", "e", "x"] {
            assert!(decode(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn bytes_of_another_release_are_not_misread() {
        let mut bytes = Packed::new(&"abc".to_owned()).unwrap().bytes;
        bytes[0] ^= 1;
        let packed: Packed<String> = Packed::from_bytes(bytes);
        assert_eq!(packed.open().unwrap_err(), AppError::Outdated);
        assert_eq!(
            Packed::<String>::from_bytes(Vec::new()).open().unwrap_err(),
            AppError::Outdated
        );
        assert_ne!(RELEASE, [0; 4], "the build script's number is readable");
    }
}
