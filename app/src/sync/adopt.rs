//! Which entries of earlier pages a page takes over.

use std::collections::BTreeSet;

use super::outbox::{Key, Record};

/// What of the device's records this page adopts, in the order in which it was made: everything of pages that are gone
/// and that it does not have already. `living` are the client ids of open pages; a browser that cannot tell (`None`)
/// counts all of them as gone, which is harmless: applying a change twice does nothing, and it is removed only when the
/// server has it.
#[must_use]
pub fn plan(
    records: Vec<(Key, Record)>,
    own: u64,
    living: Option<&BTreeSet<u64>>,
    known: &BTreeSet<Key>,
) -> Vec<(Key, Record)> {
    let mut adopted: Vec<(Key, Record)> = records
        .into_iter()
        .filter(|(key, _)| key.client_id != own && !known.contains(key))
        .filter(|(key, _)| living.is_none_or(|living| !living.contains(&key.client_id)))
        .collect();
    adopted.sort_by_key(|(key, _)| *key);
    // A page may have adopted another's changes and built on them, so time decides between pages. Within a page it does
    // not: clocks jump.
    let mut last = (0, 0);
    let mut timed: Vec<(u64, (Key, Record))> = Vec::with_capacity(adopted.len());
    for (key, record) in adopted {
        let at_ms = if last.0 == key.client_id {
            record.at_ms.max(last.1)
        } else {
            record.at_ms
        };
        last = (key.client_id, at_ms);
        timed.push((at_ms, (key, record)));
    }
    timed.sort_by_key(|(at_ms, _)| *at_ms);
    timed.into_iter().map(|(_, entry)| entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::outbox::Content;

    fn record(client_id: u64, number: u64, at_ms: u64) -> (Key, Record) {
        let content = Content::Update {
            about: Vec::new(),
            update: Vec::new(),
        };
        (Key { client_id, number }, Record { at_ms, content })
    }

    fn keys(adopted: &[(Key, Record)]) -> Vec<(u64, u64)> {
        adopted.iter().map(|(key, _)| (key.client_id, key.number)).collect()
    }

    #[test]
    fn pages_that_are_gone_are_adopted_in_the_order_of_writing() {
        let records = vec![record(1, 1, 50), record(2, 1, 10), record(2, 2, 60), record(3, 1, 1)];
        let living = BTreeSet::from([3]);
        let adopted = plan(records, 9, Some(&living), &BTreeSet::new());
        assert_eq!(keys(&adopted), [(2, 1), (1, 1), (2, 2)]);
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_turn_a_pages_changes_round() {
        let records = vec![record(1, 1, 50), record(1, 2, 20), record(1, 3, 30), record(2, 1, 40)];
        let adopted = plan(records, 9, None, &BTreeSet::new());
        assert_eq!(keys(&adopted), [(2, 1), (1, 1), (1, 2), (1, 3)]);
    }

    #[test]
    fn own_and_known_entries_are_left_where_they_are() {
        let records = vec![record(1, 1, 1), record(1, 2, 2), record(9, 1, 3)];
        let known = BTreeSet::from([Key {
            client_id: 1,
            number: 1,
        }]);
        let adopted = plan(records, 9, Some(&BTreeSet::new()), &known);
        assert_eq!(keys(&adopted), [(1, 2)]);
    }

    #[test]
    fn a_browser_that_cannot_tell_adopts_everything() {
        let records = vec![record(1, 1, 1), record(2, 1, 2)];
        assert_eq!(keys(&plan(records, 9, None, &BTreeSet::new())), [(1, 1), (2, 1)]);
    }
}
