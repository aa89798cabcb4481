use std::future::Future;

use bytes::Bytes;
use futures::{Sink, Stream};
use leptos::server_fn::{
    client::{Client, browser::BrowserClient},
    request::browser::BrowserRequest,
    response::{ClientRes, browser::BrowserResponse},
};

use crate::error::AppError;

/// How a page calls the server: the browser's `fetch`, whose status is read before the body. What stands between the two
/// refuses in words of its own, and words that cannot be read would pass for another release's.
pub struct Caller;

impl Client<AppError> for Caller {
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    async fn send(request: BrowserRequest) -> Result<BrowserResponse, AppError> {
        let response = <BrowserClient as Client<AppError>>::send(request).await?;
        match refused(<BrowserResponse as ClientRes<AppError>>::status(&response)) {
            Some(error) => Err(error),
            None => Ok(response),
        }
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static,
                impl Sink<Bytes> + Send + 'static,
            ),
            AppError,
        >,
    > + Send {
        <BrowserClient as Client<AppError>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<AppError>>::spawn(future);
    }
}

/// What a status says by itself, whoever answered: it has one meaning here and at a proxy.
fn refused(status: u16) -> Option<AppError> {
    match status {
        413 => Some(AppError::TooLarge),
        429 => Some(AppError::TooManyAttempts),
        502..=599 => Some(AppError::Unavailable),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxys_answer_is_not_taken_for_another_release() {
        assert_eq!(refused(413), Some(AppError::TooLarge));
        assert_eq!([502, 503, 504].map(refused), [const { Some(AppError::Unavailable) }; 3]);
        // These have a body that says more.
        assert_eq!([200, 400, 404, 409, 422, 500].map(refused), [const { None }; 6]);
        for error in [AppError::TooLarge, AppError::TooManyAttempts, AppError::Unavailable] {
            assert_eq!(refused(error.status()), Some(error), "the server means the same");
        }
    }
}
