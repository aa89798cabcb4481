//! The editor as one flat sequence of rows, and where a block can go in it.
//!
//! Flat, because a block that changes its Leitlinie then stays the same element among the same siblings: the field
//! somebody types in is never built anew.

use model::doc::{BlockId, BlockKind, List, Parent, RootText, View};

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
    pub(crate) up: bool,
    pub(crate) down: bool,
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
        rows.push(block_row(view, id, List::Guidelines, index, Some(index + 1)));
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
    let position = |key: &RowKey| rows.iter().position(|row| row.key == *key);
    let mut targets = Vec::new();
    match kind {
        BlockKind::Paragraph => {
            let end = position(&RowKey::AddParagraph);
            list_targets(view, rows, id, (&List::Preamble, &Parent::Root), end, &mut targets);
        }
        BlockKind::Guideline => {
            let end = position(&RowKey::AddGuideline);
            list_targets(view, rows, id, (&List::Guidelines, &Parent::Root), end, &mut targets);
        }
        BlockKind::Point | BlockKind::Idea => {
            for guideline in &view.guidelines {
                let end = position(&RowKey::AddPoint(guideline.block.id.clone()));
                let parent = Parent::Block(guideline.block.id.clone());
                list_targets(
                    view,
                    rows,
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
    rows: &[Row],
    id: &BlockId,
    (list, parent): (&List, &Parent),
    end: Option<usize>,
    targets: &mut Vec<(usize, Target)>,
) {
    let row_of = |id: &BlockId| {
        rows.iter()
            .position(|row| matches!(&row.key, RowKey::Block(other) if other == id))
    };
    let mut index = 0;
    for block in view.list(list) {
        if let Some(row) = row_of(&block.id) {
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

/// Can a block go a step up, and down? A point passes from one Leitlinie to the next; what is loose only goes up. As
/// `model::doc::move_up` and `move_down` do it.
fn steps(view: &View, list: &List, index: usize, guideline: Option<usize>, kind: &BlockKind) -> (bool, bool) {
    let first = index == 0;
    let last = index + 1 >= view.list(list).len();
    match list {
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
    }
}

fn control(key: RowKey) -> Row {
    Row { key, spot: None }
}

fn list_rows(view: &View, rows: &mut Vec<Row>, list: &List, guideline: Option<usize>) {
    for (index, block) in view.list(list).into_iter().enumerate() {
        rows.push(block_row(view, &block.id, list.clone(), index, guideline));
    }
}

fn block_row(view: &View, id: &BlockId, list: List, index: usize, guideline: Option<usize>) -> Row {
    let kind = view.block(id).map_or(BlockKind::Point, |block| block.kind.clone());
    let (up, down) = steps(view, &list, index, guideline, &kind);
    let spot = Spot {
        kind,
        list,
        index,
        guideline,
        up,
        down,
    };
    Row {
        key: RowKey::Block(id.clone()),
        spot: Some(spot),
    }
}

#[cfg(test)]
mod tests {
    use model::doc::{BlockView, GuidelineView};

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
            let down = model::doc::move_down(&fresh(), &id, &mut entropy).is_ok();
            assert_eq!((spot.up, spot.down), (up, down), "{:?} at {}", spot.list, spot.index);
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
