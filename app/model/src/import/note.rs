//! What a reader of a profile page has to say about single lines.

use super::Lang;

/// A line that was not taken as it stands. `text` is the line, shortened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Number of the line, from 1.
    pub line: u32,
    pub code: NoteCode,
    pub text: String,
}

/// What is the matter with the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoteCode {
    /// Belongs to the web page and not to the profile, like a language switch. Left out.
    Furniture,
    /// The number stands there as a rough one ("ca."); it is taken as it is.
    Approximate,
    /// "Zur Website" without the address behind it.
    LinkWithoutAddress,
    /// Not understood. Left out.
    UnknownLine,
    /// A label without a value under it.
    MissingValue,
    /// The value does not have the expected form. Left out.
    ValueNotUnderstood,
    /// The value was taken, what stands behind it was not.
    RestLeftOut,
    /// A second value for the same thing. The first one is kept.
    Repeated,
    /// The number of the Leitlinie is not the next one. It is taken in the order of the page.
    NumberOutOfOrder,
    /// A point before any Leitlinie; it is put under one without a title.
    PointWithoutGuideline,
    /// A line without a bullet among the points; it is taken as a point.
    TakenAsPoint,
    /// A bullet or a number without text. Left out.
    EmptyItem,
}

impl Note {
    /// Is this for information only, with nothing lost and nothing to decide?
    #[must_use]
    pub fn is_hint(&self) -> bool {
        matches!(
            self.code,
            NoteCode::Furniture | NoteCode::Approximate | NoteCode::LinkWithoutAddress
        )
    }

    /// One sentence for people, with the line.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let Self { line, code, text } = self;
        match lang {
            Lang::De => format!("Zeile {line}: {} „{text}“", german(*code)),
            Lang::En => format!("Line {line}: {} “{text}”", english(*code)),
        }
    }
}

fn german(code: NoteCode) -> &'static str {
    match code {
        NoteCode::Furniture => "Gehört zur Internetseite und nicht zum Profil, ausgelassen:",
        NoteCode::Approximate => "Ungefähre Angabe, als Zahl übernommen:",
        NoteCode::LinkWithoutAddress => "Hier stand ein Link, die Adresse dazu fehlt im Text:",
        NoteCode::UnknownLine => "Nicht verstanden und ausgelassen:",
        NoteCode::MissingValue => "Darunter fehlt der Wert:",
        NoteCode::ValueNotUnderstood => "Wert nicht verstanden und ausgelassen:",
        NoteCode::RestLeftOut => "Der Wert ist übernommen, der Zusatz nicht:",
        NoteCode::Repeated => "Steht schon weiter oben, ausgelassen:",
        NoteCode::NumberOutOfOrder => "Die Nummer folgt nicht auf die vorige, Reihenfolge der Seite übernommen:",
        NoteCode::PointWithoutGuideline => "Punkt ohne Leitlinie, unter eine ohne Titel gestellt:",
        NoteCode::TakenAsPoint => "Zeile ohne Aufzählungszeichen, als Punkt übernommen:",
        NoteCode::EmptyItem => "Aufzählungszeichen ohne Text, ausgelassen:",
    }
}

fn english(code: NoteCode) -> &'static str {
    match code {
        NoteCode::Furniture => "Belongs to the web page and not to the profile, left out:",
        NoteCode::Approximate => "A rough figure, taken as the number:",
        NoteCode::LinkWithoutAddress => "Here was a link, its address is not in the text:",
        NoteCode::UnknownLine => "Not understood and left out:",
        NoteCode::MissingValue => "The value is missing under:",
        NoteCode::ValueNotUnderstood => "Value not understood and left out:",
        NoteCode::RestLeftOut => "The value is taken, the rest is not:",
        NoteCode::Repeated => "Already given further up, left out:",
        NoteCode::NumberOutOfOrder => "The number does not follow the one before, order of the page taken:",
        NoteCode::PointWithoutGuideline => "Point without a guideline, put under one without a title:",
        NoteCode::TakenAsPoint => "Line without a bullet, taken as a point:",
        NoteCode::EmptyItem => "Bullet or number without text, left out:",
    }
}
