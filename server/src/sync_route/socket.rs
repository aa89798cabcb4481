//! `/sync/{ags}`: the WebSocket.

use axum::{
    extract::{Path, Query, State, WebSocketUpgrade},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use model::ags::Ags;

use super::{Sender, Token, credential, enter, sender};
use crate::{rooms::socket, site::Site};

/// Opens the socket for link holders.
pub(super) async fn open(
    State(site): State<Site>,
    Path(ags): Path<String>,
    Query(token): Query<Token>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Ok(ags) = Ags::new(&ags) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // A browser always sends an Origin, and a foreign one must not use the cookie.
    let sender = sender(&site, &headers);
    if sender == Sender::Foreign {
        return StatusCode::FORBIDDEN.into_response();
    }
    let credential = credential(&site, &headers, token, sender);
    let upgrade = socket::configure(upgrade);
    match enter(&site, &ags, credential.as_ref()).await {
        Ok(connection) => upgrade.on_upgrade(|socket| socket::serve(socket, connection)),
        Err(code) => upgrade.on_upgrade(move |socket| socket::turn_away(socket, code)),
    }
}
