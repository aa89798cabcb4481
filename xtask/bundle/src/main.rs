//! Turns the compiled wasm, the styles and the public folder into the site that the server serves.
//!
//! ```text
//! bundle --name=NAME --package-folder=pkg --wasm FILE --style FILE --work-style FILE --public FOLDER \
//!     --wasm-opt PROGRAM --esbuild PROGRAM --out FOLDER [--names]
//! ```
//!
//! The result, all of it with brotli and gzip files beside what they make smaller:
//!
//! ```text
//! OUT/hash.txt                   "js: HASH", "wasm: HASH" and so on, as Leptos reads them
//! OUT/pkg/NAME.HASH.js|wasm|css  named by content: may be cached for ever
//! OUT/pkg/NAME-work.HASH.css     what pages are worked with
//! OUT/pkg/chunks.HASH/…          the wasm of single pages, loaded by `__wasm_split.HASH.js`
//! OUT/…                          the public folder, names unchanged
//! ```
//!
//! Nothing is done when nothing changed. The folder is replaced as a whole, so that a running server never
//! serves files of two builds for longer than two renames take.

mod arguments;
mod files;
mod script;
mod style;

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use arguments::Arguments;
use files::Fingerprint;

/// A sentence for a person is enough: nobody catches these errors.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match Arguments::read(std::env::args().skip(1)).and_then(|arguments| bundle(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: bundle: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bundle(arguments: &Arguments) -> Result<()> {
    let stamp_file = arguments.out.with_extension("stamp");
    let stamp = fingerprint(arguments)?;
    if arguments.out.is_dir() && fs::read_to_string(&stamp_file).is_ok_and(|before| before == stamp) {
        return Ok(());
    }

    let next = arguments.out.with_extension("next");
    let work = arguments.out.with_extension("work");
    for folder in [&next, &work] {
        files::remove_folder(folder)?;
        fs::create_dir_all(folder)?;
    }

    let package = next.join(&arguments.package_folder);
    fs::create_dir_all(&package)?;
    let script = script::build(arguments, &work, &package)?;
    let css = style::build(&arguments.style)?;
    let css_hash = files::write_hashed(&package, &arguments.name, "css", css.as_bytes())?;
    let work_css = style::build(&arguments.work_style)?;
    let work_hash = files::write_hashed(
        &package,
        &format!("{}-work", arguments.name),
        "css",
        work_css.as_bytes(),
    )?;
    files::copy_folder(&arguments.public, &next)?;
    files::compress_folder(&next)?;
    fs::write(
        next.join("hash.txt"),
        format!(
            "js: {}\nwasm: {}\ncss: {css_hash}\nwork: {work_hash}\nsplit: {}\nmanifest: {}\n",
            script.js, script.wasm, script.loader, script.manifest
        ),
    )?;

    let old = arguments.out.with_extension("old");
    files::remove_folder(&old)?;
    if arguments.out.exists() {
        fs::rename(&arguments.out, &old)?;
    }
    fs::rename(&next, &arguments.out)?;
    files::remove_folder(&old)?;
    files::remove_folder(&work)?;
    fs::write(stamp_file, stamp)?;
    Ok(())
}

/// Changes when the result could: the inputs' contents, the tools, the arguments.
fn fingerprint(arguments: &Arguments) -> Result<String> {
    let mut fingerprint = Fingerprint::default();
    fingerprint.add(format!("{arguments:?}").as_bytes());
    // Reading a debug executable as a whole would take longer than bundling small sites.
    let own = std::env::current_exe()?.metadata()?;
    fingerprint.add(format!("{} {:?}", own.len(), own.modified()?).as_bytes());
    fingerprint.add_file(&arguments.wasm)?;
    let styles = arguments.style.parent().map(PathBuf::from).unwrap_or_default();
    fingerprint.add_folder(&styles)?;
    fingerprint.add_folder(&arguments.public)?;
    Ok(fingerprint.finish())
}
