//! Turns `locales/` into the module `i18n`, so that a missing or misspelt text is a compile error.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

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
    println!("cargo::rustc-env=LEITNETZ_RELEASE={:08x}", release()?);
    Ok(())
}

/// A number that differs between different sources of this crate and the model, the same for server and browser (FNV-1a); see
/// `src/packed.rs`.
fn release() -> Result<u32, Box<dyn Error>> {
    let mut files = Vec::new();
    for folder in ["src", "model/src"] {
        println!("cargo::rerun-if-changed={folder}");
        collect(Path::new(folder), &mut files)?;
    }
    files.sort();
    let mut hash = 0x811c_9dc5_u32;
    for file in files {
        for byte in fs::read(file)? {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    Ok(hash)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
