//! The page: builds it when its source has changed, and weighs it.
//!
//! Invariant: a page above its budget is an error, so it cannot grow unseen.

use std::{
    collections::BTreeMap,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    step,
    tools::{self, Compiled, debian, node, wasm},
    workspace::{self, command},
};

/// Bytes as the browser downloads them, in brotli.
const SCRIPT_BUDGET: u64 = 256_000;
const STYLE_BUDGET: u64 = 15_000;

/// Builds the page unless it is up to date; tells nothing then.
pub fn ensure() -> Result<()> {
    let wanted = fingerprint()?;
    if is_fresh(&wanted) {
        return Ok(());
    }
    let mut toolchain = None;
    step::both(
        || {
            debian::ensure(&[debian::Need::Node])?;
            node::ensure_binaryen()
        },
        || {
            toolchain = Some(wasm::ensure()?);
            tools::ensure_compiled(&[Compiled::WasmBindgen, Compiled::Trunk])
        },
    )?;
    let toolchain = toolchain.context("no compiler for the page")?;

    let mut trunk = command("trunk");
    trunk.args(["build", "--release", "--offline", "--skip-version-check"]);
    trunk.env("CARGO_TARGET_DIR", &toolchain.target_dir).envs(toolchain.variables);
    step::run("building the page", &mut trunk)?;
    weigh()?;
    Ok(fs::write(stamp(), wanted)?)
}

pub fn is_current() -> Result<bool> {
    Ok(is_fresh(&fingerprint()?))
}

fn is_fresh(wanted: &str) -> bool {
    dist().join("index.html").is_file() && fs::read_to_string(stamp()).is_ok_and(|found| found == wanted)
}

fn dist() -> PathBuf {
    workspace::root().join("frontend/dist")
}

fn stamp() -> PathBuf {
    workspace::target().join("page.stamp")
}

/// Everything that the page is made of, in one number.
fn fingerprint() -> Result<String> {
    let root = workspace::root();
    let mut files = BTreeMap::new();
    for name in ["frontend", "crates/api-types", "Cargo.toml", "Cargo.lock", "Trunk.toml"] {
        collect(&root.join(name), &mut files)?;
    }
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    Ok(format!("{:x}", hasher.finish()))
}

fn collect(path: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    if path.is_dir() {
        if path.file_name().is_some_and(|name| name == "dist") {
            return Ok(());
        }
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.is_file() {
        files.insert(path.to_owned(), fs::read(path)?);
    }
    Ok(())
}

/// Prints what a browser downloads.
fn weigh() -> Result<()> {
    let (mut script, mut style) = (0, 0);
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(dist())? {
        collect(&entry?.path(), &mut files)?;
    }
    for file in files.keys() {
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("wasm" | "js") => script += brotli(file)?,
            Some("css") => style += brotli(file)?,
            _ => {}
        }
    }
    for (name, size, budget) in [("wasm and glue", script, SCRIPT_BUDGET), ("styles", style, STYLE_BUDGET)] {
        step::say(&format!("the page's {name}: {size} bytes in brotli, of {budget} allowed"));
        if size > budget {
            bail!("the page's {name} weigh {size} bytes in brotli, and {budget} are allowed");
        }
    }
    Ok(())
}

/// Node is there already, for the optimiser, and has the encoder inside.
fn brotli(file: &Path) -> Result<u64> {
    let script = "console.log(require('zlib').brotliCompressSync(require('fs').readFileSync(process.argv[1])).length)";
    let answer = step::ask(command("node").args(["-e", script]).arg(file))?;
    answer.trim().parse().with_context(|| format!("weighing {}", file.display()))
}
