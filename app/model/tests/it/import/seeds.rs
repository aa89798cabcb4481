//! Real pages, when the environment variable `LEITNETZ_SEEDS` names a folder with `*-profile.txt`.
//!
//! Only counts and hashes of them stand here: their sentences belong to the municipalities.

use std::{env, fs, path::Path};

use model::import::{Note, decode, profile};

/// FNV-1a, 64 bits (source: Fowler, Noll and Vo): enough to tell whether a text is the expected one.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[test]
fn real_pages_are_read_when_their_folder_is_given() {
    let Some(folder) = env::var_os("LEITNETZ_SEEDS") else {
        println!("LEITNETZ_SEEDS is not set: only the invented page was tested, no real one.");
        return;
    };
    let folder = Path::new(&folder);
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the folder that LEITNETZ_SEEDS names") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        if !name.ends_with("-profile.txt") {
            continue;
        }
        let bytes = fs::read(&path).expect("a readable page");
        let found = profile::parse(decode(&bytes).expect("UTF-8")).expect("a profile");
        let open: Vec<_> = found
            .notes
            .iter()
            .filter(|note| !note.is_hint())
            .map(|note| note.line)
            .collect();
        assert!(open.is_empty(), "{name}: lines {open:?} were not understood");
        if name == "steinfurt-profile.txt" {
            check_steinfurt(&found);
        }
        count += 1;
    }
    assert!(count > 0, "no *-profile.txt in the folder that LEITNETZ_SEEDS names");
    println!("{count} real page(s) read.");
}

fn check_steinfurt(found: &profile::ProfileImport) {
    let hash_of =
        |found: &Option<model::import::Found<String>>| found.as_ref().map(|found| (found.line, hash(&found.value)));
    assert_eq!(
        found.name.as_ref().map(|name| name.value.as_str()),
        Some("Kreis Steinfurt")
    );
    assert_eq!(
        found.since.as_ref().map(|found| (found.line, found.value)),
        Some((7, 2012))
    );
    assert_eq!(
        found.inhabitants.as_ref().map(|found| (found.line, found.value)),
        Some((11, 445_000))
    );
    assert_eq!(
        found.under_18.as_ref().map(|found| (found.line, found.value)),
        Some((15, 45_172))
    );
    let quote = &found.quote.as_ref().expect("a quotation").value;
    assert!(!quote.starts_with('„') && !quote.ends_with('“') && quote.contains("„kinderstark“"));
    assert_eq!(hash_of(&found.quote), Some((22, 0x2252_535d_5113_abd1)));
    assert_eq!(hash_of(&found.speaker), Some((22, 0xffbf_905d_2fe8_a11a)));
    let leitbild = found.leitbild.as_ref().expect("a Leitbild");
    assert_eq!(hash_of(&leitbild.title), Some((29, 0x1fdb_7a60_a0dd_1645)));
    assert_eq!(hash_of(&leitbild.motto), Some((31, 0x8717_b904_730d_693a)));
    assert_eq!(
        leitbild.preamble.iter().map(|text| text.line).collect::<Vec<_>>(),
        [33, 34]
    );
    let sizes: Vec<_> = leitbild
        .guidelines
        .iter()
        .map(|found| (found.title.line, found.points.len()))
        .collect();
    assert_eq!(sizes, [(38, 3), (44, 3), (50, 6)]);
    assert_eq!(hash_of(&leitbild.closing), Some((59, 0x129d_b4b2_fe86_c5b1)));
    assert_eq!(hash_of(&found.contact.name), Some((61, 0x97ea_9225_3835_9bd2)));
    assert_eq!(
        found.contact.address.iter().map(|line| line.line).collect::<Vec<_>>(),
        [65, 66]
    );
    assert_eq!(hash_of(&found.contact.phone), Some((67, 0x99b0_32c3_4491_96f1)));
    assert_eq!(hash_of(&found.contact.email), Some((68, 0x9e77_89d1_75dd_7bcc)));
    assert_eq!(found.website, None);
    assert_eq!(
        found.notes.iter().map(|note| note.line).collect::<Vec<_>>(),
        [1, 11, 15, 70]
    );
    assert!(found.notes.iter().all(Note::is_hint));
}
