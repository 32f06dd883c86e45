//! The site's pages: builds them when their source has changed, and weighs them.
//!
//! Invariant: every build tells the pages' weight, and a page above its budget does not pass
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

/// A page is compiled with the feature of its name, into the folder of its name.
struct Page {
    name: &'static str,
    /// So many bytes its scripts may take, as the browser downloads them, in brotli.
    scripts: u64,
}

/// What a released page is compiled with besides the flags of .cargo/config.toml: without the places and the shapes
/// of values that only a panic tells, six kilobytes of each. Neither is a stable option.
const SMALLER: &str = "--cfg erase_components -Zlocation-detail=none -Zfmt-debug=none";

/// And, where the standard library is built along, without any words of panics: twenty kilobytes.
const SMALLEST: &str = "-Zunstable-options -Cpanic=immediate-abort";

const PAGES: [Page; 5] = [
    Page { name: "support", scripts: 300_000 },
    Page { name: "lobby", scripts: 300_000 },
    // It is loaded once a day, by those who work there.
    Page { name: "desk", scripts: 325_000 },
    Page { name: "office", scripts: 300_000 },
    Page { name: "settings", scripts: 300_000 },
];
/// One sheet for all.
const STYLE_BUDGET: u64 = 15_000;

/// Builds the pages unless they are up to date; tells nothing then.
pub fn ensure() -> Result<()> {
    let wanted = fingerprint()?;
    if is_fresh(&wanted) {
        return Ok(());
    }
    let mut toolchain = None;
    step::both(
        || {
            debian::ensure(&[debian::Need::Node])?;
            node::ensure_page_tools()
        },
        || {
            toolchain = Some(wasm::ensure_for_release()?);
            tools::ensure_compiled(&[Compiled::WasmBindgen, Compiled::Trunk])
        },
    )?;
    let toolchain = toolchain.context("no compiler for the page")?;

    if !toolchain.variables.is_empty() {
        let mut fetch = cargo(&["fetch", "--target", wasm::TARGET]);
        let variables = toolchain.variables.iter().map(|(name, value)| (name, value));
        step::run("fetching the sources of the standard library", fetch.envs(variables))?;
    }
    for page in &PAGES {
        let mut trunk = command("trunk");
        // Its backtraces would push the compiler's words out of sight.
        trunk.env("RUST_BACKTRACE", "0");
        trunk.args(["build", "--release", "--offline", "--skip-version-check", "--features", page.name, "--dist"]);
        trunk.arg(page.folder()).env("CARGO_TARGET_DIR", &toolchain.target_dir);
        trunk.envs(toolchain.variables.iter().map(|(name, value)| (name, value)));
        let flags = if toolchain.from_source { format!("{SMALLER} {SMALLEST}") } else { SMALLER.to_owned() };
        trunk.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
        step::run(&format!("building the page: {}", page.name), &mut trunk)?;
        node::place_solver(&page.folder())?;
    }
    fs::write(stamp(), sealed(&wanted))?;
    for part in weigh()? {
        step::say(&part.words());
    }
    Ok(())
}

/// Fails when a page is heavier than it may be.
pub fn check_weight() -> Result<()> {
    let parts = weigh()?;
    for part in &parts {
        step::say(&part.words());
    }
    if parts.iter().any(|part| part.size > part.budget) {
        bail!("a page has become too heavy");
    }
    Ok(())
}

impl Page {
    fn folder(&self) -> PathBuf {
        dist().join(self.name)
    }
}

struct Part {
    name: String,
    size: u64,
    budget: u64,
}

impl Part {
    fn words(&self) -> String {
        let Self { name, size, budget } = self;
        format!("{name}: {size} bytes in brotli, of {budget} allowed")
    }
}

pub fn is_current() -> Result<bool> {
    Ok(is_fresh(&fingerprint()?))
}

fn is_fresh(wanted: &str) -> bool {
    let is_there = |page: &Page| page.folder().join("index.html").is_file();
    PAGES.iter().all(is_there) && fs::read_to_string(stamp()).is_ok_and(|found| found == sealed(wanted))
}

/// The source's number with the names in the folders, which hold the files' hashes: another build into the
/// same folders is noticed.
fn sealed(fingerprint: &str) -> String {
    let mut names: Vec<String> = PAGES
        .iter()
        .flat_map(|page| fs::read_dir(page.folder()))
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

/// Everything that the pages are made of, in one number.
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
fn weigh() -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    let mut styles = 0;
    for Page { name, scripts } in &PAGES {
        parts.push(Part {
            name: format!("{name}, wasm and glue"),
            size: total(name, &["wasm", "js"])?,
            budget: *scripts,
        });
        styles = total(name, &["css"])?;
    }
    parts.push(Part { name: "styles of all".to_owned(), size: styles, budget: STYLE_BUDGET });
    Ok(parts)
}

fn total(page: &str, endings: &[&str]) -> Result<u64> {
    let mut files = BTreeMap::new();
    collect(&dist().join(page), &mut files)?;
    // The solver of the captcha is fetched by those who are asked for it only.
    let is_first = |file: &Path| !file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("altcha"));
    let counts = |file: &&PathBuf| {
        is_first(file) && file.extension().is_some_and(|it| endings.iter().any(|ending| it == *ending))
    };
    files.keys().filter(counts).map(|file| brotli(file)).sum()
}

/// Node is there already, for the optimiser, and has the encoder inside.
fn brotli(file: &Path) -> Result<u64> {
    let script = "console.log(require('zlib').brotliCompressSync(require('fs').readFileSync(process.argv[1])).length)";
    let answer = step::ask(command("node").args(["-e", script]).arg(file))?;
    answer.trim().parse().with_context(|| format!("weighing {}", file.display()))
}
