//! What people read: the network, profiles, and drafts for those with a link.

use app::{
    backend::Visitor,
    error::AppError,
    views::{Access, EditorPage, NetworkPage, ProfilePage},
};
use model::{ags::Ags, doc, fact, stage::Stage};
use yrs::{Doc, Transact, Update, updates::decoder::Decode};

use super::{room_unavailable, unavailable};
use crate::site::Site;

pub(super) async fn network(site: &Site) -> Result<NetworkPage, AppError> {
    let members = site.store().members().await.map_err(|error| unavailable(&error))?;
    Ok(NetworkPage {
        members,
        map: site.map().clone(),
    })
}

pub(super) async fn profile(site: &Site, visitor: &Visitor, ags: &Ags) -> Result<ProfilePage, AppError> {
    let store = site.store();
    let municipality = store
        .municipality(ags)
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(AppError::NotFound)?;
    let facts = fact::newest(store.facts(ags).await.map_err(|error| unavailable(&error))?);
    let published = store.published(ags).await.map_err(|error| unavailable(&error))?;
    let neighbours = store
        .members()
        .await
        .map_err(|error| unavailable(&error))?
        .into_iter()
        .map(|member| member.municipality)
        .filter(|place| place.ags != *ags && place.ags.district() == ags.district())
        .filter(|place| place.ags.is_town() != ags.is_town())
        .collect();
    let may_edit = access(site, visitor, ags).await?.is_some();
    let adopted = store.adopted(ags).await.map_err(|error| unavailable(&error))?;
    // The newest one may be what is published.
    let is_adopted = published.as_ref().is_some_and(|published| published.decision.is_some());
    let former = adopted.into_iter().skip(usize::from(is_adopted)).collect();
    Ok(ProfilePage {
        municipality,
        facts,
        published,
        former,
        neighbours,
        may_edit,
    })
}

pub(super) async fn editor(site: &Site, visitor: &Visitor, ags: &Ags) -> Result<EditorPage, AppError> {
    let store = site.store();
    let municipality = store
        .municipality(ags)
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(AppError::NotFound)?;
    let Some(access) = access(site, visitor, ags).await? else {
        let published = store.published(ags).await.map_err(|error| unavailable(&error))?;
        return Ok(EditorPage {
            municipality,
            draft: None,
            phases: Vec::new(),
            places: Vec::new(),
            stage: Stage::default(),
            published,
        });
    };
    let update = site
        .rooms()
        .document(ags)
        .await
        .map_err(|error| room_unavailable(&error))?;
    let view = view_of(&update).map_err(|error| unavailable(&error))?;
    let members = store.members().await.map_err(|error| unavailable(&error))?;
    let places = members.into_iter().map(|member| member.municipality);
    let stage = store.stage(ags).await.map_err(|error| unavailable(&error))?;
    Ok(EditorPage {
        municipality,
        draft: Some((access, view)),
        phases: store.phases().await.map_err(|error| unavailable(&error))?,
        places: places.map(|place| (place.ags, place.name)).collect(),
        stage,
        published: None,
    })
}

/// Who this browser is in the municipality's draft, if anybody.
pub(super) async fn access(site: &Site, visitor: &Visitor, ags: &Ags) -> Result<Option<Access>, AppError> {
    let Some(session) = visitor.session.as_deref() else {
        return Ok(None);
    };
    let found = site
        .participant(session, ags)
        .await
        .map_err(|error| unavailable(&error))?;
    Ok(found.map(|(participant, link)| Access {
        participant: participant.id,
        name: participant.name,
        color: participant.color,
        role: link.role,
    }))
}

/// The text of a document given as one update.
pub(super) fn view_of(update: &[u8]) -> Result<doc::View, Unreadable> {
    Ok(doc::view(&doc_of(update)?.transact()))
}

/// A copy of a document given as one update. The room admitted it, so decoding it again is safe.
pub(super) fn doc_of(update: &[u8]) -> Result<Doc, Unreadable> {
    let document = doc::new_doc(0);
    document.transact_mut().apply_update(Update::decode_v1(update)?)?;
    Ok(document)
}

/// What no document of a room gives.
type Unreadable = Box<dyn std::error::Error + Send + Sync>;
