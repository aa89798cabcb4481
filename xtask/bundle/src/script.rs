//! The wasm and the script that loads it.
//!
//! Pages are loaded when they are visited: the splitter cuts the wasm at the functions marked as lazy into a main module,
//! one chunk for each page, and chunks for what several pages share, and writes a script that loads them. Its chunks are
//! numbered, and their content differs from run to run, so they go into a folder named by the hash of the whole.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::Options;

use crate::Result;
use crate::arguments::Arguments;
use crate::files::{self, Fingerprint};

/// The script that loads chunks, as Leptos calls it.
const LOADER: &str = "__wasm_split";

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
    pub(crate) js: String,
    pub(crate) wasm: String,
    /// The script that loads chunks.
    pub(crate) loader: String,
    /// What a page's first view needs, for the server's preload links.
    pub(crate) manifest: String,
}

/// Writes `NAME.HASH.js`, `NAME.HASH.wasm`, `__wasm_split.HASH.js` with its manifest, `chunks.HASH/` and, if crates
/// bring scripts of their own, `snippets.HASH/`.
pub(crate) fn build(arguments: &Arguments, work: &Path, package: &Path) -> Result<Script> {
    let name = &arguments.name;
    let split = split(arguments, work)?;
    Bindgen::new()
        .input_path(&split.main)
        .out_name(name)
        .web(true)?
        .typescript(false)
        // The chunks use the main module's memory, table and stack pointer.
        .keep_lld_exports(true)
        .remove_name_section(!arguments.names)
        .remove_producers_section(true)
        .generate(work)?;

    let optimised = work.join("optimised.wasm");
    optimise(arguments, &work.join(format!("{name}_bg.wasm")), &optimised)?;
    let wasm = files::write_hashed(package, name, "wasm", &fs::read(&optimised)?)?;
    let chunks = split.chunks.optimised(arguments, work)?;

    let mut js = fs::read_to_string(work.join(format!("{name}.js")))?;
    let mut loader = fs::read_to_string(&split.loader)?;
    let snippets = work.join("snippets");
    if snippets.is_dir() {
        // Their own names do not follow their content, but everything in this folder is cached for ever.
        let mut fingerprint = Fingerprint::default();
        fingerprint.add_folder(&snippets)?;
        let folder = format!("snippets.{}", files::content_hash(fingerprint.finish().as_bytes()));
        files::copy_folder(&snippets, &package.join(&folder))?;
        js = js.replace("./snippets/", &format!("./{folder}/"));
    }

    let mut fingerprint = Fingerprint::default();
    fingerprint.add_folder(&chunks)?;
    let folder = format!("chunks.{}", files::content_hash(fingerprint.finish().as_bytes()));
    files::copy_folder(&chunks, &package.join(&folder))?;
    loader = refer(&loader, "\"./", ".wasm\"", &split.chunks.names, &folder);

    // The script and the loader import each other, so neither can carry the hash of the other's final text.
    let both = files::content_hash(format!("{wasm} {js}{loader}").as_bytes());
    // Only where the script imports it: the wasm itself goes on to call it by its plain name.
    js = ["'", "\""].iter().fold(js, |js, quote| {
        js.replace(
            &format!("from {quote}./{LOADER}.js"),
            &format!("from {quote}./{LOADER}.{both}.js"),
        )
    });
    loader = loader.replace(&format!("./{name}.js"), &format!("./{name}.{both}.js"));
    fs::write(package.join(format!("{name}.{both}.js")), shortened(arguments, js)?)?;
    fs::write(
        package.join(format!("{LOADER}.{both}.js")),
        shortened(arguments, loader)?,
    )?;

    let manifest = manifest(&split.needs, &folder);
    let manifest = files::write_hashed(package, &format!("{LOADER}_manifest"), "json", manifest.as_bytes())?;
    Ok(Script {
        js: both.clone(),
        wasm,
        loader: both,
        manifest,
    })
}

/// What the splitter made.
struct Split {
    /// The main module, which the bindgen step goes on with.
    main: PathBuf,
    loader: PathBuf,
    chunks: Chunks,
    /// Which chunks each lazy function needs.
    needs: HashMap<String, Vec<String>>,
}

struct Chunks {
    folder: PathBuf,
    /// File names without their ending.
    names: Vec<String>,
}

fn split(arguments: &Arguments, work: &Path) -> Result<Split> {
    let input = fs::read(&arguments.wasm).map_err(|error| format!("{}: {error}", arguments.wasm.display()))?;
    let folder = work.join("split");
    let main = work.join("main.wasm");
    let link = format!("./{LOADER}.js");
    let module = format!("./{}.js", arguments.name);
    let mut options = Options::new(&input);
    options.output_dir = &folder;
    options.main_out_path = &main;
    options.link_name = &link;
    options.main_module = &module;
    let split = wasm_split_cli_support::transform(options)
        .map_err(|error| format!("the wasm could not be split: {error:?}"))?;
    let names = split
        .split_modules
        .iter()
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    Ok(Split {
        loader: folder.join(format!("{LOADER}.js")),
        main,
        chunks: Chunks { folder, names },
        needs: split.prefetch_map,
    })
}

impl Chunks {
    /// A folder with the chunks made small.
    fn optimised(&self, arguments: &Arguments, work: &Path) -> Result<PathBuf> {
        let folder = work.join("chunks");
        fs::create_dir_all(&folder)?;
        for name in &self.names {
            let file = format!("{name}.wasm");
            optimise(arguments, &self.folder.join(&file), &folder.join(&file))?;
        }
        Ok(folder)
    }
}

/// Puts `folder` before the names of chunks in the loader's addresses.
fn refer(loader: &str, before: &str, after: &str, names: &[String], folder: &str) -> String {
    names.iter().fold(loader.to_owned(), |text, name| {
        text.replace(
            &format!("{before}{name}{after}"),
            &format!("{before}{folder}/{name}{after}"),
        )
    })
}

/// JSON: for each lazy function the chunks it needs, by their addresses below the package folder, without the ending.
fn manifest(needs: &HashMap<String, Vec<String>>, folder: &str) -> String {
    // The names are identifiers and numbers: nothing in them needs escaping.
    let entries: BTreeMap<&String, String> = needs
        .iter()
        .map(|(function, chunks)| {
            let chunks: Vec<String> = chunks.iter().map(|chunk| format!("\"{folder}/{chunk}\"")).collect();
            (function, format!("[{}]", chunks.join(",")))
        })
        .collect();
    let entries: Vec<String> = entries
        .iter()
        .map(|(function, chunks)| format!("\"{function}\":{chunks}"))
        .collect();
    format!("{{{}}}", entries.join(","))
}

/// Without comments and blanks, and with short names inside; what a script takes in and gives out is called as before.
fn shortened(arguments: &Arguments, script: String) -> Result<String> {
    if arguments.names {
        return Ok(script);
    }
    let esbuild = &arguments.esbuild;
    let mut child = Command::new(esbuild)
        .args(["--minify", "--format=esm", "--charset=utf8", "--log-level=error"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{} could not be started: {error}", esbuild.display()))?;
    // It reads all of it before it writes anything.
    child
        .stdin
        .take()
        .ok_or("esbuild takes no input")?
        .write_all(script.as_bytes())?;
    let output = child.wait_with_output()?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        Err(format!("esbuild ended with {}", output.status).into())
    }
}

fn optimise(arguments: &Arguments, from: &Path, to: &Path) -> Result<()> {
    let wasm_opt = &arguments.wasm_opt;
    let names = if arguments.names {
        "--debuginfo"
    } else {
        "--strip-debug"
    };
    let status = Command::new(wasm_opt)
        .args(["-Oz", names, "--strip-producers", "--quiet"])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_finds_its_chunks_in_their_folder() {
        let names = ["chunk_1".to_owned(), "chunk_12".to_owned()];
        let loader = r#"fetch(new URL("./chunk_1.wasm", u)); fetch(new URL("./chunk_12.wasm", u))"#;
        assert_eq!(
            refer(loader, "\"./", ".wasm\"", &names, "chunks.ab"),
            r#"fetch(new URL("./chunks.ab/chunk_1.wasm", u)); fetch(new URL("./chunks.ab/chunk_12.wasm", u))"#
        );
    }

    #[test]
    fn the_manifest_names_chunks_by_function() {
        let needs = HashMap::from([("page".to_owned(), vec!["chunk_1".to_owned(), "split_page".to_owned()])]);
        assert_eq!(
            manifest(&needs, "chunks.ab"),
            r#"{"page":["chunks.ab/chunk_1","chunks.ab/split_page"]}"#
        );
    }
}
