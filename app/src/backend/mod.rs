//! What the pages and server functions need of a server.
//!
//! The server implements [`Backend`] over rooms and store and provides it as Leptos context, together with the
//! [`Visitor`] of the request. A page never sees the database; a publish or a withdrawal reaches the rooms. What belongs
//! to one subject is a trait of its own, which [`Backend`] requires.

mod authors;
mod chain;
mod papers;
mod talk;
mod versions;

use std::{future::Future, pin::Pin, sync::Arc};

use leptos::prelude::use_context;
use model::{ags::Ags, role::Role, sector::Sector};
use serde::Serialize;

use crate::{
    error::AppError,
    packed::Packed,
    views::{Choice, EditorPage, ImportReport, Invitation, NetworkPage, NewLink, ProfilePage, SteeringPage},
};

pub use authors::Authors;
pub use chain::Chain;
pub use papers::{Papers, TakingOver, taking_over};
pub use talk::Talk;
pub use versions::Versions;

/// A boxed future, because the trait is used as an object.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, AppError>> + Send + 'a>>;

/// Who asks: the browser's session cookie, if it sent one. What it allows is looked up at each call, so that a
/// withdrawal takes effect at once.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    /// The secret of the session cookie.
    pub session: Option<String>,
}

/// A session the browser shall keep from now on.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Value for the `Set-Cookie` header, complete with its attributes.
    pub set_cookie: String,
}

/// Everything the pages ask of the server. Every method checks the visitor's rights itself.
pub trait Backend: Authors + Chain + Papers + Talk + Versions + Send + Sync + 'static {
    /// All members with the map.
    fn network(&self) -> Answer<'_, NetworkPage>;
    /// One municipality as citizens see it.
    fn profile<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, ProfilePage>;
    /// The draft for link holders, the published text for everyone else.
    fn editor<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, EditorPage>;
    /// What a link leads to; changes nothing.
    fn invitation<'a>(&'a self, visitor: &'a Visitor, secret: &'a str) -> Answer<'a, Invitation>;
    /// Makes this browser a participant. Answers with where to go and the session to keep.
    fn redeem<'a>(
        &'a self,
        visitor: &'a Visitor,
        secret: &'a str,
        name: &'a str,
        sector: Option<Sector>,
    ) -> Answer<'a, (Ags, Option<NewSession>)>;
    /// Signs the coordinator in; who this browser is in drafts it stays.
    fn sign_in<'a>(&'a self, visitor: &'a Visitor, password: &'a str) -> Answer<'a, NewSession>;
    /// Ends the coordinator's session; the browser stays a participant.
    fn sign_out<'a>(&'a self, visitor: &'a Visitor) -> Answer<'a, ()>;
    /// Sets the coordinator's password with the one-time secret and signs in.
    fn set_password<'a>(&'a self, visitor: &'a Visitor, secret: &'a str, password: &'a str) -> Answer<'a, NewSession>;
    /// All municipalities for the coordinator's overview.
    fn choices<'a>(&'a self, visitor: &'a Visitor) -> Answer<'a, Vec<Choice>>;
    /// The coordinator's page of one municipality.
    fn steering<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, SteeringPage>;
    /// Makes a link that may be shared.
    fn make_link<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, role: Role, label: &'a str) -> Answer<'a, NewLink>;
    /// Withdraws a link and closes the sockets of those who came by it.
    fn withdraw_link<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, link: &'a str) -> Answer<'a, ()>;
    /// Erases a person's name and what they said.
    fn erase_person<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, participant: &'a str) -> Answer<'a, ()>;
    /// Makes the coordinator's browser a participant who facilitates.
    fn join_draft<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, ()>;
    /// Freezes the draft as the text citizens read.
    fn publish<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, ()>;
    /// Takes over a profile page: facts with their source, the Leitbild as a draft.
    fn import_profile<'a>(
        &'a self,
        visitor: &'a Visitor,
        ags: &'a Ags,
        text: &'a str,
        source: &'a str,
        date: &'a str,
    ) -> Answer<'a, ImportReport>;
    /// Takes over a CSV of facts.
    fn import_facts<'a>(&'a self, visitor: &'a Visitor, csv: &'a str) -> Answer<'a, ImportReport>;
}

/// The backend of this request.
///
/// # Errors
/// [`AppError::Unavailable`] where the server provided none, which only a wrongly built router does.
pub fn backend() -> Result<Arc<dyn Backend>, AppError> {
    use_context::<Arc<dyn Backend>>().ok_or(AppError::Unavailable)
}

/// The visitor of this request; a stranger where the server provided none.
#[must_use]
pub fn visitor() -> Visitor {
    use_context::<Visitor>().unwrap_or_default()
}

/// Ends a server function: an error also sets the HTTP status, so that tools and logs see what people read. A form that was
/// sent without a script goes back to its page instead, which shows the error.
///
/// # Errors
/// Hands on the error it was given.
pub fn answered<T>(result: Result<T, AppError>) -> Result<T, AppError> {
    if let (Err(error), Some(response)) = (&result, use_context::<leptos_axum::ResponseOptions>())
        && !is_plain_form()
        && let Ok(status) = http::StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
    result
}

/// Is this request a form that a browser sent by itself? Leptos answers such a one with a redirect.
fn is_plain_form() -> bool {
    use_context::<http::request::Parts>().is_some_and(|request| {
        let accepted = request.headers.get(http::header::ACCEPT);
        request.method == http::Method::POST
            && accepted.is_some_and(|types| types.to_str().is_ok_and(|types| types.contains("text/html")))
    })
}

/// Ends a server function that fills a page.
///
/// # Errors
/// Hands on the error it was given.
pub fn packed<T: Serialize>(result: Result<T, AppError>) -> Result<Packed<T>, AppError> {
    answered(result.and_then(|value| Packed::new(&value)))
}

/// Tells the browser to keep `session`.
pub fn keep(session: &NewSession) {
    if let (Some(response), Ok(value)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::HeaderValue::from_str(&session.set_cookie),
    ) {
        response.append_header(http::header::SET_COOKIE, value);
    }
}
