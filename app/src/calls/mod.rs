//! Server functions, one action a file: this folder reads as the list of what the program can do.
//!
//! Reading is GET, changing is POST; only what is searched for is posted, too. Each has a fixed `endpoint`, because the default one carries a hash that changes
//! with the code and would break pages that are still open. The Origin of every POST is checked by the server's
//! middleware before a function is reached; rights are checked by the backend.

mod caller;
mod carry_out;
mod compare_states;
mod decide_suggestion;
mod erase_person;
mod import_facts;
mod import_profile;
mod join_draft;
mod list_authors;
mod list_choices;
mod list_network;
mod list_phases;
mod list_threads;
mod make_link;
mod move_stage;
mod name_version;
mod open_editor;
mod publish_leitbild;
mod record_decision;
mod redeem_link;
mod restore_version;
mod search_network;
mod set_password;
mod set_person_role;
mod set_phases;
mod show_former;
mod show_invitation;
mod show_profile;
mod show_steering;
mod show_take_over;
mod show_versions;
mod sign_in;
mod sign_out;
mod withdraw_link;

pub use caller::Caller;
pub use carry_out::carry_out;
pub use compare_states::compare_states;
pub use decide_suggestion::decide_suggestion;
pub use erase_person::{ErasePerson, erase_person};
pub use import_facts::{ImportFacts, import_facts};
pub use import_profile::{ImportProfile, import_profile};
pub use join_draft::{JoinDraft, join_draft};
pub use list_authors::list_authors;
pub use list_choices::list_choices;
pub use list_network::list_network;
pub use list_phases::list_phases;
pub use list_threads::list_threads;
pub use make_link::{MakeLink, make_link};
pub use move_stage::{MoveStage, move_stage};
pub use name_version::{NameVersion, name_version};
pub use open_editor::open_editor;
pub use publish_leitbild::{PublishLeitbild, publish_leitbild};
pub use record_decision::{RecordDecision, record_decision};
pub use redeem_link::{RedeemLink, redeem_link};
pub use restore_version::{RestoreVersion, restore_version};
pub use search_network::search_network;
pub use set_password::{SetPassword, set_password};
pub use set_person_role::set_person_role;
pub use set_phases::{SetPhases, set_phases};
pub use show_former::show_former;
pub use show_invitation::show_invitation;
pub use show_profile::show_profile;
pub use show_steering::show_steering;
pub use show_take_over::show_take_over;
pub use show_versions::show_versions;
pub use sign_in::{SignIn, sign_in};
pub use sign_out::{SignOut, sign_out};
pub use withdraw_link::{WithdrawLink, withdraw_link};
