//! What is said: once, and at once for everybody.

use app::error::AppError;
use axum::http::StatusCode;
use model::limits;

use super::{Hall, news, open, reply};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_reaches_everybody_with_names_from_the_table() {
    let hall = Hall::new().await;
    let mut ruth = hall.join(0).await;
    let answered = hall.say(1, "k1", &open("t")).await;
    let told = news(&mut ruth).await;
    assert_eq!(told, answered);
    assert_eq!(told.number, 1);
    assert_eq!(told.authors[0].name, "Silke");
    assert_eq!(hall.say(2, "k1", &reply("t", "c2", "Darum.")).await.number, 2);
    assert_eq!(news(&mut ruth).await.thread.unwrap().comments.len(), 2);
    let all = hall.threads().await;
    assert_eq!((all.number, all.threads.len()), (2, 1));
    let mut names: Vec<&str> = all.authors.iter().map(|author| author.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Paul", "Silke"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_twice_is_done_once() {
    let hall = Hall::new().await;
    let first = hall.say(1, "k1", &open("t")).await;
    let mut ruth = hall.join(0).await;
    assert_eq!(hall.say(1, "k1", &open("t")).await, first);
    hall.say(1, "k2", &reply("t", "c2", "und noch etwas")).await;
    hall.say(1, "k2", &reply("t", "c2", "und noch etwas")).await;
    // Only what was new was told.
    assert_eq!(news(&mut ruth).await.number, 2);
    let all = hall.threads().await;
    assert_eq!((all.number, all.threads[0].comments.len()), (2, 2));
    // Somebody else's key of the same name is another key.
    assert_eq!(hall.say(2, "k2", &reply("t", "c3", "auch ich")).await.number, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_too_much_at_once_is_told_to_wait_and_others_are_not() {
    let hall = Hall::new().await;
    hall.say(2, "t", &open("t")).await;
    let mut said = 0;
    let refused = loop {
        let answer = hall
            .send(
                Some(&hall.people[1]),
                &format!("k{said}"),
                &reply("t", &format!("c{said}"), "ja"),
            )
            .await;
        if answer.status != StatusCode::OK {
            break answer;
        }
        said += 1;
        assert!(said < 10 * limits::COMMENTS_BURST, "nobody stops this");
    };
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.error(), AppError::TooManyAttempts);
    assert!(said >= limits::COMMENTS_BURST, "{said}");
    // Suggestions are counted for themselves, and other people, too.
    hall.say(1, "s", &hall.wording("s", "Wir fördern.").await).await;
    hall.say(2, "t2", &reply("t", "von-paul", "nein")).await;
    let all = hall.threads().await;
    let thread = all.threads.iter().find(|thread| thread.id == "t").unwrap();
    assert_eq!(thread.comments.len(), said as usize + 2);
}
