//! Which pages are loaded together.
//!
//! The wasm is cut at the functions marked `lazy` here (`xtask/bundle`): a page's code is loaded when it is visited, so that a
//! citizen's phone never loads the editor. Few chunks on purpose: what several of them share becomes a chunk for each
//! combination. A page asks for its data itself, so that the types of its data stay in its chunk, too.

use leptos::prelude::*;
use leptos_router::LazyRoute;

#[cfg(feature = "hydrate")]
use super::styles;
use super::{
    coordination::CoordinationPage,
    editor::EditorRouteView,
    former::FormerRouteView,
    join::JoinPage,
    legal::{AccessibilityPage, ImprintPage, PrivacyPage},
    network::NetworkRouteView,
    profile::ProfileRouteView,
    set_password::SetPasswordPage,
    sign_in::SignInPage,
    steering::SteeringRouteView,
    take_over::TakeOverRouteView,
    versions::VersionsRouteView,
};

/// Declares a chunk: the function that the splitter cuts at, what Leptos calls the one that only fetches it, the enum of its
/// pages, and a route for each. Those of `work` need the second style sheet, those of `read` do not.
macro_rules! chunk {
    ($load:ident, $fetch:ident, $pages:ident, $styles:ident { $($route:ident => $view:ident),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug)]
        #[allow(clippy::enum_variant_names, reason = "a variant is called as its route")]
        enum $pages {
            $($route),+
        }

        #[lazy]
        fn $load(page: $pages) -> AnyView {
            match page {
                $($pages::$route => $view().into_any()),+
            }
        }

        $(
            #[derive(Debug)]
            pub struct $route;

            impl LazyRoute for $route {
                fn data() -> Self {
                    Self
                }

                async fn view(_this: Self) -> AnyView {
                    $load($pages::$route).await
                }

                // The router waits for this before it takes a page over: a view that is not there at once would find other
                // HTML than its own.
                #[cfg(feature = "hydrate")]
                async fn preload() {
                    chunk!(@fetch $fetch $styles);
                }
            }
        )+
    };
    (@fetch $fetch:ident read) => {
        $fetch().await
    };
    (@fetch $fetch:ident work) => {
        // Both at once.
        let arriving = styles::load();
        $fetch().await;
        if let Some(arriving) = arriving {
            // Both outcomes count as arrived: see there.
            let _ = arriving.await;
        }
    };
}

chunk!(load_network, __preload_load_network, NetworkPages, read { NetworkRoute => NetworkRouteView });
chunk!(load_profile, __preload_load_profile, ProfilePages, read { ProfileRoute => ProfileRouteView });
// Few citizens look at what was decided before: it must not make the profile heavier.
chunk!(load_former, __preload_load_former, FormerPages, read { FormerRoute => FormerRouteView });
chunk!(load_editor, __preload_load_editor, EditorPages, work { EditorRoute => EditorRouteView });
chunk!(
    load_desk,
    __preload_load_desk,
    DeskPages, work {
        JoinRoute => JoinPage,
        SignInRoute => SignInPage,
        SetPasswordRoute => SetPasswordPage,
        CoordinationRoute => CoordinationPage,
        SteeringRoute => SteeringRouteView,
        TakeOverRoute => TakeOverRouteView,
        VersionsRoute => VersionsRouteView,
    }
);
chunk!(
    load_legal,
    __preload_load_legal,
    LegalPages, read {
        ImprintRoute => ImprintPage,
        PrivacyRoute => PrivacyPage,
        AccessibilityRoute => AccessibilityPage,
    }
);
