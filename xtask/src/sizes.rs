//! Byte sizes of what a browser loads, and the limits the tests assert.

use std::path::Path;

use crate::failure::{Failure, Result};
use crate::site::Site;

/// What the wasm of a first visit should weigh at most, brotli; a minimal hydrating Leptos client has 78 kB. The editor
/// is still in the same module, so this is not met: the report says so, and `docs/performance.md` says what is next.
const WASM_WANTED: u64 = 220_000;
/// What wasm, scripts and styles together should weigh at most, brotli: with the page and its map below 320 kB.
const PACKAGE_WANTED: u64 = 290_000;
/// The test fails beyond these. They stand just above what there is, are lowered with every gain, and never raised.
const WASM_LIMIT: u64 = 780_000;
const PACKAGE_LIMIT: u64 = 800_000;

/// One file as it is sent.
struct Size {
    name: String,
    plain: u64,
    brotli: u64,
}

/// Prints the table without judging it.
pub(crate) fn print(site: &Site) -> Result<()> {
    let (sizes, total) = measure(site)?;
    println!("{:<44} {:>9} {:>9}", "File", "bytes", "brotli");
    for size in &sizes {
        println!("{:<44} {:>9} {:>9}", size.name, size.plain, size.brotli);
    }
    println!("{:<44} {:>9} {:>9}", "together", "", total);
    Ok(())
}

/// Prints the table and fails when a limit is passed.
pub(crate) fn check(site: &Site) -> Result<()> {
    print(site)?;
    let (sizes, total) = measure(site)?;
    let wasm = sizes
        .iter()
        .filter(|size| size.name.ends_with(".wasm"))
        .map(|size| size.brotli)
        .sum();
    within("the wasm", wasm, WASM_WANTED, WASM_LIMIT)?;
    within("wasm, scripts and styles", total, PACKAGE_WANTED, PACKAGE_LIMIT)
}

fn within(what: &str, bytes: u64, wanted: u64, limit: u64) -> Result<()> {
    match bytes {
        0 => Err(Failure::new(format!("{what}: nothing was bundled."))),
        _ if bytes > limit => Err(Failure::new(format!(
            "{what}: {bytes} bytes with brotli, more than the {limit} allowed."
        ))),
        _ if bytes > wanted => {
            println!("{what}: {bytes} bytes with brotli; {wanted} are wanted.");
            Ok(())
        }
        _ => Ok(()),
    }
}

/// All files of the package folder, largest first, with the sum of their brotli sizes.
fn measure(site: &Site) -> Result<(Vec<Size>, u64)> {
    let mut sizes = Vec::new();
    collect(&site.package(), "", &mut sizes).map_err(Failure::because(format!(
        "{} could not be read",
        site.package().display()
    )))?;
    sizes.sort_by_key(|size| std::cmp::Reverse(size.brotli));
    let total = sizes.iter().map(|size| size.brotli).sum();
    Ok((sizes, total))
}

fn collect(folder: &Path, prefix: &str, sizes: &mut Vec<Size>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), sizes)?;
        } else if !name.ends_with(".br") && !name.ends_with(".gz") {
            let plain = entry.metadata()?.len();
            // Where compression gains nothing there is no compressed file, and the plain one is sent.
            let compressed = entry
                .path()
                .with_file_name(format!("{}.br", entry.file_name().to_string_lossy()));
            let brotli = compressed.metadata().map_or(plain, |metadata| metadata.len());
            sizes.push(Size { name, plain, brotli });
        }
    }
    Ok(())
}
