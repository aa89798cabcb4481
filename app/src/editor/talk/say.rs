//! Saying something, so that those who listen hear what became of it, and those who press keys stay in the panel.

use leptos::prelude::*;
use model::talk::Deed;

use crate::{
    editor::{live::Editor, panel::catch_focus},
    i18n::t_string,
    sync::{
        shown::DeviceState,
        talk::{Fate, is_contribution},
    },
};

/// Says something and tells how far it has come; [`tell_fate`] tells the rest.
pub(super) fn say(editor: Editor, deed: &Deed) {
    let i18n = editor.i18n;
    editor.say(deed);
    let done = match deed {
        Deed::Open { .. } | Deed::Reply { .. } | Deed::Edit { .. } | Deed::Suggest { .. } => {
            t_string!(i18n, talk.said_sending)
        }
        Deed::Delete { .. } => t_string!(i18n, talk.deleted),
        Deed::Resolve { .. } => t_string!(i18n, talk.resolved),
        Deed::Reopen { .. } => t_string!(i18n, talk.reopened),
        Deed::Withdraw { .. } => t_string!(i18n, talk.withdrawn),
    };
    let is_connected = editor.shown.connected.get_untracked();
    let is_kept = editor.shown.device.get_untracked() == DeviceState::Ready;
    match (is_connected, is_kept, is_contribution(deed)) {
        (true, ..) => editor.announce(done.to_owned()),
        // The device says in a moment that it has it.
        (false, true, true) => {}
        (false, false, true) => editor.announce(t_string!(i18n, talk.not_yet).to_owned()),
        (false, _, false) => {
            let done = done.trim_end_matches('.');
            editor.announce(format!("{done}. {}", t_string!(i18n, talk.said_later)));
        }
    }
    catch_focus();
}

/// Tells what becomes of what was said: that it is there; or, without a connection, that it lies on this device.
pub(in crate::editor) fn tell_fate(editor: Editor) {
    let (i18n, fate) = (editor.i18n, editor.shown.talk.fate);
    Effect::watch(
        move || fate.get(),
        move |fate, _, _| match fate {
            Some(Fate::There) => editor.announce(t_string!(i18n, talk.said).to_owned()),
            Some(Fate::OnDevice) if !editor.shown.connected.get_untracked() => {
                editor.announce(t_string!(i18n, talk.on_device).to_owned());
            }
            _ => {}
        },
        false,
    );
}
