//! Builds what is served: the server, the browser's wasm, and the site folder made from it.

use std::path::PathBuf;
use std::process::Command;

use crate::cache;
use crate::call::{run, say};
use crate::failure::Result;
use crate::leptos::Metadata;
use crate::npm;
use crate::toolchain::Toolchain;

/// A built server with its site.
#[derive(Debug)]
pub(crate) struct Site {
    /// The binary `leitnetz`.
    pub(crate) server: PathBuf,
    /// The folder with the scripts, styles and public files.
    pub(crate) root: PathBuf,
    metadata: Metadata,
}

impl Site {
    /// Tells a server (or the test runner that starts servers) where the site is and how its files are named.
    pub(crate) fn describe_to(&self, command: &mut Command) {
        command
            .env("LEPTOS_OUTPUT_NAME", &self.metadata.name)
            .env("LEPTOS_SITE_ROOT", &self.root)
            .env("LEPTOS_SITE_PKG_DIR", &self.metadata.site_pkg_dir)
            .env("LEPTOS_HASH_FILES", "true")
            // Leptos joins this to the folder of the executable; an absolute path replaces that folder, and a
            // file that is missing there would panic.
            .env("LEPTOS_HASH_FILE_NAME", self.root.join("hash.txt"));
        if std::env::var_os("LEPTOS_SITE_ADDR").is_none() {
            let address = std::env::var("LEITNETZ_ADDR").unwrap_or_else(|_| self.metadata.site_addr.clone());
            command.env("LEPTOS_SITE_ADDR", address);
        }
    }

    /// The files whose names carry a hash: script, wasm, styles.
    pub(crate) fn package(&self) -> PathBuf {
        self.root.join(&self.metadata.site_pkg_dir)
    }
}

/// What the splitter needs of the linker: where code refers to code and data, and every constant as a segment of its
/// own, so that those of one page go into its chunk.
const SPLITTABLE: [&str; 2] = ["-Clink-arg=--emit-relocs", "-Clink-arg=--no-merge-data-segments"];

/// What every page gets, and what pages get besides which are worked on. cargo-leptos knows one sheet only, and makes it of both.
const STYLES: [&str; 2] = ["style/main.css", "style/work.css"];

/// Builds everything; cargo and `bundle` decide what has to be done again.
pub(crate) fn build(toolchain: &Toolchain) -> Result<Site> {
    build_server(toolchain)?;
    build_bundle(toolchain)
}

/// Only the server, selected by itself. Another package in the same call would switch on other features of shared
/// dependencies, and SurrealDB would be compiled a second time. `suite::NATIVE` resolves to the same features.
pub(crate) fn build_server(toolchain: &Toolchain) -> Result<PathBuf> {
    build_server_as(toolchain, "dev")
}

/// The same with another profile, which compiles everything once more.
pub(crate) fn build_server_as(toolchain: &Toolchain, profile: &str) -> Result<PathBuf> {
    let metadata = Metadata::read()?;
    let folder = if profile == "dev" { "debug" } else { profile };
    let server = toolchain.target_dir().join(folder).join(&metadata.bin_target);
    let first = if server.exists() {
        ""
    } else {
        " (the first time takes about 15 minutes on two cores, mostly SurrealDB)"
    };
    say(format!("Building the server{first}"));
    run(toolchain
        .cargo("build")
        .args(["--package", &metadata.bin_package, "--bin", &metadata.bin_target])
        .args(["--profile", profile]))?;
    // Alone: its fonts want other features of crates that SurrealDB uses, too. The server looks for it beside itself.
    run(toolchain
        .cargo("build")
        .args(["--package", "pdf", "--bin", "leitnetz-pdf"])
        .args(["--profile", profile]))?;
    Ok(server)
}

/// Do functions keep their names in the bundle, for profiles in the browser?
fn keeps_names() -> bool {
    std::env::var_os("LEITNETZ_NAMES").is_some_and(|value| value == "1")
}

/// The wasm and the site folder. The server must be built already.
pub(crate) fn build_bundle(toolchain: &Toolchain) -> Result<Site> {
    let metadata = Metadata::read()?;
    let target = toolchain.target_dir();

    say("Building the browser's part (wasm)");
    run(toolchain
        .cargo("rustc")
        .args(["--package", &metadata.lib_package, "--lib", "--crate-type", "cdylib"])
        .args([
            "--target",
            crate::toolchain::WASM,
            "--profile",
            &metadata.lib_profile_release,
            "--",
        ])
        .args(SPLITTABLE))?;

    say("Bundling wasm, styles and public files");
    let (wasm_opt, esbuild) = (npm::wasm_opt()?, npm::esbuild()?);
    // Alone, for the same reason as the server: its libraries would change the server's features.
    run(toolchain.cargo("build").args(["--quiet", "--package", "bundle"]))?;
    let root = target.join("site");
    let checkout = cache::checkout();
    let wasm = target
        .join(crate::toolchain::WASM)
        .join(&metadata.lib_profile_release)
        .join(format!("{}.wasm", metadata.lib_package.replace('-', "_")));
    run(Command::new(target.join("debug/bundle"))
        .arg(format!("--name={}", metadata.name))
        .arg(format!("--package-folder={}", metadata.site_pkg_dir))
        .args([&"--wasm".into(), &wasm])
        .args([&"--style".into(), &checkout.join(STYLES[0])])
        .args([&"--work-style".into(), &checkout.join(STYLES[1])])
        .args([&"--public".into(), &checkout.join(&metadata.assets_dir)])
        .args([&"--wasm-opt".into(), &wasm_opt])
        .args([&"--esbuild".into(), &esbuild])
        .args([&"--out".into(), &root])
        .args(keeps_names().then_some("--names")))?;

    let server = target.join("debug").join(&metadata.bin_target);
    Ok(Site { server, root, metadata })
}
