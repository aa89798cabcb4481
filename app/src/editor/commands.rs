//! What can be done with blocks: what buttons, keys, pasting and dragging ask for.
//!
//! Each of these is one step of undo, and says in the live region what it did.

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use model::doc::{self, BlockId, BlockKind, EditError, FieldId, Parent, Selection, TextDelta, Undone};

use super::{
    Action, Removed,
    field::{Caret, Slot},
    follow,
    layout::{self, RowKey, Target},
    live::{Editor, field_of},
    paste, talk,
};
use crate::{
    i18n::{Locale, t_string},
    sync::Session,
};

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

impl Editor {
    pub(super) fn answer(self, action: Action) {
        match action {
            Action::Undo => self.undo(),
            Action::Redo => self.redo(),
            Action::Restore(id) => self.restore(&id),
            Action::DismissRecovered => {
                self.with_session(Session::dismiss_recovered);
            }
            Action::Follow(participant) => follow::toggle(self, participant),
            Action::Suggest(field, words) => talk::begin(self, field, words),
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

    /// Enter: splits a block in place of the selection, which at its end makes the next one; in the texts that exist once,
    /// goes on.
    pub(super) fn enter(self, key: &RowKey) {
        match key {
            RowKey::Block(id) => {
                let field = FieldId::Block(id.clone());
                let (start, end) = self
                    .with_slot(&field, Slot::selection_in_document)
                    .map_or((u32::MAX, u32::MAX), |selection| (selection.start, selection.end));
                let split = |doc: &yrs::Doc, entropy: doc::Entropy<'_>| {
                    if end > start {
                        doc::edit_text(doc, &field, &TextDelta::replace(start, end - start, ""))?;
                    }
                    doc::split(doc, id, start, entropy)
                };
                if let Some(new) = self.step(split) {
                    self.focus(FieldId::Block(new), Caret::Start);
                }
            }
            _ => {
                self.focus_next(key, Way::Down, Caret::Start);
            }
        }
    }

    /// Backspace with the caret at the beginning: joins with the block before; true when there was one.
    pub(super) fn join(self, key: &RowKey) -> bool {
        let RowKey::Block(id) = key else { return false };
        let selection = self.with_slot(&FieldId::Block(id.clone()), Slot::selection);
        if selection != Some(Selection::default()) {
            return false;
        }
        let joined = self.step(|doc, entropy| doc::join(doc, id, entropy));
        if let Some(joined) = &joined {
            self.focus(FieldId::Block(joined.into.clone()), Caret::At(joined.at));
        }
        joined.is_some()
    }

    /// Pastes a text with structure: the first stretch into the field, each other one as a block of its own; see
    /// `model::doc::insert_outline`. False when it is one stretch only, or where no blocks can follow.
    pub(super) fn paste(self, field: &FieldId, html: &str, plain: &str) -> bool {
        let stretches = paste::stretches(html, plain);
        if stretches.len() < 2 {
            return false;
        }
        let Some(selection) = self.with_slot(field, Slot::selection_in_document) else {
            return false;
        };
        let inserted = self.step(|doc, entropy| doc::insert_outline(doc, field, selection, &stretches, entropy));
        let Some(inserted) = inserted else { return false };
        let text = match inserted.blocks {
            1 => t_string!(self.i18n, editor.pasted_one).to_owned(),
            blocks => t_string!(self.i18n, editor.pasted_many, number = blocks.to_string()).to_string(),
        };
        self.announce(text);
        self.focus(inserted.last, Caret::At(inserted.at));
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

    /// Runs a change of blocks. It fails only when somebody else was quicker (the block is gone), and then the page
    /// shows that already.
    pub(super) fn step<T>(self, change: impl FnOnce(&yrs::Doc, doc::Entropy<'_>) -> Result<T, EditError>) -> Option<T> {
        self.with_session(|session| session.step(change).ok()).flatten()
    }

    fn announce_move(self, id: &BlockId) {
        self.announce_block(id, |i18n, what| t_string!(i18n, editor.moved, what = what).to_string());
    }

    fn announce_block(self, id: &BlockId, text: impl Fn(I18nContext<Locale>, String) -> String) {
        let view = self.shown.view.get_untracked();
        let name = self.name_of(&layout::rows(&view), &RowKey::Block(id.clone()));
        self.announce(text(self.i18n, name));
    }
}
