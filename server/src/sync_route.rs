//! `/sync/{ags}`: who gets a socket to a room. What travels over it is the business of [`crate::rooms`].

use axum::{
    extract::{Path, Query, State, WebSocketUpgrade},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{ags::Ags, wire::close};
use serde::Deserialize;

use crate::{
    rooms::{Identity, LinkId, ParticipantId, RoomError, socket},
    secrets,
    security::{origin_is_ours, session_cookie},
    site::Site,
};

/// What tools without cookies send.
#[derive(Debug, Deserialize)]
pub struct Token {
    /// The secret of an edit link.
    token: Option<String>,
}

/// Opens the socket for link holders. Refusals are told over the socket (close code 4401), because browsers hide the
/// status of a failed upgrade from the page.
pub async fn open(
    State(site): State<Site>,
    Path(ags): Path<String>,
    Query(token): Query<Token>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Ok(ags) = Ags::new(&ags) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // A browser always sends an Origin, and a foreign one must not use the cookie. Tools send none, and need a token.
    let from_browser = headers.contains_key(header::ORIGIN);
    if from_browser && !origin_is_ours(&headers, site.public_url()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let identity = match (token.token, from_browser) {
        (Some(token), _) => by_token(&site, &ags, &token).await,
        (None, true) => by_cookie(&site, &ags, &headers).await,
        (None, false) => None,
    };
    let upgrade = socket::configure(upgrade);
    let Some(identity) = identity else {
        return upgrade.on_upgrade(|socket| socket::turn_away(socket, close::NOT_ALLOWED));
    };
    match site.rooms().join(&ags, identity).await {
        Ok(connection) => upgrade.on_upgrade(|socket| socket::serve(socket, connection)),
        Err(RoomError::Revoked) => upgrade.on_upgrade(|socket| socket::turn_away(socket, close::NOT_ALLOWED)),
        Err(error) => {
            tracing::warn!(room.ags = %ags, error = %error, "A socket was asked to come again later.");
            upgrade.on_upgrade(|socket| socket::turn_away(socket, close::TRY_AGAIN))
        }
    }
}

/// The participant that this browser is.
async fn by_cookie(site: &Site, ags: &Ags, headers: &HeaderMap) -> Option<Identity> {
    let session = session_cookie(headers, site.public_url())?;
    let (participant, link) = site.participant(&session, ags).await?;
    Some(Identity {
        participant: ParticipantId(participant.id),
        link: Some(LinkId(link.id)),
        name: participant.name,
        color: participant.color,
        role: link.role,
    })
}

/// A tool: one participant for each link, so that it can take up its own client ids when it comes back.
async fn by_token(site: &Site, ags: &Ags, token: &str) -> Option<Identity> {
    let link = match site.store().link_by_secret(&secrets::hash(token)).await {
        Ok(link) => link?,
        Err(error) => {
            tracing::error!(error = %error, "A link could not be looked up.");
            return None;
        }
    };
    (!link.withdrawn && link.ags == *ags).then(|| Identity {
        participant: ParticipantId(format!("link:{}", link.id)),
        name: if link.label.is_empty() {
            "Programm".to_owned()
        } else {
            link.label.clone()
        },
        link: Some(LinkId(link.id)),
        color: 7,
        role: link.role,
    })
}
