//! The compiler for the browser, got one of two ways.
//!
//! Invariant: the ordinary way comes first. Only where its standard library cannot be had is it built
//! from Debian's source, into a target directory of its own, since two compilers evict each other.

use std::{collections::BTreeSet, path::PathBuf, process::Command, time::Duration};

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
}

/// A compiler for the browser; installs it when there is none.
pub fn ensure() -> Result<Toolchain> {
    let forced = std::env::var_os("WAGGLE_WASM_TOOLCHAIN").is_some_and(|value| value == "system");
    if !forced && (has_target()? || add_target()) {
        return Ok(Toolchain { target_dir: workspace::target().join("wasm"), variables: Vec::new() });
    }
    system()
}

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
    match step::run_within(&label, &mut rustup, Duration::from_secs(120)) {
        Ok(()) => true,
        Err(error) => {
            step::say(&format!("{error:#}\nso the standard library is built from Debian's source instead"));
            false
        }
    }
}

/// Debian's compiler with the source of its standard library, which cargo then builds along.
fn system() -> Result<Toolchain> {
    if !PathBuf::from("/usr/lib/rustlib/src/rust/library").exists() {
        debian::install("a compiler for the page, with its standard library", &BTreeSet::from(SYSTEM_PACKAGES))?;
    }
    let variables = vec![
        ("RUSTC", "/usr/bin/rustc".to_owned()),
        // It is a stable compiler, and building the standard library is not a stable feature.
        ("RUSTC_BOOTSTRAP", "1".to_owned()),
        ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort".to_owned()),
        ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker()?),
        // The cargo that runs us points it at the libraries of its own compiler.
        ("LD_LIBRARY_PATH", String::new()),
    ];
    Ok(Toolchain { target_dir: workspace::target().join("wasm-system"), variables })
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
