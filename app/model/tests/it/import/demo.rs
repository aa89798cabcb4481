//! The demo texts that come with the project.

use std::{collections::BTreeMap, fs, path::Path};

use model::import::{demo::Demo, facts};

#[test]
fn demo_files_are_readable_complete_and_marked_as_examples() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../server/data/demo");
    let mut published = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the demo folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("a name")
            .to_owned();
        let json = fs::read_to_string(&path).expect("a readable file");
        let demo: Demo = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(name.starts_with(demo.ags.as_str()), "{name} is about {}", demo.ags);
        for fact in demo.facts() {
            assert_eq!(
                facts::check_value(fact.key, &fact.value),
                Ok(fact.value.clone()),
                "{name}"
            );
            assert_eq!(facts::check_date(&fact.date), Ok(fact.date.clone()), "{name}");
            assert_eq!(fact.source, "Beispiel (erfunden)", "{name}");
        }
        let leitbild = &demo.leitbild;
        assert!(
            leitbild.motto.contains("Beispieltext"),
            "{name} is not marked as an example"
        );
        assert!(
            leitbild.guidelines.len() >= 3 && !leitbild.preamble.is_empty() && !leitbild.closing.is_empty(),
            "{name}"
        );
        let guidelines = leitbild
            .guidelines
            .iter()
            .flat_map(|guideline| guideline.points.iter().chain([&guideline.title]));
        for text in guidelines
            .chain(&leitbild.preamble)
            .chain([&leitbild.title, &leitbild.motto, &leitbild.closing])
        {
            assert!(
                !text.trim().is_empty() && text.trim() == text && !text.contains('\n'),
                "{name}: {text:?}"
            );
        }
        published.insert(demo.ags.to_string(), demo.publish);
    }
    assert!(published.values().any(|publish| *publish) && published.values().any(|publish| !publish));
    assert_eq!(published.get("05566"), Some(&false));
}
