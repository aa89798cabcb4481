//! Ordered maps and sets from iterators.

/// Collects by inserting one after the other. `collect` sorts first, and what sorts is compiled for each type anew: five
/// kilobytes of wasm that a map of a few entries is not worth.
pub fn inserted<C: Default + Extend<T>, T>(items: impl IntoIterator<Item = T>) -> C {
    let mut collected = C::default();
    collected.extend(items);
    collected
}
