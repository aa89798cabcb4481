//! Small pieces that several pages use.

mod downloads;
mod error_text;
mod footer;
mod header;
mod import_result;
mod leitbild_text;
mod live;
mod outcome;
mod page_title;
mod refusal_text;
mod words;

pub use downloads::Downloads;
pub use error_text::{ErrorNotice, error_text};
pub use footer::SiteFooter;
pub use header::SiteHeader;
pub use import_result::ImportResult;
pub use leitbild_text::LeitbildText;
pub use live::{NeedsScript, live};
pub use outcome::outcome;
pub use page_title::PageTitle;
pub use refusal_text::refusal_text;
pub use words::{kind_text, number_text, role_text, sector_text};
