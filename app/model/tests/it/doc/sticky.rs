//! Places that stay with their letters.

use model::doc::{self, FieldId, RootText, Sticky, TextDelta};
use proptest::prelude::*;
use yrs::Transact;

use super::{exchange, replica, sample};

fn at(doc: &yrs::Doc, field: &FieldId, offset: u32) -> Sticky {
    Sticky::at(&doc.transact(), field, offset).unwrap()
}

fn offset(doc: &yrs::Doc, field: &FieldId, place: &Sticky) -> Option<u32> {
    place.offset(&doc.transact(), field)
}

#[test]
fn it_stays_with_its_letter_on_every_replica() {
    let sample = sample();
    let field = FieldId::Block(sample.a[0].clone());
    doc::set_text(&sample.doc, &field, "Kind allein").unwrap();
    let other = replica(&sample.doc, 2);
    let end = at(&sample.doc, &field, 11);
    let middle = at(&sample.doc, &field, 4);
    doc::edit_text(&other, &field, &TextDelta::replace(0, 0, "Kein ")).unwrap();
    doc::edit_text(&other, &field, &TextDelta::replace(16, 0, ", nie")).unwrap();
    assert_eq!(offset(&other, &field, &middle), Some(9));
    assert_eq!(
        offset(&other, &field, &end),
        Some(16),
        "what others write at the end comes after it"
    );
    exchange(&sample.doc, &other);
    assert_eq!(offset(&sample.doc, &field, &middle), Some(9));
    // Its letter is gone: it stays where that was.
    doc::edit_text(&other, &field, &TextDelta::replace(4, 5, "")).unwrap();
    assert_eq!(offset(&other, &field, &middle), Some(4));
}

#[test]
fn in_an_empty_text_it_is_the_beginning() {
    let sample = sample();
    let root = FieldId::Root(RootText::Motto);
    let place = at(&sample.doc, &root, 0);
    assert_eq!(offset(&sample.doc, &root, &place), Some(0));
    let block = FieldId::Plain(sample.a[0].clone());
    let place = at(&sample.doc, &block, 7);
    assert_eq!(
        offset(&sample.doc, &block, &place),
        Some(0),
        "beyond the end is the end"
    );
}

#[test]
fn a_place_in_another_text_or_in_none_is_nowhere() {
    let sample = sample();
    let (one, other) = (FieldId::Block(sample.a[0].clone()), FieldId::Block(sample.a[1].clone()));
    let place = at(&sample.doc, &one, 1);
    assert_eq!(offset(&sample.doc, &other, &place), None);
    // Its letter has not arrived.
    let late = replica(&sample.doc, 3);
    doc::set_text(&sample.doc, &one, "a1 und mehr").unwrap();
    let place = at(&sample.doc, &one, 11);
    assert_eq!(offset(&late, &one, &place), None);
}

proptest! {
    /// Whatever a message says about a place: it is answered, and inside of the text.
    #[test]
    fn places_from_elsewhere_never_panic(client in prop_oneof![Just(1_u64), Just(9), any::<u32>().prop_map(u64::from)], clock in prop_oneof![0_u32..60, any::<u32>()], assoc in -1_i8..=0, kind in 0..3) {
        let sample = sample();
        let field = FieldId::Block(sample.a[0].clone());
        let id = format!(r#"{{"client":{client},"clock":{clock}}}"#);
        let json = match kind {
            0 => format!(r#"{{"item":{id},"assoc":{assoc}}}"#),
            1 => format!(r#"{{"type":{id},"assoc":{assoc}}}"#),
            _ => format!(r#"{{"tname":"blocks","item":null,"assoc":{assoc}}}"#),
        };
        if let Ok(place) = serde_json::from_str::<Sticky>(&json) {
            prop_assert!(offset(&sample.doc, &field, &place).is_none_or(|at| at <= 2));
        }
    }
}
