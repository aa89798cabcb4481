//! IndexedDB with futures: keys are arrays, values are bytes.
//!
//! On raw bindings: what is needed of it are a few calls, and `durability: "strict"`, on which everything rests, is an
//! unstable interface of `web-sys` and so of the crates built on it. Events keep their promises directly, without
//! closures of our own.

use std::{cell::RefCell, future::Future};

use js_sys::{Array, Function, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction};

use super::{
    Refused,
    promise::{call, object, within},
};

const NAME: &str = "leitnetz";
const VERSION: u32 = 1;
/// A browser that has not opened its database by then counts as one without, in milliseconds.
const OPEN_TIMEOUT_MS: i32 = 4_000;

/// Handle to the database; opens it anew when the browser has closed it.
pub(super) struct Database {
    stores: &'static [&'static str],
    open: RefCell<IdbDatabase>,
}

/// Keys and values.
type Rows = Vec<(Array, Vec<u8>)>;

/// How sure a write has to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Durability {
    /// On the disk.
    Strict,
    /// With the operating system.
    Relaxed,
}

/// A transaction that writes. A call that fails takes it back as a whole.
pub(super) struct WriteTransaction(IdbTransaction);

/// A transaction that reads.
pub(super) struct ReadTransaction(IdbTransaction);

impl Database {
    pub(super) async fn open(stores: &'static [&'static str]) -> Result<Self, Refused> {
        let open = RefCell::new(connect(stores).await?);
        Ok(Self { stores, open })
    }

    pub(super) fn read(&self, stores: &[&str]) -> Result<ReadTransaction, Refused> {
        begin(&self.open.borrow(), stores, "readonly", Durability::Relaxed).map(ReadTransaction)
    }

    /// Begins to write. A connection that the browser has closed meanwhile is opened again.
    pub(super) async fn write(&self, stores: &[&str], durability: Durability) -> Result<WriteTransaction, Refused> {
        let begun = begin(&self.open.borrow(), stores, "readwrite", durability);
        if let Ok(transaction) = begun {
            return Ok(WriteTransaction(transaction));
        }
        let again = connect(self.stores).await?;
        self.open.replace(again);
        begin(&self.open.borrow(), stores, "readwrite", durability).map(WriteTransaction)
    }
}

impl WriteTransaction {
    pub(super) fn put(&self, store: &str, key: &Array, bytes: &[u8]) -> Result<(), Refused> {
        let bytes = Uint8Array::from(bytes);
        let put = object_store(&self.0, store).and_then(|store| store.put_with_key(&bytes, key).map_err(|_| Refused));
        self.or_take_back(put)
    }

    pub(super) fn remove(&self, store: &str, key: &Array) -> Result<(), Refused> {
        let removed = object_store(&self.0, store).and_then(|store| store.delete(key).map_err(|_| Refused));
        self.or_take_back(removed)
    }

    /// Waits until everything is stored.
    ///
    /// # Errors
    /// When nothing of it is: it was taken back as a whole.
    pub(super) async fn complete(self) -> Result<(), Refused> {
        let completed = Promise::new(&mut |resolve, reject| {
            self.0.set_oncomplete(Some(&resolve));
            self.0.set_onabort(Some(&reject));
        });
        // Begins to store at once instead of waiting whether more is coming. Browsers without it do so by themselves.
        let _ = call(&self.0, "commit", &[]);
        JsFuture::from(completed).await.map(drop).map_err(|_| Refused)
    }

    fn or_take_back(&self, request: Result<IdbRequest, Refused>) -> Result<(), Refused> {
        if request.is_err() {
            // Fails only for one that was taken back already.
            let _ = self.0.abort();
        }
        request.map(drop)
    }
}

impl ReadTransaction {
    /// The value of a key; `undefined` when there is none. The request is made now.
    pub(super) fn get(
        &self,
        store: &str,
        key: &Array,
    ) -> Result<impl Future<Output = Result<JsValue, Refused>> + use<>, Refused> {
        let request = object_store(&self.0, store)?.get(key).map_err(|_| Refused)?;
        Ok(answer(request))
    }

    /// Everything in a range, in the order of the keys. The requests are made now.
    pub(super) fn all(
        &self,
        store: &str,
        range: &IdbKeyRange,
    ) -> Result<impl Future<Output = Result<Rows, Refused>> + use<>, Refused> {
        let store = object_store(&self.0, store)?;
        let keys = answer(store.get_all_keys_with_key(range).map_err(|_| Refused)?);
        let values = answer(store.get_all_with_key(range).map_err(|_| Refused)?);
        Ok(async move {
            let (keys, values) = (keys.await?, values.await?);
            let keys = keys.dyn_into::<Array>().map_err(|_| Refused)?;
            let values = values.dyn_into::<Array>().map_err(|_| Refused)?;
            Ok(keys
                .iter()
                .zip(values.iter())
                .filter_map(|(key, value)| {
                    let key = key.dyn_into::<Array>().ok()?;
                    let bytes = value.dyn_into::<Uint8Array>().ok()?;
                    Some((key, bytes.to_vec()))
                })
                .collect())
        })
    }
}

async fn connect(stores: &'static [&'static str]) -> Result<IdbDatabase, Refused> {
    let factory = leptos::prelude::window().indexed_db().ok().flatten().ok_or(Refused)?;
    let request = factory.open_with_u32(NAME, VERSION).map_err(|_| Refused)?;
    let upgraded = request.clone();
    let upgrade = Closure::once_into_js(move || make_stores(&upgraded, stores));
    request.set_onupgradeneeded(Some(upgrade.unchecked_ref::<Function>()));
    let opened = settled(&request);
    within(opened, OPEN_TIMEOUT_MS).await?;
    let database = request.result().map_err(|_| Refused)?;
    let database = database.dyn_into::<IdbDatabase>().map_err(|_| Refused)?;
    // A newer page wants to change the stores: it must not wait for this one, which opens the database anew.
    let closing = database.clone();
    let close = Closure::once_into_js(move || closing.close());
    database.set_onversionchange(Some(close.unchecked_ref::<Function>()));
    Ok(database)
}

fn make_stores(request: &IdbOpenDbRequest, stores: &[&str]) {
    let Some(database) = request
        .result()
        .ok()
        .and_then(|result| result.dyn_into::<IdbDatabase>().ok())
    else {
        return;
    };
    for store in stores {
        // Fails only for a store that is there already.
        let _ = database.create_object_store(store);
    }
}

fn begin(
    database: &IdbDatabase,
    stores: &[&str],
    mode: &str,
    durability: Durability,
) -> Result<IdbTransaction, Refused> {
    let names: Array = stores.iter().map(|store| JsValue::from_str(store)).collect();
    let durability = match durability {
        Durability::Strict => "strict",
        Durability::Relaxed => "relaxed",
    };
    let options = object(&[("durability", durability.into())]);
    // The bindings know the options only as an unstable interface.
    let transaction = call(database, "transaction", &[names.into(), mode.into(), options])?;
    transaction.dyn_into::<IdbTransaction>().map_err(|_| Refused)
}

fn object_store(transaction: &IdbTransaction, store: &str) -> Result<IdbObjectStore, Refused> {
    transaction.object_store(store).map_err(|_| Refused)
}

fn settled(request: &IdbRequest) -> Promise {
    Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    })
}

fn answer(request: IdbRequest) -> impl Future<Output = Result<JsValue, Refused>> + use<> {
    let settled = settled(&request);
    async move {
        JsFuture::from(settled).await.map_err(|_| Refused)?;
        request.result().map_err(|_| Refused)
    }
}
