//! What stops the program, said to the operator in one sentence with its remedy, German first, then English.

use std::path::PathBuf;

use model::import::{ImportError, Lang};
use store::StoreError;

/// A reason to stop.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(
        "Das Datenverzeichnis {path} lässt sich nicht beschreiben ({reason}). Bitte Rechte oder LEITNETZ_DATA ändern.\n\
         The data directory {path} cannot be written ({reason}). Please change its permissions or LEITNETZ_DATA.",
        path = path.display()
    )]
    DataDirNotWritable { path: PathBuf, reason: std::io::Error },
    #[error(
        "Ein anderer Leitnetz-Prozess benutzt {path} gerade. Bitte beenden Sie ihn zuerst.\n\
         Another Leitnetz process is using {path}. Please stop it first.",
        path = path.display()
    )]
    DataDirInUse { path: PathBuf },
    #[error(
        "Die Adresse {addr} ist belegt. Bitte das andere Programm beenden oder LEITNETZ_ADDR ändern.\n\
         The address {addr} is in use. Please stop the other program or change LEITNETZ_ADDR."
    )]
    PortBusy { addr: String },
    #[error("Die Adresse {addr} kann nicht benutzt werden ({reason}).\nThe address {addr} cannot be used ({reason}).")]
    Listen { addr: String, reason: std::io::Error },
    #[error("{name}={value:?} ist nicht verständlich: {de}\n{name}={value:?} cannot be understood: {en}")]
    Setting {
        name: &'static str,
        value: String,
        de: &'static str,
        en: &'static str,
    },
    #[error("Die Datenbank meldet einen Fehler: {0}\nThe database reports an error: {0}")]
    Store(#[from] StoreError),
    #[error("Das Netzwerk in den mitgelieferten Daten ist fehlerhaft: {0}\nThe network data shipped are faulty: {0}")]
    ShippedData(String),
    #[error("{path} lässt sich nicht lesen ({reason}).\n{path} cannot be read ({reason}).", path = path.display())]
    Unreadable { path: PathBuf, reason: std::io::Error },
    #[error("{}", import_errors(.0))]
    Import(Vec<ImportError>),
    #[error("Die Kommune {0} ist nicht im Netzwerk.\nThe municipality {0} is not in the network.")]
    UnknownMunicipality(String),
    #[error("Das hat nicht geklappt: {0}\nThat did not work: {0}")]
    Other(String),
}

fn import_errors(errors: &[ImportError]) -> String {
    let lines = |lang| {
        errors
            .iter()
            .map(|error| error.message(lang))
            .collect::<Vec<_>>()
            .join("\n")
    };
    format!(
        "Nichts wurde übernommen:\n{}\n\nNothing was imported:\n{}",
        lines(Lang::De),
        lines(Lang::En)
    )
}
