use model::phase::Phase;

use super::{Answer, Visitor};
use crate::views::PhaseRow;

/// The Präventionskette: which life phases a Leitbild can speak of.
pub trait Chain {
    /// All phases in order, for the coordinator.
    fn phases<'a>(&'a self, visitor: &'a Visitor) -> Answer<'a, Vec<Phase>>;
    /// Replaces them; rows without a name are left out. Answers with what it is now.
    fn set_phases<'a>(&'a self, visitor: &'a Visitor, rows: &'a [PhaseRow]) -> Answer<'a, Vec<Phase>>;
}
