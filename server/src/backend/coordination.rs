//! What the coordinator does: links and publishing.

use app::{
    backend::Visitor,
    error::AppError,
    views::{Choice, LinkSummary, NewLink, PersonSummary, SteeringPage},
};
use model::{ags::Ags, leitbild::Leitbild, municipality::Municipality, role::Role, stage::Stage};
use store::Link;

use super::{
    access::{put_participant, require_coordinator},
    papers::name_sources,
    room_unavailable, today, unavailable,
};
use crate::{erasure::erase, rooms::LinkId, secrets, site::Site};

/// Longest label of a link, in characters.
const LABEL_MAX_CHARS: usize = 80;

pub(super) async fn choices(site: &Site, visitor: &Visitor) -> Result<Vec<Choice>, AppError> {
    require_coordinator(site, visitor).await?;
    let links = site.store().valid_links().await.map_err(|error| unavailable(&error))?;
    let members = site.store().members().await.map_err(|error| unavailable(&error))?;
    Ok(members
        .into_iter()
        .map(|member| {
            let Municipality { ags, name, .. } = member.municipality;
            let links = links.iter().filter(|place| **place == ags.as_str()).count();
            Choice {
                links: u32::try_from(links).unwrap_or(u32::MAX),
                ags,
                name,
                published: member.published,
            }
        })
        .collect())
}

pub(super) async fn steering(site: &Site, visitor: &Visitor, ags: &Ags) -> Result<SteeringPage, AppError> {
    require_coordinator(site, visitor).await?;
    let store = site.store();
    let municipality = store
        .municipality(ags)
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(AppError::NotFound)?;
    let links = store.links(ags).await.map_err(|error| unavailable(&error))?;
    let published = store.published(ags).await.map_err(|error| unavailable(&error))?;
    let draft = site
        .rooms()
        .leitbild(ags)
        .await
        .map_err(|error| room_unavailable(&error))?;
    let stage = store.stage(ags).await.map_err(|error| unavailable(&error))?;
    let people = store.people(ags).await.map_err(|error| unavailable(&error))?;
    Ok(SteeringPage {
        municipality,
        stage,
        people: people
            .into_iter()
            .map(|(id, name)| PersonSummary { id, name })
            .collect(),
        links: links
            .into_iter()
            .map(|(link, participants)| LinkSummary {
                id: link.id,
                role: link.role,
                label: link.label,
                created: link.created,
                withdrawn: link.withdrawn,
                participants,
            })
            .collect(),
        published,
        draft_empty: draft.is_empty(),
    })
}

pub(super) async fn make_link(
    site: &Site,
    visitor: &Visitor,
    ags: &Ags,
    role: Role,
    label: &str,
) -> Result<NewLink, AppError> {
    require_coordinator(site, visitor).await?;
    let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
    if label.chars().count() > LABEL_MAX_CHARS {
        return Err(AppError::invalid(
            format!("Die Bezeichnung ist zu lang; höchstens {LABEL_MAX_CHARS} Zeichen sind möglich."),
            format!("The label is too long; at most {LABEL_MAX_CHARS} characters are possible."),
        ));
    }
    let known = site
        .store()
        .municipality(ags)
        .await
        .map_err(|error| unavailable(&error))?;
    if known.is_none() {
        return Err(AppError::NotFound);
    }
    let secret = secrets::fresh().map_err(|error| unavailable(&error))?;
    let id = secrets::fresh().map_err(|error| unavailable(&error))?;
    let link = Link {
        id: id.clone(),
        ags: ags.clone(),
        role,
        label,
        secret_hash: secrets::hash(&secret),
        created: today(),
        withdrawn: false,
        own: false,
    };
    site.store()
        .add_link(&link)
        .await
        .map_err(|error| unavailable(&error))?;
    Ok(NewLink {
        id,
        role,
        url: format!("{}/einladung/{secret}", site.public_url().origin),
    })
}

/// The name under which the coordinator writes.
const COORDINATION: &str = "Koordination";

/// Makes the coordinator's browser a participant who facilitates, by a link of its own that nobody else knows. It stands in the
/// list of links and can be withdrawn like every other; signing out withdraws it, too.
pub(super) async fn join_draft(site: &Site, visitor: &Visitor, ags: &Ags) -> Result<(), AppError> {
    require_coordinator(site, visitor).await?;
    let session = visitor.session.as_deref().ok_or(AppError::NotSignedIn)?;
    let store = site.store();
    let known = store.municipality(ags).await.map_err(|error| unavailable(&error))?;
    if known.is_none() {
        return Err(AppError::NotFound);
    }
    let participant = site
        .participant(session, ags)
        .await
        .map_err(|error| unavailable(&error))?;
    // Whoever tried one of the links for readers in the same browser still comes to write.
    if participant.as_ref().is_some_and(|(_, link)| link.role.may_write()) {
        return Ok(());
    }
    let name = participant.map_or_else(|| COORDINATION.to_owned(), |(participant, _)| participant.name);
    let secret = secrets::fresh().map_err(|error| unavailable(&error))?;
    let link = Link {
        id: secrets::fresh().map_err(|error| unavailable(&error))?,
        ags: ags.clone(),
        role: Role::Facilitate,
        label: COORDINATION.to_owned(),
        secret_hash: secrets::hash(&secret),
        created: today(),
        withdrawn: false,
        own: true,
    };
    store.add_link(&link).await.map_err(|error| unavailable(&error))?;
    put_participant(site, session, &link, name, None).await
}

pub(super) async fn withdraw_link(site: &Site, visitor: &Visitor, ags: &Ags, link: &str) -> Result<(), AppError> {
    require_coordinator(site, visitor).await?;
    // The store first: a socket that comes between is then turned away by what it reads there.
    if !site
        .store()
        .withdraw_link(ags, link)
        .await
        .map_err(|error| unavailable(&error))?
    {
        return Err(AppError::NotFound);
    }
    site.rooms().revoke_link(&LinkId(link.to_owned()));
    Ok(())
}

pub(super) async fn erase_person(site: &Site, visitor: &Visitor, ags: &Ags, participant: &str) -> Result<(), AppError> {
    require_coordinator(site, visitor).await?;
    let people = site.store().people(ags).await.map_err(|error| unavailable(&error))?;
    if people.iter().all(|(id, _)| id != participant) {
        return Err(AppError::NotFound);
    }
    erase(site, ags, participant).await.map_err(|error| unavailable(&error))
}

/// Citizens and committees read Leitlinien with their points; what stands under none would have no number.
pub(super) fn require_order(leitbild: &Leitbild) -> Result<(), AppError> {
    match leitbild.loose_points() {
        0 => Ok(()),
        1 => Err(AppError::invalid(
            "Ein Punkt steht noch unter „Ohne Leitlinie“. Bitte verschieben Sie ihn zu einer Leitlinie oder entfernen Sie ihn.",
            "One point still stands under “Without a guideline”. Please move it to a guideline or remove it.",
        )),
        count => Err(AppError::invalid(
            format!(
                "{count} Punkte stehen noch unter „Ohne Leitlinie“. Bitte verschieben Sie sie zu einer Leitlinie oder entfernen \
                 Sie sie."
            ),
            format!(
                "{count} points still stand under “Without a guideline”. Please move them to a guideline or remove them."
            ),
        )),
    }
}

pub(super) async fn publish(site: &Site, visitor: &Visitor, ags: &Ags) -> Result<(), AppError> {
    require_coordinator(site, visitor).await?;
    // Citizens read that text already, with how it was adopted.
    if site.store().stage(ags).await.map_err(|error| unavailable(&error))? == Stage::Adopted {
        return Err(already_adopted());
    }
    let mut leitbild = site
        .rooms()
        .leitbild(ags)
        .await
        .map_err(|error| room_unavailable(&error))?;
    if leitbild.is_empty() {
        return Err(AppError::invalid(
            "Im Entwurf steht noch nichts.",
            "There is nothing in the draft yet.",
        ));
    }
    require_order(&leitbild)?;
    name_sources(site, &mut leitbild).await?;
    let date = today();
    let published = site
        .store()
        .publish(ags, &leitbild, &date)
        .await
        .map_err(|error| unavailable(&error))?;
    // Somebody recorded a decision while the draft was read.
    if !published {
        return Err(already_adopted());
    }
    site.rooms().published(ags, &date);
    Ok(())
}

fn already_adopted() -> AppError {
    AppError::invalid(
        "Die beschlossene Fassung ist schon veröffentlicht. Öffnen Sie zuerst eine neue Runde.",
        "The adopted version is already published. Open a new round first.",
    )
}
