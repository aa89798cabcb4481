//! What only the fallback has: who may open and post, posts that come twice, silence.

use std::{
    convert::Infallible,
    future::{pending, ready},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderName, StatusCode, header},
};
use leitnetz::rooms::events::{PostError, Streams};
use model::{
    limits,
    role::Role,
    wire::{ClientMessage, ServerMessage, close},
};
use tokio::sync::oneshot;

use super::{
    client::Client,
    conversation::{House, Transport},
    join,
    line::{Events, Line},
    log::TestLog,
    rooms,
};
use crate::harness::{ORIGIN, TestSite};

fn ping() -> Bytes {
    ClientMessage::Ping.encode().into()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_our_own_pages_use_the_cookie() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let (secret, _) = site.link(&coordinator, "05566", "participate").await;
    let cookie = site.participant(&secret, "Ada").await;
    let open = async |headers: &[(HeaderName, &str)]| {
        let headers = headers.iter().map(|(name, value)| (name.clone(), (*value).to_owned()));
        let headers = headers.chain([(header::COOKIE, cookie.clone())]).collect();
        Events::open(site.site.router(), "05566", "", headers).await
    };
    let fetch_site = HeaderName::from_static("sec-fetch-site");
    let page = format!("{ORIGIN}/kommune/05566/leitbild/bearbeiten");
    for ours in [
        (fetch_site.clone(), "same-origin"),
        (header::REFERER, page.as_str()),
        (header::ORIGIN, ORIGIN),
    ] {
        assert!(open(std::slice::from_ref(&ours)).await.is_ok(), "{ours:?}");
    }
    for foreign in [
        vec![(fetch_site.clone(), "cross-site")],
        vec![(fetch_site.clone(), "same-site")],
        vec![(header::REFERER, "http://127.0.0.1:30001/")],
        vec![
            (header::ORIGIN, "https://example.org"),
            (fetch_site.clone(), "same-origin"),
        ],
    ] {
        assert_eq!(open(&foreign).await.err(), Some(403), "{foreign:?}");
    }
    assert_eq!(
        open(&[]).await.err(),
        Some(close::NOT_ALLOWED),
        "a cookie alone says nothing about the page"
    );

    let events = open(&[(fetch_site, "same-origin")]).await.unwrap();
    let query = format!("connection={}", events.connection);
    let post = async |origin: Option<&str>, cookie: &str| {
        let mut headers = vec![(header::COOKIE, cookie.to_owned())];
        headers.extend(origin.map(|origin| (header::ORIGIN, origin.to_owned())));
        events.post_bytes(&query, &headers, Vec::new()).await
    };
    assert_eq!(post(Some(ORIGIN), &cookie).await, StatusCode::NO_CONTENT);
    assert_eq!(post(Some("https://example.org"), &cookie).await, StatusCode::FORBIDDEN);
    assert_eq!(post(None, &cookie).await, StatusCode::FORBIDDEN);
    let other = site.participant(&secret, "Bo").await;
    assert_eq!(
        post(Some(ORIGIN), &other).await,
        StatusCode::NOT_FOUND,
        "another participant cannot post into this stream"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_let_in_hears_it_on_the_stream() {
    let house = House::new(Transport::Events).await;
    assert_eq!(house.events("nosuchsecret").await.err(), Some(close::NOT_ALLOWED));
    assert_eq!(house.events("").await.err(), Some(close::NOT_ALLOWED));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_comes_twice_is_taken_once() {
    let house = House::new(Transport::Events).await;
    let secret = house.secret("anna", Role::Participate).await;
    let events = house.events(&secret).await.unwrap();
    let mut anna = Client::start(11, Line::Events(Box::new(events))).await;
    anna.settle().await;
    let update = Bytes::from(ClientMessage::Update(&anna.write(0, "einmal")).encode());
    // hello, SyncStep1, the answer to the server's SyncStep1, a ping.
    let posts = 4;
    {
        let Line::Events(events) = &anna.connection else {
            unreachable!()
        };
        for _ in 0..2 {
            assert_eq!(
                events.post_as(Some(posts + 1), std::slice::from_ref(&update)).await,
                StatusCode::NO_CONTENT
            );
        }
        assert_eq!(
            events.post_as(Some(posts + 3), std::slice::from_ref(&update)).await,
            StatusCode::CONFLICT,
            "one before it is missing"
        );
        // Two frames in one post, in their order.
        let second = Bytes::from(ClientMessage::Update(&anna.write(0, "nur ")).encode());
        assert_eq!(
            events.post_as(Some(posts + 2), &[second, ping()]).await,
            StatusCode::NO_CONTENT
        );
    }
    // The answer, and two updates: the second copy did not count.
    anna.until("saved", |anna| anna.saved == Some(3)).await;
    let leitbild = house.site.rooms().leitbild(&super::steinfurt()).await.unwrap();
    assert_eq!(leitbild.title, "nur einmal");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_post_is_refused_whole() {
    let house = House::new(Transport::Events).await;
    let secret = house.secret("anna", Role::Participate).await;
    let events = house.events(&secret).await.unwrap();
    let query = format!("connection={}", events.connection);
    let mut cut = vec![0, 0, 0, 2];
    cut.extend(ClientMessage::Ping.encode());
    cut.extend([0, 0, 0, 9, 1]);
    assert_eq!(events.post_bytes(&query, &[], cut).await, StatusCode::BAD_REQUEST);
    // Posts are counted from 1: it would be taken for one that came before.
    let zeroth = format!("{query}&post=0");
    assert_eq!(
        events.post_bytes(&zeroth, &[], Vec::new()).await,
        StatusCode::BAD_REQUEST
    );
    let nobody = "connection=aaaaaaaaaaaaaaaaaaaaaaaaaa";
    assert_eq!(events.post_bytes(nobody, &[], Vec::new()).await, StatusCode::NOT_FOUND);
    let too_long = vec![0; limits::MESSAGE_MAX_BYTES + 5];
    assert_eq!(
        events.post_bytes(&query, &[], too_long).await,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let mut anna = Client::silent(11, Line::Events(Box::new(events)));
    anna.hello().await;
    anna.settle().await;
    assert_eq!(anna.pongs, 1, "nothing of the broken post was taken");
}

/// An empty body that says when somebody begins to read it, and ends when it is told to (or nobody is there to tell).
fn slow_body() -> (Body, oneshot::Receiver<()>, oneshot::Sender<()>) {
    let (reading, is_read) = oneshot::channel();
    let (end, ended) = oneshot::channel::<()>();
    let body = futures::stream::once(async move {
        let _ = reading.send(());
        let _ = ended.await;
        Ok::<_, Infallible>(Bytes::new())
    });
    (Body::from_stream(body), is_read, end)
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_of_one_stream_are_read_one_after_the_other() {
    let house = House::new(Transport::Events).await;
    let secret = house.secret("anna", Role::Participate).await;
    let events = house.events(&secret).await.unwrap();
    let query = format!("connection={}", events.connection);
    let (one, one_is_read, end_one) = slow_body();
    let (two, mut two_is_read, _) = slow_body();
    let second = async {
        one_is_read.await.unwrap();
        let mut second = std::pin::pin!(events.post_body(&query, &[], two));
        let early = tokio::time::timeout(Duration::from_millis(200), &mut second).await;
        assert!(early.is_err() && two_is_read.try_recv().is_err(), "both are in memory");
        end_one.send(()).unwrap();
        second.await
    };
    let both = tokio::join!(events.post_body(&query, &[], one), second);
    assert_eq!(both, (StatusCode::NO_CONTENT, StatusCode::NO_CONTENT));
}

#[tokio::test(start_paused = true)]
async fn a_post_that_does_not_arrive_gives_its_turn_away() {
    let rooms = rooms(TestLog::new());
    let streams = Streams::default();
    let connection = join(&rooms, "anna").await;
    let stream = streams.open("id".to_owned(), "anna".to_owned(), connection);
    // Somebody reads it, or it would end.
    let reading = tokio::spawn(async move {
        use futures::StreamExt;
        stream.for_each(|_| ready(())).await;
    });
    let began = tokio::time::Instant::now();
    let slow = streams.post("id", "anna", None, pending());
    let next = async {
        // It waits behind the slow one, and its sender is not silent meanwhile.
        tokio::time::sleep(limits::POST_READ_TIMEOUT / 2).await;
        streams.post("id", "anna", None, ready(Some(Bytes::new()))).await
    };
    assert_eq!(tokio::join!(slow, next), (Err(PostError::Slow), Ok(())));
    assert_eq!(began.elapsed().as_secs(), limits::POST_READ_TIMEOUT.as_secs());
    reading.abort();
}

#[tokio::test(start_paused = true)]
async fn a_stream_carries_signs_of_life_and_ends_with_a_silent_client() {
    use futures::StreamExt;
    let rooms = rooms(TestLog::new());
    let streams = Streams::default();
    let connection = join(&rooms, "anna").await;
    let stream = streams.open("id".to_owned(), "anna".to_owned(), connection);
    let mut stream = std::pin::pin!(stream);
    let hello: Bytes = ClientMessage::Hello { version: 1 }.encode().into();
    let body: Bytes = [&(hello.len() as u32).to_be_bytes()[..], &hello].concat().into();
    assert_eq!(
        streams.post("id", "bert", Some(1), ready(Some(body.clone()))).await,
        Err(PostError::Unknown)
    );
    streams.post("id", "anna", Some(1), ready(Some(body))).await.unwrap();
    let started = tokio::time::Instant::now();
    let mut comments = 0;
    while let Some(Ok(chunk)) = stream.next().await {
        comments += usize::from(chunk.starts_with(b":"));
    }
    let lasted = started.elapsed();
    assert!(comments > 0, "no sign of life in {lasted:?}");
    assert!(
        lasted >= limits::SILENCE_AFTER_HELLO && lasted < limits::SILENCE_AFTER_HELLO + limits::PING_EVERY,
        "a silent client stayed for {lasted:?}"
    );
    let gone = streams.post("id", "anna", Some(2), ready(Some(Bytes::new()))).await;
    assert_eq!(gone, Err(PostError::Unknown));
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    bert.until("alone", |bert| bert.people.len() == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_travel_as_base64_and_the_stream_is_not_stored() {
    let house = House::new(Transport::Events).await;
    let secret = house.secret("anna", Role::Participate).await;
    let mut events = house.events(&secret).await.unwrap();
    assert!(events.connection.len() >= 26, "128 random bits");
    let (kind, data) = events.next_event().await.unwrap();
    assert_eq!(kind, "message");
    use base64::Engine as _;
    let frame = base64::engine::general_purpose::STANDARD.decode(data).unwrap();
    assert!(matches!(ServerMessage::decode(&frame), Ok(ServerMessage::SyncStep1(_))));
}
