//! Saying something, so that those who listen hear that it was said, and those who press keys stay in the panel.

use model::talk::Deed;

use crate::{
    editor::{live::Editor, panel::catch_focus},
    i18n::t_string,
};

/// Says something and tells that it was said.
pub(super) fn say(editor: Editor, deed: &Deed) {
    let i18n = editor.i18n;
    editor.say(deed);
    let done = match deed {
        Deed::Open { .. } | Deed::Reply { .. } | Deed::Edit { .. } | Deed::Suggest { .. } => t_string!(i18n, talk.said),
        Deed::Delete { .. } => t_string!(i18n, talk.deleted),
        Deed::Resolve { .. } => t_string!(i18n, talk.resolved),
        Deed::Reopen { .. } => t_string!(i18n, talk.reopened),
        Deed::Withdraw { .. } => t_string!(i18n, talk.withdrawn),
    };
    editor.announce(done.to_owned());
    catch_focus();
}
