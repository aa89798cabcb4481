//! The editor as one flat sequence of rows, and where a block can go in it.
//!
//! Flat, because a block that changes its Leitlinie then stays the same element among the same siblings: the field
//! somebody types in is never built anew.

use std::collections::HashMap;

use model::doc::{BlockId, BlockKind, BlockView, List, Parent, RootText, View};

/// What makes a row the same row in the next layout.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum RowKey {
    Root(RootText),
    Block(BlockId),
    AddParagraph,
    AddPoint(BlockId),
    AddGuideline,
    LooseHeading,
    IdeasHeading,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) key: RowKey,
    /// For rows that are blocks: where the block stands.
    pub(crate) spot: Option<Spot>,
}

/// Where a block stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) kind: BlockKind,
    pub(crate) list: List,
    /// Position in its list, from 0.
    pub(crate) index: usize,
    /// For Leitlinien and what hangs under them: the Leitlinie's number, from 1.
    pub(crate) guideline: Option<usize>,
    pub(crate) steps: Steps,
}

impl Spot {
    /// Can a new block stand directly below? See [`below`].
    pub(crate) fn has_below(&self) -> bool {
        !matches!(self.list, List::Loose | List::Bin)
    }
}

/// What can be done with a block where it stands, as `model::doc` does it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Steps {
    /// A step towards the beginning, and towards the end.
    pub(crate) up: bool,
    pub(crate) down: bool,
    /// A point becomes a Leitlinie.
    pub(crate) promote: bool,
    /// A Leitlinie becomes a point of the one before.
    pub(crate) demote: bool,
}

/// Where a block can be put: its parent, and the position it will have among the siblings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) parent: Parent,
    pub(crate) index: usize,
}

/// All rows, from the title to what belongs nowhere.
pub(crate) fn rows(view: &View) -> Vec<Row> {
    let mut rows = vec![
        control(RowKey::Root(RootText::Title)),
        control(RowKey::Root(RootText::Motto)),
    ];
    list_rows(view, &mut rows, &List::Preamble, None);
    rows.push(control(RowKey::AddParagraph));
    for (index, guideline) in view.guidelines.iter().enumerate() {
        let id = &guideline.block.id;
        rows.push(block_row(
            view,
            &guideline.block,
            List::Guidelines,
            (index, view.guidelines.len()),
            Some(index + 1),
        ));
        list_rows(view, &mut rows, &List::Points(id.clone()), Some(index + 1));
        list_rows(view, &mut rows, &List::IdeasOf(id.clone()), Some(index + 1));
        rows.push(control(RowKey::AddPoint(id.clone())));
    }
    rows.push(control(RowKey::AddGuideline));
    rows.push(control(RowKey::Root(RootText::Closing)));
    if !view.loose.is_empty() {
        rows.push(control(RowKey::LooseHeading));
        list_rows(view, &mut rows, &List::Loose, None);
    }
    if !view.ideas.is_empty() {
        rows.push(control(RowKey::IdeasHeading));
        list_rows(view, &mut rows, &List::Ideas, None);
    }
    rows
}

/// Every place where a dragged block can be dropped: before which row, and where that is.
pub(crate) fn drop_targets(view: &View, rows: &[Row], id: &BlockId) -> Vec<(usize, Target)> {
    let Some(kind) = view.block(id).map(|block| block.kind.clone()) else {
        return Vec::new();
    };
    let places: HashMap<&RowKey, usize> = rows.iter().enumerate().map(|(index, row)| (&row.key, index)).collect();
    let position = |key: &RowKey| places.get(key).copied();
    let mut targets = Vec::new();
    match kind {
        BlockKind::Paragraph => {
            let end = position(&RowKey::AddParagraph);
            list_targets(view, &places, id, (&List::Preamble, &Parent::Root), end, &mut targets);
        }
        BlockKind::Guideline => {
            let end = position(&RowKey::AddGuideline);
            list_targets(view, &places, id, (&List::Guidelines, &Parent::Root), end, &mut targets);
        }
        BlockKind::Point | BlockKind::Idea => {
            for guideline in &view.guidelines {
                let end = position(&RowKey::AddPoint(guideline.block.id.clone()));
                let parent = Parent::Block(guideline.block.id.clone());
                list_targets(
                    view,
                    &places,
                    id,
                    (&list_under(&kind, &guideline.block.id), &parent),
                    end,
                    &mut targets,
                );
            }
        }
        BlockKind::Other(_) => {}
    }
    targets
}

/// What a new block directly below this one is, and where it stands: the next in its list, or, under a Leitlinie, its
/// first point. Nothing for blocks that belong nowhere.
pub(crate) fn below(view: &View, id: &BlockId) -> Option<(BlockKind, Target)> {
    let (list, index) = view.locate(id)?;
    let (kind, parent, index) = match list {
        List::Preamble => (BlockKind::Paragraph, Parent::Root, index + 1),
        List::Guidelines => (BlockKind::Point, Parent::Block(id.clone()), 0),
        List::Points(guideline) => (BlockKind::Point, Parent::Block(guideline), index + 1),
        List::IdeasOf(guideline) => (BlockKind::Idea, Parent::Block(guideline), index + 1),
        List::Ideas => (BlockKind::Idea, Parent::Root, index + 1),
        List::Loose | List::Bin => return None,
    };
    Some((kind, Target { parent, index }))
}

/// The list of a Leitlinie where blocks of this kind stand.
fn list_under(kind: &BlockKind, guideline: &BlockId) -> List {
    if *kind == BlockKind::Idea {
        List::IdeasOf(guideline.clone())
    } else {
        List::Points(guideline.clone())
    }
}

fn list_targets(
    view: &View,
    places: &HashMap<&RowKey, usize>,
    id: &BlockId,
    (list, parent): (&List, &Parent),
    end: Option<usize>,
    targets: &mut Vec<(usize, Target)>,
) {
    let mut index = 0;
    for block in view.list(list) {
        if let Some(row) = places.get(&RowKey::Block(block.id.clone())).copied() {
            targets.push((
                row,
                Target {
                    parent: parent.clone(),
                    index,
                },
            ));
        }
        // The dragged block itself leaves its place, so it does not count.
        if block.id != *id {
            index += 1;
        }
    }
    if let Some(end) = end {
        targets.push((
            end,
            Target {
                parent: parent.clone(),
                index,
            },
        ));
    }
}

/// What a block can do. A point passes from one Leitlinie to the next; what is loose only goes up.
fn steps(view: &View, list: &List, (index, len): (usize, usize), guideline: Option<usize>, kind: &BlockKind) -> Steps {
    let first = index == 0;
    let last = index + 1 >= len;
    let (up, down) = match list {
        List::Points(_) | List::IdeasOf(_) => (
            !first || guideline > Some(1),
            !last || guideline < Some(view.guidelines.len()),
        ),
        List::Loose => match kind {
            BlockKind::Point => (!view.guidelines.is_empty(), false),
            BlockKind::Other(_) => (false, false),
            _ => (true, false),
        },
        _ => (!first, !last),
    };
    Steps {
        up,
        down,
        promote: matches!(list, List::Points(_)) || (*list == List::Loose && *kind == BlockKind::Point),
        demote: *list == List::Guidelines && !first,
    }
}

fn control(key: RowKey) -> Row {
    Row { key, spot: None }
}

fn list_rows(view: &View, rows: &mut Vec<Row>, list: &List, guideline: Option<usize>) {
    let blocks = view.list(list);
    let len = blocks.len();
    for (index, block) in blocks.into_iter().enumerate() {
        rows.push(block_row(view, block, list.clone(), (index, len), guideline));
    }
}

/// `position` is the block's index in its list, and how long that is.
fn block_row(view: &View, block: &BlockView, list: List, position: (usize, usize), guideline: Option<usize>) -> Row {
    let spot = Spot {
        kind: block.kind.clone(),
        steps: steps(view, &list, position, guideline, &block.kind),
        list,
        index: position.0,
        guideline,
    };
    Row {
        key: RowKey::Block(block.id.clone()),
        spot: Some(spot),
    }
}

#[cfg(test)]
mod tests {
    use model::doc::GuidelineView;

    use super::*;

    fn id(text: &str) -> BlockId {
        BlockId::parse(text).unwrap()
    }

    fn block(text: &str, kind: BlockKind) -> BlockView {
        BlockView {
            id: id(text),
            kind,
            text: text.to_owned(),
            plain: String::new(),
            plain_stale: false,
            phases: Vec::new(),
            source: None,
            place: None,
        }
    }

    fn example() -> View {
        let guideline = |name: &str, points: &[&str]| GuidelineView {
            block: block(name, BlockKind::Guideline),
            points: points.iter().map(|point| block(point, BlockKind::Point)).collect(),
            ideas: Vec::new(),
        };
        View {
            preamble: vec![block("p1", BlockKind::Paragraph), block("p2", BlockKind::Paragraph)],
            guidelines: vec![
                guideline("g1", &["a", "b"]),
                guideline("g2", &[]),
                guideline("g3", &["c"]),
            ],
            loose: vec![block("x", BlockKind::Point)],
            ..View::default()
        }
    }

    #[test]
    fn every_block_has_exactly_one_row() {
        let view = example();
        let rows = rows(&view);
        for block in view.blocks() {
            let count = rows
                .iter()
                .filter(|row| row.key == RowKey::Block(block.id.clone()))
                .count();
            assert_eq!(count, 1, "{}", block.id);
        }
        assert_eq!(
            rows.iter().filter(|row| row.spot.is_some()).count(),
            view.blocks().count()
        );
    }

    #[test]
    fn steps_are_offered_exactly_where_the_model_takes_them() {
        use yrs::Transact;
        let mut seed = 1_u64;
        let mut entropy = move || {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            seed ^ (seed >> 29)
        };
        let doc = model::doc::new_doc(1);
        let mut add = |kind: &BlockKind, parent: &Parent| {
            model::doc::add_block(&doc, kind, parent, usize::MAX, "", &mut entropy).unwrap()
        };
        for _ in 0..2 {
            add(&BlockKind::Paragraph, &Parent::Root);
        }
        let guidelines: Vec<BlockId> = (0..4).map(|_| add(&BlockKind::Guideline, &Parent::Root)).collect();
        for (guideline, points) in guidelines.iter().zip([2, 0, 1, 2]) {
            for _ in 0..points {
                add(&BlockKind::Point, &Parent::Block(guideline.clone()));
            }
        }
        // Its points become loose.
        model::doc::remove_block(&doc, &guidelines[3]).unwrap();
        let state = yrs::ReadTxn::encode_state_as_update_v1(&doc.transact(), &yrs::StateVector::default());
        let view = model::doc::view(&doc.transact());
        assert_eq!(view.loose.len(), 2);
        for row in rows(&view) {
            let (RowKey::Block(id), Some(spot)) = (row.key, row.spot) else {
                continue;
            };
            let fresh = || {
                let doc = model::doc::new_doc(2);
                let update = yrs::updates::decoder::Decode::decode_v1(&state).unwrap();
                doc.transact_mut().apply_update(update).unwrap();
                doc
            };
            let up = model::doc::move_up(&fresh(), &id, &mut entropy).is_ok();
            let taken = Steps {
                up,
                down: model::doc::move_down(&fresh(), &id, &mut entropy).is_ok(),
                promote: model::doc::promote(&fresh(), &id, &mut entropy).is_ok(),
                demote: model::doc::demote(&fresh(), &id, &mut entropy).is_ok(),
            };
            assert_eq!(spot.steps, taken, "{:?} at {}", spot.list, spot.index);
        }
    }

    #[test]
    fn a_new_block_stands_directly_below() {
        let view = example();
        let place = |name: &str| below(&view, &id(name)).map(|(kind, target)| (kind, target.parent, target.index));
        let under = |guideline: &str| Parent::Block(id(guideline));
        assert_eq!(place("p1"), Some((BlockKind::Paragraph, Parent::Root, 1)));
        assert_eq!(place("g1"), Some((BlockKind::Point, under("g1"), 0)));
        assert_eq!(place("b"), Some((BlockKind::Point, under("g1"), 2)));
        assert_eq!(place("x"), None, "what is loose has no place to follow it");
        for row in rows(&view) {
            if let (RowKey::Block(id), Some(spot)) = (&row.key, &row.spot) {
                assert_eq!(below(&view, id).is_some(), spot.has_below());
            }
        }
    }

    #[test]
    fn a_point_can_be_dropped_in_every_leitlinie_also_an_empty_one() {
        let view = example();
        let rows = rows(&view);
        let targets = drop_targets(&view, &rows, &id("a"));
        let places: Vec<(Parent, usize)> = targets
            .iter()
            .map(|(_, target)| (target.parent.clone(), target.index))
            .collect();
        let under = |guideline: &str| Parent::Block(id(guideline));
        assert_eq!(
            places,
            [
                (under("g1"), 0),
                (under("g1"), 0),
                (under("g1"), 1),
                (under("g2"), 0),
                (under("g3"), 0),
                (under("g3"), 1)
            ]
        );
        let last = &rows[targets.last().unwrap().0];
        assert_eq!(last.key, RowKey::AddPoint(id("g3")));
    }

    #[test]
    fn a_leitlinie_is_dropped_only_between_leitlinien() {
        let view = example();
        let rows = rows(&view);
        let keys: Vec<RowKey> = drop_targets(&view, &rows, &id("g2"))
            .iter()
            .map(|(row, _)| rows[*row].key.clone())
            .collect();
        let block = |name: &str| RowKey::Block(id(name));
        assert_eq!(keys, [block("g1"), block("g2"), block("g3"), RowKey::AddGuideline]);
    }
}
