//! The live text in the browser: the session, the fields, and what can be done with them.

use std::{collections::HashMap, rc::Rc};

use leptos::{html, prelude::*};
use leptos_i18n::I18nContext;
use model::{
    ags::Ags,
    doc::{self, BlockId, BlockKind, EditError, FieldId, Parent, Sticky, Undone},
    phase::Phase,
    talk::Deed,
};

use super::{
    Action, Actions, Removed,
    carets::{self, Carets},
    drag::{Drag, Hold},
    field::{Caret, Slot},
    follow, keyboard,
    keyed::KeyedRows,
    layout::{self, Row, RowKey, Target},
    marks::{Layer, Layers, Mark},
    panel::Panel,
    paste, row, talk, words,
};
use crate::{
    i18n::{Locale, t_string, use_i18n},
    lean::view,
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
    pub(super) actions: Actions,
    session: StoredValue<Option<Session>, LocalStorage>,
    slots: StoredValue<HashMap<FieldId, Rc<Slot>>, LocalStorage>,
    rows: StoredValue<KeyedRows, LocalStorage>,
    /// A field to focus as soon as it is there.
    wanted: StoredValue<Option<(FieldId, Caret)>, LocalStorage>,
    /// The row that has the focus.
    pub(super) focused: RwSignal<Option<RowKey>>,
    marks: StoredValue<HashMap<FieldId, Layers>, LocalStorage>,
    pub(super) carets: StoredValue<Carets, LocalStorage>,
    /// Who is in which field, by its name.
    pub(super) here: Memo<HashMap<String, Vec<Here>>>,
    pub(super) drag: StoredValue<Option<Drag>, LocalStorage>,
    pub(super) hold: StoredValue<Option<Hold>, LocalStorage>,
    pub(super) drop_line: NodeRef<html::Div>,
}

/// Somebody who is in a field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Here {
    pub(super) participant: String,
    pub(super) name: String,
    pub(super) color: u8,
}

/// Which way a block goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// What a block becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// A point becomes a Leitlinie.
    Promote,
    /// A Leitlinie becomes a point.
    Demote,
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
        marks: StoredValue::new_local(HashMap::new()),
        carets: StoredValue::new_local(Carets::default()),
        here: Memo::new(move |_| people_by_field(shown)),
        drag: StoredValue::new_local(None),
        hold: StoredValue::new_local(None),
        drop_line: NodeRef::new(),
    };
    provide_context(editor);
    carets::watch(editor);
    follow::watch(editor);
    talk::marks::watch(editor);
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
    // Most changes are of words, and move no row.
    let wanted = Memo::new(move |_| editor.shown.view.with(|view| layout::rows(view)));
    Effect::new(move |_| {
        let Some(container) = container.get() else { return };
        let (wanted, focused) = (wanted.get(), editor.focused.get());
        untrack(|| editor.arrange(&container, wanted, focused.as_ref(), &owner));
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| {
        editor
            .slots
            .with_value(|slots| slots.values().for_each(|slot| slot.fit()));
    });
    let selected = gloo_events::EventListener::new(&document(), "selectionchange", move |_| {
        if let Some(field) = editor.with_session(Session::place).flatten() {
            editor.with_slot(&field, Slot::tell_selection);
        }
    });
    let listeners = StoredValue::new_local(Some((selected, keyboard::watch(editor))));
    on_cleanup(move || {
        listeners.try_update_value(Option::take);
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
        self.marks.with_value(|marks| {
            for (layer, marks) in marks.get(&field).into_iter().flatten() {
                slot.mark(*layer, marks.clone());
            }
        });
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

    /// Shows these marks on a field's words instead of those the layer had before; see [`super::marks`].
    pub(super) fn mark(self, field: &FieldId, layer: Layer, marks: Vec<Mark>) {
        self.with_slot(field, |slot| slot.mark(layer, marks.clone()));
        self.marks.try_update_value(|all| {
            all.entry(field.clone()).or_default().insert(layer, marks);
        });
    }

    /// Where a place that somebody told stands in the field's text now.
    pub(super) fn offset(self, field: &FieldId, place: &Sticky) -> Option<u32> {
        self.with_session(|session| session.offset(field, place)).flatten()
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
        keyboard::reveal_caret(self);
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

    /// Adds a block directly below another one.
    pub(super) fn add_below(self, id: &BlockId) {
        let below = self.shown.view.with_untracked(|view| layout::below(view, id));
        let Some((kind, target)) = below else { return };
        let added = self.step(|doc, entropy| doc::add_block(doc, &kind, &target.parent, target.index, "", entropy));
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

    /// Pastes a text with structure: the first stretch into the field, each other one as a block of its own; see
    /// `model::doc::insert_outline`. False when it is one stretch only, or where no blocks can follow.
    pub(super) fn paste(self, id: &BlockId, html: &str, plain: &str) -> bool {
        let stretches = paste::stretches(html, plain);
        if stretches.len() < 2 {
            return false;
        }
        let Some(selection) = self.with_slot(&FieldId::Block(id.clone()), Slot::selection_in_document) else {
            return false;
        };
        let inserted = self.step(|doc, entropy| doc::insert_outline(doc, id, selection, &stretches, entropy));
        let Some(inserted) = inserted else { return false };
        let text = match inserted.blocks {
            1 => t_string!(self.i18n, editor.pasted_one).to_owned(),
            blocks => t_string!(self.i18n, editor.pasted_many, number = blocks.to_string()).to_string(),
        };
        self.announce(text);
        self.focus(FieldId::Block(inserted.last), Caret::At(inserted.at));
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

    /// Turns a point into a Leitlinie, or back.
    pub(super) fn turn(self, id: &BlockId, turn: Turn) {
        let turned = self.step(|doc, entropy| match turn {
            Turn::Promote => doc::promote(doc, id, entropy),
            Turn::Demote => doc::demote(doc, id, entropy),
        });
        if turned.is_some() {
            self.announce_block(id, |i18n, what| t_string!(i18n, editor.turned, what = what).to_string());
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
            Action::Follow(participant) => follow::toggle(self, participant),
        }
    }

    /// Brings the rows up to the document.
    fn arrange(self, container: &web_sys::Element, mut wanted: Vec<Row>, focused: Option<&RowKey>, owner: &Owner) {
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

    /// The index of a Leitlinie, while it is one.
    pub(super) fn number_of(self, guideline: &BlockId) -> Memo<Option<usize>> {
        let guideline = guideline.clone();
        Memo::new(move |_| {
            self.shown
                .view
                .with(|view| view.guidelines.iter().position(|other| other.block.id == guideline))
        })
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

/// Everybody but this page, by the field they are in. One list for all fields: each would look through all people
/// otherwise.
fn people_by_field(shown: Shown) -> HashMap<String, Vec<Here>> {
    let own = shown.client_id.get();
    let mut by_field: HashMap<String, Vec<Here>> = HashMap::new();
    shown.places.with(|places| {
        shown.people.with(|people| {
            for person in people {
                let here = Here {
                    participant: person.participant.clone(),
                    name: person.name.clone(),
                    color: person.color,
                };
                for field in person
                    .client_ids
                    .iter()
                    .filter(|id| **id != own)
                    .filter_map(|id| places.get(id))
                {
                    let there = by_field.entry(field.clone()).or_default();
                    if !there.contains(&here) {
                        there.push(here.clone());
                    }
                }
            }
        });
    });
    by_field
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
