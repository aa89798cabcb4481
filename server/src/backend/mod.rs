//! What the pages need of the server, over store and rooms: the implementation of `app::backend::Backend`.
//!
//! Errors become [`AppError`] here and nowhere else: [`unavailable`] logs the internal detail once and drops it.

mod access;
mod authors;
mod chain;
mod coordination;
mod papers;
mod reading;
mod talk;
mod versions;

use app::{
    backend::{Answer, Backend, NewSession, Visitor},
    error::{AppError, Mistake},
    views::{Choice, EditorPage, ImportReport, Invitation, NetworkPage, NewLink, ProfilePage, SteeringPage},
};
use model::{ags::Ags, role::Role, sector::Sector};
use time::OffsetDateTime;

pub use self::papers::{count_import, may_take_over, paper, take_over};

use self::access::Attempts;
pub(crate) use self::talk::tell_thread;
use crate::{
    imports::{self, Refused},
    rooms::RoomError,
    site::Site,
};

/// The backend of a site.
pub struct SiteBackend {
    site: Site,
    attempts: Attempts,
    /// Threads are changed one after the other, and nobody is erased meanwhile: what they just say would stand there without a
    /// name that it could be found by.
    talking: tokio::sync::Mutex<()>,
}

impl SiteBackend {
    /// A backend over `site`.
    #[must_use]
    pub fn new(site: Site) -> Self {
        Self {
            site,
            attempts: Attempts::default(),
            talking: tokio::sync::Mutex::default(),
        }
    }
}

impl Backend for SiteBackend {
    fn network(&self) -> Answer<'_, NetworkPage> {
        Box::pin(reading::network(&self.site))
    }

    fn profile<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, ProfilePage> {
        Box::pin(reading::profile(&self.site, visitor, ags))
    }

    fn editor<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, EditorPage> {
        Box::pin(reading::editor(&self.site, visitor, ags))
    }

    fn invitation<'a>(&'a self, visitor: &'a Visitor, secret: &'a str) -> Answer<'a, Invitation> {
        Box::pin(access::invitation(&self.site, visitor, secret))
    }

    fn redeem<'a>(
        &'a self,
        visitor: &'a Visitor,
        secret: &'a str,
        name: &'a str,
        sector: Option<Sector>,
    ) -> Answer<'a, (Ags, Option<NewSession>)> {
        Box::pin(access::redeem(&self.site, visitor, secret, name, sector))
    }

    fn sign_in<'a>(&'a self, visitor: &'a Visitor, password: &'a str) -> Answer<'a, NewSession> {
        Box::pin(access::sign_in(&self.site, &self.attempts, visitor, password))
    }

    fn sign_out<'a>(&'a self, visitor: &'a Visitor) -> Answer<'a, ()> {
        Box::pin(access::sign_out(&self.site, visitor))
    }

    fn set_password<'a>(&'a self, visitor: &'a Visitor, secret: &'a str, password: &'a str) -> Answer<'a, NewSession> {
        Box::pin(access::set_password(
            &self.site,
            &self.attempts,
            visitor,
            secret,
            password,
        ))
    }

    fn choices<'a>(&'a self, visitor: &'a Visitor) -> Answer<'a, Vec<Choice>> {
        Box::pin(coordination::choices(&self.site, visitor))
    }

    fn steering<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, SteeringPage> {
        Box::pin(coordination::steering(&self.site, visitor, ags))
    }

    fn make_link<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, role: Role, label: &'a str) -> Answer<'a, NewLink> {
        Box::pin(coordination::make_link(&self.site, visitor, ags, role, label))
    }

    fn withdraw_link<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, link: &'a str) -> Answer<'a, ()> {
        Box::pin(coordination::withdraw_link(&self.site, visitor, ags, link))
    }

    fn erase_person<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, participant: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let _one_at_a_time = self.talking.lock().await;
            coordination::erase_person(&self.site, visitor, ags, participant).await
        })
    }

    fn join_draft<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, ()> {
        Box::pin(coordination::join_draft(&self.site, visitor, ags))
    }

    fn publish<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, ()> {
        Box::pin(coordination::publish(&self.site, visitor, ags))
    }

    fn import_profile<'a>(
        &'a self,
        visitor: &'a Visitor,
        ags: &'a Ags,
        text: &'a str,
        source: &'a str,
        date: &'a str,
    ) -> Answer<'a, ImportReport> {
        Box::pin(async move {
            access::require_coordinator(&self.site, visitor).await?;
            imports::profile(self.site.store(), self.site.rooms(), ags, text, source, date)
                .await
                .map_err(refused)
        })
    }

    fn import_facts<'a>(&'a self, visitor: &'a Visitor, csv: &'a str) -> Answer<'a, ImportReport> {
        Box::pin(async move {
            access::require_coordinator(&self.site, visitor).await?;
            imports::facts(self.site.store(), csv).await.map_err(refused)
        })
    }
}

/// Logs what went wrong inside, and tells the page only that something did.
pub(crate) fn unavailable(error: &dyn std::fmt::Display) -> AppError {
    tracing::error!(error = %error, "A request could not be answered.");
    AppError::Unavailable
}

/// A room that does not answer.
fn room_unavailable(error: &RoomError) -> AppError {
    match error {
        // Reported when it was found.
        RoomError::Corrupt(_) => AppError::DraftUnreadable,
        RoomError::Frozen => AppError::Frozen,
        error => unavailable(error),
    }
}

fn refused(refused: Refused) -> AppError {
    match refused {
        Refused::Mistakes(errors) => AppError::Invalid {
            mistakes: errors.iter().map(imports::mistake).collect(),
        },
        Refused::Unknown(ags) => AppError::Invalid {
            mistakes: vec![Mistake {
                de: format!("Die Kommune {ags} ist nicht im Netzwerk."),
                en: format!("The municipality {ags} is not in the network."),
            }],
        },
        Refused::Store(error) => unavailable(&error),
        Refused::Room(error) => room_unavailable(&error),
    }
}

/// Seconds since 1970, UTC.
pub(crate) fn now_s() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// Milliseconds since 1970, UTC.
pub(crate) fn now_ms() -> i64 {
    i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// Today in UTC, `YYYY-MM-DD`.
fn today() -> String {
    day_of(OffsetDateTime::now_utc())
}

/// The day of a moment, `YYYY-MM-DD`.
fn day_of(moment: OffsetDateTime) -> String {
    let date = moment.date();
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}
