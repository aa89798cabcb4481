//! Clock and randomness of the browser.

use model::limits;

/// 64 random bits.
pub(crate) fn entropy() -> u64 {
    let mut bytes = [0; 8];
    let filled = leptos::prelude::window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if filled.is_err() {
        // Only very old browsers have no `crypto`; ids still must not repeat there.
        return js_sys::Math::random().to_bits().rotate_left(17) ^ js_sys::Math::random().to_bits();
    }
    u64::from_le_bytes(bytes)
}

/// A client id that no other page has: 53 random bits, never kept from one load of a page to the next.
pub(super) fn client_id() -> u64 {
    entropy() & limits::CLIENT_ID_MAX
}

/// Milliseconds since 1970.
pub(super) fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}
