//! Packages of Node: the optimiser of the page's WebAssembly, and what drives the browser in tests.
//!
//! Invariant: no package downloads a browser or a program of its own.

use std::{fs, process::Command};

use anyhow::Result;

use crate::{step, tools, workspace};

/// Debian's own is too old for what the compiler writes.
const BINARYEN: &str = "132.0.0";

/// `wasm-opt`.
pub fn ensure_binaryen() -> Result<()> {
    let folder = tools::folder();
    let description = fs::read_to_string(folder.join("node_modules/binaryen/package.json")).unwrap_or_default();
    if description.contains(&format!("\"version\": \"{BINARYEN}\"")) {
        return Ok(());
    }
    tools::make_folder(&folder)?;
    let mut npm = npm();
    npm.current_dir(&folder).args(["install", "--no-save", "--prefix", "."]).arg(format!("binaryen@{BINARYEN}"));
    step::run(&format!("installing binaryen {BINARYEN} (it makes the page smaller)"), &mut npm)
}

/// The packages of e2e/, as its lock file has them.
pub fn ensure_journeys() -> Result<()> {
    let folder = workspace::root().join("e2e");
    let wanted = fs::read(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut npm = npm();
    npm.current_dir(&folder).arg("ci");
    step::run("installing the packages of e2e (they drive the browser)", &mut npm)?;
    Ok(fs::write(&stamp, &wanted)?)
}

fn npm() -> Command {
    let mut npm = workspace::command("npm");
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").args(["--no-audit", "--no-fund"]);
    npm
}
