//! `/sync/{ags}/events` and `/sync/{ags}/messages`: the fallback where WebSockets are blocked.

use axum::{
    body::{Body, to_bytes},
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{ags::Ags, limits};
use serde::Deserialize;

use super::{Sender, Token, credential, enter, sender};
use crate::{
    config::PublicUrl,
    rooms::events::{self, PostError},
    secrets,
    site::Site,
};

/// The largest post: one message behind its length.
const POST_MAX_BYTES: usize = limits::MESSAGE_MAX_BYTES + 4;

/// Which stream a post belongs to.
#[derive(Debug, Deserialize)]
pub(super) struct Post {
    /// The id that the stream's first event named.
    connection: String,
    /// Counts the posts of this stream, from 1.
    post: Option<u64>,
    token: Option<String>,
}

/// Opens the stream of the server's frames.
pub(super) async fn open(
    State(site): State<Site>,
    Path(ags): Path<String>,
    Query(token): Query<Token>,
    headers: HeaderMap,
) -> Response {
    let Ok(ags) = Ags::new(&ags) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let sender = reading_sender(&site, &headers);
    if sender == Sender::Foreign {
        return StatusCode::FORBIDDEN.into_response();
    }
    let credential = credential(&site, &headers, token, sender);
    let id = match secrets::fresh() {
        Ok(id) => id,
        Err(error) => {
            tracing::error!(error = %error, "There is no randomness.");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let body = match (enter(&site, &ags, credential.as_ref()).await, credential) {
        (Ok(connection), Some(credential)) => {
            Body::from_stream(site.streams().open(id, owner(&ags, &credential.hash()), connection))
        }
        (Err(code), _) => Body::from(events::close(code)),
        (Ok(_), None) => return StatusCode::FORBIDDEN.into_response(),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // nginx otherwise collects what a stream brings.
        (
            HeaderName::from_static("x-accel-buffering"),
            HeaderValue::from_static("no"),
        ),
    ];
    (headers, body).into_response()
}

/// Takes frames of the client.
pub(super) async fn post(
    State(site): State<Site>,
    Path(ags): Path<String>,
    Query(post): Query<Post>,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    let Ok(ags) = Ags::new(&ags) else {
        return StatusCode::NOT_FOUND;
    };
    // Browsers send an Origin with every POST.
    let sender = sender(&site, &headers);
    let Post {
        connection,
        post,
        token,
    } = post;
    let Some(credential) = credential(&site, &headers, Token { token }, sender) else {
        return StatusCode::FORBIDDEN;
    };
    let owner = owner(&ags, &credential.hash());
    let body = async { to_bytes(body, POST_MAX_BYTES).await.ok() };
    match site.streams().post(&connection, &owner, post, body).await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(PostError::Unknown) => StatusCode::NOT_FOUND,
        Err(PostError::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
        Err(PostError::Slow) => StatusCode::REQUEST_TIMEOUT,
        Err(PostError::Malformed) => StatusCode::BAD_REQUEST,
        Err(PostError::OutOfOrder) => StatusCode::CONFLICT,
    }
}

/// Who opens a stream. Browsers send no Origin with a GET to the page's own site, but they say that it is their own, or
/// which page it was.
fn reading_sender(site: &Site, headers: &HeaderMap) -> Sender {
    if headers.contains_key(header::ORIGIN) {
        return sender(site, headers);
    }
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(&HeaderName::from_static("sec-fetch-site")) {
        Some("same-origin") => Sender::OurPage,
        Some(_) => Sender::Foreign,
        None => match text(&header::REFERER) {
            Some(page) if is_ours(page, site.public_url()) => Sender::OurPage,
            Some(_) => Sender::Foreign,
            None => Sender::Tool,
        },
    }
}

fn is_ours(page: &str, public_url: &PublicUrl) -> bool {
    public_url.allowed_origins.iter().any(|origin| {
        page.strip_prefix(origin.as_str())
            .is_some_and(|path| path.is_empty() || path.starts_with('/'))
    })
}

fn owner(ags: &Ags, credential: &str) -> String {
    format!("{ags} {credential}")
}
