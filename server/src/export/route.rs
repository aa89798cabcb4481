//! The addresses of the files: `/kommune/{ags}/leitbild.{ending}` for the published text, `/kommune/{ags}/leitbild/entwurf.{ending}`
//! for the draft.

use std::convert::Infallible;

use app::{backend::Visitor, error::AppError};
use axum::{
    Router,
    body::Bytes,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use model::{ags::Ags, paper::Paper};
use sha2::{Digest, Sha256};
use tower::{ServiceExt, util::BoxCloneSyncService};

use super::{Format, disposition, docx, html, json, markdown, style_hash};
use crate::{backend, security, site::Site};

/// Stands for the form of the files in their `ETag`: whoever changes a format counts on.
const FORMS: u8 = 1;

/// The routes. `missing` answers with the page that says that there is nothing.
pub fn routes(missing: BoxCloneSyncService<Request, Response, Infallible>) -> Router<Site> {
    let mut router = Router::new();
    for format in Format::ALL {
        let ending = format.ending();
        for (address, draft) in [
            (format!("/kommune/{{ags}}/leitbild.{ending}"), false),
            (format!("/kommune/{{ags}}/leitbild/entwurf.{ending}"), true),
        ] {
            let missing = missing.clone();
            let handler = move |State(site): State<Site>, Path(ags): Path<String>, request: Request| async move {
                match export(&site, &ags, draft, format, request.headers()).await {
                    Ok(response) => response,
                    Err(AppError::NotFound) => missing.oneshot(request).await.into_response(),
                    Err(error) => refusal(&error),
                }
            };
            router = router.route(&address, get(handler));
        }
    }
    router
}

async fn export(
    site: &Site,
    ags: &str,
    draft: bool,
    format: Format,
    headers: &HeaderMap,
) -> Result<Response, AppError> {
    let ags = Ags::new(ags).map_err(|_| AppError::NotFound)?;
    let visitor = Visitor {
        session: security::session_cookie(headers, site.public_url()),
    };
    let paper = backend::paper(site, &visitor, &ags, draft).await?;
    let tag = tag(&paper, format)?;
    // Compressed or not it is the same text: a weak tag.
    let etag = format!("W/\"{tag}\"");
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|known| known.split(',').any(|known| known.trim() == etag));
    let mut response = if known && !draft {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let body = body(site, &paper, format, &tag).await?;
        let headers = [
            (header::CONTENT_TYPE, format.content_type().to_owned()),
            (header::CONTENT_DISPOSITION, disposition(&paper, format)),
            (header::CONTENT_LANGUAGE, "de".to_owned()),
            (header::CONTENT_SECURITY_POLICY, policy(format)),
        ];
        (headers, body).into_response()
    };
    let headers = response.headers_mut();
    if draft {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    } else {
        // Kept, but asked about each time: a new publication is seen at once.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            headers.insert(header::ETAG, etag);
        }
    }
    Ok(response)
}

async fn body(site: &Site, paper: &Paper, format: Format, tag: &str) -> Result<Bytes, AppError> {
    Ok(match format {
        Format::Markdown => markdown(paper).into(),
        Format::Html => html(paper).into(),
        Format::Json => json(paper).map_err(|error| backend::unavailable(&error))?.into(),
        Format::Docx => docx(paper).map_err(|error| backend::unavailable(&error))?.into(),
        Format::Pdf => site
            .pdf_program()
            .pdf(paper, tag)
            .await
            .map_err(|error| backend::unavailable(&error))?,
    })
}

/// Names the content: whatever is on the paper, and its form.
fn tag(paper: &Paper, format: Format) -> Result<String, AppError> {
    let text = serde_json::to_vec(paper).map_err(|error| backend::unavailable(&error))?;
    let mut hash = Sha256::new();
    hash.update([FORMS]);
    hash.update(format.ending());
    hash.update(text);
    Ok(hash
        .finalize()
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Nothing is loaded and nothing runs; of the HTML only its own style counts.
fn policy(format: Format) -> String {
    let style = match format {
        Format::Html => format!("style-src '{}'; ", style_hash()),
        _ => String::new(),
    };
    format!("default-src 'none'; {style}base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
}

fn refusal(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let text = match error {
        AppError::NotSignedIn => {
            "Der Entwurf ist nur für Menschen mit einem Link zu sehen.\nOnly people with a link can see the draft.\n"
        }
        AppError::DraftUnreadable => "Der Entwurf lässt sich nicht öffnen.\nThe draft cannot be opened.\n",
        _ => {
            "Das geht gerade nicht. Bitte versuchen Sie es später noch einmal.\nThis is not possible right now. Please try again later.\n"
        }
    };
    (status, [(header::CACHE_CONTROL, "no-store")], text).into_response()
}
