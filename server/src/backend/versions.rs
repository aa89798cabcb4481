//! History, names, bringing back, stages and decisions.

use app::{
    backend::{Answer, Versions, Visitor},
    error::{AppError, Mistake},
    versions::{Against, Compared, FormerPage, Other, StateRef, States, VersionsPage},
};
use model::{
    ags::Ags,
    compare::{Comparison, compare},
    decision::{Decision, DecisionForm, DecisionMistake, Vote},
    doc::{FieldId, View, What},
    leitbild::Adopted,
    limits,
    municipality::Municipality,
    stage::Stage,
    wire::Restored,
};
use store::NewDecision;
use time::{Duration, OffsetDateTime};

use super::{
    SiteBackend,
    access::{require_facilitator, require_reader},
    coordination::require_order,
    day_of,
    papers::name_sources,
    reading::view_of,
    room_unavailable, today, unavailable,
};
use crate::{
    rooms::{HistoryEntry, Present, Rewind, RoomError},
    site::Site,
};

impl Versions for SiteBackend {
    fn versions<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, VersionsPage> {
        Box::pin(versions(&self.site, visitor, ags))
    }

    fn compare<'a>(
        &'a self,
        visitor: &'a Visitor,
        ags: &'a Ags,
        state: Option<u64>,
        against: Against,
    ) -> Answer<'a, Compared> {
        Box::pin(compared(&self.site, visitor, ags, state, against))
    }

    fn name_version<'a>(
        &'a self,
        visitor: &'a Visitor,
        ags: &'a Ags,
        state: Option<u64>,
        name: &'a str,
    ) -> Answer<'a, ()> {
        Box::pin(name_version(&self.site, visitor, ags, state, name))
    }

    fn restore_version<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, state: u64, field: &'a str) -> Answer<'a, ()> {
        Box::pin(restore(&self.site, visitor, ags, state, field))
    }

    fn set_stage<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, from: Stage, to: Stage) -> Answer<'a, ()> {
        Box::pin(set_stage(&self.site, visitor, ags, from, to))
    }

    fn adopt<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, from: Stage, form: &'a DecisionForm) -> Answer<'a, ()> {
        Box::pin(adopt(&self.site, visitor, ags, from, form))
    }

    fn former<'a>(&'a self, ags: &'a Ags, number: u64) -> Answer<'a, FormerPage> {
        Box::pin(former(&self.site, ags, number))
    }
}

async fn versions(site: &Site, visitor: &Visitor, ags: &Ags) -> Result<VersionsPage, AppError> {
    let municipality = municipality(site, ags).await?;
    let reader = require_reader(site, visitor, ags).await?;
    // The list ends with what is there now, not with what was written before the last commit.
    let present = site
        .rooms()
        .present(ags)
        .await
        .map_err(|error| room_unavailable(&error))?;
    let history = site
        .rooms()
        .history(ags)
        .await
        .map_err(|error| room_unavailable(&error))?;
    let stage = site.store().stage(ags).await.map_err(|error| unavailable(&error))?;
    let adopted = site.store().adopted(ags).await.map_err(|error| unavailable(&error))?;
    let named = history.iter().rev().filter(|entry| entry.name.is_some());
    Ok(VersionsPage {
        municipality,
        stage,
        may_steer: reader.may_steer(),
        may_open: reader.has_link(),
        draft_empty: present.leitbild.is_empty(),
        named: named.map(state_ref).collect(),
        states: States::of(shown(&history).map(|entry| (entry.seq, entry.at_ms))),
        adopted,
    })
}

async fn compared(
    site: &Site,
    visitor: &Visitor,
    ags: &Ags,
    state: Option<u64>,
    against: Against,
) -> Result<Compared, AppError> {
    municipality(site, ags).await?;
    require_reader(site, visitor, ags).await?;
    let history = site
        .rooms()
        .history(ags)
        .await
        .map_err(|error| room_unavailable(&error))?;
    let find = |seq: Option<u64>| match seq {
        Some(seq) => history.iter().rev().find(|entry| entry.seq <= seq),
        None => history.last(),
    };
    let state = find(state).map(state_ref).ok_or(AppError::NotFound)?;
    let view = view_at(site, ags, state.seq).await?;
    let (other, older, newer) = match against {
        Against::Nothing => (Other::Nothing, view.clone(), view),
        Against::Now => {
            let now = site
                .rooms()
                .document(ags)
                .await
                .map_err(|error| room_unavailable(&error))?;
            (Other::Now, view, read(now).await?)
        }
        Against::State(seq) => {
            let other = find(Some(seq)).map(state_ref).ok_or(AppError::NotFound)?;
            let other_view = view_at(site, ags, other.seq).await?;
            let (older, newer) = if other.seq < state.seq {
                (other_view, view)
            } else {
                (view, other_view)
            };
            (Other::State(other), older, newer)
        }
    };
    Ok(Compared {
        state,
        other,
        comparison: difference(older, newer).await?,
    })
}

async fn name_version(
    site: &Site,
    visitor: &Visitor,
    ags: &Ags,
    state: Option<u64>,
    name: &str,
) -> Result<(), AppError> {
    municipality(site, ags).await?;
    require_facilitator(site, visitor, ags).await?;
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(AppError::invalid(
            "Bitte geben Sie dem Stand einen Namen.",
            "Please give the state a name.",
        ));
    }
    if name.chars().count() > limits::STATE_NAME_CHARS {
        return Err(AppError::invalid(
            format!(
                "Der Name ist zu lang; höchstens {} Zeichen sind möglich.",
                limits::STATE_NAME_CHARS
            ),
            format!(
                "The name is too long; at most {} characters are possible.",
                limits::STATE_NAME_CHARS
            ),
        ));
    }
    let present = site
        .rooms()
        .present(ags)
        .await
        .map_err(|error| room_unavailable(&error))?;
    let history = site
        .rooms()
        .history(ags)
        .await
        .map_err(|error| room_unavailable(&error))?;
    let seq = state.unwrap_or(present.seq);
    if !history.iter().any(|entry| entry.seq == seq) {
        return Err(no_state());
    }
    site.rooms()
        .name_state(ags, seq, &name)
        .await
        .map_err(|error| room_unavailable(&error))
}

async fn restore(site: &Site, visitor: &Visitor, ags: &Ags, state: u64, field: &str) -> Result<(), AppError> {
    municipality(site, ags).await?;
    let by = require_facilitator(site, visitor, ags).await?;
    let what = if field.is_empty() {
        What::Everything
    } else {
        What::Only(FieldId::parse(field).ok_or_else(no_state)?)
    };
    let history = site
        .rooms()
        .history(ags)
        .await
        .map_err(|error| room_unavailable(&error))?;
    let entry = history.iter().find(|entry| entry.seq == state).ok_or_else(no_state)?;
    let past = site
        .rooms()
        .state_at(ags, state)
        .await
        .map_err(|error| room_unavailable(&error))?;
    let rewind = Rewind {
        past,
        restored: Restored {
            at_ms: entry.at_ms,
            name: entry.name.clone(),
            whole: what == What::Everything,
        },
        what,
    };
    match site.rooms().rewind(ags, rewind, by).await {
        Err(RoomError::NoState) => Err(no_state()),
        other => other.map_err(|error| room_unavailable(&error)),
    }
}

async fn set_stage(site: &Site, visitor: &Visitor, ags: &Ags, from: Stage, to: Stage) -> Result<(), AppError> {
    municipality(site, ags).await?;
    require_facilitator(site, visitor, ags).await?;
    if !from.next().contains(&to) {
        return Err(AppError::invalid(
            "Von hier führt kein Schritt dorthin.",
            "There is no step from here to there.",
        ));
    }
    if to == Stage::Committee {
        let leitbild = site
            .rooms()
            .leitbild(ags)
            .await
            .map_err(|error| room_unavailable(&error))?;
        require_order(&leitbild)?;
    }
    // The store first: a room that opens meanwhile reads it there.
    let moved = site
        .store()
        .set_stage(ags, from, to)
        .await
        .map_err(|error| unavailable(&error))?;
    if !moved {
        return Err(stands_elsewhere());
    }
    site.rooms().set_stage(ags, to);
    Ok(())
}

async fn adopt(site: &Site, visitor: &Visitor, ags: &Ags, from: Stage, form: &DecisionForm) -> Result<(), AppError> {
    municipality(site, ags).await?;
    require_facilitator(site, visitor, ags).await?;
    let day = today();
    // In Germany a day begins up to two hours earlier than in UTC.
    let last_day = day_of(OffsetDateTime::now_utc() + Duration::hours(2));
    let decision = form.read(&last_day).map_err(|mistakes| AppError::Invalid {
        mistakes: mistakes.into_iter().map(mistake).collect(),
    })?;
    if !from.can_be_decided() || site.store().stage(ags).await.map_err(|error| unavailable(&error))? != from {
        return Err(stands_elsewhere());
    }
    // From here on nobody writes: what is recorded is exactly what stands there. When it fails, letting go makes the text
    // writable again, if it was before.
    let (hold, present) = site.rooms().hold(ags).await.map_err(|error| room_unavailable(&error))?;
    adopt_held(site, ags, from, &day, decision, present).await?;
    site.rooms().set_stage(ags, Stage::Adopted);
    hold.release();
    site.rooms().published(ags, &day);
    Ok(())
}

async fn adopt_held(
    site: &Site,
    ags: &Ags,
    from: Stage,
    day: &str,
    decision: Decision,
    mut present: Present,
) -> Result<(), AppError> {
    if present.leitbild.is_empty() {
        return Err(AppError::invalid(
            "Im Entwurf steht noch nichts.",
            "There is nothing in the draft yet.",
        ));
    }
    require_order(&present.leitbild)?;
    name_sources(site, &mut present.leitbild).await?;
    let mut name = format!("Beschluss: {}", decision.body);
    if let Some((end, _)) = name.char_indices().nth(limits::STATE_NAME_CHARS) {
        name.truncate(end);
    }
    let new = NewDecision {
        decision,
        seq: present.seq,
        name,
    };
    let adopted = site
        .store()
        .adopt(ags, from, &present.leitbild, day, &new)
        .await
        .map_err(|error| unavailable(&error))?;
    if adopted { Ok(()) } else { Err(stands_elsewhere()) }
}

async fn former(site: &Site, ags: &Ags, number: u64) -> Result<FormerPage, AppError> {
    let municipality = municipality(site, ags).await?;
    let adopted = site.store().adopted(ags).await.map_err(|error| unavailable(&error))?;
    let stage = match adopted.first() {
        Some(newest) if newest.number == number => Stage::Adopted,
        _ => Stage::Superseded,
    };
    let found: Adopted = adopted
        .into_iter()
        .find(|adopted| adopted.number == number)
        .ok_or(AppError::NotFound)?;
    let published = site
        .store()
        .publication(ags, number)
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(AppError::NotFound)?;
    Ok(FormerPage {
        municipality,
        adopted: found,
        leitbild: published.leitbild,
        stage,
    })
}

async fn municipality(site: &Site, ags: &Ags) -> Result<Municipality, AppError> {
    site.store()
        .municipality(ags)
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(AppError::NotFound)
}

/// Of more states than a page can offer those that were followed by another at once are left out, named ones never.
fn shown(history: &[HistoryEntry]) -> impl Iterator<Item = &HistoryEntry> {
    let stays = |index: usize, pause_ms: i64| {
        let entry = &history[index];
        let next = history.get(index + 1);
        entry.name.is_some() || next.is_none_or(|next| next.at_ms - entry.at_ms >= pause_ms)
    };
    let mut pause_ms = 0;
    while (0..history.len()).filter(|index| stays(*index, pause_ms)).count() > limits::HISTORY_SHOWN
        // Names alone may be more.
        && pause_ms < i64::MAX / 4
    {
        pause_ms = (pause_ms * 2).max(250);
    }
    (0..history.len())
        .filter(move |index| stays(*index, pause_ms))
        .map(|index| &history[index])
}

fn state_ref(entry: &HistoryEntry) -> StateRef {
    StateRef {
        seq: entry.seq,
        at_ms: entry.at_ms,
        name: entry.name.clone(),
    }
}

async fn view_at(site: &Site, ags: &Ags, seq: u64) -> Result<View, AppError> {
    let update = site
        .rooms()
        .state_at(ags, seq)
        .await
        .map_err(|error| room_unavailable(&error))?;
    read(update).await
}

/// Reads a document apart from the threads that relay.
async fn read(update: Vec<u8>) -> Result<View, AppError> {
    tokio::task::spawn_blocking(move || view_of(&update).map_err(|error| unavailable(&error)))
        .await
        .unwrap_or_else(|error| Err(unavailable(&error)))
}

async fn difference(older: View, newer: View) -> Result<Comparison, AppError> {
    tokio::task::spawn_blocking(move || compare(&older, &newer))
        .await
        .map_err(|error| unavailable(&error))
}

fn no_state() -> AppError {
    AppError::invalid(
        "Diesen Stand gibt es nicht, oder der Text war damals noch nicht da.",
        "There is no such state, or the text was not there then.",
    )
}

fn stands_elsewhere() -> AppError {
    AppError::invalid(
        "Der Status des Leitbilds hat sich inzwischen geändert. Bitte laden Sie die Seite neu.",
        "The status of the mission statement has changed meanwhile. Please reload the page.",
    )
}

fn mistake(mistake: DecisionMistake) -> Mistake {
    use model::decision::{BODY_MAX_CHARS, PAPER_MAX_CHARS, VOTES_MAX};
    let (de, en) = match mistake {
        DecisionMistake::NoBody => (
            "Bitte geben Sie an, wer beschlossen hat.".to_owned(),
            "Please say who decided.".to_owned(),
        ),
        DecisionMistake::TwoBodies => (
            "Ein Gremium ist gewählt und ein anderes genannt. Bitte wählen Sie „anderes Gremium“, oder leeren Sie den Namen."
                .to_owned(),
            "One body is chosen and another one named. Please choose “another body”, or empty the name.".to_owned(),
        ),
        DecisionMistake::LongBody => (
            format!("Der Name des Gremiums ist zu lang; höchstens {BODY_MAX_CHARS} Zeichen sind möglich."),
            format!("The name of the body is too long; at most {BODY_MAX_CHARS} characters are possible."),
        ),
        DecisionMistake::LongPaper => (
            format!("Die Nummer der Vorlage ist zu lang; höchstens {PAPER_MAX_CHARS} Zeichen sind möglich."),
            format!("The number of the paper is too long; at most {PAPER_MAX_CHARS} characters are possible."),
        ),
        DecisionMistake::NoDate => (
            "Bitte geben Sie den Tag des Beschlusses an.".to_owned(),
            "Please give the day of the decision.".to_owned(),
        ),
        DecisionMistake::OddDate => (
            "Der Tag des Beschlusses liegt in der Zukunft oder zu lange zurück.".to_owned(),
            "The day of the decision lies in the future or too long ago.".to_owned(),
        ),
        DecisionMistake::NoVotes(vote) => {
            let (de, en) = match vote {
                Vote::Yes => ("Ja", "Yes"),
                Vote::No => ("Nein", "No"),
                Vote::Abstained => ("Enthaltung", "Abstained"),
                Vote::Biased => ("Befangen", "Abstained for conflict of interest"),
            };
            (
                format!("Stimmen „{de}“: bitte eine ganze Zahl von 0 bis {VOTES_MAX}, oder leer lassen."),
                format!("Votes “{en}”: please a whole number from 0 to {VOTES_MAX}, or leave it empty."),
            )
        }
    };
    Mistake { de, en }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rooms::ParticipantId;

    #[test]
    fn of_very_many_states_those_before_a_pause_and_the_named_ones_are_offered() {
        let entry = |seq: u64| HistoryEntry {
            seq,
            // Bursts of fifty, a hundred milliseconds apart, an hour between them.
            at_ms: (seq / 50) as i64 * 3_600_000 + (seq % 50) as i64 * 100,
            by: ParticipantId("p".to_owned()),
            name: (seq == 1_234).then(|| "Nach dem Workshop".to_owned()),
        };
        let history: Vec<HistoryEntry> = (0..5_000).map(entry).collect();
        let offered: Vec<u64> = shown(&history).map(|entry| entry.seq).collect();
        assert_eq!(offered.len(), 101);
        assert!(offered.contains(&1_234) && offered.contains(&49) && offered.last() == Some(&4_999));
        assert_eq!(shown(&history[..900]).count(), 900);
        assert_eq!(shown(&[]).count(), 0);
    }
}
