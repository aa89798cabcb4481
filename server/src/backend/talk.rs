//! Comments and suggestions: checks who may, keeps, tells everybody in the room.

use app::{
    backend::{Answer, Talk, Visitor},
    error::AppError,
};
use model::{
    ags::Ags,
    doc::{Basis, effect, view},
    hex::unhex,
    limits,
    role::Role,
    talk::{self, Actor, COORDINATOR, Decision, Deed, News, Refused, State, Thread, Threads, Verdict},
    wire::admission::Refusal,
};
use store::{ChangeKey, StoreError};
use yrs::{Doc, Transact};

use super::{
    SiteBackend,
    access::{count, is_coordinator},
    reading::doc_of,
    room_unavailable, unavailable,
};
use crate::{
    rates::Counted,
    rooms::{ParticipantId, RoomError, Suggestion, Whose},
    site::Site,
};

impl Talk for SiteBackend {
    fn threads<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, Threads> {
        Box::pin(async move {
            who(&self.site, visitor, ags).await?;
            let store = self.site.store();
            store.threads(ags).await.map_err(|error| unavailable(&error))
        })
    }

    fn talk<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, key: &'a str, deed: &'a Deed) -> Answer<'a, News> {
        Box::pin(async move {
            let (participant, role) = who(&self.site, visitor, ags).await?;
            if !role.may_talk() {
                return Err(AppError::NotAllowed);
            }
            let counted = match deed {
                Deed::Suggest { .. } => Counted::Suggestion,
                _ => Counted::Comment,
            };
            count(&self.site, &participant, counted)?;
            let _one_at_a_time = self.talking.lock().await;
            // Once more: this person may have been erased while others were waited for.
            let (participant, role) = who(&self.site, visitor, ags).await?;
            if !role.may_talk() {
                return Err(AppError::NotAllowed);
            }
            talk(&self.site, ags, (&participant, role), key, deed).await
        })
    }

    fn decide<'a>(
        &'a self,
        visitor: &'a Visitor,
        ags: &'a Ags,
        thread: &'a str,
        verdict: Verdict<'a>,
    ) -> Answer<'a, News> {
        Box::pin(async move {
            let _one_at_a_time = self.talking.lock().await;
            let (participant, role) = who(&self.site, visitor, ags).await?;
            decide(&self.site, ags, (&participant, role), thread, verdict).await
        })
    }

    fn set_person_role<'a>(
        &'a self,
        visitor: &'a Visitor,
        ags: &'a Ags,
        participant: &'a str,
        role: Role,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            let (_, own) = who(&self.site, visitor, ags).await?;
            if !own.may_decide() {
                return Err(AppError::NotAllowed);
            }
            if !role.can_be_set() {
                return Err(malformed());
            }
            // The store first: a socket that comes between then has the role that it reads there.
            let store = self.site.store();
            let known = store.set_participant_role(ags, participant, role).await;
            if !known.map_err(|error| unavailable(&error))? {
                return Err(AppError::NotFound);
            }
            let whose = Whose::Participant(ParticipantId(participant.to_owned()));
            self.site.rooms().set_role(&whose, role);
            Ok(())
        })
    }
}

/// Who asks, and what they may do: a participant, or the coordinator, who may decide whatever link they came by.
async fn who(site: &Site, visitor: &Visitor, ags: &Ags) -> Result<(String, Role), AppError> {
    let session = visitor.session.as_deref().ok_or(AppError::NotSignedIn)?;
    let participant = site
        .participant(session, ags)
        .await
        .map_err(|error| unavailable(&error))?;
    let coordinates = is_coordinator(site, visitor).await?;
    match participant {
        // Erased: what they said now would have no name that it could be found and erased by.
        Some((participant, _)) if participant.name.is_empty() => Err(AppError::NotAllowed),
        Some((participant, _)) if coordinates => Ok((participant.id, Role::Facilitate)),
        Some((participant, link)) => Ok((participant.id, link.role)),
        None if coordinates => Ok((COORDINATOR.to_owned(), Role::Facilitate)),
        None => Err(AppError::NotSignedIn),
    }
}

async fn talk(
    site: &Site,
    ags: &Ags,
    (participant, role): (&str, Role),
    key: &str,
    deed: &Deed,
) -> Result<News, AppError> {
    let store = site.store();
    let actor = actor(participant, role);
    let key = ChangeKey {
        by: participant,
        key,
        at_ms: actor.now_ms,
    };
    let failed = |error: StoreError| unavailable(&error);
    let before = store.changed_before(ags, key).await.map_err(failed)?;
    if before.is_none() && matches!(deed, Deed::Open { .. } | Deed::Suggest { .. }) {
        let known = store.municipality(ags).await.map_err(failed)?;
        if known.is_none() {
            return Err(AppError::NotFound);
        }
        if store.thread_count(ags).await.map_err(failed)? >= limits::THREADS_PER_DOCUMENT {
            return Err(refused(Refused::TooMany));
        }
    }
    let mut basis = None;
    // Asked here too, so that nothing is changed for what the document can never take.
    if before.is_none()
        && let Deed::Suggest { update, .. } = deed
    {
        talk::carry_out(None, deed, &actor).map_err(refused)?;
        let update = unhex(update).ok_or_else(malformed)?;
        let by = ParticipantId(participant.to_owned());
        let checked = site
            .rooms()
            .suggestion(ags, update.clone(), by, Suggestion::Check)
            .await;
        checked.map_err(|error| suggestion_refused(&error))?;
        if let Deed::Suggest { basis: None, .. } = deed {
            basis = with_document(site, ags, move |doc| Basis::of(doc, &update)).await?;
        }
    }
    let changed = store
        .change_thread(ags, deed.thread(), key, |thread| {
            let mut thread = talk::carry_out(thread, deed, &actor)?;
            if let (Some(basis), Some(suggestion)) = (&basis, &mut thread.suggestion) {
                suggestion.basis.get_or_insert_with(|| basis.clone());
            }
            Ok(thread)
        })
        .await
        .map_err(failed)?
        .map_err(refused)?;
    tell(site, ags, changed.thread, changed.is_new).await
}

async fn decide(
    site: &Site,
    ags: &Ags,
    (participant, role): (&str, Role),
    id: &str,
    Verdict {
        decision,
        reason,
        anyway,
    }: Verdict<'_>,
) -> Result<News, AppError> {
    // Before the thread is looked for: who may not decide does not learn what there is.
    if !role.may_decide() {
        return Err(AppError::NotAllowed);
    }
    let store = site.store();
    let actor = actor(participant, role);
    let thread = store.thread(ags, id).await.map_err(|error| unavailable(&error))?;
    let thread = thread.ok_or(AppError::NotFound)?;
    let was_open = thread.state == State::Open;
    talk::decide(thread.clone(), decision, reason, &actor).map_err(refused)?;
    if was_open && decision == Decision::Accept {
        // First the words: should the server stop in between, accepting again finds them there already.
        let update = thread
            .suggestion
            .as_ref()
            .and_then(|suggestion| unhex(&suggestion.update));
        let by = ParticipantId(thread.author().unwrap_or_default().to_owned());
        let update = update.ok_or_else(malformed)?;
        let stage = store.stage(ags).await.map_err(|error| unavailable(&error))?;
        if stage.is_frozen() {
            return Err(AppError::Frozen);
        }
        let basis = thread
            .suggestion
            .as_ref()
            .and_then(|suggestion| suggestion.basis.clone());
        if let Some(basis) = basis.filter(|_| !anyway) {
            let update = update.clone();
            let is_outdated = with_document(site, ags, move |doc| {
                let would_change = effect(doc, &update).is_some_and(|effect| !effect.is_empty());
                would_change && basis.is_outdated(&view(&doc.transact()))
            });
            if is_outdated.await? {
                return Err(outdated());
            }
        }
        let applied = site.rooms().suggestion(ags, update, by, Suggestion::Apply).await;
        applied.map_err(|error| suggestion_refused(&error))?;
    }
    // Deciding again in the same way changes nothing, so it needs no key of its own.
    let key = ChangeKey {
        by: "",
        key: "",
        at_ms: actor.now_ms,
    };
    if !was_open {
        return tell(site, ags, thread, false).await;
    }
    let changed = store
        .change_thread(ags, id, key, |thread| {
            talk::decide(thread.ok_or(Refused::Unknown)?, decision, reason, &actor)
        })
        .await
        .map_err(|error| unavailable(&error))?
        .map_err(refused)?;
    tell(site, ags, changed.thread, true).await
}

/// Looks at the document as it is now, apart from the threads that relay.
async fn with_document<T: Send + 'static>(
    site: &Site,
    ags: &Ags,
    look: impl FnOnce(&Doc) -> T + Send + 'static,
) -> Result<T, AppError> {
    let everything = site.rooms().document(ags).await;
    let everything = everything.map_err(|error| room_unavailable(&error))?;
    let looked = tokio::task::spawn_blocking(move || doc_of(&everything).map(|doc| look(&doc)));
    looked
        .await
        .map_err(|error| unavailable(&error))?
        .map_err(|error| unavailable(&error))
}

/// The answer to a change; everybody in the room is told if it is one.
async fn tell(site: &Site, ags: &Ags, thread: Thread, is_new: bool) -> Result<News, AppError> {
    let told = if is_new {
        tell_thread(site, ags, thread).await
    } else {
        news(site, ags, thread).await
    };
    told.map_err(|error| unavailable(&error))
}

/// Tells everybody in the room how a thread is now.
pub(crate) async fn tell_thread(site: &Site, ags: &Ags, thread: Thread) -> Result<News, StoreError> {
    let news = news(site, ags, thread).await?;
    let is_long = serde_json::to_vec(&news).is_ok_and(|json| json.len() > limits::TALK_MESSAGE_BYTES);
    let told = if is_long {
        News {
            thread: None,
            authors: Vec::new(),
            ..news
        }
    } else {
        news.clone()
    };
    site.rooms().talked(ags, told);
    Ok(news)
}

async fn news(site: &Site, ags: &Ags, thread: Thread) -> Result<News, StoreError> {
    let mut people: Vec<String> = thread.people().map(str::to_owned).collect();
    people.sort();
    people.dedup();
    Ok(News {
        number: thread.version,
        authors: site.store().people_named(ags, people).await?,
        thread: Some(thread),
    })
}

fn actor(participant: &str, role: Role) -> Actor<'_> {
    Actor {
        participant,
        role,
        now_ms: super::now_ms(),
    }
}

fn suggestion_refused(error: &RoomError) -> AppError {
    match error {
        RoomError::Suggestion(Refusal::Incomplete) => AppError::invalid(
            "Der Vorschlag baut auf Worten auf, die es hier nicht gibt. Bitte machen Sie ihn noch einmal.",
            "The suggestion builds on words that are not here. Please make it again.",
        ),
        RoomError::Suggestion(_) => AppError::invalid(
            "Dieser Vorschlag kann nicht in den Text übernommen werden.",
            "This suggestion cannot be taken into the text.",
        ),
        error => room_unavailable(error),
    }
}

fn outdated() -> AppError {
    AppError::invalid(
        "Dieselben Worte wurden inzwischen geändert. Bitte sehen Sie sich an, wie der Text dann dastünde; annehmen können Sie \
         den Vorschlag trotzdem.",
        "The same words were changed meanwhile. Please look at how the text would read then; you can accept the suggestion \
         anyway.",
    )
}

fn refused(refused: Refused) -> AppError {
    match refused {
        Refused::NotAllowed => AppError::NotAllowed,
        Refused::Unknown => AppError::NotFound,
        Refused::Empty => AppError::invalid("Bitte schreiben Sie etwas dazu.", "Please write something."),
        Refused::TooLong => AppError::invalid(
            format!(
                "Das ist zu lang; höchstens {} Zeichen sind möglich.",
                limits::COMMENT_CHARS
            ),
            format!(
                "That is too long; at most {} characters are possible.",
                limits::COMMENT_CHARS
            ),
        ),
        Refused::TooMany => AppError::invalid(
            "Hier ist kein Platz mehr für weitere Kommentare.",
            "There is no room for more comments here.",
        ),
        Refused::Settled => AppError::invalid(
            "Das wurde inzwischen entschieden oder zurückgenommen.",
            "That was decided or taken back meanwhile.",
        ),
        Refused::Taken | Refused::Malformed => malformed(),
    }
}

fn malformed() -> AppError {
    AppError::invalid(
        "Das hat der Server nicht verstanden.",
        "The server did not understand that.",
    )
}
