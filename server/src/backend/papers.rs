//! Texts on paper: for export, and taken over from elsewhere.

use app::{
    backend::{Answer, Papers, Visitor},
    error::AppError,
    views::{NetworkPoint, TakeOverPage},
};
use model::{
    ags::Ags,
    leitbild::{Leitbild, PointSource},
    paper::Paper,
    role::Role,
    talk::COORDINATOR,
};

use super::{
    SiteBackend,
    access::{count, is_coordinator},
    reading::access,
    room_unavailable, today, unavailable,
};
use crate::{
    rates::Counted,
    rooms::{ParticipantId, RoomError},
    site::Site,
};

/// Points shown for a search.
const FOUND_MAX: usize = 8;
/// Words searched for at most; a point has some 15.
const WORDS_MAX: usize = 40;
/// Shorter words are left out.
const WORD_MIN_CHARS: usize = 3;
/// Longer ones are not words.
const WORD_MAX_CHARS: usize = 60;
/// German words that stand in every text and tell none apart.
const COMMON: [&str; 40] = [
    "aber", "alle", "allen", "alles", "als", "auch", "auf", "aus", "bei", "das", "dass", "dem", "den", "der", "des",
    "die", "ein", "eine", "einem", "einen", "einer", "für", "haben", "hat", "ihr", "ihre", "ihren", "ist", "mit",
    "nach", "sich", "sie", "sind", "und", "uns", "unsere", "von", "werden", "wir", "zum",
];

impl Papers for SiteBackend {
    fn take_over_page<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, TakeOverPage> {
        Box::pin(async move {
            let site = &self.site;
            let municipality = site.store().municipality(ags).await;
            let municipality = municipality
                .map_err(|error| unavailable(&error))?
                .ok_or(AppError::NotFound)?;
            may_take_over(site, visitor, ags).await?;
            let draft = site.rooms().leitbild(ags).await;
            Ok(TakeOverPage {
                municipality,
                draft_empty: draft.map_err(|error| room_unavailable(&error))?.is_empty(),
                may_edit: access(site, visitor, ags).await?.is_some(),
                error: None,
                recognised: None,
                pasted: String::new(),
            })
        })
    }

    fn network_points<'a>(
        &'a self,
        visitor: &'a Visitor,
        ags: &'a Ags,
        text: &'a str,
    ) -> Answer<'a, Vec<NetworkPoint>> {
        Box::pin(async move {
            let site = &self.site;
            let who = match access(site, visitor, ags).await? {
                Some(access) => access.participant,
                None if is_coordinator(site, visitor).await? => COORDINATOR.to_owned(),
                None => return Err(AppError::NotSignedIn),
            };
            count(site, &who, Counted::Search)?;
            let words = search_words(text);
            if words.is_empty() {
                return Ok(Vec::new());
            }
            let found = site.store().points_like(ags, &words, FOUND_MAX).await;
            let mut points = Vec::new();
            for point in found.map_err(|error| unavailable(&error))? {
                let place = site.store().municipality(&point.ags).await;
                let place = place.map_err(|error| unavailable(&error))?;
                points.push(NetworkPoint {
                    source: PointSource {
                        ags: point.ags,
                        place: place.map(|place| place.name).unwrap_or_default(),
                        block: point.block,
                        date: point.date,
                    },
                    guideline: point.guideline,
                    text: point.text,
                });
            }
            Ok(points)
        })
    }
}

/// The words of a text that can find something: not the short ones, which are everywhere, each once.
fn search_words(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(|letter: char| !letter.is_alphanumeric()) {
        let word = word.to_lowercase();
        let is_common = word.chars().count() < WORD_MIN_CHARS || COMMON.contains(&word.as_str());
        if !is_common && word.chars().count() <= WORD_MAX_CHARS && !words.contains(&word) {
            words.push(word);
        }
        if words.len() == WORDS_MAX {
            break;
        }
    }
    words.join(" ")
}

/// In whose name this visitor may take a text over into the draft: who facilitates it, and the coordinator.
///
/// # Errors
/// [`AppError::NotSignedIn`] for strangers, [`AppError::NotAllowed`] for other link holders.
pub async fn may_take_over(site: &Site, visitor: &Visitor, ags: &Ags) -> Result<ParticipantId, AppError> {
    let access = access(site, visitor, ags).await?;
    match access {
        Some(access) if access.role >= Role::Facilitate => Ok(ParticipantId(access.participant)),
        access if is_coordinator(site, visitor).await? => Ok(ParticipantId(
            access.map_or_else(|| "import".to_owned(), |access| access.participant),
        )),
        Some(_) => Err(AppError::NotAllowed),
        None => Err(AppError::NotSignedIn),
    }
}

/// Counts a text that this participant has read, or takes over, against their rate.
///
/// # Errors
/// [`AppError::TooManyAttempts`].
pub fn count_import(site: &Site, by: &ParticipantId) -> Result<(), AppError> {
    count(site, &by.0, Counted::Import)
}

/// Puts a text into the draft: an empty one is filled; with `append` it is added to what stands there.
///
/// # Errors
/// [`AppError::NotFound`] for a place that is not in the network, [`AppError::DraftNotEmpty`] when there is text and nobody said
/// to append.
pub async fn take_over(
    site: &Site,
    ags: &Ags,
    leitbild: Leitbild,
    by: ParticipantId,
    append: bool,
) -> Result<(), AppError> {
    let known = site.store().municipality(ags).await;
    known.map_err(|error| unavailable(&error))?.ok_or(AppError::NotFound)?;
    let taken = if append {
        site.rooms().append(ags, leitbild, by).await
    } else {
        site.rooms().fill(ags, leitbild, by).await
    };
    taken.map_err(|error| match error {
        RoomError::NotEmpty => AppError::DraftNotEmpty,
        error => room_unavailable(&error),
    })
}

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
        if access(site, visitor, ags).await?.is_none() && !is_coordinator(site, visitor).await? {
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
        phases: site.store().phases().await.map_err(|error| unavailable(&error))?,
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

#[cfg(test)]
mod tests {
    use super::search_words;

    #[test]
    fn a_search_leaves_out_what_finds_everything() {
        assert_eq!(
            search_words("Wir fragen: „Was hilft Kindern?“ – und fragen nach, z. B. @1,OR@ 'x'; DROP"),
            "fragen was hilft kindern drop"
        );
        assert_eq!(search_words(&"Wort ".repeat(5_000)), "wort");
        assert_eq!(search_words(&"x".repeat(100_000)), "");
    }
}
