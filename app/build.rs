//! Turns `locales/` into the module `i18n`, so that a missing or misspelt text is a compile error.

use std::{error::Error, path::PathBuf};

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.toml");
    let target = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?).join("i18n");
    let config = Config::new("de")?.add_locale("en")?.add_namespaces([
        "common",
        "coordination",
        "editor",
        "errors",
        "join",
        "legal",
        "network",
        "panel",
        "papers",
        "profile",
        "refusals",
        "talk",
        "versions",
    ])?;
    // Texts with a name or number in them are also needed as attribute values.
    let config = config.parse_options(ParseOptions::new().interpolate_display(true));
    let texts = TranslationsInfos::parse(config)?;
    texts.emit_diagnostics();
    texts.rerun_if_locales_changed();
    texts.generate_i18n_module(target)?;
    Ok(())
}
