//! One file per route, and [`chunks`]: which pages are loaded together.

mod chunks;
mod coordination;
pub(crate) mod data;
mod editor;
mod former;
mod join;
mod legal;
mod network;
mod not_found;
mod params;
mod profile;
mod set_password;
mod sign_in;
mod steering;
mod styles;
mod take_over;
mod versions;

pub use chunks::{
    AccessibilityRoute, CoordinationRoute, EditorRoute, FormerRoute, ImprintRoute, JoinRoute, NetworkRoute,
    PrivacyRoute, ProfileRoute, SetPasswordRoute, SignInRoute, SteeringRoute, TakeOverRoute, VersionsRoute,
};
pub use not_found::NotFoundPage;
#[cfg(feature = "ssr")]
pub use styles::work_styles;
