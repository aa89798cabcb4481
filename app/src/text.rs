//! Words of the interface as children of elements.

/// `text!(i18n, namespace.key)`: a text that follows the language, as one and the same type everywhere.
///
/// `leptos_i18n`'s own `t!` makes a closure type of its own for each text, and every one of them drags along its copy
/// of the rendering code: hundreds of kilobytes of wasm. A `Signal` is compiled once. `t!` stays for texts with
/// elements inside.
macro_rules! text {
    ($i18n:expr, $($key:tt)+) => {
        ::leptos::prelude::Signal::derive(move || $crate::i18n::t_string!($i18n, $($key)+))
    };
}
