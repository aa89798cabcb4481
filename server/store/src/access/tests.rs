//! Sessions and the links that end with them.

use super::*;

fn link(id: &str, own: bool) -> Link {
    Link {
        id: id.to_owned(),
        ags: Ags::new("05566").unwrap(),
        role: Role::Facilitate,
        label: String::new(),
        secret_hash: format!("secret of {id}"),
        created: "2026-01-31".to_owned(),
        withdrawn: false,
        own,
    }
}

fn participant(id: &str, link: &Link) -> Participant {
    Participant {
        id: id.to_owned(),
        link: link.id.clone(),
        name: "Ada".to_owned(),
        color: 0,
        role: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_lasts_half_a_year() {
    const BEGUN_S: i64 = 1_700_000_000;
    let store = Store::open("mem://").await.unwrap();
    let coordinator = Session { coordinator: true };
    store.put_session("a", coordinator, BEGUN_S).await.unwrap();
    let at = async |now_s: i64| store.session("a", now_s).await.unwrap();
    assert_eq!(at(BEGUN_S).await, Some(coordinator));
    assert_eq!(at(BEGUN_S + SESSION_S - 1).await, Some(coordinator));
    assert_eq!(at(BEGUN_S + SESSION_S).await, None);
    assert_eq!(store.session("b", BEGUN_S).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinators_own_link_lapses_with_the_session_and_others_do_not() {
    let store = Store::open("mem://").await.unwrap();
    let ags = Ags::new("05566").unwrap();
    let (own, other) = (link("own", true), link("other", false));
    for (link, session) in [(&own, "a"), (&other, "b")] {
        let coordinator = session == "a";
        store.put_session(session, Session { coordinator }, 0).await.unwrap();
        store.add_link(link).await.unwrap();
        let participant = participant(&link.id, link);
        store.put_participant(session, &ags, &participant, None).await.unwrap();
    }
    assert!(store.lapsed_links(1).await.unwrap().is_empty());
    assert_eq!(store.lapsed_links(SESSION_S).await.unwrap(), std::slice::from_ref(&own));
    store.put_session("a", Session { coordinator: false }, 1).await.unwrap();
    assert_eq!(store.lapsed_links(2).await.unwrap(), std::slice::from_ref(&own));
    assert!(store.withdraw_link(&ags, &own.id).await.unwrap());
    assert!(store.lapsed_links(2).await.unwrap().is_empty());
}
