//! Whatever people do at the same time, everybody ends with the same text, and so does the log.

use std::time::Duration;

use proptest::prelude::*;
use yrs::{Text, Transact};

use super::{client::Client, join, log::TestLog, rooms, splitmix, steinfurt};

const NAMES: [&str; 3] = ["anna", "bert", "carla"];

#[derive(Clone, Debug)]
enum Step {
    Insert {
        who: usize,
        at: u32,
        words: String,
    },
    Delete {
        who: usize,
        at: u32,
        count: u32,
    },
    Block {
        who: usize,
    },
    Move {
        who: usize,
        which: usize,
    },
    /// Takes what has arrived so far.
    Read {
        who: usize,
    },
    /// Loses the connection with everything on its way, and comes back.
    Reconnect {
        who: usize,
    },
    StopLog,
    GoOn,
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..NAMES.len();
    prop_oneof![
        4 => (who.clone(), 0..40_u32, "[a-zäß👧🏽 ]{1,4}").prop_map(|(who, at, words)| Step::Insert { who, at, words }),
        2 => (who.clone(), 0..40_u32, 1..5_u32).prop_map(|(who, at, count)| Step::Delete { who, at, count }),
        2 => who.clone().prop_map(|who| Step::Block { who }),
        2 => (who.clone(), 0..8_usize).prop_map(|(who, which)| Step::Move { who, which }),
        3 => who.clone().prop_map(|who| Step::Read { who }),
        1 => who.prop_map(|who| Step::Reconnect { who }),
        1 => Just(Step::StopLog),
        1 => Just(Step::GoOn),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn everybody_ends_with_the_same_text(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(steps));
    }
}

async fn run(steps: Vec<Step>) {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut clients = Vec::new();
    for (id, name) in (1..).zip(NAMES) {
        clients.push(Client::start(id, join(&rooms, name).await).await);
    }
    let mut seed = 1_u64;
    let mut random = || {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        splitmix(seed)
    };
    for step in steps {
        match step {
            Step::Insert { who, at, words } => {
                let at = boundary(&clients[who], at);
                let update = clients[who].write(at, &words);
                clients[who].send_update(&update).await;
            }
            Step::Delete { who, at, count } => {
                let (from, to) = (boundary(&clients[who], at), boundary(&clients[who], at + count));
                let update = clients[who].change(|doc| {
                    let title = doc.get_or_insert_text("title");
                    title.remove_range(&mut doc.transact_mut(), from, to - from);
                });
                clients[who].send_update(&update).await;
            }
            Step::Block { who } => {
                let update = clients[who].change(|doc| {
                    use model::doc::{BlockKind, Parent, add_block};
                    add_block(doc, &BlockKind::Guideline, &Parent::Root, 0, "Leitlinie", &mut random).unwrap();
                });
                clients[who].send_update(&update).await;
            }
            Step::Move { who, which } => {
                let guidelines = clients[who].view().guidelines;
                let Some(guideline) = guidelines.get(which % guidelines.len().max(1)) else {
                    continue;
                };
                let update = clients[who].change(|doc| {
                    // The last one cannot go further down.
                    let _ = model::doc::move_down(doc, &guideline.block.id, &mut random);
                });
                clients[who].send_update(&update).await;
            }
            Step::Read { who } => clients[who].settle().await,
            Step::Reconnect { who } => {
                let client = clients.remove(who);
                let client = client.reconnect(join(&rooms, NAMES[who]).await).await;
                clients.insert(who, client);
            }
            Step::StopLog => log.stop(),
            Step::GoOn => log.go_on(),
        }
    }
    log.go_on();
    let patience = tokio::time::Instant::now() + Duration::from_secs(10);
    loop {
        for client in &mut clients {
            client.settle().await;
            assert_eq!(client.refused, None);
        }
        let shown = view_of(&rooms.document(&steinfurt()).await.unwrap());
        let reloaded = view_of(&super::rooms(log.clone()).document(&steinfurt()).await.unwrap());
        if shown == reloaded && clients.iter().all(|client| client.view() == shown) {
            return;
        }
        if tokio::time::Instant::now() > patience {
            assert_eq!(shown, reloaded, "the log has lost something");
            for client in &clients {
                assert_eq!(client.view(), shown);
            }
        }
        // Relays and commits are at most some milliseconds behind.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// A place in the title that does not tear a surrogate pair, at `at` or before.
fn boundary(client: &Client, at: u32) -> u32 {
    let mut units = 0;
    for character in client.title().chars() {
        let next = units + character.len_utf16() as u32;
        if next > at {
            break;
        }
        units = next;
    }
    units
}

fn view_of(update: &[u8]) -> model::doc::View {
    use yrs::{Update, updates::decoder::Decode};
    let doc = model::doc::new_doc(1);
    doc.transact_mut()
        .apply_update(Update::decode_v1(update).unwrap())
        .unwrap();
    model::doc::view(&doc.transact())
}
