//! `cargo xtask build`: the product, with the pages inside.
//!
//! Invariant: the pages are built first, because the server takes it in when it is compiled.

use anyhow::Result;

use crate::{spa, step, workspace};

pub fn run() -> Result<()> {
    spa::ensure()?;
    server()?;
    step::say(&format!("built {}", workspace::target().join("release/waggle").display()));
    Ok(())
}

/// The server alone, as released.
pub fn server() -> Result<()> {
    step::run("building the release", &mut workspace::cargo(&["build", "--release", "--package", "server"]))
}
