//! `cargo xtask ci`: what a change must pass.
//!
//! Invariant: it changes no file of the workspace, and it gets every tool that it needs by itself.

use std::time::Duration;

use anyhow::Result;

use crate::{
    cluster::Cluster,
    document, eval, generate, server, spa, step, test,
    tools::{
        self, Compiled,
        debian::{self, Need},
        wasm,
    },
    workspace::cargo,
};

pub fn run() -> Result<()> {
    debian::ensure(&[Need::Postgres, Need::Node, Need::Chromium])?;
    step::run("format", &mut cargo(&["fmt", "--all", "--check"]))?;
    step::run("fetching the sources of all dependencies", &mut cargo(&["fetch", "--locked"]))?;
    dependencies()?;
    step::run("lints", &mut cargo(&["clippy", "--all-targets", "--", "--deny", "warnings"]))?;
    lint_the_page()?;
    server::build()?;
    {
        let cluster = Cluster::start()?;
        generate::check(&cluster)?;
        step::say("the generated files are up to date, and every migration goes up, down and up");
    }
    document::lint()?;
    document::breaking::check()?;
    document::clients::run()?;
    document::fuzz::check()?;
    spa::ensure()?;
    spa::check_weight()?;
    // What the assistant finds and answers in the shipped guide, without a model.
    eval::run(&eval::Arguments::default())?;
    test::run()
}

/// Licenses, sources and duplicates; known weaknesses where their list can be had.
fn dependencies() -> Result<()> {
    tools::ensure_compiled(&[Compiled::CargoDeny])?;
    step::run("licenses and sources", &mut cargo(&["deny", "check", "bans", "licenses", "sources"]))?;
    let list = step::run_within("list of known weaknesses", &mut cargo(&["deny", "fetch", "db"]), LIST_LIMIT);
    if list.is_err() {
        step::say("the list of known weaknesses cannot be reached from here, so it was not compared");
        return Ok(());
    }
    step::run("known weaknesses", &mut cargo(&["deny", "--offline", "check", "advisories"]))
}

const LIST_LIMIT: Duration = Duration::from_secs(60);

/// The page is linted for the browser where the same compiler can, natively otherwise.
fn lint_the_page() -> Result<()> {
    let toolchain = wasm::ensure()?;
    let mut clippy = cargo(&["clippy", "--package", "frontend"]);
    if toolchain.variables.is_empty() {
        clippy.args(["--target", wasm::TARGET]).env("CARGO_TARGET_DIR", toolchain.target_dir);
    }
    step::run("lints of the page", clippy.args(["--", "--deny", "warnings"]))
}
