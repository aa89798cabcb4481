use std::sync::Arc;

use leptos::prelude::use_context;
use model::ags::Ags;

use super::{Answer, Visitor};
use crate::{
    error::AppError,
    views::{NetworkPoint, Recognised, TakeOverPage},
};

/// Taking over an existing text, or a point of another place's.
pub trait Papers {
    /// The page that asks for it. What was just sent to it stands in [`TakingOver`].
    fn take_over_page<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, TakeOverPage>;
    /// How other places put it in what they published: points with words of `text`, the best first. For those who may read
    /// this draft.
    fn network_points<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, text: &'a str)
    -> Answer<'a, Vec<NetworkPoint>>;
}

/// What came of the form that this page answers, if it answers one.
#[derive(Clone, Debug, Default)]
pub struct TakingOver {
    pub error: Option<AppError>,
    pub recognised: Option<Recognised>,
    /// The text that was pasted, where it was not read.
    pub pasted: String,
}

/// What came of the form that this request sent.
#[must_use]
pub fn taking_over() -> Option<Arc<TakingOver>> {
    use_context::<Arc<TakingOver>>()
}
