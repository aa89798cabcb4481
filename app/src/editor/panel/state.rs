//! What is open.

use leptos::prelude::*;
use model::doc::{BlockKind, FieldId};

use super::{frame, tab::Tab};

/// What is open, if anything.
#[derive(Clone, Copy)]
pub(crate) struct Panel {
    pub(super) open: RwSignal<Option<Open>>,
    /// Chosen last; the next block opens with it.
    pub(super) last: RwSignal<Tab>,
}

/// Whose panel is open, and at which tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) field: FieldId,
    pub(super) tab: Tab,
}

impl Panel {
    pub(in crate::editor) fn new() -> Self {
        Self {
            open: RwSignal::new(None),
            last: RwSignal::new(Tab::Plain),
        }
    }

    /// Where the panel stands while it is open.
    pub(in crate::editor) fn place(self) -> impl IntoView {
        let is_open = Memo::new(move |_| self.open.with(Option::is_some));
        move || is_open.get().then(frame::frame)
    }

    /// Opens at the tab that was chosen last, or the first that such a field has. A field without any has no panel.
    pub(super) fn show(self, field: FieldId, kind: Option<&BlockKind>) {
        let last = self.last.get_untracked();
        let tab = Tab::all_for(kind).find(|tab| *tab == last);
        if let Some(tab) = tab.or_else(|| Tab::all_for(kind).next()) {
            self.open.set(Some(Open { field, tab }));
        }
    }
}
