//! What protects every request, whatever it asks for: headers, and the Origin of whatever changes something.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use store::SESSION_S;

use crate::config::PublicUrl;

/// Files under here carry a content hash in their names.
const HASHED_FILES: &str = "/pkg/";

/// Refuses what would change something and does not come from our own pages. Server functions do not check this
/// themselves; the WebSocket has its own check, because tools without an Origin may use it with a token.
pub async fn check_origin(State(public_url): State<PublicUrl>, request: Request, next: Next) -> Response {
    if reads(request.method()) || origin_is_ours(request.headers(), &public_url) {
        return next.run(request).await;
    }
    (
        StatusCode::FORBIDDEN,
        "Diese Anfrage kam von einer anderen Seite und wurde nicht ausgeführt.\n\
         This request came from another site and was not carried out.\n",
    )
        .into_response()
}

/// Carries what changes something through to its end, also when whoever asked for it goes meanwhile, as phones do. Dropped in the
/// middle, a link would be withdrawn in the store while its sockets stay open.
pub async fn carry_through(request: Request, next: Next) -> Response {
    if reads(request.method()) {
        return next.run(request).await;
    }
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "A request broke off.");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Does the request say that it comes from our own pages?
#[must_use]
pub fn origin_is_ours(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    headers
        .get(header::ORIGIN)
        .and_then(|origin| origin.to_str().ok())
        .is_some_and(|origin| public_url.allowed_origins.iter().any(|allowed| allowed == origin))
}

/// Adds the headers that are the same for every answer. The Content-Security-Policy of pages carries a nonce and is set
/// where they are rendered.
pub async fn add_headers(State(public_url): State<PublicUrl>, request: Request, next: Next) -> Response {
    const ALWAYS: [(HeaderName, &str); 2] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    // Only documents heed these; a first visit loads twenty files.
    const DOCUMENTS: [(HeaderName, &str); 3] = [
        // `same-origin`, not `no-referrer`: with the latter browsers send forms with `Origin: null`. Not `strict-origin` either:
        // without a script, a form that is refused finds back to its page by the whole address.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
        ),
    ];
    let hashed = request.uri().path().starts_with(HASHED_FILES);
    let mut response = next.run(request).await;
    let succeeded = response.status().is_success();
    let headers = response.headers_mut();
    let documents = DOCUMENTS.into_iter().filter(|_| !hashed);
    for (name, value) in ALWAYS.into_iter().chain(documents) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if public_url.secure {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    if hashed && succeeded {
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        );
        // Nobody asks again for what never changes, or for parts of it; with twenty files this is more than a kilobyte.
        headers.remove(header::LAST_MODIFIED);
        headers.remove(header::ACCEPT_RANGES);
    } else if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    response
}

/// The value of the session cookie.
#[must_use]
pub fn session_cookie(headers: &HeaderMap, public_url: &PublicUrl) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == public_url.cookie_name())
        .map(|(_, value)| value.to_owned())
}

/// The `Set-Cookie` value that keeps a session as long as it counts.
#[must_use]
pub fn keep_session(secret: &str, public_url: &PublicUrl) -> String {
    let secure = if public_url.secure { "; Secure" } else { "" };
    format!(
        "{}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={SESSION_S}{secure}",
        public_url.cookie_name()
    )
}
