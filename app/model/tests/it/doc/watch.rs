use std::cell::RefCell;
use std::rc::Rc;

use model::doc::{self, Changes, FieldId, RootText, Source, TextChange, TextDelta, Watch};

use super::{random, replica, sample, send};

#[test]
fn tells_what_changed_and_who_did_it() {
    let sample = sample();
    let other = replica(&sample.doc, 2);
    let noted: Rc<RefCell<Vec<Changes>>> = Rc::default();
    let target = Rc::clone(&noted);
    let watch = Watch::new(&sample.doc, "test", move |changes| {
        target.borrow_mut().push(changes.clone())
    })
    .unwrap();

    let title = FieldId::Root(RootText::Title);
    let typed = TextDelta::replace(0, 0, "Titel");
    doc::edit_text(&sample.doc, &title, &typed).unwrap();
    let expected = Changes {
        source: Source::Local,
        texts: vec![(title, TextChange::Delta(typed))],
        structure: false,
    };
    assert_eq!(noted.take(), [expected]);

    let field = FieldId::Block(sample.a[0].clone());
    let typed = TextDelta::replace(2, 0, "😀x");
    doc::edit_text(&other, &field, &typed).unwrap();
    send(&other, &sample.doc);
    let text = (field.clone(), TextChange::Delta(typed));
    assert_eq!(
        noted.take(),
        [Changes {
            source: Source::Remote,
            texts: vec![text],
            structure: false
        }]
    );

    let mut page = doc::Field::new(field.clone(), "a1😀x");
    page.input(&sample.doc, "a1😀xy", Some(6)).unwrap();
    assert_eq!(noted.take()[0].source, Source::Typing);

    doc::move_down(&sample.doc, &sample.a[0], &mut random(1)).unwrap();
    assert_eq!(
        noted.take(),
        [Changes {
            source: Source::Local,
            texts: vec![],
            structure: true
        }]
    );

    let new = doc::split(&sample.doc, &sample.a[0], 1, &mut random(1)).unwrap();
    let changes = noted.take();
    assert!(changes[0].structure);
    assert!(changes[0].texts.contains(&(FieldId::Block(new), TextChange::Reset)));
    assert!(
        changes[0]
            .texts
            .contains(&(field.clone(), TextChange::Delta(TextDelta::replace(1, 5, ""))))
    );

    drop(watch);
    doc::set_text(&sample.doc, &field, "still").unwrap();
    assert_eq!(noted.take(), []);
}
