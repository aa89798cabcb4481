//! The wasm and the script that loads it.
//!
//! Lazily loaded chunks will come in here: the splitter runs on the wasm before the bindgen step and brings further
//! wasm files, each of which goes through `optimise`. The script it makes names its chunks literally and its output differs from run to
//! run, so these files cannot be renamed one by one: they go into one folder named by the hash of the whole.

use std::fs;
use std::path::Path;
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use crate::Result;
use crate::arguments::Arguments;
use crate::files;

/// What current Rust switches on for wasm32-unknown-unknown; wasm-opt refuses code with features it was not told.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The hashes in the names of the files that were written.
pub(crate) struct Script {
    pub(crate) js_hash: String,
    pub(crate) wasm_hash: String,
}

/// Writes `NAME.HASH.js`, `NAME.HASH.wasm` and, if crates bring scripts of their own, `snippets.HASH/`.
pub(crate) fn build(arguments: &Arguments, work: &Path, package: &Path) -> Result<Script> {
    let name = &arguments.name;
    Bindgen::new()
        .input_path(&arguments.wasm)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(work)?;

    let optimised = work.join("optimised.wasm");
    optimise(&arguments.wasm_opt, &work.join(format!("{name}_bg.wasm")), &optimised)?;
    let wasm_hash = files::write_hashed(package, name, "wasm", &fs::read(&optimised)?)?;

    let mut js = fs::read_to_string(work.join(format!("{name}.js")))?;
    let snippets = work.join("snippets");
    if snippets.is_dir() {
        // Their own names do not follow their content, but everything in this folder is cached for ever.
        let mut fingerprint = files::Fingerprint::default();
        fingerprint.add_folder(&snippets)?;
        let folder = format!("snippets.{}", files::content_hash(fingerprint.finish().as_bytes()));
        files::copy_folder(&snippets, &package.join(&folder))?;
        js = js.replace("./snippets/", &format!("./{folder}/"));
    }
    let js_hash = files::write_hashed(package, name, "js", js.as_bytes())?;
    Ok(Script { js_hash, wasm_hash })
}

fn optimise(wasm_opt: &Path, from: &Path, to: &Path) -> Result<()> {
    let status = Command::new(wasm_opt)
        .args(["-Oz", "--strip-debug", "--strip-producers"])
        .args(FEATURES)
        .arg(from)
        .arg("--output")
        .arg(to)
        .status()
        .map_err(|error| format!("{} could not be started: {error}", wasm_opt.display()))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("wasm-opt ended with {status}").into())
    }
}
