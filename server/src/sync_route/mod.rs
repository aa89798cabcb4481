//! `/sync/{ags}`: who gets into a room, over which transport. What travels is the business of [`crate::rooms`].
//!
//! Both transports let in the same people: a browser with the cookie of a redeemed link, whose request comes from our
//! own pages, or a tool with the secret of a link. Who is not let in is told by close code 4401, because browsers hide
//! the status of a failed upgrade or stream from the page.

mod events;
mod socket;

use axum::{
    Router,
    http::{HeaderMap, header},
    routing::{get, post},
};
use model::{ags::Ags, wire::close};
use serde::Deserialize;
use store::StoreError;

use crate::{
    rooms::{Connection, Identity, LinkId, ParticipantId, RoomError},
    secrets,
    security::{origin_is_ours, session_cookie},
    site::Site,
};

/// The routes. They check the Origin themselves, because tools without one may come in with a token.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/sync/{ags}", get(socket::open))
        .route("/sync/{ags}/events", get(events::open))
        .route("/sync/{ags}/messages", post(events::post))
}

/// What tools without cookies send.
#[derive(Debug, Deserialize)]
struct Token {
    /// The secret of an edit link.
    token: Option<String>,
}

/// What a request proves its right with.
enum Credential {
    Session(String),
    Token(String),
}

/// Whether a request comes from our own pages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sender {
    OurPage,
    /// Not a browser, as far as one can see.
    Tool,
    Foreign,
}

/// Who sends it, by its Origin alone: for requests that browsers always give one.
fn sender(site: &Site, headers: &HeaderMap) -> Sender {
    if !headers.contains_key(header::ORIGIN) {
        Sender::Tool
    } else if origin_is_ours(headers, site.public_url()) {
        Sender::OurPage
    } else {
        Sender::Foreign
    }
}

/// What the request proves its right with: a token, or the cookie if one of our pages sent it.
fn credential(site: &Site, headers: &HeaderMap, token: Token, sender: Sender) -> Option<Credential> {
    match (token.token, sender) {
        (_, Sender::Foreign) => None,
        (Some(token), _) => Some(Credential::Token(token)),
        (None, Sender::OurPage) => session_cookie(headers, site.public_url()).map(Credential::Session),
        (None, Sender::Tool) => None,
    }
}

impl Credential {
    /// Tells credentials apart without being one.
    fn hash(&self) -> String {
        match self {
            Self::Session(secret) => format!("session {}", secrets::hash(secret)),
            Self::Token(secret) => format!("token {}", secrets::hash(secret)),
        }
    }

    /// Who that is, if anybody.
    async fn identity(&self, site: &Site, ags: &Ags) -> Result<Option<Identity>, StoreError> {
        match self {
            Self::Session(session) => by_cookie(site, ags, session).await,
            Self::Token(token) => by_token(site, ags, token).await,
        }
    }
}

/// Enters the room; the close code when that may not or cannot be.
async fn enter(site: &Site, ags: &Ags, credential: Option<&Credential>) -> Result<Connection, u16> {
    let Some(credential) = credential else {
        return Err(close::NOT_ALLOWED);
    };
    let identity = credential.identity(site, ags).await.map_err(|error| {
        tracing::error!(error = %error, "Who asks could not be looked up.");
        close::TRY_AGAIN
    })?;
    let Some(identity) = identity else {
        return Err(close::NOT_ALLOWED);
    };
    site.rooms().join(ags, identity).await.map_err(|error| match error {
        RoomError::Revoked => close::NOT_ALLOWED,
        // Reported when it was found.
        RoomError::Corrupt(_) => close::BROKEN,
        error => {
            tracing::warn!(room.ags = %ags, error = %error, "A socket was asked to come again later.");
            close::TRY_AGAIN
        }
    })
}

/// The participant that this browser is.
async fn by_cookie(site: &Site, ags: &Ags, session: &str) -> Result<Option<Identity>, StoreError> {
    let found = site.participant(session, ags).await?;
    Ok(found.map(|(participant, link)| Identity {
        participant: ParticipantId(participant.id),
        link: Some(LinkId(link.id)),
        name: participant.name,
        color: participant.color,
        role: link.role,
    }))
}

/// A tool: one participant for each link, so that it can take up its own client ids when it comes back.
async fn by_token(site: &Site, ags: &Ags, token: &str) -> Result<Option<Identity>, StoreError> {
    let found = site.store().link_by_secret(&secrets::hash(token)).await?;
    let link = found.filter(|link| !link.withdrawn && link.ags == *ags);
    Ok(link.map(|link| Identity {
        participant: ParticipantId(format!("link:{}", link.id)),
        name: if link.label.is_empty() {
            "Programm".to_owned()
        } else {
            link.label.clone()
        },
        link: Some(LinkId(link.id)),
        color: 7,
        role: link.role,
    }))
}
