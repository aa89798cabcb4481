//! Replicas that exchange their changes in any order show the same, and lose nothing.

use model::doc::{self, BlockId, BlockKind, FieldId, Parent, RootText, TextDelta, utf16_len};
use proptest::prelude::*;
use yrs::Doc;

use super::{assert_total, exchange, random, replica, sample, send, under, view};

/// What somebody does; the numbers pick among what their replica shows.
#[derive(Clone, Debug)]
pub(super) enum Action {
    Add(u8, usize),
    Type(usize, u32),
    Cut(usize, u32, u32),
    Move(usize, usize, usize),
    Up(usize),
    Down(usize),
    Remove(usize),
    Restore(usize),
    Split(usize, u32),
    Join(usize),
    Promote(usize),
    Demote(usize),
    /// One-way, to the replica of this number.
    Send(usize),
}

pub(super) fn action() -> impl Strategy<Value = Action> {
    let pick = || any::<prop::sample::Index>().prop_map(|index| index.index(1_000));
    prop_oneof![
        3 => (0_u8..4, pick()).prop_map(|(kind, parent)| Action::Add(kind, parent)),
        4 => (pick(), 0_u32..30).prop_map(|(block, at)| Action::Type(block, at)),
        2 => (pick(), 0_u32..30, 1_u32..4).prop_map(|(block, at, len)| Action::Cut(block, at, len)),
        3 => (pick(), pick(), 0_usize..5).prop_map(|(block, parent, index)| Action::Move(block, parent, index)),
        1 => pick().prop_map(Action::Up),
        1 => pick().prop_map(Action::Down),
        1 => pick().prop_map(Action::Remove),
        1 => pick().prop_map(Action::Restore),
        1 => (pick(), 0_u32..8).prop_map(|(block, at)| Action::Split(block, at)),
        1 => pick().prop_map(Action::Join),
        1 => pick().prop_map(Action::Promote),
        1 => pick().prop_map(Action::Demote),
        4 => (0_usize..3).prop_map(Action::Send),
    ]
}

/// Does it; what is refused changes nothing. Returns words that were typed, if any.
pub(super) fn act(doc: &Doc, action: &Action, word: &str, entropy: &mut dyn FnMut() -> u64) -> Option<()> {
    let now = view(doc);
    let all: Vec<BlockId> = now.blocks().chain(&now.bin).map(|block| block.id.clone()).collect();
    let block = |index: usize| (!all.is_empty()).then(|| all[index % all.len()].clone());
    let guideline = |index: usize| {
        (!now.guidelines.is_empty()).then(|| now.guidelines[index % now.guidelines.len()].block.id.clone())
    };
    match action {
        Action::Add(0, _) => drop(doc::add_block(
            doc,
            &BlockKind::Guideline,
            &Parent::Root,
            1,
            word,
            entropy,
        )),
        Action::Add(1, _) => drop(doc::add_block(
            doc,
            &BlockKind::Paragraph,
            &Parent::Root,
            0,
            word,
            entropy,
        )),
        Action::Add(2, _) => drop(doc::add_block(doc, &BlockKind::Idea, &Parent::Root, 0, word, entropy)),
        Action::Add(_, parent) => {
            let parent = under(&guideline(*parent)?);
            drop(doc::add_blocks(
                doc,
                &BlockKind::Point,
                &parent,
                1,
                &[word, "mehr"],
                entropy,
            ));
        }
        Action::Type(id, at) => {
            let field = match id % 7 {
                0 => FieldId::Root(RootText::Title),
                1 => FieldId::Plain(block(*id)?),
                _ => FieldId::Block(block(*id)?),
            };
            let len = utf16_len(&doc::field_text(&yrs::Transact::transact(doc), &field)?);
            doc::edit_text(doc, &field, &TextDelta::replace(at % (len + 1), 0, word)).unwrap();
        }
        Action::Cut(id, at, len) => {
            doc::edit_text(doc, &FieldId::Block(block(*id)?), &TextDelta::replace(*at, *len, "")).unwrap();
        }
        Action::Move(id, parent, index) => {
            let parent = if parent % 3 == 0 {
                Parent::Root
            } else {
                under(&guideline(*parent)?)
            };
            doc::move_block(doc, &block(*id)?, &parent, *index, entropy).ok()?;
        }
        Action::Up(id) => doc::move_up(doc, &block(*id)?, entropy).ok()?,
        Action::Down(id) => doc::move_down(doc, &block(*id)?, entropy).ok()?,
        Action::Remove(id) => doc::remove_block(doc, &block(*id)?).unwrap(),
        Action::Restore(id) => doc::restore_block(doc, &block(*id)?).unwrap(),
        Action::Split(id, at) => drop(doc::split(doc, &block(*id)?, *at, entropy)),
        Action::Join(id) => drop(doc::join(doc, &block(*id)?, entropy)),
        Action::Promote(id) => doc::promote(doc, &block(*id)?, entropy).ok()?,
        Action::Demote(id) => doc::demote(doc, &block(*id)?, entropy).ok()?,
        Action::Send(_) => {}
    }
    Some(())
}

proptest! {
    #![proptest_config(super::cases(160))]
    #[test]
    fn three_replicas_converge(actions in prop::collection::vec((0_usize..3, action()), 0..50), seed: u64) {
        let first = sample().doc;
        let docs = [replica(&first, 2), replica(&first, 3), doc::new_doc(4)];
        send(&first, &docs[2]);
        let mut entropy = random(seed);
        for (turn, (who, action)) in actions.iter().enumerate() {
            if let Action::Send(to) = action {
                if to != who {
                    send(&docs[*who], &docs[*to]);
                }
                continue;
            }
            act(&docs[*who], action, &format!("w{turn} "), &mut entropy);
            assert_total(&docs[*who]);
        }
        for (one, other) in [(0, 1), (1, 2), (0, 1)] {
            exchange(&docs[one], &docs[other]);
        }
        prop_assert_eq!(view(&docs[0]), view(&docs[1]));
        prop_assert_eq!(view(&docs[1]), view(&docs[2]));
        assert_total(&docs[0]);
    }

    /// Without deleting, removing and restoring, everything that anybody typed is shown at the end, whatever was split,
    /// joined and moved at the same time.
    #[test]
    fn structure_never_loses_words(actions in prop::collection::vec((0_usize..2, action()), 0..40), seed: u64) {
        let first = sample().doc;
        let docs = [replica(&first, 2), replica(&first, 3)];
        let mut entropy = random(seed);
        let mut typed = Vec::new();
        for (turn, (who, action)) in actions.iter().enumerate() {
            // One letter of its own per turn: a split cannot tear it.
            let word = char::from_u32(0x4E00 + turn as u32).unwrap().to_string();
            match action {
                Action::Send(_) => send(&docs[*who], &docs[1 - *who]),
                Action::Cut(..) | Action::Remove(_) | Action::Restore(_) => {}
                _ => {
                    let bin = view(&docs[*who]).bin.len();
                    let done = act(&docs[*who], action, &word, &mut entropy);
                    if done.is_some() && matches!(action, Action::Add(..) | Action::Type(..)) {
                        typed.push(word);
                    }
                    prop_assert!(matches!(action, Action::Join(_)) || view(&docs[*who]).bin.len() <= bin);
                }
            }
        }
        exchange(&docs[0], &docs[1]);
        let view = view(&docs[0]);
        let mut shown = view.title.clone();
        for block in view.blocks() {
            shown.push_str(&block.text);
            shown.push_str(&block.plain);
        }
        for word in typed {
            prop_assert!(shown.contains(&word), "{} is not in {}", word, shown);
        }
    }

    /// Two people move the same point at the same time: it ends in one place, the same for both.
    #[test]
    fn concurrent_moves_end_in_one_place(one in (0_usize..2, 0_usize..4), other in (0_usize..2, 0_usize..4), seed: u64) {
        let sample = sample();
        let docs = [replica(&sample.doc, 2), replica(&sample.doc, 3)];
        let mut entropy = random(seed);
        let id = &sample.a[1];
        for (doc, (guideline, index)) in docs.iter().zip([one, other]) {
            let parent = under(&sample.guidelines[guideline]);
            doc::move_block(doc, id, &parent, index, &mut entropy).unwrap();
        }
        // Somebody types in it meanwhile: the words come along.
        doc::edit_text(&docs[0], &FieldId::Block(id.clone()), &TextDelta::replace(0, 0, "neu ")).unwrap();
        exchange(&docs[0], &docs[1]);
        prop_assert_eq!(view(&docs[0]), view(&docs[1]));
        assert_total(&docs[0]);
        prop_assert_eq!(super::text(&docs[1], id), "neu a2");
        let places: usize = view(&docs[0])
            .guidelines
            .iter()
            .map(|guideline| guideline.points.iter().filter(|point| point.id == *id).count())
            .sum();
        prop_assert_eq!(places, 1);
    }
}
