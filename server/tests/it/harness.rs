//! The whole site on an in-memory database, spoken to over HTTP without a listener.

use std::time::Duration;

use app::{error::AppError, packed::Packed};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use leitnetz::{Site, config::PublicUrl, demo};
use leptos::prelude::LeptosOptions;
use store::Store;
use tower::ServiceExt;

pub const ORIGIN: &str = "http://127.0.0.1:3000";

/// How long an answer may take on the slowest machine.
pub const PATIENCE: Duration = Duration::from_secs(120);

pub struct TestSite {
    pub site: Site,
    router: Router,
}

pub struct Answer {
    pub status: StatusCode,
    pub cookie: Option<String>,
    pub location: Option<String>,
    pub headers: HeaderMap,
    pub body: String,
    bytes: Vec<u8>,
}

impl Answer {
    /// The data of a page.
    pub fn open<T: serde::de::DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        Packed::from_bytes(self.bytes.clone()).open().unwrap()
    }

    /// Why it was refused.
    pub fn error(&self) -> AppError {
        assert!(!self.status.is_success(), "{}", self.body);
        Packed::from_bytes(self.bytes.clone()).open().unwrap()
    }
}

impl TestSite {
    /// With the demonstration network.
    pub async fn new() -> Self {
        let store = Store::open("mem://").await.unwrap();
        let options = LeptosOptions::builder().output_name("leitnetz").build();
        let site = Site::new(store.clone(), PublicUrl::parse(ORIGIN).unwrap(), options).unwrap();
        demo::load(&store, site.rooms()).await.unwrap();
        let router = site.router();
        Self { site, router }
    }

    pub async fn get(&self, path: &str, cookie: Option<&str>) -> Answer {
        self.send(Method::GET, path, cookie, None, "").await
    }

    /// A form as our own pages send it.
    pub async fn post(&self, path: &str, cookie: Option<&str>, form: &str) -> Answer {
        self.send(Method::POST, path, cookie, Some(ORIGIN), form).await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        cookie: Option<&str>,
        origin: Option<&str>,
        form: &str,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT_LANGUAGE, "de");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        self.ask(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// Any request.
    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let what = format!("{} {}", request.method(), request.uri());
        let answer = async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            (parts, to_bytes(body, usize::MAX).await.unwrap())
        };
        // A page that hangs is a finding with a name, not a test run without an end.
        let (response, body) = tokio::time::timeout(PATIENCE, answer)
            .await
            .unwrap_or_else(|_| panic!("{what} is not answered"));
        let header = |name| {
            response
                .headers
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let cookie = header(header::SET_COOKIE).and_then(|cookie| cookie.split(';').next().map(str::to_owned));
        let location = header(header::LOCATION);
        Answer {
            status: response.status,
            cookie,
            location,
            headers: response.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            bytes: body.into(),
        }
    }

    /// The coordinator's cookie, after setting a password with a one-time secret.
    pub async fn coordinator(&self) -> String {
        let secret = leitnetz::secrets::fresh().unwrap();
        self.site
            .store()
            .put_one_time(&leitnetz::secrets::hash(&secret), i64::MAX)
            .await
            .unwrap();
        let answer = self
            .post(
                "/api/set_password",
                None,
                &format!("secret={secret}&password=ein+langer+Probesatz"),
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.cookie.unwrap()
    }

    /// The secret of a fresh link, and its id.
    pub async fn link(&self, coordinator: &str, ags: &str, role: &str) -> (String, String) {
        let form = format!("ags={ags}&role={role}&label=Probe");
        let answer = self.post("/api/make_link", Some(coordinator), &form).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let link: app::views::NewLink = serde_json::from_str(&answer.body).unwrap();
        (link.url.rsplit('/').next().unwrap().to_owned(), link.id)
    }

    /// The cookie of somebody who joined by a link.
    pub async fn participant(&self, secret: &str, name: &str) -> String {
        let answer = self
            .post("/api/redeem_link", None, &format!("secret={secret}&name={name}"))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.cookie.unwrap()
    }
}
