//! What the pages need of a server for versions: history, names, bringing back, stages and decisions.

use model::{ags::Ags, decision::DecisionForm, stage::Stage};

use super::{Answer, Visitor};
use crate::versions::{Against, Compared, FormerPage, VersionsPage};

/// Everything about versions. Reading needs any link or the coordinator's account; changing needs a facilitator's link or
/// that account, unless a method says otherwise.
pub trait Versions {
    /// The states of a Leitbild, the named ones, and where it stands.
    fn versions<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, VersionsPage>;
    /// Two states compared; none means the draft as it is now.
    fn compare<'a>(
        &'a self,
        visitor: &'a Visitor,
        ags: &'a Ags,
        state: Option<u64>,
        against: Against,
    ) -> Answer<'a, Compared>;
    /// Gives a state a name; none means the draft as it is now.
    fn name_version<'a>(
        &'a self,
        visitor: &'a Visitor,
        ags: &'a Ags,
        state: Option<u64>,
        name: &'a str,
    ) -> Answer<'a, ()>;
    /// Brings a state back, or only one field of it.
    fn restore_version<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, state: u64, field: &'a str) -> Answer<'a, ()>;
    /// Moves the Leitbild from one stage to another.
    fn set_stage<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, from: Stage, to: Stage) -> Answer<'a, ()>;
    /// Records a decision on the draft as it is now, and publishes it.
    fn adopt<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, from: Stage, form: &'a DecisionForm) -> Answer<'a, ()>;
    /// A version that was decided on, for everybody.
    fn former<'a>(&'a self, ags: &'a Ags, number: u64) -> Answer<'a, FormerPage>;
}
