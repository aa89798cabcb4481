//! The map of the network: an SVG of links, drawn by the server, taken over by the browser.
//!
//! Without JavaScript every area is a link. With it the map pans and zooms ([`view_box`] is the arithmetic, `gesture`
//! the fingers), the arrow keys walk from area to area ([`keyboard`]), and map and list point each other out
//! ([`state`]). During a gesture only a CSS transform moves the finished picture, which the compositor does by itself;
//! the picture is drawn anew at its end.

pub mod filter;
#[cfg(feature = "hydrate")]
mod gesture;
pub mod keyboard;
mod legend;
mod list;
pub mod place;
mod state;
mod surface;
pub mod view_box;

pub use legend::{Legend, Patterns};
pub use list::MemberList;
pub use state::MapState;
pub use surface::NetworkMap;
