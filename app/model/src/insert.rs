//! Order by inserting, where sorting would be too much code.

/// Collects by inserting one after the other. `collect` sorts first, and what sorts is compiled for each type anew: five
/// kilobytes of wasm that a map of a few entries is not worth.
pub fn inserted<C: Default + Extend<T>, T>(items: impl IntoIterator<Item = T>) -> C {
    let mut collected = C::default();
    collected.extend(items);
    collected
}

/// Puts a few items in order; those of which neither comes before the other stay as they came. For lists of some hundred at most:
/// the time grows with the square, which is the price for not compiling `sort` for another type.
pub fn in_order<T>(items: Vec<T>, comes_before: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let mut ordered = Vec::with_capacity(items.len());
    for item in items {
        let at = ordered.partition_point(|other| !comes_before(&item, other));
        ordered.insert(at, item);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_stable() {
        let items = vec![(2, 'a'), (1, 'b'), (2, 'c'), (0, 'd'), (1, 'e')];
        let ordered = in_order(items, |one, other| one.0 < other.0);
        assert_eq!(ordered, [(0, 'd'), (1, 'b'), (1, 'e'), (2, 'a'), (2, 'c')]);
    }
}
