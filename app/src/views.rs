//! What the server hands to a page: plain values, the same on both sides.

use model::{
    ags::Ags,
    doc::View,
    fact::Fact,
    import::rows::Row,
    leitbild::{Adopted, PointSource, Published},
    municipality::Municipality,
    phase::Phase,
    role::Role,
    sector::Sector,
    stage::Stage,
};
use serde::{Deserialize, Serialize};

pub use model::map::NetworkPage;

use crate::error::AppError;

/// The page `/kommune/{ags}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProfilePage {
    pub municipality: Municipality,
    /// One row per fact and source, in the order of `FactKey::ALL`, within a key the newest first.
    pub facts: Vec<Fact>,
    pub published: Option<Published>,
    /// Versions that were decided on, other than the published one, the newest first.
    pub former: Vec<Adopted>,
    /// Members inside this district, or the district this town lies in.
    pub neighbours: Vec<Municipality>,
    /// May this browser open the draft?
    pub may_edit: bool,
}

/// Who this browser is in one municipality's draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// The participant's id, as the socket's `people` message names it.
    pub participant: String,
    pub name: String,
    /// Index into the palette of participants' colours.
    pub color: u8,
    pub role: Role,
}

/// The page `/kommune/{ags}/leitbild/bearbeiten`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EditorPage {
    pub municipality: Municipality,
    /// For holders of an edit link: who they are and the text as it stands.
    pub draft: Option<(Access, View)>,
    /// For them: the life phases that blocks can be marked with.
    pub phases: Vec<Phase>,
    /// For them: all places' names, to say where a point was taken over from.
    pub places: Vec<(Ags, String)>,
    /// Where the Leitbild stands.
    pub stage: Stage,
    /// For everyone else.
    pub published: Option<Published>,
}

/// Somebody who wrote in a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// None once it was erased.
    pub name: Option<String>,
    /// Index into the palette of participants' colours.
    pub color: u8,
    pub role: Option<Role>,
    pub sector: Option<Sector>,
    /// The client ids that the document knows this person's words by.
    pub clients: Vec<u64>,
}

/// One row of the coordinator's form of life phases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseRow {
    /// Empty for a new one.
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub de: String,
    #[serde(default)]
    pub en: String,
}

/// What an invitation leads to, shown before it is redeemed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub municipality: Municipality,
    pub role: Role,
    /// The name this browser gave here before.
    pub name: Option<String>,
}

/// A link as the coordinator sees it. The secret itself is only shown when the link is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkSummary {
    pub id: String,
    pub role: Role,
    pub label: String,
    /// Day it was made, `YYYY-MM-DD`.
    pub created: String,
    pub withdrawn: bool,
    /// How many people joined with it.
    pub participants: u32,
}

/// A link just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLink {
    pub id: String,
    pub role: Role,
    /// Complete address to hand on.
    pub url: String,
}

/// The coordinator's page of one municipality.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SteeringPage {
    pub municipality: Municipality,
    pub links: Vec<LinkSummary>,
    /// Who has joined the draft, by name; without those who were erased.
    pub people: Vec<PersonSummary>,
    pub published: Option<Published>,
    /// Where the Leitbild stands.
    pub stage: Stage,
    /// The draft has no text yet.
    pub draft_empty: bool,
}

/// Somebody who has joined a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonSummary {
    pub id: String,
    pub name: String,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Facts that are new.
    pub added: u32,
    /// Facts that were already there with the same source and value.
    pub unchanged: u32,
    /// Points of the Leitbild that arrived in the draft.
    pub points: u32,
    /// Lines that were not understood, and other remarks.
    pub notes: Vec<crate::error::Mistake>,
}

/// A municipality's key together with its name, for choosing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub ags: Ags,
    pub name: String,
    /// Has a published Leitbild.
    pub published: bool,
    /// Links that are not withdrawn.
    pub links: u32,
}

/// The page `/kommune/{ags}/leitbild/uebernehmen`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TakeOverPage {
    pub municipality: Municipality,
    /// Nothing stands in the draft yet.
    pub draft_empty: bool,
    /// May this browser open the draft?
    pub may_edit: bool,
    /// Why what was sent was not taken.
    pub error: Option<AppError>,
    /// What was sent, as it was recognised or corrected.
    pub recognised: Option<Recognised>,
    /// The text that was pasted, where it was not read: nobody pastes it again.
    pub pasted: String,
}

/// A text that is to be taken over, line by line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognised {
    pub rows: Vec<Row>,
}

/// A point of another place's published text, found by its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkPoint {
    pub source: PointSource,
    /// Title of its Leitlinie.
    pub guideline: String,
    pub text: String,
}
