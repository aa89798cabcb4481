//! The whole program without a listener: the router over store and rooms.

use std::sync::{Arc, LazyLock};

use app::{
    App,
    backend::{Backend, Visitor},
    shell,
};
use axum::{Router, extract::FromRef, handler::Handler, middleware, routing::get};
use leptos::prelude::{LeptosOptions, provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, file_and_error_handler_with_context, generate_route_list};
use model::{ags::Ags, limits::BODY_MAX_BYTES, map::MapData};
use store::{Link, Participant, Store, StoreError};
use tower::util::BoxCloneSyncService;
use tower_http::{CompressionLevel, compression::CompressionLayer, limit::RequestBodyLimitLayer, services::ServeDir};

use crate::{
    backend::{SiteBackend, now_s},
    config::PublicUrl,
    demo,
    export::{self, PdfProgram},
    failure::Failure,
    rates::Rates,
    rooms::{Rooms, SystemClock, SystemEntropy, events::Streams},
    secrets, security,
    store_log::StoreLog,
    sync_route, take_over,
};

/// How hard pages are compressed with brotli: 4 is the default, and 6 makes the page of the network a tenth smaller for some ten
/// milliseconds. Files are compressed when they are built.
const PAGE_QUALITY: i32 = 6;

/// The pages' routes. Made once in a process: while leptos makes the list, a page that begins to wait for its data anywhere in
/// the process waits for ever (leptos issue 4773, leptos_server 0.8.8), and nobody has a router before the list is there.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// Everything that handlers share; cheap to clone.
#[derive(Clone)]
pub struct Site {
    store: Store,
    rooms: Rooms,
    streams: Streams,
    rates: Arc<Rates>,
    public_url: Arc<PublicUrl>,
    map: Arc<MapData>,
    pdf_program: PdfProgram,
    options: LeptosOptions,
}

impl Site {
    /// Builds the site over an open store. `options` say where the browser's files lie.
    ///
    /// # Errors
    /// [`Failure::ShippedData`] when the map that comes with the program is faulty.
    pub fn new(store: Store, public_url: PublicUrl, options: LeptosOptions) -> Result<Self, Failure> {
        let rooms = Rooms::new(
            Arc::new(StoreLog(store.clone())),
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
        );
        Ok(Self {
            store,
            rooms,
            streams: Streams::default(),
            rates: Arc::default(),
            public_url: Arc::new(public_url),
            map: Arc::new(demo::map()?),
            pdf_program: PdfProgram::beside_this(),
            options,
        })
    }

    /// The rooms with the living texts.
    #[must_use]
    pub fn rooms(&self) -> &Rooms {
        &self.rooms
    }

    /// The open connections of those who cannot have a WebSocket.
    #[must_use]
    pub fn streams(&self) -> &Streams {
        &self.streams
    }

    /// How often participants do what is counted.
    #[must_use]
    pub fn rates(&self) -> &Rates {
        &self.rates
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// How browsers reach this server.
    #[must_use]
    pub fn public_url(&self) -> &PublicUrl {
        &self.public_url
    }

    /// Where the browser's files lie.
    #[must_use]
    pub fn options(&self) -> &LeptosOptions {
        &self.options
    }

    /// The map of the network.
    #[must_use]
    pub fn map(&self) -> &MapData {
        &self.map
    }

    /// The program that makes PDFs.
    #[must_use]
    pub fn pdf_program(&self) -> &PdfProgram {
        &self.pdf_program
    }

    /// The participant that the browser with this session is, if the link it came by is still valid. The link's role is
    /// what this participant may do: a facilitator may have set something else than the link says. The coordinator's own links are
    /// valid only while that browser is signed in.
    ///
    /// # Errors
    /// What the store says: not being able to tell is not the same as nobody, whose page forgets what it kept.
    pub async fn participant(&self, session: &str, ags: &Ags) -> Result<Option<(Participant, Link)>, StoreError> {
        let session = secrets::hash(session);
        let found = self.store.participant(&session, ags).await?;
        let Some((participant, link)) = found.filter(|(_, link)| !link.withdrawn) else {
            return Ok(None);
        };
        if link.own {
            let session = self.store.session(&session, now_s()).await?;
            if !session.is_some_and(|session| session.coordinator) {
                return Ok(None);
            }
        }
        let role = participant.role_by(&link);
        Ok(Some((participant, Link { role, ..link })))
    }

    /// Every route.
    pub fn router(&self) -> Router {
        let backend: Arc<dyn Backend> = Arc::new(SiteBackend::new(self.clone()));
        let public_url = Arc::clone(&self.public_url);
        let context = move || {
            provide_context(Arc::clone(&backend));
            let session = use_context::<http::request::Parts>()
                .and_then(|parts| security::session_cookie(&parts.headers, &public_url));
            provide_context(Visitor { session });
        };
        let pages_context = context.clone();
        let take_over = take_over::routes(self, context.clone());
        let options = self.options.clone();
        // Leptos' own handler would serve files, too, but gives a file the status that a page rendered at the same time on
        // the same thread has asked for.
        let files = ServeDir::new(&*options.site_root)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip();
        let missing = file_and_error_handler_with_context::<Self, _>(pages_context, shell).with_state(self.clone());
        let exports = export::routes(BoxCloneSyncService::new(missing.clone()));
        Router::new()
            .route("/healthz", get(|| async { "ok" }))
            .leptos_routes_with_context(self, PAGES.clone(), context, move || shell(options.clone()))
            .merge(exports)
            .fallback_service(files.fallback(missing))
            .layer(middleware::from_fn(security::carry_through))
            .layer(CompressionLayer::new().quality(CompressionLevel::Precise(PAGE_QUALITY)))
            .layer(RequestBodyLimitLayer::new(BODY_MAX_BYTES))
            .layer(middleware::from_fn_with_state(
                self.public_url.as_ref().clone(),
                security::check_origin,
            ))
            // Behind the layers above: these routes have their own check, and their own limit on what is posted.
            .merge(sync_route::routes())
            .merge(take_over)
            .layer(middleware::from_fn_with_state(
                self.public_url.as_ref().clone(),
                security::add_headers,
            ))
            .with_state(self.clone())
    }
}

impl FromRef<Site> for LeptosOptions {
    fn from_ref(site: &Site) -> Self {
        site.options.clone()
    }
}
