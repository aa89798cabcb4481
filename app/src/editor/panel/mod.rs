//! The panel of a block: what can be said about it beside writing its words.
//!
//! Beside the text where there is room, a sheet from the bottom where there is not. It belongs to one field, and goes along
//! when another one gets the focus. The row itself has only a button and, below its words, small marks (`marks.rs`).
//!
//! To add a tab: a variant of `Tab` and to which fields it applies (`tab.rs`), its view in a file of its own, and a
//! line in `contents` of `frame.rs`. It only exists in the browser, where the document lives: to the server it is always closed.

#[cfg(feature = "hydrate")]
mod authors;
#[cfg(feature = "hydrate")]
mod button;
#[cfg(feature = "hydrate")]
mod frame;
#[cfg(feature = "hydrate")]
mod marks;
#[cfg(feature = "hydrate")]
mod network;
#[cfg(feature = "hydrate")]
mod phases;
#[cfg(feature = "hydrate")]
mod plain;
#[cfg(feature = "hydrate")]
mod state;
#[cfg(any(test, feature = "hydrate"))]
mod tab;

#[cfg(feature = "hydrate")]
pub(super) use self::{
    button::button,
    frame::catch_focus,
    marks::{Notes, marks, marks_of_view},
    state::Panel,
};

#[cfg(not(feature = "hydrate"))]
use leptos::prelude::*;

/// The server never opens it.
#[cfg(not(feature = "hydrate"))]
#[derive(Clone, Copy)]
pub(super) struct Panel;

#[cfg(not(feature = "hydrate"))]
impl Panel {
    pub(super) fn new() -> Self {
        Self
    }

    pub(super) fn place(self) -> impl IntoView {
        || None::<AnyView>
    }

    pub(super) fn is_open(self) -> bool {
        false
    }
}
