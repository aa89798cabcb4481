//! One file per route.

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

pub use coordination::CoordinationPage;
pub use editor::EditorRoute;
pub use join::JoinPage;
pub use legal::{AccessibilityPage, ImprintPage, PrivacyPage};
pub use network::NetworkRoute;
pub use not_found::NotFoundPage;
pub use profile::ProfileRoute;
pub use set_password::SetPasswordPage;
pub use sign_in::SignInPage;
pub use steering::SteeringRoute;
