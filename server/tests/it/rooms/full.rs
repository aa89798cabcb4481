//! What a document as a whole may hold.

use model::{
    limits,
    wire::{
        close,
        lib0::{put_var_string, put_var_uint},
    },
};
use yrs::{Text, Transact};

use super::{client::Client, join, log::TestLog, rooms, steinfurt};

/// Types `units` letters into the title, in pieces as an outbox sends them, after those that client 11 wrote before.
async fn fill_title(anna: &mut Client, units: usize) {
    const PIECE: usize = 200_000;
    let mut written = 0;
    while written < units {
        let piece = PIECE.min(units - written);
        let update = anna.write(0, &"x".repeat(piece));
        anna.send_update(&update).await;
        written += piece;
    }
    anna.settle().await;
}

#[tokio::test]
async fn a_text_grows_to_its_limit_and_no_further() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    fill_title(&mut anna, limits::TEXT_UNITS).await;
    assert_eq!((anna.refused.clone(), anna.closed), (None, None));
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    bert.type_words("!").await;
    assert_eq!(bert.until_closed().await, close::REFUSED);
    assert_eq!(bert.refused.unwrap().code, "text_too_long");

    // Other texts have room, and after a deletion this one has too.
    let elsewhere = anna.change(|doc| {
        let motto = doc.get_or_insert_text("motto");
        motto.insert(&mut doc.transact_mut(), 0, "weiter");
    });
    anna.send_update(&elsewhere).await;
    let shorter = anna.change(|doc| {
        let title = doc.get_or_insert_text("title");
        title.remove_range(&mut doc.transact_mut(), 0, 10);
    });
    anna.send_update(&shorter).await;
    anna.type_words("1234567890").await;
    anna.settle().await;
    assert_eq!((anna.refused.clone(), anna.closed), (None, None));
    assert_eq!(
        rooms.leitbild(&steinfurt()).await.unwrap().title.len(),
        limits::TEXT_UNITS
    );
    anna.type_words("1").await;
    assert_eq!(anna.until_closed().await, close::REFUSED);
}

/// An update of client `id` with `count` maps under keys of a root, from clock `clock`.
fn maps(id: u64, clock: usize, count: usize) -> Vec<u8> {
    let mut update = vec![1];
    put_var_uint(&mut update, count as u64);
    put_var_uint(&mut update, id);
    put_var_uint(&mut update, clock as u64);
    for number in clock..clock + count {
        update.extend([0x27, 1]);
        put_var_string(&mut update, "blocks");
        put_var_string(&mut update, &format!("b{number}"));
        update.push(1);
    }
    update.push(0);
    update
}

#[tokio::test]
async fn there_are_only_so_many_blocks() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.send_update(&maps(11, 0, limits::BLOCKS_PER_DOCUMENT)).await;
    anna.settle().await;
    assert_eq!((anna.refused.clone(), anna.closed), (None, None));
    // The same again brings nothing new.
    anna.send_update(&maps(11, 0, limits::BLOCKS_PER_DOCUMENT)).await;
    anna.settle().await;
    assert_eq!((anna.refused.clone(), anna.closed), (None, None));
    anna.send_update(&maps(11, limits::BLOCKS_PER_DOCUMENT, 1)).await;
    assert_eq!(anna.until_closed().await, close::REFUSED);
    assert_eq!(anna.refused.unwrap().code, "too_many_blocks");
}

/// An update of client 11 with a long text under a root of its own.
fn root_text(clock: usize, root: usize, length: usize) -> Vec<u8> {
    let mut update = vec![1, 1, 11];
    put_var_uint(&mut update, clock as u64);
    update.extend([4, 1]);
    put_var_string(&mut update, &format!("r{root}"));
    put_var_string(&mut update, &"y".repeat(length));
    update.push(0);
    update
}

#[tokio::test]
async fn a_document_grows_to_its_limit_and_no_further() {
    const LENGTH: usize = 900_000;
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let most = limits::DOCUMENT_BYTES / LENGTH;
    for number in 0..most {
        anna.send_update(&root_text(number * LENGTH, number, LENGTH)).await;
        anna.settle().await;
        assert_eq!((anna.refused.clone(), anna.closed), (None, None), "{number} of {most}");
    }
    anna.send_update(&root_text(most * LENGTH, most, LENGTH)).await;
    assert_eq!(anna.until_closed().await, close::REFUSED);
    assert_eq!(anna.refused.unwrap().code, "document_full");
    // It still opens, and what is small still fits.
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    bert.type_words("passt noch").await;
    bert.until("saved", |bert| bert.saved == Some(2)).await;
}

#[test]
fn a_day_of_typing_in_pieces_stays_below_every_limit() {
    // Five keys a second for 24 hours, the cursor set elsewhere at every fifth.
    const KEYS: usize = 24 * 60 * 60 * 5;
    let doc = model::doc::new_doc(11);
    let title = doc.get_or_insert_text("title");
    let mut seed = 1_u64;
    {
        let mut txn = doc.transact_mut();
        let mut length = 0;
        while length < KEYS {
            seed = super::splitmix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15));
            let at = seed % (length.min(2_000) as u64 + 1);
            title.insert(&mut txn, at as u32, "wörte");
            length += 5;
        }
    }
    let update = {
        use yrs::{ReadTxn, StateVector};
        doc.transact().encode_diff_v1(&StateVector::default())
    };
    println!("a day of typing: {} bytes", update.len());
    assert!(update.len() < limits::DOCUMENT_BYTES / 4, "{} bytes", update.len());
    const { assert!(KEYS < limits::TEXT_UNITS / 2) };
    // Even in one piece, as a plain Yjs client sends it.
    let summary = model::wire::admission::scan(&update).unwrap();
    assert!(summary.structs < limits::UPDATE_STRUCTS);
}
