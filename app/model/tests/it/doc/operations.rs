use model::doc::{self, BlockKind, EditError, FieldId, Parent, TextDelta};
use model::import::{Draft, DraftGuideline};

use super::{random, sample, text, texts, under, view};

#[test]
fn a_move_goes_where_it_is_told() {
    let sample = sample();
    let mut entropy = random(3);
    let mut go = |id, parent: &Parent, index| doc::move_block(&sample.doc, id, parent, index, &mut entropy).unwrap();
    go(&sample.a[0], &under(&sample.guidelines[0]), 1);
    assert_eq!(texts(&view(&sample.doc).guidelines[0].points), ["a2", "a1", "a3"]);
    go(&sample.a[0], &under(&sample.guidelines[0]), 2);
    assert_eq!(texts(&view(&sample.doc).guidelines[0].points), ["a2", "a3", "a1"]);
    go(&sample.a[0], &under(&sample.guidelines[1]), 1);
    assert_eq!(texts(&view(&sample.doc).guidelines[1].points), ["b1", "a1", "b2"]);
    go(&sample.guidelines[1], &Parent::Root, 0);
    assert_eq!(view(&sample.doc).guidelines[0].block.text, "B");
    assert_eq!(texts(&view(&sample.doc).guidelines[0].points), ["b1", "a1", "b2"]);
}

#[test]
fn wrong_moves_are_refused() {
    let sample = sample();
    let mut entropy = random(3);
    let nobody = doc::BlockId::parse("nobody").unwrap();
    let mut go = |id, parent: &Parent| doc::move_block(&sample.doc, id, parent, 0, &mut entropy);
    assert_eq!(go(&nobody, &Parent::Root), Err(EditError::NoBlock));
    assert_eq!(go(&sample.a[0], &Parent::Root), Err(EditError::WrongParent));
    assert_eq!(go(&sample.a[0], &under(&sample.a[1])), Err(EditError::WrongParent));
    assert_eq!(
        go(&sample.guidelines[0], &under(&sample.guidelines[0])),
        Err(EditError::WrongParent)
    );
    doc::remove_block(&sample.doc, &sample.a[0]).unwrap();
    assert_eq!(go(&sample.a[0], &under(&sample.guidelines[0])), Err(EditError::Removed));
    let _open = yrs::Transact::transact_mut(&sample.doc);
    assert_eq!(go(&sample.a[1], &under(&sample.guidelines[0])), Err(EditError::Busy));
}

#[test]
fn points_cross_leitlinien_step_by_step() {
    let sample = sample();
    let mut entropy = random(4);
    let id = &sample.a[1];
    let order = || {
        let view = view(&sample.doc);
        view.guidelines
            .iter()
            .map(|guideline| texts(&guideline.points).join(" "))
            .collect::<Vec<_>>()
    };
    let mut seen = Vec::new();
    while doc::move_down(&sample.doc, id, &mut entropy).is_ok() {
        seen.push(order().join(" | "));
    }
    assert_eq!(
        seen,
        [
            "a1 a3 a2 | b1 b2",
            "a1 a3 | a2 b1 b2",
            "a1 a3 | b1 a2 b2",
            "a1 a3 | b1 b2 a2"
        ]
    );
    let mut steps = 0;
    while doc::move_up(&sample.doc, id, &mut entropy).is_ok() {
        steps += 1;
    }
    assert_eq!((steps, order().join(" | ").as_str()), (5, "a2 a1 a3 | b1 b2"));
    assert_eq!(
        doc::move_up(&sample.doc, &sample.guidelines[0], &mut entropy),
        Err(EditError::NoNeighbour)
    );
    doc::move_up(&sample.doc, &sample.guidelines[1], &mut entropy).unwrap();
    assert_eq!(order().join(" | "), "b1 b2 | a2 a1 a3");
}

#[test]
fn a_loose_point_comes_back_under_a_leitlinie() {
    let sample = sample();
    let mut entropy = random(4);
    doc::remove_block(&sample.doc, &sample.guidelines[1]).unwrap();
    assert_eq!(texts(&view(&sample.doc).loose), ["b1", "b2"]);
    doc::move_up(&sample.doc, &sample.b[0], &mut entropy).unwrap();
    assert_eq!(texts(&view(&sample.doc).guidelines[0].points), ["a1", "a2", "a3", "b1"]);
    doc::restore_block(&sample.doc, &sample.guidelines[1]).unwrap();
    assert_eq!(texts(&view(&sample.doc).guidelines[1].points), ["b2"]);
}

#[test]
fn split_and_join_keep_the_words() {
    let sample = sample();
    let mut entropy = random(5);
    let id = &sample.a[1];
    let field = FieldId::Block(id.clone());
    doc::set_text(&sample.doc, &field, "links😀rechts").unwrap();
    // Unit 6 lies inside the pair: the cut is made before it.
    let new = doc::split(&sample.doc, id, 6, &mut entropy).unwrap();
    assert_eq!(
        (text(&sample.doc, id).as_str(), text(&sample.doc, &new).as_str()),
        ("links", "😀rechts")
    );
    assert_eq!(
        texts(&view(&sample.doc).guidelines[0].points),
        ["a1", "links", "😀rechts", "a3"]
    );
    let next = doc::split(&sample.doc, &new, 99, &mut entropy).unwrap();
    assert_eq!(text(&sample.doc, &next), "");
    let joined = doc::join(&sample.doc, &new, &mut entropy).unwrap();
    assert_eq!((joined.into, joined.at), (id.clone(), 5));
    assert_eq!(text(&sample.doc, id), "links😀rechts");
    assert_eq!(
        doc::join(&sample.doc, &sample.guidelines[0], &mut entropy),
        Err(EditError::NoNeighbour)
    );
    assert_eq!(view(&sample.doc).bin.len(), 1);
}

#[test]
fn a_first_point_joins_its_leitlinie_as_a_split_of_the_leitlinie_made_it() {
    let sample = sample();
    let mut entropy = random(6);
    let guideline = &sample.guidelines[0];
    let joined = doc::join(&sample.doc, &sample.a[0], &mut entropy).unwrap();
    assert_eq!((joined.into, joined.at), (guideline.clone(), 1));
    assert_eq!(text(&sample.doc, guideline), "Aa1");
    assert_eq!(texts(&view(&sample.doc).guidelines[0].points), ["a2", "a3"]);
    // An empty one leaves nothing but the caret at the end of the heading.
    let new = doc::split(&sample.doc, guideline, 3, &mut entropy).unwrap();
    let joined = doc::join(&sample.doc, &new, &mut entropy).unwrap();
    assert_eq!((joined.into, joined.at), (guideline.clone(), 3));
    assert_eq!(text(&sample.doc, guideline), "Aa1");
    assert_eq!(texts(&view(&sample.doc).guidelines[0].points), ["a2", "a3"]);
    // Ideas do not become part of a heading.
    let parent = under(guideline);
    let idea = doc::add_block(&sample.doc, &BlockKind::Idea, &parent, 0, "i", &mut entropy).unwrap();
    assert_eq!(doc::join(&sample.doc, &idea, &mut entropy), Err(EditError::NoNeighbour));
}

#[test]
fn splitting_a_leitlinie_makes_a_point() {
    let sample = sample();
    let new = doc::split(&sample.doc, &sample.guidelines[1], 1, &mut random(6)).unwrap();
    let view = view(&sample.doc);
    assert_eq!(view.guidelines[1].points[0].id, new);
    assert_eq!(view.guidelines[1].points[0].kind, BlockKind::Point);
}

#[test]
fn joining_a_leitlinie_takes_its_points_along() {
    let sample = sample();
    doc::join(&sample.doc, &sample.guidelines[1], &mut random(6)).unwrap();
    let view = view(&sample.doc);
    assert_eq!(view.guidelines[0].block.text, "AB");
    assert_eq!(texts(&view.guidelines[0].points), ["a1", "a2", "a3", "b1", "b2"]);
    assert_eq!(view.loose, []);
}

#[test]
fn promote_and_demote() {
    let sample = sample();
    let mut entropy = random(8);
    doc::promote(&sample.doc, &sample.a[1], &mut entropy).unwrap();
    let shape = || {
        let view = view(&sample.doc);
        let shown = view.guidelines.iter();
        shown
            .map(|found| format!("{}({})", found.block.text, texts(&found.points).join(" ")))
            .collect::<String>()
    };
    assert_eq!(shape(), "A(a1 a3)a2()B(b1 b2)");
    doc::demote(&sample.doc, &sample.guidelines[1], &mut entropy).unwrap();
    assert_eq!(shape(), "A(a1 a3)a2(B b1 b2)");
    doc::demote(&sample.doc, &sample.a[1], &mut entropy).unwrap();
    assert_eq!(shape(), "A(a1 a3 a2 B b1 b2)");
    assert_eq!(
        doc::demote(&sample.doc, &sample.guidelines[0], &mut entropy),
        Err(EditError::NoNeighbour)
    );
    assert_eq!(
        doc::promote(&sample.doc, &sample.guidelines[0], &mut entropy),
        Err(EditError::WrongParent)
    );
}

#[test]
fn no_line_break_enters() {
    let sample = sample();
    let id = doc::add_block(
        &sample.doc,
        &BlockKind::Paragraph,
        &Parent::Root,
        0,
        "a\nb",
        &mut random(9),
    )
    .unwrap();
    doc::edit_text(
        &sample.doc,
        &FieldId::Block(id.clone()),
        &TextDelta::replace(3, 0, "\r\nc"),
    )
    .unwrap();
    assert_eq!(text(&sample.doc, &id), "a b  c");
}

#[test]
fn a_draft_fills_an_empty_document_only() {
    let draft = Draft {
        title: "Titel".into(),
        motto: "Motto".into(),
        preamble: vec!["Absatz eins".into(), "Absatz zwei".into()],
        guidelines: vec![
            DraftGuideline {
                title: "Erste".into(),
                points: vec!["x".into(), "y".into()],
            },
            DraftGuideline {
                title: "Zweite".into(),
                points: vec![],
            },
        ],
        closing: "Schluss".into(),
    };
    let doc = doc::new_doc(1);
    doc::fill(&doc, &draft.clone().into(), &mut random(1)).unwrap();
    let leitbild = doc::to_leitbild(&view(&doc));
    assert_eq!((leitbild.title.as_str(), leitbild.motto.as_str()), ("Titel", "Motto"));
    assert_eq!(leitbild.closing, "Schluss");
    assert_eq!(leitbild.preamble, draft.preamble);
    let titles: Vec<&str> = leitbild
        .guidelines
        .iter()
        .map(|guideline| guideline.title.as_str())
        .collect();
    assert_eq!(titles, ["Erste", "Zweite"]);
    assert_eq!(leitbild.guidelines[0].points[1].text, "y");
    assert_eq!(doc::fill(&doc, &draft.into(), &mut random(2)), Err(EditError::NotEmpty));
}
