//! Packages of Node: the optimiser of the page's WebAssembly, what drives the browser in tests, and what reads the
//! API's document.
//!
//! Invariant: no package downloads a browser or a program of its own.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};

use crate::{step, tools, workspace};

/// Debian's own is too old for what the compiler writes.
const BINARYEN: &str = "132.0.0";

/// What the page knows the solver of its captcha by, too.
const ALTCHA: &str = "3.2.2";

/// What the page is built with: `wasm-opt`, and the solver of its captcha.
pub fn ensure_page_tools() -> Result<()> {
    let folder = tools::folder();
    let is_there = |name: &str, version: &str| {
        let description = folder.join("node_modules").join(name).join("package.json");
        fs::read_to_string(description).is_ok_and(|it| it.contains(&format!("\"version\": \"{version}\"")))
    };
    if is_there("binaryen", BINARYEN) && is_there("altcha", ALTCHA) {
        return Ok(());
    }
    tools::make_folder(&folder)?;
    let mut npm = npm();
    npm.current_dir(&folder).args(["install", "--no-save", "--prefix", "."]);
    npm.args([format!("binaryen@{BINARYEN}"), format!("altcha@{ALTCHA}")]);
    step::run("installing binaryen (it makes the page smaller) and altcha (it solves its captcha)", &mut npm)
}

/// Puts the worker that solves the captcha beside the page, under a name that changes with its content.
pub fn place_solver(page: &Path) -> Result<()> {
    let solver = tools::folder().join("node_modules/altcha/dist/workers/pbkdf2.js");
    fs::copy(&solver, page.join(format!("altcha-{ALTCHA}.js"))).with_context(|| solver.display().to_string())?;
    Ok(())
}

/// The packages of e2e/, as its lock file has them.
pub fn ensure_journeys() -> Result<()> {
    ensure_packages("e2e", "they drive the browser")
}

/// The packages of a folder of the workspace, as its lock file has them.
pub fn ensure_packages(name: &str, why: &str) -> Result<()> {
    let folder = workspace::root().join(name);
    let wanted = fs::read(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut npm = npm();
    npm.current_dir(&folder).arg("ci");
    step::run(&format!("installing the packages of {name} ({why})"), &mut npm)?;
    Ok(fs::write(&stamp, &wanted)?)
}

fn npm() -> Command {
    let mut npm = workspace::command("npm");
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").args(["--no-audit", "--no-fund"]);
    npm
}
