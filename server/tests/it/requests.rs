//! Requests and connections whose other end goes away, or never says anything.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use futures::FutureExt;
use leitnetz::{
    rooms::{MemoryLog, Rooms, SystemClock, SystemEntropy},
    serve::{listen, serve},
};
use tokio::{io::AsyncReadExt, net::TcpStream};
use tower::ServiceExt;

use crate::harness::{ORIGIN, TestSite};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_begun_is_carried_through_when_whoever_asked_is_gone() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let (secret, id) = site.link(&coordinator, "05566", "participate").await;
    let request = Request::post("/api/withdraw_link")
        .header(header::HOST, "127.0.0.1:3000")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, ORIGIN)
        .header(header::COOKIE, &coordinator)
        .body(Body::from(format!("ags=05566&link={id}")))
        .unwrap();
    let mut asked = Box::pin(site.site.router().oneshot(request));
    assert!((&mut asked).now_or_never().is_none(), "it takes a moment");
    drop(asked);
    let redeem = format!("secret={secret}&name=Ada");
    let withdrawn = async {
        while site.post("/api/redeem_link", None, &redeem).await.status == StatusCode::OK {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), withdrawn).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_says_nothing_is_let_go() {
    let rooms = Rooms::new(
        Arc::new(MemoryLog::default()),
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
    );
    let listener = listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { serve(listener, Router::new(), &rooms).await });
    for begin in [&b""[..], b"P", b"PRI * HTTP/2.0\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n"] {
        let mut silent = TcpStream::connect(address).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut silent, begin).await.unwrap();
        let mut answer = Vec::new();
        // The clock stands still but for this: it goes on to the next deadline when there is nothing else to do.
        let ended = tokio::time::timeout(Duration::from_secs(60), silent.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "{begin:?}: {answer:?}");
    }
    server.abort();
}
