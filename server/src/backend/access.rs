//! Who may do what: invitations, joining, the coordinator's account.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use app::{
    backend::{NewSession, Visitor},
    error::AppError,
    views::Invitation,
};
use model::{ags::Ags, role::Role, sector::Sector};
use store::{Link, Participant, Session};

use super::{now_s, unavailable};
use crate::{
    passwords,
    rates::Counted,
    rooms::{LinkId, ParticipantId},
    secrets, security,
    site::Site,
};

/// Failed attempts at a password or one-time link, over all addresses together: a hall or an office is one address,
/// and there is one account to protect.
const ATTEMPTS_PER_MINUTE: usize = 10;
/// Longest name of a person, in characters.
const NAME_MAX_CHARS: usize = 60;
/// Colours in the palette of participants (`--person-0` to `--person-7` in `style/tokens.css`).
const COLORS: usize = 8;

/// The failed attempts of the last minute, and those under way: checking a password takes long, and much memory.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<VecDeque<Instant>>);

impl Attempts {
    /// Counts an attempt, as failed until [`Self::succeeded`].
    fn begin(&self) -> Result<(), AppError> {
        let mut attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.retain(|at| at.elapsed() < Duration::from_secs(60));
        if attempts.len() >= ATTEMPTS_PER_MINUTE {
            return Err(AppError::TooManyAttempts);
        }
        attempts.push_back(Instant::now());
        Ok(())
    }

    fn succeeded(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_back();
    }
}

pub(super) async fn invitation(site: &Site, visitor: &Visitor, secret: &str) -> Result<Invitation, AppError> {
    let link = valid_link(site, secret).await?;
    let municipality = site
        .store()
        .municipality(&link.ags)
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(AppError::NotFound)?;
    let name = match &visitor.session {
        Some(session) => site
            .participant(session, &link.ags)
            .await
            .map_err(|error| unavailable(&error))?
            .map(|(participant, _)| participant.name),
        None => None,
    };
    Ok(Invitation {
        municipality,
        role: link.role,
        name,
    })
}

pub(super) async fn redeem(
    site: &Site,
    visitor: &Visitor,
    secret: &str,
    name: &str,
    sector: Option<Sector>,
) -> Result<(Ags, Option<NewSession>), AppError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(AppError::invalid(
            "Bitte geben Sie einen Namen ein.",
            "Please enter a name.",
        ));
    }
    if name.chars().count() > NAME_MAX_CHARS {
        return Err(AppError::invalid(
            format!("Der Name ist zu lang; höchstens {NAME_MAX_CHARS} Zeichen sind möglich."),
            format!("The name is too long; at most {NAME_MAX_CHARS} characters are possible."),
        ));
    }
    let link = valid_link(site, secret).await?;
    // By the link: whoever comes without a cookie is somebody new, and a hall is one address.
    count(site, &link.id, Counted::Redemption)?;
    let (session, new) = match known_session(site, visitor).await? {
        Some(session) => (session, None),
        None => {
            let session = new_session(site, false).await?;
            let keep = NewSession {
                set_cookie: security::keep_session(&session, site.public_url()),
            };
            (session, Some(keep))
        }
    };
    put_participant(site, &session, &link, name, sector).await?;
    Ok((link.ags, new))
}

/// Makes the browser of this session a participant by `link`.
pub(super) async fn put_participant(
    site: &Site,
    session: &str,
    link: &Link,
    name: String,
    sector: Option<Sector>,
) -> Result<(), AppError> {
    let store = site.store();
    let joined = store
        .participants(&link.ags)
        .await
        .map_err(|error| unavailable(&error))?;
    let participant = Participant {
        id: secrets::fresh().map_err(|error| unavailable(&error))?,
        link: link.id.clone(),
        name,
        color: u8::try_from(joined % COLORS).unwrap_or(0),
        role: None,
    };
    store
        .put_participant(&secrets::hash(session), &link.ags, &participant, sector)
        .await
        .map_err(|error| unavailable(&error))
}

pub(super) async fn sign_in(
    site: &Site,
    attempts: &Attempts,
    visitor: &Visitor,
    password: &str,
) -> Result<NewSession, AppError> {
    attempts.begin()?;
    let hash = site
        .store()
        .password_hash()
        .await
        .map_err(|error| unavailable(&error))?;
    let password = password.to_owned();
    let right = tokio::task::spawn_blocking(move || hash.is_some_and(|hash| passwords::verify(&password, &hash)))
        .await
        .map_err(|error| unavailable(&error))?;
    if !right {
        return Err(AppError::invalid(
            "Das Passwort stimmt nicht.",
            "The password is not right.",
        ));
    }
    attempts.succeeded();
    coordinator_session(site, visitor).await
}

pub(super) async fn set_password(
    site: &Site,
    attempts: &Attempts,
    visitor: &Visitor,
    secret: &str,
    password: &str,
) -> Result<NewSession, AppError> {
    let length = password.chars().count();
    if !(passwords::MIN_CHARS..=passwords::MAX_CHARS).contains(&length) {
        return Err(AppError::invalid(
            format!(
                "Das Passwort braucht {} bis {} Zeichen.",
                passwords::MIN_CHARS,
                passwords::MAX_CHARS
            ),
            format!(
                "The password needs {} to {} characters.",
                passwords::MIN_CHARS,
                passwords::MAX_CHARS
            ),
        ));
    }
    attempts.begin()?;
    let valid = site
        .store()
        .take_one_time(&secrets::hash(secret), now_s())
        .await
        .map_err(|error| unavailable(&error))?;
    if !valid {
        return Err(AppError::LinkGone);
    }
    attempts.succeeded();
    let password = password.to_owned();
    let hash = tokio::task::spawn_blocking(move || passwords::hash(&password))
        .await
        .map_err(|error| unavailable(&error))?
        .map_err(|error| unavailable(&error))?;
    site.store()
        .set_password_hash(&hash)
        .await
        .map_err(|error| unavailable(&error))?;
    let session = coordinator_session(site, visitor).await?;
    // Of the sessions that ended with the old password; this browser goes on in its drafts.
    end_lapsed_links(site).await?;
    Ok(session)
}

pub(super) async fn sign_out(site: &Site, visitor: &Visitor) -> Result<(), AppError> {
    if let Some(session) = known_session(site, visitor).await? {
        site.store()
            .put_session(&secrets::hash(&session), Session { coordinator: false }, now_s())
            .await
            .map_err(|error| unavailable(&error))?;
        end_lapsed_links(site).await?;
    }
    Ok(())
}

/// The links by which a coordinator's browser writes in drafts end with its session, and so do their open connections.
async fn end_lapsed_links(site: &Site) -> Result<(), AppError> {
    let store = site.store();
    let lapsed = store.lapsed_links(now_s()).await.map_err(|error| unavailable(&error))?;
    for link in lapsed {
        store
            .withdraw_link(&link.ags, &link.id)
            .await
            .map_err(|error| unavailable(&error))?;
        site.rooms().revoke_link(&LinkId(link.id));
    }
    Ok(())
}

pub(super) async fn is_coordinator(site: &Site, visitor: &Visitor) -> Result<bool, AppError> {
    let Some(session) = &visitor.session else {
        return Ok(false);
    };
    let session = site
        .store()
        .session(&secrets::hash(session), now_s())
        .await
        .map_err(|error| unavailable(&error))?;
    Ok(session.is_some_and(|session| session.coordinator))
}

/// Counts what this participant does, or what is done by this link, against its rate.
pub(super) fn count(site: &Site, whose: &str, counted: Counted) -> Result<(), AppError> {
    let is_allowed = site.rates().allow(whose, counted, Instant::now());
    is_allowed.then_some(()).ok_or(AppError::TooManyAttempts)
}

pub(super) async fn require_coordinator(site: &Site, visitor: &Visitor) -> Result<(), AppError> {
    if is_coordinator(site, visitor).await? {
        Ok(())
    } else {
        Err(AppError::NotSignedIn)
    }
}

/// Somebody who may look at a draft.
pub(super) enum Reader {
    Coordinator,
    Participant(ParticipantId, Role),
}

impl Reader {
    /// May this person name versions, bring them back and say where the Leitbild stands?
    pub(super) fn may_steer(&self) -> bool {
        match self {
            Self::Coordinator => true,
            Self::Participant(_, role) => role.may_steer(),
        }
    }

    /// Did this browser come by a link?
    pub(super) fn has_link(&self) -> bool {
        matches!(self, Self::Participant(..))
    }
}

/// The participant, whatever the link allows, or else the coordinator.
pub(super) async fn require_reader(site: &Site, visitor: &Visitor, ags: &Ags) -> Result<Reader, AppError> {
    let is_coordinator = is_coordinator(site, visitor).await?;
    let participant = match &visitor.session {
        Some(session) => site
            .participant(session, ags)
            .await
            .map_err(|error| unavailable(&error))?,
        None => None,
    };
    match participant {
        // A coordinator who also came by a link keeps the account's rights.
        Some((participant, link)) => {
            let role = if is_coordinator { Role::Facilitate } else { link.role };
            Ok(Reader::Participant(ParticipantId(participant.id), role))
        }
        None if is_coordinator => Ok(Reader::Coordinator),
        None => Err(AppError::NotSignedIn),
    }
}

/// Whoever leads the work on a Leitbild: the holder of a facilitator's link, or the coordinator. Answers in whose name
/// something is written.
pub(super) async fn require_facilitator(site: &Site, visitor: &Visitor, ags: &Ags) -> Result<ParticipantId, AppError> {
    match require_reader(site, visitor, ags).await? {
        Reader::Coordinator => Ok(ParticipantId("coordinator".to_owned())),
        Reader::Participant(id, role) if role.may_steer() => Ok(id),
        Reader::Participant(..) => Err(AppError::NotAllowed),
    }
}

async fn valid_link(site: &Site, secret: &str) -> Result<Link, AppError> {
    let link = site
        .store()
        .link_by_secret(&secrets::hash(secret))
        .await
        .map_err(|error| unavailable(&error))?;
    match link {
        Some(link) if link.withdrawn => Err(AppError::LinkGone),
        Some(link) => Ok(link),
        None => Err(AppError::LinkGone),
    }
}

/// The visitor's session, if the store knows it.
async fn known_session(site: &Site, visitor: &Visitor) -> Result<Option<String>, AppError> {
    let Some(session) = &visitor.session else {
        return Ok(None);
    };
    let known = site
        .store()
        .session(&secrets::hash(session), now_s())
        .await
        .map_err(|error| unavailable(&error))?;
    Ok(known.map(|_| session.clone()))
}

async fn new_session(site: &Site, coordinator: bool) -> Result<String, AppError> {
    let session = secrets::fresh().map_err(|error| unavailable(&error))?;
    site.store()
        .put_session(&secrets::hash(&session), Session { coordinator }, now_s())
        .await
        .map_err(|error| unavailable(&error))?;
    Ok(session)
}

/// A fresh session for the coordinator, never a raised old one: what somebody planted in the browser before stays
/// without rights. Who this browser is in drafts goes along, or what it wrote and keeps there would be a stranger's.
async fn coordinator_session(site: &Site, visitor: &Visitor) -> Result<NewSession, AppError> {
    let session = new_session(site, true).await?;
    if let Some(before) = &visitor.session {
        site.store()
            .move_participants(&secrets::hash(before), &secrets::hash(&session))
            .await
            .map_err(|error| unavailable(&error))?;
    }
    Ok(NewSession {
        set_cookie: security::keep_session(&session, site.public_url()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_under_way_count_until_they_succeed() {
        let attempts = Attempts::default();
        for _ in 0..ATTEMPTS_PER_MINUTE {
            assert_eq!(attempts.begin(), Ok(()));
        }
        assert_eq!(attempts.begin(), Err(AppError::TooManyAttempts));
        attempts.succeeded();
        assert_eq!(attempts.begin(), Ok(()));
    }
}
