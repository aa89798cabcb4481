//! Versions of a Leitbild: its history, differences between states, stages and decisions.
//!
//! What the server hands to these pages stands here; the views are in the files beside.

mod adoption;
mod difference;
mod history;
mod moment;
mod stage;
mod timeline;

use model::{
    ags::Ags,
    compare::Comparison,
    leitbild::{Adopted, Leitbild},
    municipality::Municipality,
    stage::Stage,
};
use serde::{Deserialize, Serialize};

pub use adoption::{AdoptionText, FormerVersions};
pub use history::{History, HistoryActions};
pub(crate) use moment::day_text;
pub use moment::moment_text;
pub use stage::{StageSteering, stage_text};

/// The page `/kommune/{ags}/leitbild/verlauf`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionsPage {
    pub municipality: Municipality,
    pub stage: Stage,
    /// May this browser name versions, bring them back and move the Leitbild on?
    pub may_steer: bool,
    /// Does this browser have a link to the draft? The coordinator may have none.
    pub may_open: bool,
    pub draft_empty: bool,
    pub states: States,
    /// States with a name, the newest first.
    pub named: Vec<StateRef>,
    /// What was decided on, the newest first.
    pub adopted: Vec<Adopted>,
}

/// The states that a page offers, oldest first, as differences to the one before: thousands of them have to be short.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct States {
    /// Row of the log, and milliseconds.
    steps: Vec<(u64, i64)>,
}

/// One state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateRef {
    /// The row of the log that it includes everything up to.
    pub seq: u64,
    /// When that was, in milliseconds since 1970, UTC.
    pub at_ms: i64,
    pub name: Option<String>,
}

/// What a state is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// The draft as it is now.
    #[default]
    Now,
    /// The state after that row.
    State(u64),
    /// Nothing: the text alone.
    Nothing,
}

/// A state, and what is different in another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    pub state: StateRef,
    pub other: Other,
    /// The earlier one of the two first.
    pub comparison: Comparison,
}

/// What a state was compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Other {
    Now,
    State(StateRef),
    Nothing,
}

/// A version that was decided on, at an address of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerPage {
    pub municipality: Municipality,
    pub adopted: Adopted,
    pub leitbild: Leitbild,
    /// [`Stage::Adopted`], or [`Stage::Superseded`] by a later decision.
    pub stage: Stage,
}

impl States {
    /// Puts states, oldest first, into the short form.
    pub fn of(states: impl IntoIterator<Item = (u64, i64)>) -> Self {
        let (mut seq, mut at_ms) = (0, 0);
        let step = |(next, next_ms): (u64, i64)| {
            let step = (next - seq, next_ms - at_ms);
            (seq, at_ms) = (next, next_ms);
            step
        };
        Self {
            steps: states.into_iter().map(step).collect(),
        }
    }

    /// Row and time of each state, oldest first.
    #[must_use]
    pub fn all(&self) -> Vec<(u64, i64)> {
        let (mut seq, mut at_ms) = (0_u64, 0_i64);
        let next = |(step, step_ms): &(u64, i64)| {
            seq = seq.saturating_add(*step);
            at_ms = at_ms.saturating_add(*step_ms);
            (seq, at_ms)
        };
        self.steps.iter().map(next).collect()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

impl Against {
    /// Reads the part `gegen` of the address; what is not understood is the default.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "ohne" => Self::Nothing,
            text => text.parse().map_or(Self::Now, Self::State),
        }
    }

    /// The part `gegen` of the address.
    #[must_use]
    pub fn to_query(self) -> String {
        match self {
            Self::Now => "jetzt".to_owned(),
            Self::State(seq) => seq.to_string(),
            Self::Nothing => "ohne".to_owned(),
        }
    }
}

/// Where the history of a Leitbild is, at a state.
fn address(ags: &Ags, state: Option<u64>, against: Against) -> String {
    let state = state.map_or_else(|| "jetzt".to_owned(), |seq| seq.to_string());
    format!(
        "/kommune/{ags}/leitbild/verlauf?stand={state}&gegen={}",
        against.to_query()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_come_back_from_their_short_form() {
        let states = [(3, 1_700_000_000_000), (4, 1_700_000_000_500), (90, 1_700_000_900_000)];
        assert_eq!(States::of(states).all(), states);
        assert!(States::of([]).is_empty());
    }

    #[test]
    fn the_address_says_what_is_compared() {
        for against in [Against::Now, Against::Nothing, Against::State(17)] {
            assert_eq!(Against::parse(&against.to_query()), against);
        }
        assert_eq!(Against::parse("-3"), Against::Now);
    }
}
