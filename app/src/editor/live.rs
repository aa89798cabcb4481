//! The live text in the browser: the session, the fields and their rows. What can be done with them: [`super::commands`].

use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
    sync::Arc,
};

use gloo_events::EventListener;
use leptos::{html, prelude::*};
use leptos_i18n::I18nContext;
use model::{
    ags::Ags,
    doc::{self, BlockId, FieldId, Sticky, View},
    phase::Phase,
    talk::Deed,
};

use super::{
    Actions,
    carets::{self, Carets},
    commands::Way,
    counts::Counted,
    drag::{Drag, Hold},
    field::{Caret, Slot},
    follow, keyboard,
    keyed::KeyedRows,
    layout::{self, Row, RowKey},
    marks::{Layer, Layers, Mark},
    panel::{self, Notes, Panel},
    row::Rows,
    showing::{self, Showing},
    talk, words,
};
use crate::{
    i18n::{Locale, use_i18n},
    lean::view,
    sync::{Session, by_field::ByField, drafts::Draft, shown::Shown, talk::Told},
};

/// So many rows are built at once when a text opens or many blocks come: more than a screen has. The others follow in
/// slices, and meanwhile show their words.
const BUILT_AT_ONCE: usize = 60;

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
    pub(super) rows: StoredValue<KeyedRows, LocalStorage>,
    /// A field to focus as soon as it is there.
    wanted: StoredValue<Option<(FieldId, Caret)>, LocalStorage>,
    /// The row that has the focus.
    pub(super) focused: RwSignal<Option<RowKey>>,
    marks: StoredValue<HashMap<FieldId, Layers>, LocalStorage>,
    pub(super) showing: StoredValue<Showing, LocalStorage>,
    pub(super) carets: StoredValue<Carets, LocalStorage>,
    /// Who is in which field, by its name.
    pub(super) here: ByField<Vec<Here>>,
    /// What stands under a block's words.
    pub(super) notes: ByField<Notes>,
    /// The Leitlinien, in order.
    guidelines: Memo<Vec<BlockId>>,
    /// How many words there are.
    pub(super) counted: Memo<Counted>,
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

/// Opens the session once the page is taken over.
pub(super) fn start(ags: Ags, own: String, shown: Shown, actions: Actions, phases: Vec<Phase>, counted: Memo<Counted>) {
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
        showing: StoredValue::new_local(Showing::default()),
        carets: StoredValue::new_local(Carets::default()),
        here: ByField::new(),
        notes: ByField::new(),
        guidelines: Memo::new(move |_| {
            let ids = |view: &Arc<View>| {
                view.guidelines
                    .iter()
                    .map(|guideline| guideline.block.id.clone())
                    .collect()
            };
            shown.view.with(ids)
        }),
        counted,
        drag: StoredValue::new_local(None),
        hold: StoredValue::new_local(None),
        drop_line: NodeRef::new(),
    };
    provide_context(editor);
    Effect::new(move |_| editor.here.set(people_by_field(shown)));
    panel::marks_of_view(editor);
    carets::watch(editor);
    follow::watch(editor);
    talk::marks::watch(editor);
    talk::tell_fate(editor);
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
    let listeners: StoredValue<Option<Vec<EventListener>>, LocalStorage> = StoredValue::new_local(None);
    // Most changes are of words, and move no row.
    let wanted = Memo::new(move |_| editor.shown.view.with(|view| layout::rows(view)));
    Effect::new(move |_| {
        let Some(container) = container.get() else { return };
        listeners.update_value(|listeners| {
            listeners.get_or_insert_with(|| showing::watch(editor, &container).into());
        });
        let (wanted, focused) = (wanted.get(), editor.focused.get());
        untrack(|| editor.arrange(&container, wanted, focused.as_ref(), &owner));
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| {
        editor
            .slots
            .with_value(|slots| slots.values().for_each(|slot| slot.fit()));
    });
    let selected = EventListener::new(&document(), "selectionchange", move |_| {
        if let Some(field) = editor.with_session(Session::place).flatten() {
            editor.with_slot(&field, Slot::tell_selection);
        }
    });
    let of_page = StoredValue::new_local(Some((selected, keyboard::watch(editor))));
    on_cleanup(move || {
        of_page.try_update_value(Option::take);
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
        let asked = field.clone();
        let slot = Slot::bind(
            session,
            field.clone(),
            element,
            Rc::new(move || showing::show_soon(self, &asked)),
        );
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
        showing::forget(self, field);
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

    /// Keeps what was begun under a key, on the page and soon on the device; without a draft nothing is begun there.
    pub(super) fn keep_draft(self, key: &str, draft: Option<Draft>) {
        let is_gone = draft.is_none();
        let drafts = self.shown.talk.drafts;
        if drafts.try_update_value(|drafts| drafts.keep(key, draft)) != Some(true) {
            return;
        }
        self.with_session(|session| {
            if is_gone {
                session.keep_drafts();
            } else {
                session.keep_drafts_soon();
            }
        });
    }

    /// The words that were begun under a key.
    pub(super) fn draft(self, key: &str) -> Option<String> {
        let drafts = self.shown.talk.drafts;
        drafts.with_value(|drafts| drafts.words(key).map(str::to_owned))
    }

    /// What the row of a field is called.
    pub(super) fn field_name(self, view: &View, field: &FieldId) -> String {
        self.name_of(&layout::rows(view), &key_of(field))
    }

    pub(super) fn ags(self) -> Ags {
        self.ags.get_value()
    }

    /// A field's words, and who wrote them.
    pub(super) fn authors(self, field: &FieldId) -> Option<(String, Vec<doc::Run>)> {
        self.with_session(|session| session.authors(field)).flatten()
    }

    pub(super) fn announce(self, mut text: String) {
        // The same words once more would be no change, and not be said.
        if self.actions.announcement.with_untracked(|before| *before == text) {
            text.push('\u{a0}');
        }
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
        let field = field_of(key);
        if let Some(field) = &field {
            showing::show_now(self, field);
        }
        self.with_session(|session| session.go_to(field));
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

    /// Goes to the field before or after `key`'s; false at the end of the text.
    pub(super) fn focus_next(self, key: &RowKey, way: Way, caret: Caret) -> bool {
        let Some(field) = self.neighbour(key, way) else {
            return false;
        };
        self.focus(field, caret);
        true
    }
}

impl Editor {
    /// Brings the rows up to the document.
    fn arrange(self, container: &web_sys::Element, mut wanted: Vec<Row>, focused: Option<&RowKey>, owner: &Owner) {
        let dragged = self.drag.with_value(|drag| drag.as_ref().map(Drag::key));
        let gone = self.rows.try_update_value(|rows| {
            keep_focused(rows, &mut wanted, focused);
            let fixed = dragged.as_ref().or(focused);
            rows.update(container, wanted, fixed, owner, (&Rows(self), BUILT_AT_ONCE))
        });
        showing::build_soon(self);
        for field in gone.unwrap_or_default().iter().filter_map(field_of) {
            self.release(&field);
        }
        self.focus_wanted();
    }

    /// The index of a Leitlinie, while it is one.
    pub(super) fn number_of(self, guideline: &BlockId) -> Memo<Option<usize>> {
        let guideline = guideline.clone();
        Memo::new(move |_| {
            self.guidelines
                .with(|all| all.iter().position(|other| *other == guideline))
        })
    }

    pub(super) fn with_session<T>(self, with: impl FnOnce(&Session) -> T) -> Option<T> {
        let session = self.session.try_get_value().flatten()?;
        Some(with(&session))
    }

    pub(super) fn focus(self, field: FieldId, caret: Caret) {
        let key = key_of(&field);
        self.wanted.set_value(Some((field, caret)));
        self.rows.try_update_value(|rows| rows.build(&key, &Rows(self)));
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

    pub(super) fn neighbour(self, key: &RowKey, way: Way) -> Option<FieldId> {
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

    pub(super) fn name_of(self, rows: &[Row], key: &RowKey) -> String {
        let row = rows.iter().find(|row| row.key == *key);
        words::name(self.i18n, key, row.and_then(|row| row.spot.as_ref()))
    }
}

/// Everybody but this page, by the field they are in. One list for all fields: each would look through all people
/// otherwise.
fn people_by_field(shown: Shown) -> BTreeMap<FieldId, Vec<Here>> {
    let own = shown.client_id.get();
    let mut by_field: BTreeMap<FieldId, Vec<Here>> = BTreeMap::new();
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
                    .filter_map(|id| FieldId::parse(places.get(id)?))
                {
                    let there = by_field.entry(field).or_default();
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

/// The row of a field.
fn key_of(field: &FieldId) -> RowKey {
    match field {
        FieldId::Root(root) => RowKey::Root(*root),
        FieldId::Block(id) | FieldId::Plain(id) => RowKey::Block(id.clone()),
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
