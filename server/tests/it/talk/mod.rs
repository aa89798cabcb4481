//! Comments, suggestions and the roles around them, over HTTP and in open rooms.

mod people;
mod saying;
mod suggestions;

use axum::http::StatusCode;
use leitnetz::rooms::{Connection, Identity, LinkId, Outgoing, ParticipantId};
use model::{
    ags::Ags,
    doc::{self, Anchor, BlockId, FieldId, Proposal, RootText, View},
    hex::hex,
    limits,
    role::Role,
    talk::{Deed, News, Threads},
    wire::{ClientMessage, ServerMessage},
};
use yrs::{Doc, ReadTxn, Transact, Update, updates::decoder::Decode};

use crate::harness::{Answer, TestSite};

/// A place that the demonstration has a draft for.
const AGS: &str = "05566";

struct Hall {
    site: TestSite,
    coordinator: String,
    /// Cookies of Ruth, who reads, Silke, who suggests, Paul, who writes, and Faye, who facilitates.
    people: [String; 4],
}

impl Hall {
    async fn new() -> Self {
        let site = TestSite::new().await;
        let coordinator = site.coordinator().await;
        let mut people = [const { String::new() }; 4];
        for ((role, name), cookie) in Role::ALL
            .into_iter()
            .zip(["Ruth", "Silke", "Paul", "Faye"])
            .zip(&mut people)
        {
            let (secret, _) = site.link(&coordinator, AGS, role.as_str()).await;
            *cookie = site.participant(&secret, name).await;
        }
        let hall = Self {
            site,
            coordinator,
            people,
        };
        let doc = hall.doc().await;
        let update = change(&doc, |doc| {
            let mut seed = 1_u64;
            let mut entropy = || {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(99);
                seed ^ (seed >> 31)
            };
            let kind = doc::BlockKind::Paragraph;
            doc::add_block(
                doc,
                &kind,
                &doc::Parent::Root,
                0,
                "Wir fördern alle Kinder.",
                &mut entropy,
            )
            .unwrap();
        });
        let paul = hall.join(2).await;
        paul.send(ClientMessage::Update(&update).encode()).await;
        hall.until_text("Wir fördern alle Kinder.").await;
        hall
    }

    fn ags() -> Ags {
        Ags::new(AGS).unwrap()
    }

    async fn who(&self, person: usize) -> (String, Role) {
        let session = self.people[person].split_once('=').unwrap().1;
        let (participant, link) = self
            .site
            .site
            .participant(session, &Self::ags())
            .await
            .unwrap()
            .unwrap();
        (participant.id, link.role)
    }

    /// Enters the room as that person, and says hello.
    async fn join(&self, person: usize) -> Connection {
        let (participant, role) = self.who(person).await;
        let identity = Identity {
            participant: ParticipantId(participant),
            link: Some(LinkId(format!("link of {person}"))),
            name: String::new(),
            color: 0,
            role,
        };
        let connection = self.site.site.rooms().join(&Self::ags(), identity).await.unwrap();
        connection.send(ClientMessage::Hello { version: 1 }.encode()).await;
        connection
    }

    /// The draft as it is, under a client id of its own.
    async fn doc(&self) -> Doc {
        let everything = self.site.site.rooms().document(&Self::ags()).await.unwrap();
        let doc = doc::new_doc(random());
        doc.transact_mut()
            .apply_update(Update::decode_v1(&everything).unwrap())
            .unwrap();
        doc
    }

    async fn view(&self) -> View {
        doc::view(&self.doc().await.transact())
    }

    async fn until_text(&self, text: &str) -> View {
        loop {
            let view = self.view().await;
            if view.blocks().any(|block| block.text == text) {
                return view;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn until_title(&self, title: &str) {
        while self.view().await.title != title {
            tokio::task::yield_now().await;
        }
    }

    async fn block(&self, text: &str) -> BlockId {
        let view = self.until_text(text).await;
        view.blocks().find(|block| block.text == text).unwrap().id.clone()
    }

    async fn send(&self, cookie: Option<&str>, key: &str, deed: &Deed) -> Answer {
        let body = encoded(&serde_json::to_string(deed).unwrap());
        let form = format!("ags={AGS}&kind=talk&key={key}&body={body}");
        self.site.post("/api/carry_out", cookie, &form).await
    }

    async fn say(&self, person: usize, key: &str, deed: &Deed) -> News {
        let answer = self.send(Some(&self.people[person]), key, deed).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    async fn decide(&self, cookie: Option<&str>, thread: &str, decision: &str) -> Answer {
        self.decide_as(cookie, thread, decision, "").await
    }

    async fn decide_as(&self, cookie: Option<&str>, thread: &str, decision: &str, more: &str) -> Answer {
        let form = format!("ags={AGS}&thread={thread}&decision={decision}&reason=So+sei+es{more}");
        self.site.post("/api/decide_suggestion", cookie, &form).await
    }

    async fn threads(&self) -> Threads {
        let answer = self
            .site
            .get(&format!("/api/list_threads?ags={AGS}"), Some(&self.people[0]))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// Another wording of the paragraph, made on the draft as it is.
    async fn wording(&self, thread: &str, text: &str) -> Deed {
        let doc = self.doc().await;
        let id = doc::view(&doc.transact()).preamble[0].id.clone();
        let field = FieldId::Block(id);
        let proposal = wording(&doc, &field, text);
        let update = doc::suggest(&doc, random(), &proposal, &mut random).unwrap();
        Deed::Suggest {
            thread: thread.to_owned(),
            comment: format!("{thread}-1"),
            anchor: Anchor::field(field),
            text: "klingt besser".to_owned(),
            update: hex(&update),
            basis: doc::Basis::of(&doc, &update),
        }
    }

    async fn set_role(&self, cookie: Option<&str>, participant: &str, role: Role) -> StatusCode {
        let form = format!("ags={AGS}&participant={participant}&role={}", role.as_str());
        self.site.post("/api/set_person_role", cookie, &form).await.status
    }
}

fn random() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new().build_hasher().finish() & limits::CLIENT_ID_MAX
}

fn change(doc: &Doc, change: impl FnOnce(&Doc)) -> Vec<u8> {
    let before = doc.transact().state_vector();
    change(doc);
    doc.transact().encode_diff_v1(&before)
}

/// Another wording by somebody who sees the words as they are.
fn wording(doc: &Doc, field: &FieldId, text: &str) -> Proposal {
    Proposal::Words {
        field: field.clone(),
        seen: doc::field_text(&doc.transact(), field).unwrap(),
        text: text.to_owned(),
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn open(thread: &str) -> Deed {
    Deed::Open {
        thread: thread.to_owned(),
        comment: format!("{thread}-1"),
        anchor: Anchor::field(FieldId::Root(RootText::Title)),
        text: "Warum eigentlich?".to_owned(),
    }
}

fn reply(thread: &str, comment: &str, text: &str) -> Deed {
    Deed::Reply {
        thread: thread.to_owned(),
        comment: comment.to_owned(),
        text: text.to_owned(),
    }
}

/// The next message that `choose` takes.
async fn heard<T>(connection: &mut Connection, choose: impl Fn(ServerMessage<'_>) -> Option<T>) -> T {
    loop {
        match connection.recv().await {
            Outgoing::Frame(frame) => {
                if let Some(found) = choose(ServerMessage::decode(&frame).unwrap()) {
                    return found;
                }
            }
            Outgoing::Close(code) => panic!("closed with {code}"),
        }
    }
}

async fn news(connection: &mut Connection) -> News {
    heard(connection, |message| match message {
        ServerMessage::Talk(news) => Some(*news),
        _ => None,
    })
    .await
}
