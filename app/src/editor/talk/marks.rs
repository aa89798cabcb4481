//! Marks the passages in the fields that somebody commented.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::{
    doc::{FieldId, Whereabouts},
    talk::State,
};

use crate::editor::{
    live::Editor,
    marks::{Layer, Mark},
};

/// Marks anew whenever a thread is begun, settled or stands elsewhere.
pub(in crate::editor) fn watch(editor: Editor) {
    Effect::new(move |before: Option<Vec<FieldId>>| {
        let mut marks: BTreeMap<FieldId, Vec<Mark>> = BTreeMap::new();
        editor.shown.talk.places.with(|places| {
            editor.told.with(|told| {
                let open = told.threads.iter().filter(|thread| thread.state == State::Open);
                for thread in open {
                    if let Some(Whereabouts::Words { field, start, end }) = places.get(&thread.id) {
                        marks.entry(field.clone()).or_default().push(Mark {
                            start: *start,
                            end: *end,
                            class: "commented".to_owned(),
                            flag: None,
                        });
                    }
                }
            });
        });
        let fields: Vec<FieldId> = marks.keys().cloned().collect();
        for field in before.into_iter().flatten().filter(|field| !marks.contains_key(field)) {
            editor.mark(&field, Layer::Comments, Vec::new());
        }
        for (field, marks) in marks {
            editor.mark(&field, Layer::Comments, marks);
        }
        fields
    });
}
