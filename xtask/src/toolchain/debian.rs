//! The fallback without rustup's server: Debian's rustc, with a std for wasm built from the sources that Debian
//! ships. About three minutes, once. What it changes on the machine: Debian packages, files below
//! `/usr/lib/rustlib`, and a rustup toolchain named [`NAME`] that points to `/usr`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{WASM, clean, contains_std, identity, rustc};
use crate::cache;
use crate::call::{as_root, capture, find, make_folder, run, say};
use crate::failure::{Failure, Result};
use crate::packages;

/// The linked toolchain's name in rustup.
pub(super) const NAME: &str = "leitnetz";
/// Marks cache folders filled with this std. Changes together with [`STD_FLAGS`]: outputs for another std are useless.
pub(super) const CACHE_SUFFIX: &str = "-debian";
/// Without the bitcode fat link-time optimisation fails later ("can't find section .llvmbc").
const STD_FLAGS: &str = "-Cembed-bitcode=yes";

const PACKAGES: [&str; 6] = [
    "rustc-web",
    "cargo-web",
    "libstd-rust-web-dev",
    "rust-web-src",
    "rust-web-clippy",
    "rustfmt-web",
];
/// What the packages bring, one file each; also how we see that they are there.
const PACKAGE_FILES: [&str; 6] = [
    "/usr/bin/rustc",
    "/usr/bin/cargo",
    "/usr/lib/rustlib/x86_64-unknown-linux-gnu/lib",
    "/usr/lib/rustlib/src/rust/library/std/Cargo.toml",
    "/usr/bin/clippy-driver",
    "/usr/bin/rustfmt",
];
const RUSTLIB: &str = "/usr/lib/rustlib";

/// Whether everything is in place and belongs to the compiler that is installed now.
pub(super) fn is_set_up() -> bool {
    packages_are_there()
        && contains_std(&std_folder())
        && fs::read_to_string(stamp_file()).is_ok_and(|stamp| expected_stamp().is_ok_and(|expected| stamp == expected))
        && linker().exists()
        && is_linked()
}

/// Sets everything up, saying what it does.
pub(super) fn set_up() -> Result<()> {
    if find("rustup").is_none() {
        return Err(Failure::new(
            "rustup is needed to choose between compilers: install Rust from https://rustup.rs.",
        ));
    }
    say(format!(
        "Setting up a compiler for {WASM} from Debian's packages instead (about three minutes, once)"
    ));
    if !packages_are_there() {
        packages::install(&PACKAGES, "the compiler for the browser's part")?;
    }
    link_linker()?;
    build_std()?;
    if !is_linked() {
        say(format!("Naming Debian's compiler `{NAME}` in rustup"));
        run(clean("rustup").args(["toolchain", "link", NAME, "/usr"]))?;
    }
    if is_set_up() {
        Ok(())
    } else {
        Err(Failure::new(
            "Debian's compiler was set up but is not complete; see the lines above.",
        ))
    }
}

fn packages_are_there() -> bool {
    PACKAGE_FILES.iter().all(|file| Path::new(file).exists())
}

fn std_folder() -> PathBuf {
    Path::new(RUSTLIB).join(WASM).join("lib")
}

fn linker() -> PathBuf {
    Path::new(RUSTLIB).join("x86_64-unknown-linux-gnu/bin/rust-lld")
}

fn stamp_file() -> PathBuf {
    std_folder().join("leitnetz-std.txt")
}

fn expected_stamp() -> Result<String> {
    Ok(format!(
        "{} {STD_FLAGS}\n",
        identity(&mut Command::new("/usr/bin/rustc"))?
    ))
}

fn is_linked() -> bool {
    capture(rustc(Some(NAME)).args(["--print", "sysroot"])).is_ok_and(|sysroot| sysroot == "/usr")
}

/// rustc looks for rust-lld in its own folder. A link, not a copy: the program finds its libLLVM beside itself.
fn link_linker() -> Result<()> {
    if linker().exists() {
        return Ok(());
    }
    let debian = PathBuf::from("/usr/bin/rust-lld");
    let source = if debian.exists() {
        debian
    } else {
        let sysroot = capture(rustc(None).args(["--print", "sysroot"]))?;
        Path::new(&sysroot).join("lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld")
    };
    if !source.exists() {
        return Err(Failure::new("no rust-lld was found, neither Debian's nor rustup's."));
    }
    say(format!("Linking {} to {}", linker().display(), source.display()));
    run(as_root("ln")?.arg("-sfn").arg(source).arg(linker()))
}

/// Builds std in an empty crate and puts its rlibs where rustc looks for them.
fn build_std() -> Result<()> {
    let stamp = expected_stamp()?;
    if contains_std(&std_folder()) && fs::read_to_string(stamp_file()).is_ok_and(|found| found == stamp) {
        return Ok(());
    }
    say(format!(
        "Building the standard library for {WASM} from Debian's sources"
    ));
    let work = cache::folder()?.join("wasm-std");
    let source = work.join("src");
    make_folder(&source)?;
    let manifest =
        "[package]\nname = \"wasm-std\"\nedition = \"2024\"\n[lib]\ncrate-type = [\"cdylib\"]\n[workspace]\n";
    for (file, text) in [(work.join("Cargo.toml"), manifest), (source.join("lib.rs"), "")] {
        fs::write(&file, text).map_err(Failure::because(format!("{} could not be written", file.display())))?;
    }
    // Rlibs of an earlier compiler must not be copied along.
    let target = work.join("target");
    if target.exists() {
        fs::remove_dir_all(&target).map_err(Failure::because(format!("{} could not be emptied", target.display())))?;
    }
    // Debian's cargo by its path: rustup's would choose its own compiler. `-Z` needs RUSTC_BOOTSTRAP.
    run(clean("/usr/bin/cargo")
        .args(["build", "-Zbuild-std=std,panic_abort", "--release", "--target", WASM])
        .current_dir(&work)
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", STD_FLAGS)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker()))?;

    let built = target.join(WASM).join("release/deps");
    let rlibs: Vec<PathBuf> = fs::read_dir(&built)
        .map_err(Failure::because(format!("{} could not be read", built.display())))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|file| file.extension() == Some(OsStr::new("rlib")))
        .collect();
    say(format!(
        "Copying {} libraries to {}",
        rlibs.len(),
        std_folder().display()
    ));
    // Two std side by side would be ambiguous, so the folder is made anew.
    run(as_root("rm")?.arg("-rf").arg(std_folder()))?;
    run(as_root("mkdir")?.arg("-p").arg(std_folder()))?;
    run(as_root("cp")?.args(&rlibs).arg(std_folder()))?;
    // Last, so that a copy that was cut short is done again.
    let stamp_source = work.join("stamp.txt");
    fs::write(&stamp_source, stamp).map_err(Failure::because("the stamp could not be written"))?;
    run(as_root("cp")?.arg(stamp_source).arg(stamp_file()))
}
