//! The controls of a row. What they do, keys do as well: see [`super::keys`].

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use model::doc::{BlockId, BlockKind, FieldId};

use super::{
    commands::{Turn, Way},
    layout::{RowKey, Spot},
    live::Editor,
    panel,
};
use crate::{
    i18n::{Locale, t_string},
    lean::view,
};

/// One control.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tool {
    MoveUp,
    MoveDown,
    Promote,
    Demote,
    AddBelow,
    Remove,
}

impl Tool {
    const ALL: [Self; 6] = [
        Self::MoveUp,
        Self::MoveDown,
        Self::Promote,
        Self::Demote,
        Self::AddBelow,
        Self::Remove,
    ];

    /// The value of `data-action`.
    fn action(self) -> &'static str {
        match self {
            Self::MoveUp => "move-up",
            Self::MoveDown => "move-down",
            Self::Promote => "promote",
            Self::Demote => "demote",
            Self::AddBelow => "add-below",
            Self::Remove => "remove",
        }
    }

    fn label(self, i18n: I18nContext<Locale>) -> &'static str {
        match self {
            Self::MoveUp => t_string!(i18n, editor.move_up),
            Self::MoveDown => t_string!(i18n, editor.move_down),
            Self::Promote => t_string!(i18n, editor.promote),
            Self::Demote => t_string!(i18n, editor.demote),
            Self::AddBelow => t_string!(i18n, editor.add_below),
            Self::Remove => t_string!(i18n, editor.remove),
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::MoveUp => "M12 19V5m-6 6 6-6 6 6",
            Self::MoveDown => "M12 5v14m-6-6 6 6 6-6",
            Self::Promote => "M20 6H10m10 6H10m10 6H10M7 9l-3 3 3 3",
            Self::Demote => "M20 6H10m10 6H10m10 6H10M4 9l3 3-3 3",
            Self::AddBelow => "M4 5h16M12 10v10m-5-5h10",
            Self::Remove => "M5 7h14M10 7V5h4v2m-7 0 1 12h8l1-12M10.5 11v5m3-5v5",
        }
    }

    fn is_possible(self, spot: &Spot) -> bool {
        match self {
            Self::MoveUp => spot.steps.up,
            Self::MoveDown => spot.steps.down,
            Self::Promote => spot.steps.promote,
            Self::Demote => spot.steps.demote,
            Self::AddBelow => spot.has_below(),
            Self::Remove => true,
        }
    }

    fn press(self, editor: Editor, id: &BlockId) {
        match self {
            Self::MoveUp => editor.move_by(id, Way::Up),
            Self::MoveDown => editor.move_by(id, Way::Down),
            Self::Promote => editor.turn(id, Turn::Promote),
            Self::Demote => editor.turn(id, Turn::Demote),
            Self::AddBelow => editor.add_below(id),
            Self::Remove => editor.remove(&RowKey::Block(id.clone())),
        }
    }
}

/// The controls of a block's row. The field keeps the focus when a finger or a mouse presses them.
///
/// They are built when the row is first looked at: hundreds of rows with controls that nobody sees would take the page
/// longer to open than to read.
pub(super) fn tools(
    editor: Editor,
    id: &BlockId,
    kind: Memo<BlockKind>,
    spot: RwSignal<Option<Spot>>,
    name: Memo<String>,
    wanted: RwSignal<bool>,
) -> impl IntoView + use<> {
    let id = id.clone();
    let all = move || {
        let field = FieldId::Block(id.clone());
        (
            Tool::ALL
                .map(|tool| button(editor, tool, id.clone(), spot, name))
                .collect_view(),
            panel::button(editor, field, Signal::derive(move || Some(kind.get())), name),
        )
    };
    view! {
        <div class="block-tools" on:mousedown=|event| event.prevent_default()>
            {move || wanted.get().then(&all)}
        </div>
    }
}

fn button(
    editor: Editor,
    tool: Tool,
    id: BlockId,
    spot: RwSignal<Option<Spot>>,
    name: Memo<String>,
) -> impl IntoView + use<> {
    let i18n = editor.i18n;
    let label = move || {
        let what = name.get();
        t_string!(i18n, editor.action_for, action = tool.label(i18n), what = what).to_string()
    };
    let is_possible = move || spot.with(|spot| spot.as_ref().is_some_and(|spot| tool.is_possible(spot)));
    view! {
        <button
            type="button"
            class="tool"
            data-action=tool.action()
            aria-label=label
            title=move || tool.label(i18n)
            aria-disabled=move || (!is_possible()).to_string()
            on:click=move |_| tool.press(editor, &id)
        >
            <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
                <path d=tool.icon() />
            </svg>
        </button>
    }
}
