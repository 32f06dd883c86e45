//! The page: builds it when its source has changed, and weighs it.
//!
//! Invariant: every build tells the page's weight, and a page above its budget does not pass
//! `cargo xtask ci`.

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
    workspace::{self, cargo, command},
};

/// Bytes as the browser downloads them, in brotli.
const SCRIPT_BUDGET: u64 = 300_000;
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

    if !toolchain.variables.is_empty() {
        let mut fetch = cargo(&["fetch", "--target", wasm::TARGET]);
        let variables = toolchain.variables.iter().map(|(name, value)| (name, value));
        step::run("fetching the sources of the standard library", fetch.envs(variables))?;
    }
    let mut trunk = command("trunk");
    // Its backtraces would push the compiler's words out of sight.
    trunk.env("RUST_BACKTRACE", "0");
    trunk.args(["build", "--release", "--offline", "--skip-version-check"]);
    trunk.env("CARGO_TARGET_DIR", &toolchain.target_dir).envs(toolchain.variables);
    step::run("building the page", &mut trunk)?;
    fs::write(stamp(), sealed(&wanted))?;
    for part in weigh()? {
        step::say(&part.words());
    }
    Ok(())
}

/// Fails when the page is heavier than it may be.
pub fn check_weight() -> Result<()> {
    for part in weigh()? {
        step::say(&part.words());
        if part.size > part.budget {
            bail!("the page has become too heavy");
        }
    }
    Ok(())
}

struct Part {
    name: &'static str,
    size: u64,
    budget: u64,
}

impl Part {
    fn words(&self) -> String {
        let Self { name, size, budget } = self;
        format!("the page's {name}: {size} bytes in brotli, of {budget} allowed")
    }
}

pub fn is_current() -> Result<bool> {
    Ok(is_fresh(&fingerprint()?))
}

fn is_fresh(wanted: &str) -> bool {
    dist().join("index.html").is_file() && fs::read_to_string(stamp()).is_ok_and(|found| found == sealed(wanted))
}

/// The source's number with the names in the folder, which hold the files' hashes: another build into the
/// same folder is noticed.
fn sealed(fingerprint: &str) -> String {
    let mut names: Vec<String> = fs::read_dir(dist())
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into())
        .collect();
    names.sort();
    format!("{fingerprint} {}", names.join(" "))
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
    // What the build itself makes.
    files.retain(|path, _| !path.starts_with(dist()) && !path.ends_with("frontend/bundle.css"));
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    Ok(format!("{:x}", hasher.finish()))
}

fn collect(path: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.is_file() {
        files.insert(path.to_owned(), fs::read(path)?);
    }
    Ok(())
}

/// What a browser downloads.
fn weigh() -> Result<[Part; 2]> {
    let (mut script, mut style) = (0, 0);
    let mut files = BTreeMap::new();
    collect(&dist(), &mut files)?;
    for file in files.keys() {
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("wasm" | "js") => script += brotli(file)?,
            Some("css") => style += brotli(file)?,
            _ => {}
        }
    }
    Ok([
        Part { name: "wasm and glue", size: script, budget: SCRIPT_BUDGET },
        Part { name: "styles", size: style, budget: STYLE_BUDGET },
    ])
}

/// Node is there already, for the optimiser, and has the encoder inside.
fn brotli(file: &Path) -> Result<u64> {
    let script = "console.log(require('zlib').brotliCompressSync(require('fs').readFileSync(process.argv[1])).length)";
    let answer = step::ask(command("node").args(["-e", script]).arg(file))?;
    answer.trim().parse().with_context(|| format!("weighing {}", file.display()))
}
