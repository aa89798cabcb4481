//! Comments and suggestions: says them, sends what waits, hears what others said.

use std::{cell::Cell, collections::BTreeMap};

use leptos::{prelude::*, task::spawn_local};
use model::{
    doc::{self, Anchor, Basis, EditError, Effect, FieldId, Proposal, Whereabouts},
    hex::{hex, unhex},
    insert::inserted,
    talk::{self, Decision, Deed, News},
};
use yrs::Transact;

use super::{Session, timer::Timer};
use crate::{
    calls::{carry_out, decide_suggestion, list_threads},
    error::AppError,
    sync::{
        browser,
        outbox::{Action, Content, Record},
        talk::{Fate, Waiting, is_contribution, retain},
    },
};

/// The first pause before what could not be sent is tried again, in milliseconds. It doubles up to the longest.
const AGAIN_FIRST_MS: u32 = 1_000;
const AGAIN_MAX_MS: u32 = 30_000;
/// Where threads are is looked up this long after something changed, in milliseconds: not at every letter.
const PLACES_AFTER_MS: u32 = 250;

/// What the session remembers of talking.
#[derive(Default)]
pub(super) struct Talking {
    sending: Cell<bool>,
    failures: Cell<u32>,
    loading: Cell<bool>,
    /// Something was told while threads were loaded, so they are loaded again.
    again: Cell<bool>,
    /// The link does not count any more.
    pub(super) withdrawn: Cell<bool>,
    retry: Timer,
    placing: Timer,
}

impl Talking {
    pub(super) fn let_go(&self) {
        self.retry.stop();
        self.placing.stop();
    }
}

/// Saying.
impl Session {
    /// Says something: it is shown at once, kept on the device, and sent when that is possible.
    pub(crate) fn say(&self, deed: &Deed) {
        let action = Action {
            kind: talk::KIND.to_owned(),
            key: fresh_id(),
            body: serde_json::to_string(deed).unwrap_or_default(),
        };
        let client_id = self.0.replica.borrow().client_id;
        let key = self.0.outbox.borrow_mut().next_key(client_id);
        let record = Record {
            at_ms: browser::now_ms(),
            content: Content::Action(action.clone()),
        };
        self.keep_action(key, &record);
        self.0.outbox.borrow_mut().push_action(key, action);
        self.show_waiting(false);
        self.send_actions();
    }

    /// Proposes a change, made on a fork under a client id of its own.
    pub(crate) fn propose(&self, anchor: Anchor, proposal: &Proposal, reason: String) -> Result<(), EditError> {
        let (update, basis) = {
            let replica = self.0.replica.borrow();
            let update = doc::suggest(&replica.doc, browser::client_id(), proposal, &mut browser::entropy)?;
            let basis = Basis::of_proposal(&replica.doc, &update, proposal);
            (update, basis)
        };
        self.say(&Deed::Suggest {
            thread: fresh_id(),
            comment: fresh_id(),
            anchor,
            text: reason,
            update: hex(&update),
            basis,
        });
        Ok(())
    }

    /// Accepts or rejects a suggestion, `anyway` also where its words were changed since; answers when the server has.
    pub(crate) async fn decide(
        &self,
        thread: String,
        decision: Decision,
        reason: String,
        anyway: bool,
    ) -> Result<(), AppError> {
        let news = decide_suggestion(self.0.ags.clone(), thread, decision, reason, anyway).await?;
        self.hear(news);
        Ok(())
    }

    /// Some words of a field, to talk about them.
    pub(crate) fn anchor(&self, field: &FieldId, words: Option<(u32, u32)>) -> Anchor {
        let replica = self.0.replica.borrow();
        let anchor = words.and_then(|(start, end)| Anchor::words(&replica.doc.transact(), field, start, end));
        anchor.unwrap_or_else(|| Anchor::field(field.clone()))
    }

    /// What suggestions would do to the document as it is now.
    pub(crate) fn effects(&self, updates: &[String]) -> Vec<Option<Effect>> {
        let replica = self.0.replica.borrow();
        let effect = |update: &String| unhex(update).and_then(|update| doc::effect(&replica.doc, &update));
        updates.iter().map(effect).collect()
    }
}

/// Sending and hearing.
impl Session {
    /// Shows what of the outbox is still waiting. What was not shown before is `stored` on the device or not.
    pub(super) fn show_waiting(&self, stored: bool) {
        let waiting = self.0.shown.talk.waiting;
        // Gone with the page, whose answers may still come.
        let Some(mut known) = waiting.try_get_untracked() else {
            return;
        };
        let outbox = self.0.outbox.borrow();
        retain(&mut known, &inserted(outbox.actions().map(|action| action.key.clone())));
        for action in outbox.actions() {
            let is_known = known.iter().any(|one| one.key == action.key);
            if let (false, Ok(deed)) = (is_known, serde_json::from_slice(action.body.as_bytes())) {
                known.push(Waiting {
                    key: action.key.clone(),
                    deed,
                    at_ms: browser::now_ms(),
                    stored,
                });
            }
        }
        drop(outbox);
        super::set_if_new(waiting, known);
        self.place_threads_later();
    }

    /// Everything that was to be written is on the device.
    pub(super) fn actions_are_stored(&self) {
        let waiting = self.0.shown.talk.waiting;
        if waiting.try_with_untracked(|waiting| waiting.iter().any(|one| !one.stored)) == Some(true) {
            let is_new = |one: &Waiting| !one.stored && is_contribution(&one.deed);
            if waiting.with_untracked(|waiting| waiting.iter().any(is_new)) {
                self.0.shown.talk.fate.set(Some(Fate::OnDevice));
            }
            waiting.update(|waiting| waiting.iter_mut().for_each(|one| one.stored = true));
        }
    }

    /// Would something be lost with the page that was said on it?
    pub(super) fn would_lose_talk(&self) -> bool {
        let waiting = self.0.shown.talk.waiting;
        waiting.with_untracked(|waiting| waiting.iter().any(|one| !one.stored))
    }

    /// The connection is back: no more waiting.
    pub(super) fn send_actions_now(&self) {
        self.0.talking.failures.set(0);
        self.0.talking.retry.stop();
        self.send_actions();
    }

    /// Sends the oldest action, and then the others, unless one is on its way.
    pub(super) fn send_actions(&self) {
        let talking = &self.0.talking;
        // Whoever has no link any more has no connection, and is told so by the answers.
        let can_send = self.0.saved.borrow().is_connected() || talking.withdrawn.get();
        if !can_send || talking.sending.get() || talking.retry.is_running() {
            return;
        }
        let next = {
            let outbox = self.0.outbox.borrow();
            // A suggestion may build on words that the server does not have yet.
            let waits = |action: &Action| !outbox.is_empty() && is_suggestion(action);
            outbox.actions().next().filter(|action| !waits(action)).cloned()
        };
        let Some(action) = next else { return };
        talking.sending.set(true);
        let session = self.clone();
        spawn_local(async move {
            let Action { kind, key, body } = action.clone();
            let answer = carry_out(session.0.ags.clone(), kind, key, body).await;
            session.0.talking.sending.set(false);
            session.answered(&action, answer);
        });
    }

    fn answered(&self, action: &Action, answer: Result<News, AppError>) {
        match answer {
            Ok(news) => {
                self.0.talking.failures.set(0);
                self.hear(news);
                if serde_json::from_slice::<Deed>(action.body.as_bytes()).is_ok_and(|deed| is_contribution(&deed)) {
                    self.0.shown.talk.fate.try_set(Some(Fate::There));
                }
            }
            Err(
                AppError::Transport { .. } | AppError::Outdated | AppError::Unavailable | AppError::TooManyAttempts,
            ) => {
                return self.send_again();
            }
            Err(error) => self.recover_action(action, &error),
        }
        let done = self.0.outbox.borrow_mut().confirm(&action.key);
        self.forget(done.into_iter().collect());
        self.show_waiting(false);
        self.send_actions();
    }

    fn send_again(&self) {
        let talking = &self.0.talking;
        let failures = talking.failures.get();
        talking.failures.set(failures.saturating_add(1));
        let pause = AGAIN_FIRST_MS.saturating_mul(1 << failures.min(8)).min(AGAIN_MAX_MS);
        talking.retry.restart(self, pause, Self::send_actions);
    }

    /// The server will never take it: its words become text to read and copy.
    fn recover_action(&self, action: &Action, error: &AppError) {
        let code = match error {
            AppError::NotAllowed | AppError::NotSignedIn | AppError::LinkGone => "talk_not_allowed",
            AppError::NotFound => "talk_gone",
            _ => "talk_refused",
        };
        let Ok(deed) = serde_json::from_slice::<Deed>(action.body.as_bytes()) else {
            return;
        };
        let mut words: Vec<String> = Vec::new();
        if let Deed::Suggest { update, basis, .. } = &deed
            && let Some(update) = unhex(update)
        {
            words = doc::wording(&self.0.replica.borrow().doc, &update, basis.as_ref());
        }
        words.extend(deed.text().map(str::to_owned));
        self.recover_because(&words.join("\n"), code);
    }

    /// Somebody said something.
    pub(super) fn hear(&self, news: News) {
        let board = self.0.shown.talk.board;
        let is_gap = board.try_update(|board| board.hear(news)).unwrap_or(false);
        if is_gap {
            self.load_threads();
        }
        self.copy_threads_later();
        self.place_threads_later();
    }

    /// Loads all threads.
    pub(super) fn load_threads(&self) {
        let talking = &self.0.talking;
        if talking.loading.replace(true) {
            talking.again.set(true);
            return;
        }
        let session = self.clone();
        spawn_local(async move {
            let all = list_threads(session.0.ags.clone()).await;
            session.0.talking.loading.set(false);
            // Without an answer the next connection asks again.
            if let Ok(all) = all {
                session.0.shown.talk.board.update(|board| board.load(all));
                session.copy_threads_later();
                session.place_threads_later();
            }
            if session.0.talking.again.replace(false) {
                session.load_threads();
            }
        });
    }

    /// Looks up where the threads are, soon.
    pub(super) fn place_threads_later(&self) {
        if !self.0.closed.get() {
            let placing = &self.0.talking.placing;
            placing.start(self, PLACES_AFTER_MS, Self::place_threads);
        }
    }

    fn place_threads(&self) {
        let talk = self.0.shown.talk;
        let role = self.0.shown.role.get_untracked();
        let told = untrack(|| talk.told(&self.0.own, role));
        let found: Vec<Whereabouts> = {
            let replica = self.0.replica.borrow();
            doc::locate(
                &replica.doc.transact(),
                told.threads.iter().map(|thread| &thread.anchor),
            )
        };
        let mut open: BTreeMap<FieldId, usize> = BTreeMap::new();
        for (thread, place) in told.threads.iter().zip(&found) {
            if let Some(field) = place.field().filter(|_| thread.is_open()) {
                let field = field
                    .block()
                    .map_or_else(|| field.clone(), |id| FieldId::Block(id.clone()));
                *open.entry(field).or_default() += 1;
            }
        }
        super::set_if_new(talk.open, open);
        let ids = told.threads.iter().map(|thread| thread.id.clone());
        super::set_if_new(talk.places, inserted(ids.zip(found)));
    }
}

fn is_suggestion(action: &Action) -> bool {
    matches!(serde_json::from_slice(action.body.as_bytes()), Ok(Deed::Suggest { .. }))
}

/// An id that nobody else makes up: 128 random bits.
pub(crate) fn fresh_id() -> String {
    format!("{:016x}{:016x}", browser::entropy(), browser::entropy())
}
