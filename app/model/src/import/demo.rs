//! Shape of the demo files that come with the project: one municipality each, as JSON.

use serde::{Deserialize, Serialize};

use super::Draft;
use crate::{ags::Ags, fact::Fact, fact::FactKey};

/// One municipality's examples: `{ags, facts, leitbild, publish}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    pub ags: Ags,
    #[serde(default)]
    pub facts: Vec<DemoFact>,
    pub leitbild: Draft,
    /// Is the Leitbild shown to citizens, or a draft only?
    pub publish: bool,
}

/// A [`Fact`] without the AGS, which stands once in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoFact {
    pub key: FactKey,
    pub value: String,
    pub source: String,
    pub date: String,
}

impl Demo {
    /// The facts with the municipality they belong to.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        let fact = |fact: &DemoFact| Fact {
            ags: self.ags.clone(),
            key: fact.key,
            value: fact.value.clone(),
            source: fact.source.clone(),
            date: fact.date.clone(),
        };
        self.facts.iter().map(fact).collect()
    }
}
