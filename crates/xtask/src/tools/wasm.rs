//! The compiler for the browser, got one of several ways.
//!
//! Invariant: while one works on the page the ordinary way comes first. What is released is built with the source of the
//! standard library if that can be had: the rustup toolchain's, or Debian's with its compiler, which gets a target
//! directory of its own, since two compilers evict each other.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result};

use crate::{
    step,
    tools::{self, debian},
    workspace,
};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// Where the page is compiled, and the variables that say by what.
pub struct Toolchain {
    pub target_dir: PathBuf,
    pub variables: Vec<(&'static str, String)>,
    /// It builds the standard library along.
    pub from_source: bool,
}

/// A compiler for the browser; installs it when there is none.
pub fn ensure() -> Result<Toolchain> {
    let forced = std::env::var_os("WAGGLE_WASM_TOOLCHAIN").is_some_and(|value| value == "system");
    if !forced && (has_target()? || add_target()) {
        return Ok(ordinary());
    }
    system()
}

/// A compiler for what is released, which builds the standard library along: a panic then needs no words, a fourteenth
/// of the download. Where no source can be had it is the ordinary one.
pub fn ensure_for_release() -> Result<Toolchain> {
    if sysroot()?.join(SOURCE).exists() || !Path::new("/usr").join(SOURCE).exists() && add_source()? {
        let variables = [("RUSTC_BOOTSTRAP", "1"), BUILD_STD].map(|(name, value)| (name, value.to_owned()));
        return Ok(Toolchain { variables: variables.into(), from_source: true, ..ordinary() });
    }
    match system() {
        Ok(toolchain) => Ok(toolchain),
        Err(error) => {
            step::say(&format!("{error:#}\nso the page is built the ordinary way, and becomes heavier"));
            ensure()
        }
    }
}

/// Where a toolchain keeps the source of its standard library.
const SOURCE: &str = "lib/rustlib/src/rust/library";

/// Building it is not a stable feature; the compilers are.
const BUILD_STD: (&str, &str) = ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");

fn ordinary() -> Toolchain {
    Toolchain { target_dir: workspace::target().join("wasm"), variables: Vec::new(), from_source: false }
}

fn add_source() -> Result<bool> {
    let mut rustup = workspace::command("rustup");
    rustup.args(["component", "add", "rust-src"]);
    let label = "rustup component add rust-src (the standard library for the page)";
    let added = tools::find(&["rustup"]).is_some() && step::run_within(label, &mut rustup, PATIENCE).is_ok();
    // The compiler that runs here may be another one than rustup's.
    Ok(added && sysroot()?.join(SOURCE).exists())
}

/// A registry that does not answer is asked no longer.
const PATIENCE: Duration = Duration::from_secs(120);

fn has_target() -> Result<bool> {
    Ok(sysroot()?.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

fn add_target() -> bool {
    if tools::find(&["rustup"]).is_none() {
        return false;
    }
    let label = format!("rustup target add {TARGET} (the compiler for the page)");
    let mut rustup = workspace::command("rustup");
    rustup.args(["target", "add", TARGET]);
    match step::run_within(&label, &mut rustup, PATIENCE) {
        Ok(()) => true,
        Err(error) => {
            step::say(&format!("{error:#}\nso the standard library is built from Debian's source instead"));
            false
        }
    }
}

/// Debian's compiler with the source of its standard library, which cargo then builds along.
fn system() -> Result<Toolchain> {
    if !Path::new("/usr").join(SOURCE).exists() {
        debian::install("a compiler for the page, with its standard library", &BTreeSet::from(SYSTEM_PACKAGES))?;
    }
    let variables = vec![
        ("RUSTC", "/usr/bin/rustc".to_owned()),
        ("RUSTC_BOOTSTRAP", "1".to_owned()),
        (BUILD_STD.0, BUILD_STD.1.to_owned()),
        ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker()?),
        // The cargo that runs us points it at the libraries of its own compiler.
        ("LD_LIBRARY_PATH", String::new()),
    ];
    Ok(Toolchain { target_dir: workspace::target().join("wasm-system"), variables, from_source: true })
}

const SYSTEM_PACKAGES: [&str; 2] = ["rustc-web", "rust-web-src"];

/// Rust's own linker where the toolchain has it, or else LLVM's.
fn linker() -> Result<String> {
    let host = step::ask(Command::new("rustc").arg("-vV"))?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc does not tell its host")?;
    let ours = sysroot()?.join("lib/rustlib").join(host).join("bin/rust-lld");
    if ours.is_file() {
        return Ok(ours.display().to_string());
    }
    if tools::find(&["wasm-ld"]).is_none() {
        debian::install("a linker for the page", &BTreeSet::from(["lld"]))?;
    }
    Ok("wasm-ld".to_owned())
}

fn sysroot() -> Result<PathBuf> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(workspace::root()).args(["--print", "sysroot"]);
    Ok(step::ask(&mut rustc)?.trim().into())
}
