//! The scenarios by name, and what the load generator is told for each.

use super::{servers::Kind, table::Figures};
use crate::failure::{Failure, Result};

/// A server that delivers less than this share of what it should has broken down; larger sizes are not tried.
pub(super) const BROKEN_BELOW: f64 = 0.9;

#[derive(Debug, PartialEq)]
pub(super) struct Scenario {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// As the load generator spells it.
    pub(super) load: &'static str,
    /// One of a series of growing sizes.
    pub(super) grows: bool,
    /// Does the server have to keep documents?
    pub(super) needs_document: bool,
    /// People join and come back instead of typing.
    pub(super) kind: Measured,
}

/// What a scenario measures, which decides the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measured {
    Typing,
    Joining,
    Returning,
    Restarting,
    Stalling,
}

const fn typing(name: &'static str, title: &'static str, load: &'static str, grows: bool) -> Scenario {
    Scenario {
        name,
        title,
        load,
        grows,
        needs_document: false,
        kind: Measured::Typing,
    }
}

const fn joining(name: &'static str, title: &'static str, load: &'static str) -> Scenario {
    Scenario {
        name,
        title,
        load,
        grows: false,
        needs_document: true,
        kind: Measured::Joining,
    }
}

/// The demonstration network has 93 places, and each has one document.
static ALL: [Scenario; 13] = [
    typing("a10", "one document, 10 writers", "typing:1:10:0", true),
    typing("a50", "one document, 50 writers", "typing:1:50:0", true),
    typing("a100", "one document, 100 writers", "typing:1:100:0", true),
    typing("a200", "one document, 200 writers", "typing:1:200:0", true),
    typing("a400", "one document, 400 writers", "typing:1:400:0", true),
    typing("a1000", "one document, 1,000 writers", "typing:1:1000:0", true),
    typing("b", "93 documents with 3 writers each", "typing:93:3:0", false),
    typing(
        "c",
        "one document, 20 writers and 500 readers",
        "typing:1:20:500",
        false,
    ),
    joining("d5000", "joining late, after 5,000 edits", "joining:5000"),
    joining("d50000", "joining late, after 50,000 edits", "joining:50000"),
    Scenario {
        name: "e",
        title: "100 people come back from offline with 200 edits each",
        load: "offline:100:200",
        grows: false,
        needs_document: true,
        kind: Measured::Returning,
    },
    Scenario {
        name: "r500",
        title: "500 people with 20 edits each come back at once after the server was killed and restarted",
        load: "restart:500:20",
        grows: false,
        needs_document: true,
        kind: Measured::Restarting,
    },
    Scenario {
        name: "s50",
        title: "one document, 100 writers, then the same beside 50 sockets that stopped reading",
        load: "stalled:100:50",
        grows: false,
        needs_document: false,
        kind: Measured::Stalling,
    },
];

pub(super) fn all() -> &'static [Scenario] {
    &ALL
}

impl Scenario {
    /// Can this server be measured in it?
    pub(super) fn suits(&self, server: Kind) -> bool {
        !self.needs_document || server != Kind::Relay
    }
}

/// Scenarios by their names; a letter means all that begin with it.
pub(super) fn chosen(names: &str) -> Result<Vec<&'static Scenario>> {
    let mut chosen = Vec::new();
    for name in names.split(',') {
        let before = chosen.len();
        chosen.extend(ALL.iter().filter(|scenario| {
            let size = scenario.name.strip_prefix(name);
            size.is_some_and(|size| size.is_empty() || name.len() == 1)
        }));
        if chosen.len() == before {
            let known: Vec<_> = ALL.iter().map(|scenario| scenario.name).collect();
            return Err(Failure::new(format!(
                "there is no scenario `{name}`; there are {}.",
                known.join(", ")
            )));
        }
    }
    Ok(chosen)
}

/// How much of what should have arrived did.
pub(super) fn delivered_share(figures: &Figures) -> Option<f64> {
    Some(figures.get("delivered")? / figures.get("expected")?)
}
