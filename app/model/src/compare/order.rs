//! Which blocks stayed in their order, and which were moved.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// An entry of two lists in one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry<T> {
    /// In both, and still in the same order as the others that stayed.
    Stayed(T),
    /// In the newer list, and not among those that stayed.
    Newer(T),
    /// In the older list only, or in both and moved: then it is in the newer one as [`Entry::Newer`].
    Older(T),
}

/// Both lists in one: the order of the newer one, and each entry that is only in the older one behind those before
/// which it stood. As many as possible count as having stayed. No value occurs twice in a list.
pub(super) fn merge<T: Copy + Eq + Hash>(older: &[T], newer: &[T]) -> Vec<Entry<T>> {
    let place: HashMap<T, usize> = older.iter().enumerate().map(|(index, item)| (*item, index)).collect();
    let shared: Vec<usize> = newer.iter().filter_map(|item| place.get(item).copied()).collect();
    let stayed: HashSet<usize> = longest_increasing(&shared).into_iter().collect();
    let mut entries = Vec::with_capacity(older.len() + newer.len());
    let mut next = 0;
    for item in newer {
        match place.get(item).filter(|index| stayed.contains(index)) {
            Some(&index) => {
                entries.extend(older[next..index].iter().copied().map(Entry::Older));
                entries.push(Entry::Stayed(*item));
                next = index + 1;
            }
            None => entries.push(Entry::Newer(*item)),
        }
    }
    entries.extend(older[next..].iter().copied().map(Entry::Older));
    entries
}

/// The values of a longest increasing subsequence (patience sorting, O(n log n)).
fn longest_increasing(values: &[usize]) -> Vec<usize> {
    // For each length, the index of the smallest value that ends such a sequence.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let length = ends.partition_point(|end| values[*end] < *value);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut longest = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(index) = at {
        longest.push(values[index]);
        at = before[index];
    }
    longest.reverse();
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_few_as_possible_were_moved() {
        use Entry::{Newer, Older, Stayed};
        assert_eq!(
            merge(&[1, 2, 3, 4], &[4, 1, 2, 5, 3]),
            [Newer(4), Stayed(1), Stayed(2), Newer(5), Stayed(3), Older(4)]
        );
        assert_eq!(merge(&[1, 2, 3], &[1, 3]), [Stayed(1), Older(2), Stayed(3)]);
        assert_eq!(merge(&[1], &[2]), [Newer(2), Older(1)]);
        assert_eq!(merge::<u8>(&[], &[]), []);
    }
}
