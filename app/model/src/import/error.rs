//! Why a file, or a line of it, cannot be imported, and how that is said to people.

use std::fmt;

use super::Lang;

/// A reason, and the line it is about where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// Number of the line, from 1; `None` when the whole file is meant.
    pub line: Option<u32>,
    pub reason: Reason,
}

/// What is wrong. Texts from the file are carried shortened, for the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing but white space.
    Empty,
    /// More bytes than this.
    TooLarge {
        limit: usize,
    },
    /// More characters in a line than this.
    LineTooLong {
        limit: usize,
    },
    /// More lines than this, blank ones not counted.
    TooManyLines {
        limit: usize,
    },
    /// The bytes are not UTF-8.
    NotUtf8,
    /// Control characters: a PDF, a Word file, a picture.
    NotText,
    /// Text, but none of what a profile page holds.
    NotAProfile,
    /// Text, but nothing of a Leitbild in it.
    NothingRecognised,
    /// JSON that is not our own export.
    NotAnExport,
    /// A PDF.
    Pdf,
    /// A file of old versions of Word, or one with a password.
    OldOrLockedWord,
    /// A zip, or something that says so, without the parts of a Word file.
    NotWord,
    /// A Word file whose parts cannot be read.
    BrokenWord,
    /// A Word file that would become far larger than it is, or has more parts than any honest one.
    WordBomb,
    /// The table's first line lacks this column.
    MissingColumn(&'static str),
    /// A column whose meaning is not known; leaving it out silently could lose facts.
    UnknownColumn(String),
    /// Two columns of the same meaning.
    RepeatedColumn(String),
    /// A row with more or fewer fields than the first line; often an unclosed quotation mark.
    FieldCount {
        expected: usize,
        found: usize,
    },
    /// Not five or eight digits.
    Ags(String),
    /// Not one of [`crate::fact::FactKey::ALL`].
    UnknownKey(String),
    MissingValue,
    MissingSource,
    /// Not `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or no such day.
    Date(String),
    /// Not a whole number.
    WholeNumber(String),
    /// Not a number with or without decimals, or one that can be read in two ways.
    Decimal(String),
    /// Not a year from 1900 to 2199.
    Year(String),
    Email(String),
    /// Not an address with http or https.
    WebAddress(String),
    /// A field that has to fit one line goes over several; often an unclosed quotation mark.
    LineBreak,
    /// The same AGS, key, source and date as in that line.
    Duplicate {
        first_line: u32,
    },
    /// So many further errors were not listed.
    More {
        count: usize,
    },
}

impl ImportError {
    /// About the whole file.
    #[must_use]
    pub fn file(reason: Reason) -> Self {
        Self { line: None, reason }
    }

    pub(super) fn at(line: u32, reason: Reason) -> Self {
        Self {
            line: Some(line),
            reason,
        }
    }

    /// One sentence for people, with the line where there is one.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let reason = match lang {
            Lang::De => german(&self.reason),
            Lang::En => english(&self.reason),
        };
        match (self.line, lang) {
            (Some(line), Lang::De) => format!("Zeile {line}: {reason}"),
            (Some(line), Lang::En) => format!("Line {line}: {reason}"),
            (None, _) => reason,
        }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for ImportError {}

fn german(reason: &Reason) -> String {
    match reason {
        Reason::Empty => "Die Datei ist leer.".into(),
        Reason::TooLarge { limit } => format!("Die Datei ist zu groß; höchstens {} KiB sind möglich.", limit / 1024),
        Reason::LineTooLong { limit } => format!("Die Zeile ist zu lang; höchstens {limit} Zeichen sind möglich."),
        Reason::TooManyLines { limit } => format!("Die Datei hat zu viele Zeilen; höchstens {limit} sind möglich."),
        Reason::NotUtf8 => {
            "Die Datei ist nicht als UTF-8 gespeichert. Bitte speichern Sie sie als Text mit der Kodierung UTF-8."
                .into()
        }
        Reason::NotText => "Das ist keine Textdatei. Bitte speichern Sie den Inhalt als reinen Text.".into(),
        Reason::NotAProfile => {
            "Darin ließ sich kein Profil erkennen. Erwartet werden zum Beispiel „Seit wann dabei:“ oder „Leitbild – …“."
                .into()
        }
        Reason::NothingRecognised => "Darin ließ sich kein Leitbild erkennen.".into(),
        Reason::NotAnExport => {
            "Diese JSON-Datei ist kein Leitbild aus dem Leitnetz. Andere JSON-Dateien lassen sich nicht übernehmen.".into()
        }
        Reason::Pdf => {
            "PDF-Dateien lassen sich nicht übernehmen. Bitte kopieren Sie den Text aus der PDF-Datei und fügen Sie ihn ein."
                .into()
        }
        Reason::OldOrLockedWord => "Diese Word-Datei hat ein Passwort oder ein altes Format. Bitte speichern Sie sie ohne \
                                    Passwort als .docx."
            .into(),
        Reason::NotWord => {
            "Das ist keine Word-Datei. Möglich sind Word (.docx), Markdown (.md), JSON aus dem Leitnetz und reiner Text."
                .into()
        }
        Reason::BrokenWord => "Die Word-Datei ist beschädigt und lässt sich nicht lesen.".into(),
        Reason::WordBomb => {
            "Die Word-Datei enthält weit mehr, als sie groß ist, und wird deshalb nicht gelesen. Bitte fügen Sie den Text ein."
                .into()
        }
        Reason::MissingColumn(name) => format!("Der ersten Zeile fehlt die Spalte „{name}“."),
        Reason::UnknownColumn(name) => format!("Die Spalte „{name}“ ist nicht bekannt."),
        Reason::RepeatedColumn(name) => format!("Die Spalte „{name}“ kommt doppelt vor."),
        Reason::FieldCount { expected, found } => format!(
            "Erwartet werden {expected} Felder, gefunden wurden {found}. Fehlt vielleicht ein Anführungszeichen?"
        ),
        Reason::Ags(text) => format!("„{text}“ ist kein AGS; ein AGS hat fünf oder acht Ziffern."),
        Reason::UnknownKey(text) => format!("Die Angabe „{text}“ ist nicht bekannt. Möglich sind: {}.", keys()),
        Reason::MissingValue => "Der Wert fehlt.".into(),
        Reason::MissingSource => "Die Quelle fehlt.".into(),
        Reason::Date(text) => format!("„{text}“ ist kein Datum der Form 2024, 2024-05 oder 2024-05-31."),
        Reason::WholeNumber(text) => format!("„{text}“ ist keine ganze Zahl."),
        Reason::Decimal(text) => format!("„{text}“ ist keine eindeutige Zahl wie 1796 oder 112,06."),
        Reason::Year(text) => format!("„{text}“ ist keine Jahreszahl."),
        Reason::Email(text) => format!("„{text}“ ist keine E-Mail-Adresse."),
        Reason::WebAddress(text) => format!("„{text}“ ist keine Internetadresse mit http:// oder https://."),
        Reason::LineBreak => {
            "Das Feld geht über mehrere Zeilen. Fehlt vielleicht ein schließendes Anführungszeichen?".into()
        }
        Reason::Duplicate { first_line } => format!("Dieselbe Angabe steht schon in Zeile {first_line}."),
        Reason::More { count: 1 } => "Dazu kommt 1 weiterer Fehler.".into(),
        Reason::More { count } => format!("Dazu kommen {count} weitere Fehler."),
    }
}

fn english(reason: &Reason) -> String {
    match reason {
        Reason::Empty => "The file is empty.".into(),
        Reason::TooLarge { limit } => format!("The file is too large; the limit is {} KiB.", limit / 1024),
        Reason::LineTooLong { limit } => format!("The line is too long; the limit is {limit} characters."),
        Reason::TooManyLines { limit } => format!("The file has too many lines; the limit is {limit}."),
        Reason::NotUtf8 => "The file is not UTF-8. Please save it as text with the encoding UTF-8.".into(),
        Reason::NotText => "This is not a text file. Please save the content as plain text.".into(),
        Reason::NotAProfile => {
            "No profile was recognised in it. Expected is, for example, “Seit wann dabei:” or “Leitbild – …”.".into()
        }
        Reason::NothingRecognised => "No Leitbild was recognised in it.".into(),
        Reason::NotAnExport => {
            "This JSON file is not a mission statement from Leitnetz. Other JSON files cannot be taken over.".into()
        }
        Reason::Pdf => "PDF files cannot be taken over. Please copy the text out of the PDF file and paste it.".into(),
        Reason::OldOrLockedWord => {
            "This Word file has a password or an old format. Please save it as .docx without a password.".into()
        }
        Reason::NotWord => {
            "This is not a Word file. Possible are Word (.docx), Markdown (.md), JSON from Leitnetz and plain text."
                .into()
        }
        Reason::BrokenWord => "The Word file is damaged and cannot be read.".into(),
        Reason::WordBomb => {
            "The Word file holds far more than its size and is therefore not read. Please paste the text.".into()
        }
        Reason::MissingColumn(name) => format!("The first line lacks the column “{name}”."),
        Reason::UnknownColumn(name) => format!("The column “{name}” is not known."),
        Reason::RepeatedColumn(name) => format!("The column “{name}” occurs twice."),
        Reason::FieldCount { expected, found } => {
            format!("{expected} fields are expected, {found} were found. Is a quotation mark missing?")
        }
        Reason::Ags(text) => format!("“{text}” is not an AGS; an AGS has five or eight digits."),
        Reason::UnknownKey(text) => format!("The key “{text}” is not known. Possible are: {}.", keys()),
        Reason::MissingValue => "The value is missing.".into(),
        Reason::MissingSource => "The source is missing.".into(),
        Reason::Date(text) => format!("“{text}” is not a date like 2024, 2024-05 or 2024-05-31."),
        Reason::WholeNumber(text) => format!("“{text}” is not a whole number."),
        Reason::Decimal(text) => format!("“{text}” is not a clear number like 1796 or 112.06."),
        Reason::Year(text) => format!("“{text}” is not a year."),
        Reason::Email(text) => format!("“{text}” is not an e-mail address."),
        Reason::WebAddress(text) => format!("“{text}” is not a web address with http:// or https://."),
        Reason::LineBreak => "The field goes over several lines. Is a closing quotation mark missing?".into(),
        Reason::Duplicate { first_line } => format!("The same fact already stands in line {first_line}."),
        Reason::More { count: 1 } => "There is 1 further error.".into(),
        Reason::More { count } => format!("There are {count} further errors."),
    }
}

fn keys() -> String {
    crate::fact::FactKey::ALL.map(crate::fact::FactKey::as_str).join(", ")
}
