//! What is open.

use leptos::prelude::*;
use model::doc::{BlockKind, FieldId};

use super::{frame, tab::Tab};
use crate::sync::talk::{Selected, Talk};

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

    /// For the layout around it. Style sheets could ask for it with `:has`, but then every letter of others would have
    /// the whole text's styles looked at.
    pub(in crate::editor) fn is_open(self) -> bool {
        self.open.with(Option::is_some)
    }

    /// Opens at the tab that was chosen last, or the first that such a field has. A field without any has no panel.
    pub(super) fn show(self, field: FieldId, kind: Option<&BlockKind>, may_write: bool) {
        let last = self.last.get_untracked();
        let tab = Tab::all_for(kind, may_write).find(|tab| *tab == last);
        if let Some(tab) = tab.or_else(|| Tab::all_for(kind, may_write).next()) {
            self.open.set(Some(Open { field, tab }));
        }
    }

    /// Opens at what is said about a field, or closes it when it is open there. `selected` are the words it is about.
    pub(in crate::editor) fn talk_about(self, talk: Talk, field: &FieldId, selected: Option<Selected>) {
        let is_open = self
            .open
            .with_untracked(|open| open.as_ref().is_some_and(|open| open.field == *field));
        if is_open && selected.is_none() {
            return self.open.set(None);
        }
        if selected.is_some() {
            talk.selected.set(selected);
        }
        let tab = match self.last.get_untracked() {
            tab @ (Tab::Comments | Tab::Suggestions) => tab,
            _ => Tab::Comments,
        };
        self.open.set(Some(Open {
            field: field.clone(),
            tab,
        }));
    }

    /// Opens at the suggestions of a field, also where they are open: what was begun there is another now.
    pub(in crate::editor) fn talk_anew(self, field: FieldId) {
        self.open.set(None);
        self.talk_in(field, true);
    }

    /// Opens at the comments or the suggestions of a field.
    pub(in crate::editor) fn talk_in(self, field: FieldId, is_suggestion: bool) {
        let tab = if is_suggestion { Tab::Suggestions } else { Tab::Comments };
        self.open.set(Some(Open { field, tab }));
    }
}
