//! The real program on its real database, killed at random moments while people write; by hand ([`power`]) also with its
//! files cut back to what was synced, as when the power goes.
//!
//! Twenty clients write over real WebSockets. An outside ledger, in this process, notes what each of them was told is
//! saved. Then the server is killed with SIGKILL. After each start, and before any client may bring something back, the
//! document must hold everything in the ledger.

#![expect(clippy::expect_used, reason = "helpers of tests stop at the first surprise")]

mod client;
mod ledger;
mod power;
mod server;

use std::{env, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep, timeout},
};

use client::{Orders, Report};
use ledger::Ledger;
use server::Server;

const CLIENTS: usize = 20;
/// Kills in the short form; `LEITNETZ_KILLS` asks for more.
const KILLS: u32 = 5;
/// So many acknowledgements are awaited after each start, so that every kill meets a server at work.
const ACKNOWLEDGED_BETWEEN_KILLS: u64 = 200;
const PATIENCE: Duration = Duration::from_secs(60);
const AGS: &str = "05566";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_called_saved_survives_sigkill() {
    let kills = env::var("LEITNETZ_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let outcome = rig(Server::start().await, kills, |_| {}).await;
    crate::report(&format!("kill rig: {outcome}"));
}

/// People write; the server is killed so many times, `meanwhile` something happens to its files, and it starts again. Answers
/// with what it came to.
async fn rig(mut server: Server, kills: u32, mut meanwhile: impl FnMut(&Server)) -> String {
    let started = Instant::now();
    let coordinator = server.coordinator().await;
    let mut tokens = Vec::new();
    for _ in 0..=CLIENTS {
        tokens.push(coordinator.link(AGS).await);
    }
    let reader = tokens.pop().unwrap();

    let ledger = Arc::new(Ledger::new(server.folder()));
    let (orders, _) = watch::channel(Orders::Write);
    let (reports, mut heard) = mpsc::unbounded_channel();
    let clients: Vec<_> = (0..CLIENTS)
        .zip(tokens)
        .map(|(number, token)| {
            let address = server.socket(AGS, &token);
            let (ledger, orders, reports) = (Arc::clone(&ledger), orders.subscribe(), reports.clone());
            tokio::spawn(client::write(number, address, ledger, orders, reports))
        })
        .collect();

    for kill in 1..=kills {
        let before = ledger.acknowledged();
        let enough = ledger.until(before + ACKNOWLEDGED_BETWEEN_KILLS);
        timeout(PATIENCE, enough).await.expect("nothing is saved any more");
        // Anywhere between two commits, or within one.
        sleep(Duration::from_micros(getrandom::u64().unwrap() % 400_000)).await;
        server.kill().await;
        orders.send_replace(Orders::StayAway);
        // What the server still said before it died lies in the sockets: everybody reads theirs to the end.
        for _ in 0..CLIENTS {
            let report = timeout(PATIENCE, heard.recv()).await.expect("a client hangs");
            assert_eq!(report, Some(Report::Gone));
        }
        meanwhile(&server);
        server.restart().await;
        let document = client::read(&server.socket(AGS, &reader)).await;
        let lost = ledger.missing(&document);
        assert_eq!(lost, 0, "kill {kill}: edits that were called saved are lost");
        orders.send_replace(Orders::Write);
    }

    orders.send_replace(Orders::Finish);
    for _ in 0..CLIENTS {
        let report = timeout(PATIENCE, heard.recv())
            .await
            .expect("a client never got everything saved");
        assert_eq!(report, Some(Report::Saved));
    }
    let mut written = 0;
    for client in clients {
        written += client.await.unwrap();
    }
    server.kill().await;
    meanwhile(&server);
    server.restart().await;
    let document = client::read(&server.socket(AGS, &reader)).await;
    assert_eq!(ledger.missing(&document), 0);
    assert_eq!(ledger.acknowledged(), written, "after the end everything is saved");
    format!(
        "{} kills, {CLIENTS} clients, {written} edits, {} acknowledged, 0 of them lost, in {:.0} s",
        kills + 1,
        ledger.acknowledged(),
        started.elapsed().as_secs_f64()
    )
}
