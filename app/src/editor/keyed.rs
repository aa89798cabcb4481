//! A keyed list of elements in which one can stay where it is.
//!
//! Moving an element in the document ends its focus, its composition and its pointer capture. Leptos' `<For>` moves
//! whichever elements are cheapest; here the others move around the one that must not.

use std::collections::HashMap;

use leptos::{
    prelude::*,
    tachys::view::{Mountable, Render},
};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use super::layout::{Row, RowKey, Spot};

/// The mounted rows, in order.
#[derive(Default)]
pub(super) struct KeyedRows {
    rows: Vec<Mounted>,
}

struct Mounted {
    key: RowKey,
    spot: RwSignal<Option<Spot>>,
    element: Element,
    state: <AnyView as Render>::State,
    owner: Owner,
}

impl KeyedRows {
    pub(super) fn keys(&self) -> impl DoubleEndedIterator<Item = &RowKey> + ExactSizeIterator {
        self.rows.iter().map(|row| &row.key)
    }

    /// The elements in order, with their keys.
    pub(super) fn elements(&self) -> impl Iterator<Item = (&RowKey, &Element)> {
        self.rows.iter().map(|row| (&row.key, &row.element))
    }

    /// Makes `container` show exactly `wanted`. `build` makes a row of one element under `owner`; `fixed` is the row
    /// that must not be moved. Answers with the keys that went.
    pub(super) fn update(
        &mut self,
        container: &Element,
        wanted: Vec<Row>,
        fixed: Option<&RowKey>,
        owner: &Owner,
        build: impl Fn(&RowKey, RwSignal<Option<Spot>>) -> AnyView,
    ) -> Vec<RowKey> {
        let mut before: HashMap<RowKey, Mounted> = std::mem::take(&mut self.rows)
            .into_iter()
            .map(|row| (row.key.clone(), row))
            .collect();
        for Row { key, spot } in wanted {
            match before.remove(&key) {
                Some(row) => {
                    if row.spot.with_untracked(|before| *before != spot) {
                        row.spot.set(spot);
                    }
                    self.rows.push(row);
                }
                None => self.rows.extend(Mounted::new(container, key, spot, owner, &build)),
            }
        }
        let gone: Vec<RowKey> = before.into_values().map(Mounted::remove).collect();
        let fixed = fixed
            .and_then(|key| self.rows.iter().position(|row| row.key == *key))
            .unwrap_or(0);
        self.arrange(container, fixed);
        gone
    }

    /// Puts the elements into order around the one at `fixed`.
    fn arrange(&self, container: &Element, fixed: usize) {
        let node = |index: usize| self.rows.get(index).map(|row| row.element.unchecked_ref::<Node>());
        let insert = |node: &Node, before: Option<&Node>| {
            // Both are children of this container, so it cannot fail.
            let _ = container.insert_before(node, before);
        };
        for index in (0..fixed).rev() {
            let (Some(this), next) = (node(index), node(index + 1)) else {
                continue;
            };
            if this.next_sibling().as_ref() != next {
                insert(this, next);
            }
        }
        for index in fixed + 1..self.rows.len() {
            let (Some(this), Some(previous)) = (node(index), node(index - 1)) else {
                continue;
            };
            if this.previous_sibling().as_ref() != Some(previous) {
                insert(this, previous.next_sibling().as_ref());
            }
        }
    }
}

impl Mounted {
    fn new(
        container: &Element,
        key: RowKey,
        spot: Option<Spot>,
        owner: &Owner,
        build: impl Fn(&RowKey, RwSignal<Option<Spot>>) -> AnyView,
    ) -> Option<Self> {
        let owner = owner.child();
        let (spot, state) = owner.with(|| {
            let spot = RwSignal::new(spot);
            let mut state = build(&key, spot).build();
            state.mount(container, None);
            (spot, state)
        });
        let element = container.last_element_child()?;
        Some(Self {
            key,
            spot,
            element,
            state,
            owner,
        })
    }

    fn remove(mut self) -> RowKey {
        self.state.unmount();
        self.owner.cleanup();
        self.key
    }
}
