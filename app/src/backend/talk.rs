use model::{
    ags::Ags,
    role::Role,
    talk::{Deed, News, Threads, Verdict},
};

use super::{Answer, Visitor};

/// Comments and suggestions, and who may write or only suggests.
pub trait Talk {
    /// All threads of a draft, for everybody who may see it.
    fn threads<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, Threads>;
    /// Carries a deed out once for each `key` of this participant, and tells everybody. Done again, it answers with the
    /// thread as it is.
    fn talk<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags, key: &'a str, deed: &'a Deed) -> Answer<'a, News>;
    /// Accepts or rejects a suggestion: for facilitators and the coordinator. Accepting applies it to the draft. Where the
    /// same words were changed since it was made, that is refused unless the verdict says "anyway".
    fn decide<'a>(
        &'a self,
        visitor: &'a Visitor,
        ags: &'a Ags,
        thread: &'a str,
        verdict: Verdict<'a>,
    ) -> Answer<'a, News>;
    /// Sets a participant between writing and suggesting, at once: for facilitators and the coordinator.
    fn set_person_role<'a>(
        &'a self,
        visitor: &'a Visitor,
        ags: &'a Ags,
        participant: &'a str,
        role: Role,
    ) -> Answer<'a, ()>;
}
