//! One file per route, and [`chunks`]: which pages are loaded together.

mod chunks;
mod coordination;
mod editor;
mod join;
mod legal;
mod network;
mod not_found;
mod params;
mod profile;
mod set_password;
mod sign_in;
mod steering;
mod take_over;

pub use chunks::{
    AccessibilityRoute, CoordinationRoute, EditorRoute, ImprintRoute, JoinRoute, NetworkRoute, PrivacyRoute,
    ProfileRoute, SetPasswordRoute, SignInRoute, SteeringRoute, TakeOverRoute,
};
pub use not_found::NotFoundPage;
