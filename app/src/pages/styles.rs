//! The second style sheet, `style/work.css`: what a text is worked with. Whoever only reads never loads it.
//!
//! The server links it on pages that are worked on and names its address on the others, so that the browser can get it before it
//! goes on to a page that is worked on. cargo-leptos makes one sheet of everything; then there is nothing to link and to name.

/// The `<meta>` with the sheet's address, on pages that came without it: its name, and how to find it.
#[cfg(feature = "ssr")]
const NAME: &str = "work-styles";
#[cfg(feature = "hydrate")]
const NAMED: &str = "meta[name=work-styles]";

#[cfg(feature = "ssr")]
pub use on_the_server::work_styles;

#[cfg(feature = "ssr")]
mod on_the_server {
    use std::sync::OnceLock;

    use leptos::prelude::*;

    use crate::lean::view;

    /// For the head of a page: the link to the sheet, or its address.
    pub fn work_styles(options: &LeptosOptions) -> Option<AnyView> {
        let address = address(options)?;
        let is_for_readers =
            use_context::<http::request::Parts>().is_some_and(|parts| is_for_readers(parts.uri.path()));
        Some(if is_for_readers {
            view! { <meta name=super::NAME content=address /> }.into_any()
        } else {
            view! { <link rel="stylesheet" href=address /> }.into_any()
        })
    }

    /// The sheet's address, if this build has one; its hash stands where Leptos looks for those of the other files.
    fn address(options: &LeptosOptions) -> Option<String> {
        static HASH: OnceLock<Option<String>> = OnceLock::new();
        let hash = HASH.get_or_init(|| {
            let program = std::env::current_exe().ok()?;
            let hashes = std::fs::read_to_string(program.parent()?.join(&*options.hash_file)).ok()?;
            hash_in(&hashes)
        });
        let hash = hash.as_ref()?;
        Some(format!(
            "/{}/{}-work.{hash}.css",
            options.site_pkg_dir, options.output_name
        ))
    }

    fn hash_in(hashes: &str) -> Option<String> {
        hashes
            .lines()
            .find_map(|line| Some(line.strip_prefix("work:")?.trim().to_owned()))
    }

    /// Pages that show no field, no form and no history. Any other one gets the sheet, needed or not.
    fn is_for_readers(path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        matches!(
            *parts,
            [] | ["impressum" | "datenschutz" | "barrierefreiheit"]
                | ["kommune", _]
                | ["kommune", _, "leitbild", "fassung", _]
        )
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn only_pages_to_read_come_without_it() {
            for path in [
                "/",
                "/kommune/05566",
                "/kommune/05566/",
                "/kommune/05566/leitbild/fassung/3",
                "/impressum",
            ] {
                assert!(is_for_readers(path), "{path}");
            }
            for path in [
                "/kommune/05566/leitbild/bearbeiten",
                "/kommune/05566/leitbild/verlauf",
                "/koordination",
                "/anmelden",
                "/gibt/es/nicht",
            ] {
                assert!(!is_for_readers(path), "{path}");
            }
        }

        #[test]
        fn the_hash_is_found_among_the_others() {
            assert_eq!(hash_in("js: ab\ncss: cd\nwork: ef\n").as_deref(), Some("ef"));
            assert_eq!(hash_in("js: ab\ncss: cd\n"), None);
        }
    }
}

/// Begins to get the sheet, if this page came without it. What it gives is done when the sheet is there, or cannot be had: a page
/// without its style can be read all the same.
#[cfg(feature = "hydrate")]
pub(super) fn load() -> Option<wasm_bindgen_futures::JsFuture> {
    let document = leptos::prelude::document();
    let named = document.query_selector(NAMED).ok()??;
    let link = document.create_element("link").ok()?;
    let arrived = js_sys::Promise::new(&mut |resolve, _| {
        for event in ["load", "error"] {
            // Adding a listener to an element of our own does not fail.
            let _ = link.add_event_listener_with_callback(event, &resolve);
        }
    });
    link.set_attribute("rel", "stylesheet").ok()?;
    link.set_attribute("href", &named.get_attribute("content")?).ok()?;
    // In its place, so that nobody finds it again.
    named.replace_with_with_node_1(&link).ok()?;
    Some(arrived.into())
}
