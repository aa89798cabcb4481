//! A keyed list of elements in which one can stay where it is.
//!
//! Moving an element in the document ends its focus, its composition and its pointer capture. Leptos' `<For>` moves
//! whichever elements are cheapest; here the others move around the one that must not.
//!
//! Building a row takes time, so of many new ones only the first are built at once. For the others something stands in
//! that shows the same words, until [`KeyedRows::build_next`] has come to them.

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
    /// Nothing as long as `element` stands in for the row.
    state: Option<<AnyView as Render>::State>,
    owner: Owner,
}

/// How a row is made under its owner.
pub(super) trait Build {
    /// The row: one element.
    fn row(&self, key: &RowKey, spot: RwSignal<Option<Spot>>) -> AnyView;

    /// What stands there until the row is built; nothing: it is built at once.
    fn stand_in(&self, key: &RowKey, spot: Option<&Spot>) -> Option<Element>;
}

impl KeyedRows {
    pub(super) fn keys(&self) -> impl DoubleEndedIterator<Item = &RowKey> + ExactSizeIterator {
        self.rows.iter().map(|row| &row.key)
    }

    /// The elements in order, with their keys.
    pub(super) fn elements(&self) -> impl Iterator<Item = (&RowKey, &Element)> {
        self.rows.iter().map(|row| (&row.key, &row.element))
    }

    /// Makes `container` show exactly `wanted`, each row under an owner below `owner`; `fixed` is the row that must not
    /// be moved. The first `at_once` of the new rows are built. Answers with the keys that went.
    pub(super) fn update(
        &mut self,
        container: &Element,
        wanted: Vec<Row>,
        fixed: Option<&RowKey>,
        owner: &Owner,
        (build, at_once): (&impl Build, usize),
    ) -> Vec<RowKey> {
        let mut built = 0;
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
                None => {
                    let is_now = built < at_once || fixed == Some(&key);
                    built += usize::from(is_now);
                    self.rows
                        .extend(Mounted::new(container, key, spot, owner, (build, is_now)));
                }
            }
        }
        let gone: Vec<RowKey> = before.into_values().map(Mounted::remove).collect();
        let fixed = fixed
            .and_then(|key| self.rows.iter().position(|row| row.key == *key))
            .unwrap_or(0);
        self.arrange(container, fixed);
        gone
    }

    /// The index of the first row that is not above the window.
    pub(super) fn first_on_screen(&self) -> usize {
        self.rows
            .partition_point(|row| row.element.get_bounding_client_rect().bottom() <= 0.0)
    }

    /// Builds the first row from the one at index `from` on that something stands in for, then those before it; false
    /// when all are built.
    pub(super) fn build_next(&mut self, from: usize, build: &impl Build) -> bool {
        let waits = |row: &Mounted| row.state.is_none();
        let after = self.rows.iter().skip(from).position(waits).map(|at| from + at);
        let next = after.or_else(|| self.rows.iter().position(waits));
        let row = next.and_then(|next| self.rows.get_mut(next));
        row.is_some_and(|row| {
            row.build(build);
            true
        })
    }

    /// Builds this row, should something stand in for it.
    pub(super) fn build(&mut self, key: &RowKey, build: &impl Build) {
        let row = self.rows.iter_mut().find(|row| row.key == *key && row.state.is_none());
        if let Some(row) = row {
            row.build(build);
        }
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
        (build, is_now): (&impl Build, bool),
    ) -> Option<Self> {
        let owner = owner.child();
        let stand_in = if is_now {
            None
        } else {
            build.stand_in(&key, spot.as_ref())
        };
        let (spot, state) = owner.with(|| {
            let spot = RwSignal::new(spot);
            let state = stand_in.is_none().then(|| {
                let mut state = build.row(&key, spot).build();
                state.mount(container, None);
                state
            });
            (spot, state)
        });
        if let Some(stand_in) = &stand_in {
            // A new element can be put anywhere.
            let _ = container.append_child(stand_in);
        }
        let element = container.last_element_child()?;
        Some(Self {
            key,
            spot,
            element,
            state,
            owner,
        })
    }

    /// Puts the row into the place of what stands in for it.
    fn build(&mut self, build: &impl Build) {
        let stand_in = self.element.clone();
        let Some(container) = stand_in.parent_element() else {
            return;
        };
        let state = self.owner.with(|| {
            let mut state = build.row(&self.key, self.spot).build();
            state.mount(&container, Some(&stand_in));
            state
        });
        if let Some(element) = stand_in.previous_element_sibling() {
            self.element = element;
        }
        self.state = Some(state);
        stand_in.remove();
    }

    fn remove(mut self) -> RowKey {
        match &mut self.state {
            Some(state) => state.unmount(),
            None => self.element.remove(),
        }
        self.owner.cleanup();
        self.key
    }
}
