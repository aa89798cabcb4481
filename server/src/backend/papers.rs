//! Texts for export.

use app::{backend::Visitor, error::AppError};
use model::{ags::Ags, leitbild::Leitbild, paper::Paper};

use super::{access::is_coordinator, reading::access, room_unavailable, today, unavailable};
use crate::site::Site;

/// The published text of `ags` for everybody, or its draft for those who have a link to it and for the coordinator.
///
/// # Errors
/// [`AppError::NotFound`] where there is no such place or nothing is published, [`AppError::NotSignedIn`] for a draft
/// that this visitor may not read.
pub async fn paper(site: &Site, visitor: &Visitor, ags: &Ags, draft: bool) -> Result<Paper, AppError> {
    let place = site
        .store()
        .municipality(ags)
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(AppError::NotFound)?;
    let (mut leitbild, date) = if draft {
        if access(site, visitor, ags).await.is_none() && !is_coordinator(site, visitor).await? {
            return Err(AppError::NotSignedIn);
        }
        let leitbild = site.rooms().leitbild(ags).await;
        (leitbild.map_err(|error| room_unavailable(&error))?, today())
    } else {
        let published = site.store().published(ags).await.map_err(|error| unavailable(&error))?;
        let published = published.ok_or(AppError::NotFound)?;
        (published.leitbild, published.date)
    };
    name_sources(site, &mut leitbild).await?;
    Ok(Paper {
        ags: ags.clone(),
        place: place.name,
        address: format!("{}/kommune/{ags}", site.public_url().origin),
        date,
        draft,
        leitbild,
    })
}

/// Writes down the names of the places that points were taken over from.
pub(super) async fn name_sources(site: &Site, leitbild: &mut Leitbild) -> Result<(), AppError> {
    let points = leitbild
        .guidelines
        .iter_mut()
        .flat_map(|guideline| &mut guideline.points);
    for source in points
        .filter_map(|point| point.source.as_mut())
        .filter(|source| source.place.is_empty())
    {
        let place = site
            .store()
            .municipality(&source.ags)
            .await
            .map_err(|error| unavailable(&error))?;
        if let Some(place) = place {
            source.place = place.name;
        }
    }
    Ok(())
}
