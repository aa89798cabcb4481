//! Taking over profiles and facts: the same steps for the command line and for the coordinator's page.

use app::{error::Mistake, views::ImportReport};
use model::{
    ags::Ags,
    fact::Fact,
    import::{self, ImportError, Lang, Note},
};
use store::{Store, StoreError};

use crate::rooms::{ParticipantId, RoomError, Rooms};

/// Why an import was not done. Nothing was changed then.
#[derive(Debug)]
pub enum Refused {
    /// The input has mistakes.
    Mistakes(Vec<ImportError>),
    /// No such municipality.
    Unknown(Ags),
    /// The database failed.
    Store(StoreError),
    /// The room failed.
    Room(RoomError),
}

/// Takes over a profile page: facts with `source` and `date`, the Leitbild into the empty draft.
///
/// # Errors
/// [`Refused`]; nothing was changed then.
pub async fn profile(
    store: &Store,
    rooms: &Rooms,
    ags: &Ags,
    page: &str,
    source: &str,
    date: &str,
) -> Result<ImportReport, Refused> {
    let parsed = import::profile::parse(page).map_err(|error| Refused::Mistakes(vec![error]))?;
    let date = import::facts::check_date(date)
        .map_err(|reason| Refused::Mistakes(vec![ImportError { line: None, reason }]))?;
    let source = source.trim();
    if source.is_empty() {
        let reason = import::Reason::MissingSource;
        return Err(Refused::Mistakes(vec![ImportError { line: None, reason }]));
    }
    if store.municipality(ags).await.map_err(Refused::Store)?.is_none() {
        return Err(Refused::Unknown(ags.clone()));
    }
    let draft = parsed.leitbild.as_ref().map(import::profile::FoundLeitbild::draft);
    let mut points = 0;
    let mut notes = Vec::new();
    // The draft first: it is what can be refused, and then no facts must have been taken over.
    if let Some(draft) = draft {
        let found = draft.guidelines.iter().map(|guideline| guideline.points.len()).sum();
        match rooms.fill(ags, draft, ParticipantId("import".to_owned())).await {
            Ok(()) => points = found,
            // Whoever reads the same page again next year wants its figures.
            Err(RoomError::NotEmpty) => notes.push(draft_has_text()),
            Err(error) => return Err(Refused::Room(error)),
        }
    }
    notes.extend(parsed.notes.iter().map(mistake_of_note));
    let facts = parsed.facts(ags, source, &date);
    let change = store.put_facts(&facts).await.map_err(Refused::Store)?;
    Ok(ImportReport {
        added: change.added,
        unchanged: change.unchanged,
        points: u32::try_from(points).unwrap_or(u32::MAX),
        notes,
    })
}

/// Takes over a CSV of facts, all or none.
///
/// # Errors
/// [`Refused`]; nothing was changed then.
pub async fn facts(store: &Store, csv: &str) -> Result<ImportReport, Refused> {
    let found = import::facts::parse(csv).map_err(Refused::Mistakes)?;
    let known: Vec<Ags> = store
        .members()
        .await
        .map_err(Refused::Store)?
        .into_iter()
        .map(|member| member.municipality.ags)
        .collect();
    if let Some(stranger) = found.iter().find(|fact| !known.contains(&fact.value.ags)) {
        return Err(Refused::Unknown(stranger.value.ags.clone()));
    }
    let facts: Vec<Fact> = found.into_iter().map(|found| found.value).collect();
    let change = store.put_facts(&facts).await.map_err(Refused::Store)?;
    Ok(ImportReport {
        added: change.added,
        unchanged: change.unchanged,
        points: 0,
        notes: Vec::new(),
    })
}

/// A mistake for the page, in both languages.
#[must_use]
pub fn mistake(error: &ImportError) -> Mistake {
    Mistake {
        de: error.message(Lang::De),
        en: error.message(Lang::En),
    }
}

fn draft_has_text() -> Mistake {
    Mistake {
        de: "Das Leitbild der Seite: Im Entwurf steht schon Text, und davon soll nichts verloren gehen.".to_owned(),
        en: "The page’s mission statement: the draft already has text, and none of that may be lost.".to_owned(),
    }
}

fn mistake_of_note(note: &Note) -> Mistake {
    Mistake {
        de: note.message(Lang::De),
        en: note.message(Lang::En),
    }
}
