//! What the server did not take, as a person can read and copy it.

use model::doc::FieldId;
use serde::{Deserialize, Serialize};

use super::about::{About, Deed};

/// How much of a block's words names it, in characters.
const NAME_CHARS: usize = 60;

/// Words and deeds that were not taken. They stay on the page and on the device until the person is done with them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovered {
    /// Where it lies on the device.
    #[serde(skip)]
    pub id: String,
    /// The refusal's code, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The words of each field that was written in.
    pub words: Vec<String>,
    /// The field of each of `words`; empty where that is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldId>,
    /// What else was done, and to what: the beginning of its words.
    pub deeds: Vec<(Deed, String)>,
}

impl Recovered {
    /// Gathers what `about` tells, each thing once. `text` gives a field's words as they stand on the page.
    #[must_use]
    pub fn gather(id: String, about: &[About], text: impl Fn(&FieldId) -> Option<String>) -> Self {
        let mut gathered = Self { id, ..Self::default() };
        let mut seen: Vec<&FieldId> = Vec::new();
        for About { field, deed } in about {
            let words = text(field).unwrap_or_default();
            let words = words.trim();
            if words.is_empty() {
                continue;
            }
            if !deed.is_about_words() {
                let named = (*deed, name(words));
                if !gathered.deeds.contains(&named) {
                    gathered.deeds.push(named);
                }
            } else if !seen.contains(&field) {
                seen.push(field);
                gathered.fields.push(field.clone());
                gathered.words.push(words.to_owned());
            }
        }
        gathered
    }

    /// Words alone.
    #[must_use]
    pub fn words(id: String, words: &str) -> Self {
        let words = words.trim();
        Self {
            id,
            words: (!words.is_empty()).then(|| words.to_owned()).into_iter().collect(),
            ..Self::default()
        }
    }

    /// Fields with what was written in them.
    pub fn written(&self) -> impl Iterator<Item = (&FieldId, &String)> {
        self.fields.iter().zip(&self.words)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.deeds.is_empty()
    }

    /// The form on the device.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads [`Self::encode`].
    #[must_use]
    pub fn decode(id: String, bytes: &[u8]) -> Option<Self> {
        let read: Self = serde_json::from_slice(bytes).ok()?;
        Some(Self { id, ..read })
    }
}

/// The beginning of words, to name them by.
#[must_use]
pub fn name(words: &str) -> String {
    let mut name: String = words.chars().take(NAME_CHARS).collect();
    if name.len() < words.len() {
        name.truncate(name.trim_end().len());
        name.push('…');
    }
    name
}

#[cfg(test)]
mod tests {
    use model::doc::{BlockId, RootText};

    use super::*;

    #[test]
    fn words_come_once_and_deeds_are_named() {
        let title = FieldId::Root(RootText::Title);
        let block = FieldId::Block(BlockId::parse("abc").unwrap());
        let about = |field: &FieldId, deed| About {
            field: field.clone(),
            deed,
        };
        let long = "Wir fragen nach, ".repeat(9);
        let text = |field: &FieldId| {
            Some(if *field == title {
                " Titel ".to_owned()
            } else {
                long.clone()
            })
        };
        let told = [
            about(&title, Deed::Words),
            about(&title, Deed::Words),
            about(&block, Deed::Moved),
            about(&block, Deed::Moved),
            about(&block, Deed::Removed),
        ];
        let gathered = Recovered::gather("x".to_owned(), &told, text);
        assert_eq!(gathered.words, ["Titel"]);
        assert_eq!(gathered.written().collect::<Vec<_>>(), [(&title, &"Titel".to_owned())]);
        let [(Deed::Moved, name), (Deed::Removed, _)] = gathered.deeds.as_slice() else {
            panic!("{gathered:?}");
        };
        assert!(name.starts_with("Wir fragen nach, Wir") && name.ends_with('…') && name.chars().count() <= 61);
        assert_eq!(Recovered::decode("x".to_owned(), &gathered.encode()), Some(gathered));
    }

    #[test]
    fn fields_without_words_leave_nothing_to_recover() {
        let about = [About {
            field: FieldId::Root(RootText::Title),
            deed: Deed::Words,
        }];
        assert!(Recovered::gather(String::new(), &about, |_| None).is_empty());
        assert!(Recovered::words(String::new(), "  ").is_empty());
    }
}
