//! The forms of the page `/kommune/{ags}/leitbild/uebernehmen`. Reading a text and taking it over are both a POST to the page itself,
//! which answers with the page again, or leads on when it is done: it works without a script.

use std::sync::Arc;

use app::{
    backend::{TakingOver, Visitor},
    error::AppError,
    views::Recognised,
};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::post,
};
use futures::StreamExt;
use leptos::prelude::provide_context;
use model::{
    ags::Ags,
    import::rows::{self, Part, Row},
};

use crate::{backend, imports, security, site::Site};

/// Largest file, in bytes: a Word file with pictures.
pub const UPLOAD_MAX_BYTES: usize = 10 << 20;
/// What is still read of a larger one before it is answered: browsers show no answer while they send.
const DRAIN_MAX_BYTES: usize = 128 << 20;

/// The route. `context` is what every page is rendered in.
pub fn routes(site: &Site, context: impl Fn() + Clone + Send + Sync + 'static) -> Router<Site> {
    let handler = move |State(site): State<Site>, Path(ags): Path<String>, request: Request| {
        let context = context.clone();
        async move { answer(&site, &ags, request, context).await }
    };
    Router::new()
        .route("/kommune/{ags}/leitbild/uebernehmen", post(handler))
        // Read here, so that too much is answered in words.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn(security::carry_through))
        .layer(middleware::from_fn_with_state(
            site.public_url().clone(),
            security::check_origin,
        ))
}

/// What a form of the page sent.
#[derive(Default)]
struct Sent {
    /// The rows come back corrected.
    is_take: bool,
    append: bool,
    text: String,
    file_name: String,
    file: Bytes,
    rows: Vec<Row>,
}

async fn answer(
    site: &Site,
    ags: &str,
    request: Request,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> Response {
    let visitor = Visitor {
        session: security::session_cookie(request.headers(), site.public_url()),
    };
    let (parts, body) = request.into_parts();
    let outcome = match Ags::new(ags) {
        Ok(ags) => match handle(site, &visitor, &ags, &parts.headers, body).await {
            Ok(Outcome::Recognised(recognised)) => Ok(recognised),
            Ok(Outcome::Taken(points)) => {
                let there = format!("/kommune/{ags}/leitbild/uebernehmen?punkte={points}");
                return see_other(&there);
            }
            Err(refused) => Err(refused),
        },
        Err(_) => Err(AppError::NotFound.into()),
    };
    let taking = match outcome {
        Ok(recognised) => TakingOver {
            recognised: Some(recognised),
            ..TakingOver::default()
        },
        Err(Refused {
            error,
            recognised,
            pasted,
        }) => TakingOver {
            error: Some(error),
            recognised,
            pasted,
        },
    };
    let error = taking.error.clone();
    let mut request = Request::from_parts(parts, Body::empty());
    request.headers_mut().remove(header::CONTENT_LENGTH);
    let options = site.options().clone();
    let page = leptos_axum::render_app_async_with_context(
        move || {
            context();
            provide_context(Arc::new(taking.clone()));
        },
        move || app::shell(options.clone()),
    );
    let mut response = page(request).await.into_response();
    // The page says it in words; programs read the status.
    if let Some(status) = error.and_then(|error| StatusCode::from_u16(error.status()).ok())
        && response.status().is_success()
    {
        *response.status_mut() = status;
    }
    response
}

enum Outcome {
    Recognised(Recognised),
    Taken(usize),
}

/// An error goes with what was sent, so that no correction and no pasted text is lost.
struct Refused {
    error: AppError,
    recognised: Option<Recognised>,
    pasted: String,
}

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        Self {
            error,
            recognised: None,
            pasted: String::new(),
        }
    }
}

async fn handle(
    site: &Site,
    visitor: &Visitor,
    ags: &Ags,
    headers: &HeaderMap,
    body: Body,
) -> Result<Outcome, Refused> {
    // Before anything is read: who may not, costs nothing.
    let by = backend::may_take_over(site, visitor, ags).await?;
    let body = collected(body).await?;
    let sent = sent(headers, body).await?;
    let allowed = backend::count_import(site, &by);
    if !sent.is_take {
        let again = |error: AppError| Refused {
            pasted: sent.text.clone(),
            ..Refused::from(error)
        };
        allowed.map_err(again)?;
        let rows = if sent.file.is_empty() {
            let text = sent.text.clone();
            tokio::task::spawn_blocking(move || super::read("", text.as_bytes())).await
        } else {
            let (name, file) = (sent.file_name.clone(), sent.file.clone());
            tokio::task::spawn_blocking(move || super::read(&name, &file)).await
        };
        let rows = rows.map_err(|error| again(backend::unavailable(&error)))?;
        let rows = rows.map_err(|error| {
            again(AppError::Invalid {
                mistakes: vec![imports::mistake(&error)],
            })
        })?;
        return Ok(Outcome::Recognised(Recognised { rows }));
    }
    let again = |error: AppError, rows| Refused {
        recognised: Some(Recognised { rows }),
        ..Refused::from(error)
    };
    if let Err(error) = allowed {
        return Err(again(error, sent.rows));
    }
    let phases = site.store().phases().await;
    let phases = match phases {
        Ok(phases) => phases,
        Err(error) => return Err(again(backend::unavailable(&error), sent.rows)),
    };
    let leitbild = rows::leitbild(&sent.rows, &phases);
    let points = leitbild.guidelines.iter().map(|guideline| guideline.points.len()).sum();
    if leitbild.is_empty() {
        let error = AppError::invalid("So bliebe nichts zu übernehmen.", "Nothing would be left to take over.");
        return Err(again(error, sent.rows));
    }
    match backend::take_over(site, ags, leitbild, by, sent.append).await {
        Ok(()) => Ok(Outcome::Taken(points)),
        Err(error) => Err(again(error, sent.rows)),
    }
}

/// The whole body, if it is not too large. A larger one is read to its end and forgotten, so that the answer arrives.
async fn collected(body: Body) -> Result<Bytes, AppError> {
    let too_large = || {
        let mebibytes = UPLOAD_MAX_BYTES >> 20;
        AppError::invalid(
            format!(
                "Die Datei ist zu groß; höchstens {mebibytes} MB sind möglich. Ohne Bilder ist sie meist klein genug."
            ),
            format!("The file is too large; the limit is {mebibytes} MB. Without pictures it is usually small enough."),
        )
    };
    let mut stream = body.into_data_stream();
    let (mut bytes, mut seen) = (Vec::new(), 0_usize);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| {
            AppError::invalid(
                "Die Datei kam nicht vollständig an.",
                "The file did not arrive completely.",
            )
        })?;
        seen += chunk.len();
        if seen > DRAIN_MAX_BYTES {
            return Err(too_large());
        }
        if seen <= UPLOAD_MAX_BYTES {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = Vec::new();
        }
    }
    if seen > UPLOAD_MAX_BYTES {
        return Err(too_large());
    }
    Ok(bytes.into())
}

async fn sent(headers: &HeaderMap, body: Bytes) -> Result<Sent, AppError> {
    let unreadable = || AppError::invalid("Das Formular ließ sich nicht lesen.", "The form could not be read.");
    let mut request = Request::new(Body::from(body));
    if let Some(kind) = headers.get(header::CONTENT_TYPE) {
        request.headers_mut().insert(header::CONTENT_TYPE, kind.clone());
    }
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(|_| unreadable())? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().unwrap_or_default().to_owned();
        let value = field.bytes().await.map_err(|_| unreadable())?;
        if name == "file" {
            sent.file_name = file_name;
            sent.file = value;
            continue;
        }
        let value = String::from_utf8(value.into()).map_err(|_| unreadable())?;
        match name.as_str() {
            "step" => sent.is_take = value == "take",
            "into" => sent.append = value == "append",
            "text" => sent.text = value,
            "part" => sent.rows.push(Row {
                part: Part::parse(&value).ok_or_else(unreadable)?,
                text: String::new(),
            }),
            // Each row sends what it is, then its words.
            "words" => match sent.rows.last_mut() {
                Some(row) => row.text = value,
                None => return Err(unreadable()),
            },
            _ => {}
        }
        if sent.rows.len() > rows::MAX_ROWS {
            return Err(unreadable());
        }
    }
    Ok(sent)
}

fn see_other(there: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(there) = HeaderValue::from_str(there) {
        response.headers_mut().insert(header::LOCATION, there);
    }
    response
}
