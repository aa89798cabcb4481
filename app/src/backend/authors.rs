use model::ags::Ags;

use super::{Answer, Visitor};
use crate::views::Author;

/// Who wrote what.
pub trait Authors {
    /// Everybody who wrote in a draft, for those who may see it.
    fn authors<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, Vec<Author>>;
}
