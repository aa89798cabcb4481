//! The live text in the browser: the session, the fields, and what can be done with them.

use std::{collections::HashMap, rc::Rc};

use leptos::{html, prelude::*};
use leptos_i18n::I18nContext;
use model::{
    ags::Ags,
    doc::{self, BlockId, BlockKind, EditError, FieldId, List, Parent, Undone},
    phase::Phase,
    talk::Deed,
};

use super::{
    Action, Actions, Removed,
    drag::Drag,
    field::{Caret, Slot},
    keyed::KeyedRows,
    layout::{self, Row, RowKey, Target},
    panel::Panel,
    paste, row, words,
};
use crate::{
    i18n::{Locale, t_string, use_i18n},
    sync::{Session, shown::Shown, talk::Told},
};

/// What rows and fields share. A handle: everything in it lives as long as the page.
#[derive(Clone, Copy)]
pub(super) struct Editor {
    pub(super) shown: Shown,
    pub(super) i18n: I18nContext<Locale>,
    ags: StoredValue<Ags>,
    /// The life phases that blocks can be marked with.
    pub(super) phases: StoredValue<Vec<Phase>>,
    /// This participant.
    pub(super) own: StoredValue<String>,
    /// What is said about the text, with what waits to be sent.
    pub(super) told: Memo<Told>,
    actions: Actions,
    session: StoredValue<Option<Session>, LocalStorage>,
    slots: StoredValue<HashMap<FieldId, Rc<Slot>>, LocalStorage>,
    rows: StoredValue<KeyedRows, LocalStorage>,
    /// A field to focus as soon as it is there.
    wanted: StoredValue<Option<(FieldId, Caret)>, LocalStorage>,
    /// The row that has the focus.
    pub(super) focused: RwSignal<Option<RowKey>>,
    pub(super) drag: StoredValue<Option<Drag>, LocalStorage>,
    pub(super) drop_line: NodeRef<html::Div>,
}

/// Which way a block goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// Opens the session once the page is taken over.
pub(super) fn start(ags: Ags, own: String, shown: Shown, actions: Actions, phases: Vec<Phase>) {
    let editor = Editor {
        shown,
        i18n: use_i18n(),
        ags: StoredValue::new(ags.clone()),
        phases: StoredValue::new(phases),
        own: StoredValue::new(own.clone()),
        told: {
            let own = own.clone();
            Memo::new(move |_| shown.talk.told(&own, shown.role.get()))
        },
        actions,
        session: StoredValue::new_local(None),
        slots: StoredValue::new_local(HashMap::new()),
        rows: StoredValue::new_local(KeyedRows::default()),
        wanted: StoredValue::new_local(None),
        focused: RwSignal::new(None),
        drag: StoredValue::new_local(None),
        drop_line: NodeRef::new(),
    };
    provide_context(editor);
    Effect::new(move |_| {
        // A fresh document can always be watched.
        if let Ok(session) = Session::open(ags.clone(), own.clone(), shown) {
            editor.session.set_value(Some(session));
        }
    });
    Effect::new(move |_| {
        if let Some(action) = actions.ask.get() {
            untrack(|| editor.answer(action));
        }
    });
    on_cleanup(move || {
        if let Some(session) = editor.session.try_update_value(Option::take).flatten() {
            session.close();
        }
    });
}

/// The blocks as fields.
pub(super) fn blocks() -> AnyView {
    let (Some(editor), Some(owner)) = (use_context::<Editor>(), Owner::current()) else {
        return ().into_any();
    };
    let container = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let Some(container) = container.get() else { return };
        let view = editor.shown.view.get();
        let focused = editor.focused.get();
        untrack(|| editor.arrange(&container, &view, focused.as_ref(), &owner));
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| {
        editor
            .slots
            .with_value(|slots| slots.values().for_each(|slot| slot.fit()));
    });
    on_cleanup(move || {
        resized.remove();
        editor.rows.try_set_value(KeyedRows::default());
        editor.slots.try_update_value(HashMap::clear);
        editor.focused.try_set(None);
    });
    view! {
        <div class="blocks-place">
            <div class="blocks blocks-live" node_ref=container lang="de" data-editor="live"></div>
            <div class="drop-line" node_ref=editor.drop_line hidden></div>
        </div>
    }
    .into_any()
}

/// What rows ask for.
impl Editor {
    /// Binds a textarea to its field.
    pub(super) fn bind(self, field: FieldId, element: web_sys::HtmlTextAreaElement) {
        let Some(session) = self.session.get_value() else {
            return;
        };
        let slot = Slot::bind(session, field.clone(), element);
        self.slots.update_value(|slots| {
            slots.insert(field, slot);
        });
        self.focus_wanted();
    }

    /// Ends [`Self::bind`].
    pub(super) fn release(self, field: &FieldId) {
        if let Some(slot) = self.slots.try_update_value(|slots| slots.remove(field)).flatten() {
            slot.release();
        }
    }

    pub(super) fn with_slot<T>(self, field: &FieldId, with: impl FnOnce(&Slot) -> T) -> Option<T> {
        let slot = self.slots.try_with_value(|slots| slots.get(field).cloned()).flatten()?;
        Some(with(&slot))
    }

    pub(super) fn panel(self) -> Panel {
        self.actions.panel
    }

    pub(super) fn session(self) -> Option<Session> {
        self.session.try_get_value().flatten()
    }

    /// Says something about the text.
    pub(super) fn say(self, deed: &Deed) {
        self.with_session(|session| session.say(deed));
    }

    /// What the row of a field is called.
    pub(super) fn field_name(self, view: &doc::View, field: &FieldId) -> String {
        let key = match field {
            FieldId::Root(root) => RowKey::Root(*root),
            FieldId::Block(id) | FieldId::Plain(id) => RowKey::Block(id.clone()),
        };
        self.name_of(&layout::rows(view), &key)
    }

    pub(super) fn ags(self) -> Ags {
        self.ags.get_value()
    }

    /// A field's words, and who wrote them.
    pub(super) fn authors(self, field: &FieldId) -> Option<(String, Vec<doc::Run>)> {
        self.with_session(|session| session.authors(field)).flatten()
    }

    pub(super) fn announce(self, text: String) {
        self.actions.announcement.set(text);
    }

    /// Tells the others that this person is in a field beside the rows, or has left it.
    pub(super) fn visit(self, field: &FieldId, is_there: bool) {
        self.with_session(|session| {
            if is_there {
                session.go_to(Some(field.clone()));
            } else {
                session.leave(field);
            }
        });
    }

    /// The focus came into a row.
    pub(super) fn enter_row(self, key: &RowKey) {
        self.with_session(|session| session.go_to(field_of(key)));
        if self.focused.with_untracked(|focused| focused.as_ref() != Some(key)) {
            self.focused.set(Some(key.clone()));
        }
    }

    /// The focus left a row.
    pub(super) fn leave_row(self, key: &RowKey) {
        if let Some(field) = field_of(key) {
            self.with_session(|session| session.leave(&field));
        }
        if self.focused.with_untracked(|focused| focused.as_ref() == Some(key)) {
            self.focused.set(None);
        }
    }

    pub(super) fn add(self, key: &RowKey) {
        let (kind, parent) = match key {
            RowKey::AddParagraph => (BlockKind::Paragraph, Parent::Root),
            RowKey::AddGuideline => (BlockKind::Guideline, Parent::Root),
            RowKey::AddPoint(guideline) => (BlockKind::Point, Parent::Block(guideline.clone())),
            _ => return,
        };
        let added = self.step(|doc, entropy| doc::add_block(doc, &kind, &parent, usize::MAX, "", entropy));
        if let Some(id) = added {
            self.announce_block(&id, |i18n, what| t_string!(i18n, editor.added, what = what).to_string());
            self.focus(FieldId::Block(id), Caret::End);
        }
    }

    /// Enter: splits a block, which at its end makes the next one; in the texts that exist once, goes on.
    pub(super) fn enter(self, key: &RowKey) {
        match key {
            RowKey::Block(id) => {
                let at = self
                    .with_slot(&FieldId::Block(id.clone()), Slot::caret_in_document)
                    .unwrap_or(u32::MAX);
                if let Some(new) = self.step(|doc, entropy| doc::split(doc, id, at, entropy)) {
                    self.focus(FieldId::Block(new), Caret::Start);
                }
            }
            _ => {
                self.focus_next(key, Way::Down, Caret::Start);
            }
        }
    }

    /// Backspace at the beginning: joins with the block before; true when there was one.
    pub(super) fn join(self, id: &BlockId) -> bool {
        let joined = self.step(|doc, entropy| doc::join(doc, id, entropy));
        if let Some(joined) = &joined {
            self.focus(FieldId::Block(joined.into.clone()), Caret::At(joined.at));
        }
        joined.is_some()
    }

    /// Pastes several lines: the first into the field, each other one as a block of its own. False when it is one line
    /// only, or where no blocks can follow.
    pub(super) fn paste(self, id: &BlockId, text: &str) -> bool {
        let lines = paste::lines(text);
        let Some((first, rest)) = lines.split_first().filter(|(_, rest)| !rest.is_empty()) else {
            return false;
        };
        let view = self.shown.view.get_untracked();
        let (kind, parent, index) = match view.locate(id) {
            Some((List::Preamble, index)) => (BlockKind::Paragraph, Parent::Root, index + 1),
            Some((List::Points(guideline), index)) => (BlockKind::Point, Parent::Block(guideline), index + 1),
            Some((List::Guidelines, _)) => (BlockKind::Point, Parent::Block(id.clone()), 0),
            _ => return false,
        };
        self.with_slot(&FieldId::Block(id.clone()), |slot| slot.replace_selection(first));
        let added = self.step(|doc, entropy| doc::add_blocks(doc, &kind, &parent, index, rest, entropy));
        if let Some(last) = added.and_then(|added| added.into_iter().next_back()) {
            self.focus(FieldId::Block(last), Caret::End);
        }
        true
    }

    pub(super) fn move_by(self, id: &BlockId, way: Way) {
        let moved = self.step(|doc, entropy| match way {
            Way::Up => doc::move_up(doc, id, entropy),
            Way::Down => doc::move_down(doc, id, entropy),
        });
        if moved.is_some() {
            self.announce_move(id);
        }
    }

    pub(super) fn move_to(self, id: &BlockId, target: &Target) {
        let moved = self.step(|doc, entropy| doc::move_block(doc, id, &target.parent, target.index, entropy));
        if moved.is_some() {
            self.announce_move(id);
        }
    }

    pub(super) fn remove(self, key: &RowKey) {
        let RowKey::Block(id) = key else { return };
        let view = self.shown.view.get_untracked();
        let name = self.name_of(&layout::rows(&view), key);
        let next = self.neighbour(key, Way::Down).or_else(|| self.neighbour(key, Way::Up));
        let had_focus = self.focused.with_untracked(|focused| focused.as_ref() == Some(key));
        // A focused row would stay, as it does when somebody else removes it.
        self.leave_row(key);
        if self.step(|doc, _| doc::remove_block(doc, id)).is_some() {
            self.actions.removed.set(Some(Removed { id: id.clone(), name }));
            if let Some(field) = next.filter(|_| had_focus) {
                self.focus(field, Caret::End);
            }
        }
    }

    pub(super) fn restore(self, id: &BlockId) {
        if self.step(|doc, _| doc::restore_block(doc, id)).is_some() {
            self.actions.removed.set(None);
            self.announce_block(id, |i18n, what| {
                t_string!(i18n, editor.restored, what = what).to_string()
            });
            self.focus(FieldId::Block(id.clone()), Caret::End);
        }
    }

    pub(super) fn undo(self) {
        let undone = self.with_session(Session::undo).flatten();
        self.follow(undone);
    }

    pub(super) fn redo(self) {
        let redone = self.with_session(Session::redo).flatten();
        self.follow(redone);
    }

    /// Goes to the field before or after `key`'s; false at the end of the text.
    pub(super) fn focus_next(self, key: &RowKey, way: Way, caret: Caret) -> bool {
        let Some(field) = self.neighbour(key, way) else {
            return false;
        };
        self.focus(field, caret);
        true
    }

    /// Rows and targets for a drag, as they are now.
    pub(super) fn drop_targets(self, id: &BlockId) -> Vec<(web_sys::Element, Target)> {
        let view = self.shown.view.get_untracked();
        let rows = layout::rows(&view);
        self.rows.with_value(|mounted| {
            let element = |key: &RowKey| {
                mounted
                    .elements()
                    .find(|(other, _)| *other == key)
                    .map(|(_, element)| element.clone())
            };
            layout::drop_targets(&view, &rows, id)
                .into_iter()
                .filter_map(|(row, target)| Some((element(&rows.get(row)?.key)?, target)))
                .collect()
        })
    }
}

impl Editor {
    fn answer(self, action: Action) {
        match action {
            Action::Undo => self.undo(),
            Action::Redo => self.redo(),
            Action::Restore(id) => self.restore(&id),
            Action::DismissRecovered => {
                self.with_session(Session::dismiss_recovered);
            }
        }
    }

    /// Brings the rows up to the document.
    fn arrange(self, container: &web_sys::Element, view: &doc::View, focused: Option<&RowKey>, owner: &Owner) {
        let mut wanted = layout::rows(view);
        let dragged = self.drag.with_value(|drag| drag.as_ref().map(Drag::key));
        let gone = self.rows.try_update_value(|rows| {
            keep_focused(rows, &mut wanted, focused);
            rows.update(container, wanted, dragged.as_ref().or(focused), owner, |key, spot| {
                row::row(self, key, spot)
            })
        });
        for field in gone.unwrap_or_default().iter().filter_map(field_of) {
            self.release(&field);
        }
        self.focus_wanted();
    }

    /// Runs a change of blocks. It fails only when somebody else was quicker (the block is gone), and then the page
    /// shows that already.
    pub(super) fn step<T>(self, change: impl FnOnce(&yrs::Doc, doc::Entropy<'_>) -> Result<T, EditError>) -> Option<T> {
        self.with_session(|session| session.step(change).ok()).flatten()
    }

    fn with_session<T>(self, with: impl FnOnce(&Session) -> T) -> Option<T> {
        let session = self.session.try_get_value().flatten()?;
        Some(with(&session))
    }

    pub(super) fn focus(self, field: FieldId, caret: Caret) {
        self.wanted.set_value(Some((field, caret)));
        self.focus_wanted();
    }

    fn focus_wanted(self) {
        let Some((field, caret)) = self.wanted.get_value() else {
            return;
        };
        if self.with_slot(&field, |slot| slot.focus(caret)).is_some() {
            self.wanted.set_value(None);
        }
    }

    /// Goes where an undone step was typed.
    fn follow(self, undone: Option<Undone>) {
        if let Some(field) = undone.and_then(|undone| undone.field)
            && self.with_slot(&field, |_| ()).is_some()
        {
            let is_there = self
                .focused
                .with_untracked(|key| key.as_ref().and_then(field_of).as_ref() == Some(&field));
            if !is_there {
                self.focus(field, Caret::End);
            }
        }
    }

    fn neighbour(self, key: &RowKey, way: Way) -> Option<FieldId> {
        self.rows.with_value(|rows| {
            let fields: Vec<&RowKey> = rows.keys().filter(|key| field_of(key).is_some()).collect();
            let at = fields.iter().position(|other| *other == key)?;
            let next = match way {
                Way::Up => at.checked_sub(1)?,
                Way::Down => at + 1,
            };
            fields.get(next).and_then(|key| field_of(key))
        })
    }

    fn announce_move(self, id: &BlockId) {
        self.announce_block(id, |i18n, what| t_string!(i18n, editor.moved, what = what).to_string());
    }

    fn announce_block(self, id: &BlockId, text: impl Fn(I18nContext<Locale>, String) -> String) {
        let view = self.shown.view.get_untracked();
        let name = self.name_of(&layout::rows(&view), &RowKey::Block(id.clone()));
        self.announce(text(self.i18n, name));
    }

    fn name_of(self, rows: &[Row], key: &RowKey) -> String {
        let row = rows.iter().find(|row| row.key == *key);
        words::name(self.i18n, key, row.and_then(|row| row.spot.as_ref()))
    }
}

/// The field of a row.
pub(super) fn field_of(key: &RowKey) -> Option<FieldId> {
    match key {
        RowKey::Root(root) => Some(FieldId::Root(*root)),
        RowKey::Block(id) => Some(FieldId::Block(id.clone())),
        _ => None,
    }
}

/// A row that has the focus stays, also when somebody else removed its block: it then offers to bring it back.
fn keep_focused(rows: &KeyedRows, wanted: &mut Vec<Row>, focused: Option<&RowKey>) {
    let Some(key) = focused.filter(|key| matches!(key, RowKey::Block(_))) else {
        return;
    };
    if wanted.iter().any(|row| row.key == *key) {
        return;
    }
    let before: Vec<&RowKey> = rows.keys().take_while(|other| *other != key).collect();
    if before.len() == rows.keys().len() {
        return;
    }
    let after = before
        .iter()
        .rev()
        .find_map(|other| wanted.iter().position(|row| row.key == **other));
    let place = after.map_or(0, |index| index + 1);
    wanted.insert(
        place,
        Row {
            key: key.clone(),
            spot: None,
        },
    );
}
