//! Something that some fields have and that is told to each of them by itself.
//!
//! With one signal for all, each of hundreds of rows would look at every change of every other.

use std::collections::{BTreeMap, HashMap};

use leptos::prelude::*;
use model::doc::FieldId;

/// A handle; what it holds lives as long as the page.
pub struct ByField<T: Send + Sync + 'static>(StoredValue<Inner<T>>);

struct Inner<T: 'static> {
    now: BTreeMap<FieldId, T>,
    /// Of those that somebody asked for.
    signals: HashMap<FieldId, ArcRwSignal<Option<T>>>,
}

impl<T: Send + Sync> Clone for ByField<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for ByField<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> ByField<T> {
    /// Nobody has anything.
    #[must_use]
    pub fn new() -> Self {
        Self(StoredValue::new(Inner {
            now: BTreeMap::new(),
            signals: HashMap::new(),
        }))
    }

    /// What this field has, now and later.
    #[must_use]
    pub fn of(self, field: &FieldId) -> ArcRwSignal<Option<T>> {
        let signal = self.0.try_update_value(|Inner { now, signals }| {
            let known = signals.entry(field.clone());
            known
                .or_insert_with(|| ArcRwSignal::new(now.get(field).cloned()))
                .clone()
        });
        // The page is gone: nothing is told any more.
        signal.unwrap_or_else(|| ArcRwSignal::new(None))
    }

    /// These fields have something, all others have nothing. Only those that had something else are told.
    pub fn set(self, all: BTreeMap<FieldId, T>) {
        let changed = self.0.try_update_value(|Inner { now, signals }| {
            let before = std::mem::replace(now, all);
            let gone = before.keys().filter(|field| !now.contains_key(field));
            let new = now.iter().filter(|(field, has)| before.get(field) != Some(has));
            let changed = gone
                .map(|field| (field, None))
                .chain(new.map(|(field, has)| (field, Some(has.clone()))));
            changed
                .filter_map(|(field, has)| Some((signals.get(field)?.clone(), has)))
                .collect::<Vec<_>>()
        });
        // Told when nothing is borrowed: whoever hears it may ask for other fields.
        for (signal, has) in changed.into_iter().flatten() {
            signal.set(has);
        }
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Default for ByField<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use model::doc::RootText;

    use super::*;

    #[test]
    fn only_those_hear_it_whom_it_concerns() {
        let owner = Owner::new();
        owner.with(|| {
            let by_field = ByField::new();
            let (title, motto) = (FieldId::Root(RootText::Title), FieldId::Root(RootText::Motto));
            by_field.set(BTreeMap::from([(title.clone(), 1)]));
            let looks = Arc::new(AtomicUsize::new(0));
            let look = |field: &FieldId| {
                let (signal, looks) = (by_field.of(field), Arc::clone(&looks));
                Memo::new(move |_| {
                    looks.fetch_add(1, Ordering::Relaxed);
                    signal.get()
                })
            };
            let (at_title, at_motto) = (look(&title), look(&motto));
            let told = || (at_title.get_untracked(), at_motto.get_untracked());
            assert_eq!(told(), (Some(1), None), "also what was there before anybody asked");
            assert_eq!(looks.swap(0, Ordering::Relaxed), 2);
            by_field.set(BTreeMap::from([(title.clone(), 1), (motto.clone(), 2)]));
            assert_eq!(told(), (Some(1), Some(2)));
            assert_eq!(looks.swap(0, Ordering::Relaxed), 1, "the title has what it had");
            by_field.set(BTreeMap::from([(motto, 2)]));
            assert_eq!(told(), (None, Some(2)));
            assert_eq!(looks.swap(0, Ordering::Relaxed), 1);
        });
    }
}
