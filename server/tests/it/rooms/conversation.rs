//! The same conversations over every transport: a place in the room itself, the WebSocket, and the fallback.

use std::{collections::HashMap, time::Duration};

use leitnetz::{Site, config::PublicUrl, rooms::LinkId, secrets};
use leptos::prelude::LeptosOptions;
use model::{
    role::Role,
    stage::Stage,
    wire::{ClientMessage, awareness, close},
};
use store::{Link, Store};
use tokio::{net::TcpListener, sync::Mutex};

use super::{
    client::Client,
    line::{Events, Line},
    steinfurt,
};

const ORIGIN: &str = "http://127.0.0.1:3000";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    Socket,
    Events,
}

/// A whole server, and a link for everybody who comes.
pub(super) struct House {
    pub(super) site: Site,
    transport: Transport,
    /// Where the WebSocket listens.
    address: String,
    /// Secrets by name.
    secrets: Mutex<HashMap<String, String>>,
}

impl House {
    pub(super) async fn new(transport: Transport) -> Self {
        let store = Store::open("mem://").await.unwrap();
        let options = LeptosOptions::builder().output_name("leitnetz").build();
        let site = Site::new(store, PublicUrl::parse(ORIGIN).unwrap(), options).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let router = site.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            site,
            transport,
            address,
            secrets: Mutex::default(),
        }
    }

    /// The secret of this person's link.
    pub(super) async fn secret(&self, name: &str, role: Role) -> String {
        let mut secrets = self.secrets.lock().await;
        if let Some(secret) = secrets.get(name) {
            return secret.clone();
        }
        let secret = secrets::fresh().unwrap();
        let link = Link {
            id: name.to_owned(),
            ags: steinfurt(),
            role,
            label: name.to_owned(),
            secret_hash: secrets::hash(&secret),
            created: "2026-01-31".to_owned(),
            withdrawn: false,
            own: false,
        };
        self.site.store().add_link(&link).await.unwrap();
        secrets.insert(name.to_owned(), secret.clone());
        secret
    }

    pub(super) async fn enter(&self, name: &str) -> Line {
        self.enter_as(name, Role::Participate).await
    }

    pub(super) async fn enter_as(&self, name: &str, role: Role) -> Line {
        let secret = self.secret(name, role).await;
        match self.transport {
            Transport::Socket => Line::socket(&format!("ws://{}/sync/05566?token={secret}", self.address)).await,
            Transport::Events => Line::Events(Box::new(self.events(&secret).await.unwrap())),
        }
    }

    pub(super) async fn events(&self, secret: &str) -> Result<Events, u16> {
        Events::open(self.site.router(), "05566", secret, Vec::new()).await
    }
}

async fn saved_is_said_and_words_reach_the_others(house: House) {
    let mut anna = Client::start(11, house.enter("anna").await).await;
    let mut bert = Client::start(12, house.enter("bert").await).await;
    anna.type_words("Gut aufwachsen").await;
    bert.until("relayed", |bert| bert.title() == "Gut aufwachsen").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    bert.type_words("Alle ").await;
    anna.until("relayed", |anna| anna.title() == "Alle Gut aufwachsen")
        .await;
    anna.until("both named", |anna| anna.people.len() == 2).await;
}

async fn words_written_offline_arrive(house: House) {
    let anna = Client::start(11, house.enter("anna").await).await;
    let mut bert = Client::start(12, house.enter("bert").await).await;
    // What she writes now is on its way nowhere.
    anna.write(0, "unterwegs");
    let mut anna = anna.reconnect(house.enter("anna").await).await;
    anna.until("saved", |anna| anna.saved == Some(1)).await;
    bert.until("relayed", |bert| bert.title() == "unterwegs").await;
}

async fn a_refusal_comes_with_its_reason_and_its_code(house: House) {
    let mut anna = Client::start(11, house.enter("anna").await).await;
    anna.type_words("Haus").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    let mut bert = Client::start(11, house.enter("bert").await).await;
    bert.type_words("Baum").await;
    assert_eq!(bert.until_closed().await, close::REFUSED);
    assert_eq!(bert.refused.unwrap().code, "foreign_client_id");
    anna.settle().await;
    assert_eq!(anna.title(), "Haus");
}

async fn a_gap_is_asked_for(house: House) {
    let mut anna = Client::start(11, house.enter("anna").await).await;
    let mut bert = Client::start(12, house.enter("bert").await).await;
    let _lost = anna.write(0, "Kind");
    let second = anna.write(4, "er");
    anna.send_update(&second).await;
    anna.until("saved", |anna| anna.saved == Some(3)).await;
    bert.until("complete", |bert| bert.title() == "Kinder").await;
}

async fn presence_comes_and_goes(house: House) {
    let mut bert = Client::start(12, house.enter("bert").await).await;
    let anna = Client::start(11, house.enter("anna").await).await;
    let here = awareness::Entry {
        client_id: 11,
        clock: 1,
        state: "{}".to_owned(),
    };
    anna.send(&ClientMessage::Awareness(&awareness::encode([&here]))).await;
    bert.until("there", |bert| bert.awareness.contains_key(&11)).await;
    drop(anna);
    bert.until("gone", |bert| !bert.awareness.contains_key(&11)).await;
    bert.until("alone", |bert| bert.people.len() == 1).await;
}

async fn a_withdrawn_link_ends_the_conversation(house: House) {
    let mut anna = Client::start(11, house.enter("anna").await).await;
    house.site.rooms().revoke_link(&LinkId("anna".to_owned()));
    assert_eq!(anna.until_closed().await, close::NOT_ALLOWED);
}

async fn a_frozen_text_takes_nothing_until_it_is_free(house: House) {
    let store = house.site.store();
    let mut anna = Client::start(11, house.enter("anna").await).await;
    anna.type_words("Fest").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    store
        .set_stage(&steinfurt(), Stage::Draft, Stage::Committee)
        .await
        .unwrap();
    house.site.rooms().set_stage(&steinfurt(), Stage::Committee);
    let frozen = tokio::time::timeout(Duration::from_secs(1), anna.until("frozen", |anna| anna.frozen));
    frozen.await.expect("told within a second");
    anna.type_words("Nicht ").await;
    anna.until("refused", |anna| anna.refused.is_some()).await;
    assert_eq!(anna.refused.as_ref().unwrap().code, "frozen");
    store
        .set_stage(&steinfurt(), Stage::Committee, Stage::Draft)
        .await
        .unwrap();
    house.site.rooms().set_stage(&steinfurt(), Stage::Draft);
    anna.until("asked for what it still has", |anna| anna.saved == Some(4))
        .await;
    assert!(!anna.frozen);
    let mut bert = Client::start(12, house.enter("bert").await).await;
    bert.until("taken", |bert| bert.title() == "Nicht Fest").await;
}

async fn a_reader_changes_nothing_and_keeps_the_connection(house: House) {
    let mut anna = Client::start(11, house.enter("anna").await).await;
    let mut carla = Client::start(13, house.enter_as("carla", Role::Read).await).await;
    carla.type_words("Un").await;
    carla.until("refused", |carla| carla.refused.is_some()).await;
    assert_eq!(carla.refused.as_ref().unwrap().code, "read_only_link");
    carla.settle().await;
    anna.settle().await;
    assert_eq!(anna.title(), "");
}

async fn a_stop_says_goodbye(house: House) {
    let mut anna = Client::start(11, house.enter("anna").await).await;
    anna.type_words("zuletzt").await;
    anna.settle().await;
    let rooms = house.site.rooms().clone();
    let stopping = tokio::spawn(async move { rooms.shutdown().await });
    assert_eq!(anna.until_closed().await, close::GOING_AWAY);
    assert_eq!(anna.saved, Some(2), "saved is said before the goodbye");
    drop(anna);
    stopping.await.unwrap();
}

/// Runs every conversation over one transport.
macro_rules! conversations {
    ($module:ident, $transport:expr, [$($name:ident),* $(,)?]) => {
        mod $module {
            use super::{House, Transport};

            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() {
                    super::$name(House::new($transport).await).await;
                }
            )*
        }
    };
}

macro_rules! over_every_transport {
    ($names:tt) => {
        conversations!(socket, Transport::Socket, $names);
        conversations!(events, Transport::Events, $names);
    };
}

over_every_transport!([
    saved_is_said_and_words_reach_the_others,
    words_written_offline_arrive,
    a_refusal_comes_with_its_reason_and_its_code,
    a_gap_is_asked_for,
    presence_comes_and_goes,
    a_withdrawn_link_ends_the_conversation,
    a_frozen_text_takes_nothing_until_it_is_free,
    a_reader_changes_nothing_and_keeps_the_connection,
    a_stop_says_goodbye,
]);
