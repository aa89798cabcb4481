//! Who may do what with threads.

use super::{Comment, Decided, Decision, Deed, State, Suggestion, Thread};
use crate::doc::{Anchor, Basis};
use crate::hex::unhex;
use crate::limits;
use crate::role::Role;

/// Who does something, and when.
#[derive(Clone, Debug)]
pub struct Actor<'a> {
    pub participant: &'a str,
    pub role: Role,
    /// Milliseconds since 1970, UTC.
    pub now_ms: i64,
}

/// Why a deed was not done. Nothing was changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("this role does not allow it")]
    NotAllowed,
    /// There is no such thread or comment (any more).
    #[error("there is no such thread or comment")]
    Unknown,
    /// The id is taken by something else.
    #[error("the id is taken")]
    Taken,
    #[error("there are no words in it")]
    Empty,
    #[error("the words are longer than allowed")]
    TooLong,
    #[error("there are more comments in this thread than allowed")]
    TooMany,
    /// Ids, anchor or update are not what they should be.
    #[error("the deed is malformed")]
    Malformed,
    /// It was decided, resolved or taken back meanwhile.
    #[error("it was settled meanwhile")]
    Settled,
}

/// The thread as it is after `deed`. `thread` is what is there under the deed's id now.
///
/// # Errors
/// [`Refused`].
pub fn carry_out(thread: Option<Thread>, deed: &Deed, actor: &Actor<'_>) -> Result<Thread, Refused> {
    if !actor.role.may_talk() {
        return Err(Refused::NotAllowed);
    }
    check_id(deed.thread())?;
    match deed {
        Deed::Open {
            thread: id,
            comment,
            anchor,
            text,
        } => begin(thread, id, anchor, first(comment, text, actor)?, None),
        Deed::Suggest {
            thread: id,
            comment,
            anchor,
            text,
            update,
            basis,
        } => {
            let basis_bytes = basis.as_ref().map_or(0, Basis::bytes);
            if update.len() > limits::SUGGESTION_BYTES * 2 || basis_bytes > limits::SUGGESTION_BYTES {
                return Err(Refused::TooLong);
            }
            if unhex(update).is_none_or(|bytes| bytes.is_empty()) {
                return Err(Refused::Malformed);
            }
            let suggestion = Suggestion {
                update: update.clone(),
                basis: basis.clone(),
                decided: None,
            };
            begin(thread, id, anchor, first(comment, text, actor)?, Some(suggestion))
        }
        Deed::Reply { comment, text, .. } => {
            let mut thread = thread.ok_or(Refused::Unknown)?;
            if thread.comments.len() >= limits::THREAD_COMMENTS {
                return Err(Refused::TooMany);
            }
            if thread.comments.iter().any(|other| other.id == *comment) {
                return Err(Refused::Taken);
            }
            thread.comments.push(first(comment, text, actor)?);
            Ok(thread)
        }
        Deed::Edit { comment, text, .. } => {
            let text = words(text)?;
            let mut thread = thread.ok_or(Refused::Unknown)?;
            let comment = comment_of(&mut thread, comment)?;
            if comment.by != actor.participant {
                return Err(Refused::NotAllowed);
            }
            comment.edited |= comment.text.as_ref() != Some(&text);
            comment.text = Some(text);
            Ok(thread)
        }
        Deed::Delete { comment, .. } => {
            let mut thread = thread.ok_or(Refused::Unknown)?;
            let comment = comment_of(&mut thread, comment)?;
            if comment.by != actor.participant && !actor.role.may_decide() {
                return Err(Refused::NotAllowed);
            }
            comment.text = None;
            Ok(thread)
        }
        Deed::Resolve { .. } => turn(thread, State::Open, State::Resolved),
        Deed::Reopen { .. } => turn(thread, State::Resolved, State::Open),
        Deed::Withdraw { .. } => {
            let mut thread = thread.ok_or(Refused::Unknown)?;
            if thread.suggestion.is_none() || thread.author() != Some(actor.participant) {
                return Err(Refused::NotAllowed);
            }
            match thread.state {
                State::Open => thread.state = State::Withdrawn,
                State::Withdrawn => {}
                _ => return Err(Refused::Settled),
            }
            Ok(thread)
        }
    }
}

/// The suggestion as it is after it was decided. Whoever accepts applies its update first.
///
/// # Errors
/// [`Refused`]; deciding again in the same way is none.
pub fn decide(mut thread: Thread, decision: Decision, reason: &str, actor: &Actor<'_>) -> Result<Thread, Refused> {
    if !actor.role.may_decide() {
        return Err(Refused::NotAllowed);
    }
    let reason = reason.trim();
    if reason.chars().count() > limits::COMMENT_CHARS {
        return Err(Refused::TooLong);
    }
    let becomes = match decision {
        Decision::Accept => State::Accepted,
        Decision::Reject => State::Rejected,
    };
    let suggestion = thread.suggestion.as_mut().ok_or(Refused::Unknown)?;
    if thread.state == becomes {
        return Ok(thread);
    }
    if thread.state != State::Open {
        return Err(Refused::Settled);
    }
    suggestion.decided = Some(Decided {
        by: actor.participant.to_owned(),
        at_ms: actor.now_ms,
        reason: reason.to_owned(),
    });
    thread.state = becomes;
    Ok(thread)
}

/// Takes a participant's words out of a thread. What was accepted stands in the document and stays there, without a name;
/// what was quoted is the document's. True when there was something.
pub fn erase(thread: &mut Thread, participant: &str) -> bool {
    let mut found = false;
    let is_authors = thread.author() == Some(participant);
    for comment in thread.comments.iter_mut().filter(|comment| comment.by == participant) {
        found |= comment.text.take().is_some();
    }
    if let Some(suggestion) = &mut thread.suggestion {
        if is_authors && !suggestion.update.is_empty() {
            found = true;
            suggestion.update.clear();
            suggestion.basis = None;
            if thread.state == State::Open {
                thread.state = State::Withdrawn;
            }
        }
        if let Some(decided) = suggestion.decided.as_mut().filter(|decided| decided.by == participant) {
            found |= !decided.reason.is_empty();
            decided.reason.clear();
        }
    }
    found
}

fn begin(
    there: Option<Thread>,
    id: &str,
    anchor: &Anchor,
    comment: Comment,
    suggestion: Option<Suggestion>,
) -> Result<Thread, Refused> {
    if there.is_some() {
        return Err(Refused::Taken);
    }
    check_anchor(anchor)?;
    Ok(Thread {
        id: id.to_owned(),
        anchor: anchor.clone(),
        state: State::Open,
        comments: vec![comment],
        suggestion,
        version: 0,
    })
}

fn first(id: &str, text: &str, actor: &Actor<'_>) -> Result<Comment, Refused> {
    check_id(id)?;
    Ok(Comment {
        id: id.to_owned(),
        by: actor.participant.to_owned(),
        at_ms: actor.now_ms,
        edited: false,
        text: Some(words(text)?),
    })
}

fn turn(thread: Option<Thread>, from: State, to: State) -> Result<Thread, Refused> {
    let mut thread = thread.ok_or(Refused::Unknown)?;
    if thread.suggestion.is_some() {
        return Err(Refused::Malformed);
    }
    if thread.state == from {
        thread.state = to;
    }
    Ok(thread)
}

fn comment_of<'a>(thread: &'a mut Thread, id: &str) -> Result<&'a mut Comment, Refused> {
    let found = thread.comments.iter_mut().find(|comment| comment.id == id);
    found.filter(|comment| comment.text.is_some()).ok_or(Refused::Unknown)
}

fn words(text: &str) -> Result<String, Refused> {
    let text: String = text
        .chars()
        .map(|letter| if letter == '\t' { ' ' } else { letter })
        .filter(|letter| *letter == '\n' || !letter.is_control())
        .collect();
    let text = text.trim();
    if text.is_empty() {
        return Err(Refused::Empty);
    }
    if text.chars().count() > limits::COMMENT_CHARS {
        return Err(Refused::TooLong);
    }
    Ok(text.to_owned())
}

fn check_id(id: &str) -> Result<(), Refused> {
    let is_well_formed = (1..=limits::TALK_ID_CHARS).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if is_well_formed {
        Ok(())
    } else {
        Err(Refused::Malformed)
    }
}

fn check_anchor(anchor: &Anchor) -> Result<(), Refused> {
    let Some(passage) = &anchor.passage else {
        return Ok(());
    };
    let is_short = |text: &str| text.chars().count() <= limits::QUOTE_CHARS;
    let is_sticky = |text: &str| text.len() <= limits::KEY_BYTES && unhex(text).is_some();
    if ![&passage.quote, &passage.before, &passage.after]
        .into_iter()
        .all(|text| is_short(text))
    {
        return Err(Refused::TooLong);
    }
    if passage.quote.trim().is_empty() || !is_sticky(&passage.start) || !is_sticky(&passage.end) {
        return Err(Refused::Malformed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::{FieldId, RootText};

    fn actor(participant: &str, role: Role) -> Actor<'_> {
        Actor {
            participant,
            role,
            now_ms: 5,
        }
    }

    fn open(text: &str) -> Deed {
        Deed::Open {
            thread: "t".to_owned(),
            comment: "c".to_owned(),
            anchor: Anchor::field(FieldId::Root(RootText::Title)),
            text: text.to_owned(),
        }
    }

    fn suggest(update: &str) -> Deed {
        Deed::Suggest {
            thread: "s".to_owned(),
            comment: "c".to_owned(),
            anchor: Anchor::field(FieldId::Root(RootText::Title)),
            text: "darum".to_owned(),
            update: update.to_owned(),
            basis: None,
        }
    }

    #[test]
    fn readers_say_nothing_and_everybody_else_does() {
        for role in Role::ALL {
            let done = carry_out(None, &open("Warum?"), &actor("a", role));
            assert_eq!(done.is_ok(), role != Role::Read, "{role:?}");
        }
    }

    #[test]
    fn words_are_neither_missing_nor_endless() {
        let ada = actor("a", Role::Suggest);
        assert_eq!(carry_out(None, &open(" \n "), &ada), Err(Refused::Empty));
        let long = "ä".repeat(limits::COMMENT_CHARS + 1);
        assert_eq!(carry_out(None, &open(&long), &ada), Err(Refused::TooLong));
        let thread = carry_out(None, &open(" zwei\nZeilen\u{0}\tund ein Tab\t"), &ada).unwrap();
        assert_eq!(thread.comments[0].text.as_deref(), Some("zwei\nZeilen und ein Tab"));
        assert_eq!(carry_out(Some(thread), &open("noch einmal"), &ada), Err(Refused::Taken));
    }

    #[test]
    fn only_authors_change_their_words_and_only_they_and_facilitators_delete_them() {
        let thread = carry_out(None, &open("Warum?"), &actor("a", Role::Participate)).unwrap();
        let edit = Deed::Edit {
            thread: "t".to_owned(),
            comment: "c".to_owned(),
            text: "Wozu?".to_owned(),
        };
        let delete = Deed::Delete {
            thread: "t".to_owned(),
            comment: "c".to_owned(),
        };
        let by = |who, role, deed| carry_out(Some(thread.clone()), deed, &actor(who, role));
        assert_eq!(by("b", Role::Facilitate, &edit), Err(Refused::NotAllowed));
        assert_eq!(by("b", Role::Participate, &delete), Err(Refused::NotAllowed));
        let edited = by("a", Role::Suggest, &edit).unwrap();
        assert!(edited.comments[0].edited);
        assert_eq!(edited.comments[0].text.as_deref(), Some("Wozu?"));
        for (who, role) in [("a", Role::Suggest), ("b", Role::Facilitate)] {
            let deleted = by(who, role, &delete).unwrap();
            assert!(deleted.is_empty());
            assert_eq!(
                carry_out(Some(deleted), &edit, &actor("a", Role::Suggest)),
                Err(Refused::Unknown)
            );
        }
    }

    #[test]
    fn a_suggestion_is_decided_once_and_by_a_facilitator() {
        let ada = actor("a", Role::Suggest);
        assert_eq!(carry_out(None, &suggest("xyz"), &ada), Err(Refused::Malformed));
        let thread = carry_out(None, &suggest("0000"), &ada).unwrap();
        let faye = actor("f", Role::Facilitate);
        let by = |thread: &Thread, decision, actor: &Actor<'_>| decide(thread.clone(), decision, "gut", actor);
        assert_eq!(
            by(&thread, Decision::Accept, &actor("b", Role::Participate)),
            Err(Refused::NotAllowed)
        );
        let accepted = by(&thread, Decision::Accept, &faye).unwrap();
        assert_eq!(accepted.state, State::Accepted);
        assert_eq!(by(&accepted, Decision::Accept, &faye).as_ref(), Ok(&accepted));
        assert_eq!(by(&accepted, Decision::Reject, &faye), Err(Refused::Settled));
        let withdraw = Deed::Withdraw { thread: "s".to_owned() };
        assert_eq!(carry_out(Some(accepted), &withdraw, &ada), Err(Refused::Settled));
        assert_eq!(
            carry_out(Some(thread.clone()), &withdraw, &faye),
            Err(Refused::NotAllowed)
        );
        let withdrawn = carry_out(Some(thread), &withdraw, &ada).unwrap();
        assert_eq!(by(&withdrawn, Decision::Accept, &faye), Err(Refused::Settled));
    }

    #[test]
    fn erasing_takes_the_words_and_leaves_the_others() {
        let mut thread = carry_out(None, &suggest("0000"), &actor("a", Role::Suggest)).unwrap();
        let reply = Deed::Reply {
            thread: "s".to_owned(),
            comment: "d".to_owned(),
            text: "gern".to_owned(),
        };
        thread = carry_out(Some(thread), &reply, &actor("b", Role::Suggest)).unwrap();
        assert!(!erase(&mut thread, "c"));
        assert!(erase(&mut thread, "a"));
        assert_eq!(thread.comments[0].text, None);
        assert_eq!(thread.comments[1].text.as_deref(), Some("gern"));
        assert_eq!(thread.state, State::Withdrawn);
        assert!(
            thread
                .suggestion
                .as_ref()
                .is_some_and(|suggestion| suggestion.update.is_empty())
        );
        assert!(!erase(&mut thread, "a"), "nothing is left to erase");
    }
}
