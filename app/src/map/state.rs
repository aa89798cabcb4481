//! What the map, the filter and the list share while the page is open.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    filter::Filter,
    place::{Place, places},
};
use crate::{views::NetworkPage, widgets::live};

/// Shared state; copies are handles to the same. Places are named by their index.
#[derive(Clone, Copy)]
pub struct MapState {
    places: StoredValue<Arc<[Place]>>,
    /// What the person asked for.
    pub filter: RwSignal<Filter>,
    /// What the pointer or the focus is on, on the map or in the list.
    pub pointed: RwSignal<Option<usize>>,
    /// What was tapped on the map: a finger cannot hover.
    pub tapped: RwSignal<Option<usize>>,
    shown: Memo<Vec<bool>>,
    active: Memo<Option<usize>>,
    /// The script has taken over: what needs it may be offered.
    pub live: ReadSignal<bool>,
}

impl MapState {
    /// The state of one page.
    #[must_use]
    pub fn new(page: NetworkPage, filter: Filter) -> Self {
        let places: Arc<[Place]> = places(page).into();
        let filter = RwSignal::new(filter);
        let pointed = RwSignal::new(None);
        let tapped = RwSignal::new(None);
        let all = Arc::clone(&places);
        let shown =
            Memo::new(move |_| filter.with(|filter| all.iter().map(|place| filter.shows(place)).collect::<Vec<_>>()));
        let active = Memo::new(move |_| pointed.get().or(tapped.get()));
        Self {
            places: StoredValue::new(places),
            filter,
            pointed,
            tapped,
            shown,
            active,
            live: live(),
        }
    }

    /// All places: districts, then towns.
    #[must_use]
    pub fn places(&self) -> Arc<[Place]> {
        self.places.get_value()
    }

    /// Does the filter show this place? Tracked.
    #[must_use]
    pub fn is_shown(&self, index: usize) -> bool {
        self.shown.with(|shown| shown.get(index).copied().unwrap_or(false))
    }

    /// How many places the filter shows. Tracked.
    #[must_use]
    pub fn shown_count(&self) -> usize {
        self.shown.with(|shown| shown.iter().filter(|shown| **shown).count())
    }

    /// The pointer or the focus is on this place.
    pub fn point(&self, index: usize) {
        self.pointed.set(Some(index));
    }

    /// The pointer or the focus left this place.
    pub fn leave(&self, index: usize) {
        if self.pointed.get_untracked() == Some(index) {
            self.pointed.set(None);
        }
    }

    /// The place to point out: hovered or focused, else tapped. Tracked.
    #[must_use]
    pub fn active(&self) -> Option<usize> {
        self.active.get()
    }

    /// The place that the Tab key reaches: `wanted`, or the first that is shown. Tracked.
    #[must_use]
    pub fn tab_stop(&self, wanted: usize) -> usize {
        self.shown.with(|shown| match shown.get(wanted) {
            Some(true) => wanted,
            _ => shown.iter().position(|shown| *shown).unwrap_or(wanted),
        })
    }
}
