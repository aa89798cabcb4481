//! What this browser keeps between pages: the outbox, a copy of the document with what is said about it, words that the
//! server did not take, and words that were begun and not said yet.
//!
//! One IndexedDB database for the whole site, with a store for each; everything in them lies under the municipality's
//! key and the participant, because a browser can be several participants. Whatever a call here answers is about what
//! the browser promised, not about what it was asked: a write is done when its transaction completed with
//! `durability: "strict"`. Nothing here panics or logs; a browser that keeps nothing is a case of its own, which the
//! page tells ([`super::shown::DeviceState`]).

mod database;
pub(super) mod locks;
pub(super) mod offline;
pub(super) mod promise;

use js_sys::{Array, Uint8Array};
use model::ags::Ags;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbKeyRange;

use self::database::{Database, Durability};
use super::{
    drafts::Draft,
    journal::Write,
    outbox::{Key, Record},
    recovered::Recovered,
};

const OUTBOX: &str = "outbox";
const DOCUMENTS: &str = "documents";
const RECOVERED: &str = "recovered";
/// The last part of the key under which threads lie beside their document, so that they go with it.
const THREADS: &str = "threads";
/// The part of the key under which begun words lie beside recovered ones, by their own key: they are a person's words
/// as well, and not a copy of something. No recovered words have it as their id.
const BEGUN: &str = "begun";

/// The browser did not do it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused;

/// The part of the store that belongs to one participant in one municipality.
pub(super) struct Device {
    database: Database,
    ags: JsValue,
    participant: JsValue,
}

/// What was there when the page opened.
pub(super) struct Kept {
    /// The document as it stood when it was last copied.
    pub(super) document: Option<Vec<u8>>,
    /// Comments and suggestions as they were then, as JSON.
    pub(super) threads: Option<Vec<u8>>,
    pub(super) recovered: Vec<Recovered>,
    /// What was begun and not said yet, by its key.
    pub(super) begun: Vec<(String, Draft)>,
}

impl Device {
    /// # Errors
    /// When the browser keeps nothing: private windows, switched-off storage, a full disk.
    pub(super) async fn open(ags: &Ags, participant: &str) -> Result<Self, Refused> {
        Ok(Self {
            database: Database::open(&[OUTBOX, DOCUMENTS, RECOVERED]).await?,
            ags: JsValue::from_str(&ags.to_string()),
            participant: JsValue::from_str(participant),
        })
    }

    pub(super) async fn read(&self) -> Result<Kept, Refused> {
        let place = self.place([]);
        let read = self.database.read(&[DOCUMENTS, RECOVERED])?;
        let document = read.get(DOCUMENTS, &place)?;
        let threads = read.get(DOCUMENTS, &self.place([THREADS.into()]))?;
        let words = read.all(RECOVERED, &self.range()?)?;
        let document = document.await?;
        let threads = threads.await?;
        let bytes = |value: &JsValue| value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec);
        let mut kept = Kept {
            document: bytes(&document),
            threads: bytes(&threads),
            recovered: Vec::new(),
            begun: Vec::new(),
        };
        for (key, bytes) in words.await? {
            let part = |at| key.get(at).as_string();
            match (part(2), part(3)) {
                (Some(id), None) => kept.recovered.extend(Recovered::decode(id, &bytes)),
                (Some(kind), Some(name)) if kind == BEGUN => {
                    kept.begun.extend(Draft::decode(&bytes).map(|draft| (name, draft)));
                }
                _ => {}
            }
        }
        Ok(kept)
    }

    /// Every record of the outbox, also those of other open pages. Records of another version are left out.
    pub(super) async fn records(&self) -> Result<Vec<(Key, Record)>, Refused> {
        let read = self.database.read(&[OUTBOX])?;
        let records = read.all(OUTBOX, &self.range()?)?.await?;
        Ok(records
            .into_iter()
            .filter_map(|(key, bytes)| {
                let number = |at| key.get(at).as_f64().map(|number| number as u64);
                let key = Key {
                    client_id: number(2)?,
                    number: number(3)?,
                };
                Some((key, Record::decode(&bytes)?))
            })
            .collect())
    }

    /// Does all of it, or nothing; it survives a loss of power when this returns.
    pub(super) async fn write(&self, writes: Vec<Write>) -> Result<(), Refused> {
        let transaction = self
            .database
            .write(&[OUTBOX, DOCUMENTS, RECOVERED], Durability::Strict)
            .await?;
        for write in writes {
            match write {
                Write::Put(key, record) => transaction.put(OUTBOX, &self.entry(key), &record)?,
                Write::Remove(key) => transaction.remove(OUTBOX, &self.entry(key))?,
                Write::PutRecovered(id, bytes) => transaction.put(RECOVERED, &self.place([id.into()]), &bytes)?,
                Write::RemoveRecovered(id) => transaction.remove(RECOVERED, &self.place([id.into()]))?,
                Write::PutBegun(key, bytes) => transaction.put(RECOVERED, &self.begun(&key), &bytes)?,
                Write::RemoveBegun(key) => transaction.remove(RECOVERED, &self.begun(&key))?,
                Write::RemoveDocument => {
                    transaction.remove(DOCUMENTS, &self.place([]))?;
                    transaction.remove(DOCUMENTS, &self.place([THREADS.into()]))?;
                }
            }
        }
        transaction.complete().await
    }

    /// Replaces the copy of the document, or of its threads, or both. A copy need not be durable: the server has them, the outbox
    /// the rest.
    pub(super) async fn write_copy(&self, state: Option<Vec<u8>>, threads: Option<Vec<u8>>) -> Result<(), Refused> {
        let transaction = self.database.write(&[DOCUMENTS], Durability::Relaxed).await?;
        if let Some(state) = state {
            transaction.put(DOCUMENTS, &self.place([]), &state)?;
        }
        if let Some(threads) = threads {
            transaction.put(DOCUMENTS, &self.place([THREADS.into()]), &threads)?;
        }
        transaction.complete().await
    }

    fn entry(&self, key: Key) -> Array {
        // Client ids and numbers have at most 53 bits.
        self.place([(key.client_id as f64).into(), (key.number as f64).into()])
    }

    fn begun(&self, key: &str) -> Array {
        self.place([BEGUN.into(), key.into()])
    }

    fn place<const N: usize>(&self, more: [JsValue; N]) -> Array {
        let place = Array::of2(&self.ags, &self.participant);
        for part in more {
            place.push(&part);
        }
        place
    }

    /// Everything below this municipality and participant: an array sorts after every number and text.
    fn range(&self) -> Result<IdbKeyRange, Refused> {
        let end = self.place([Array::new().into()]);
        IdbKeyRange::bound(&self.place([]), &end).map_err(|_| Refused)
    }
}
