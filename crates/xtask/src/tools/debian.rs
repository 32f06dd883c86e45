//! Programs that come from Debian's packages.
//!
//! Invariant: nothing is installed without the right to; then the one command to run is printed instead.

use std::{collections::BTreeSet, process::Command};

use anyhow::{Result, bail};

use crate::{step, tools, workspace};

#[derive(Clone, Copy)]
pub enum Need {
    Postgres,
    Node,
    Python,
    Chromium,
    Wrk,
}

impl Need {
    fn is_met(self) -> bool {
        match self {
            Self::Postgres => tools::find_postgres("initdb").is_some(),
            Self::Node => tools::find(&["node"]).is_some() && tools::find(&["npm"]).is_some(),
            // The module is in a package of its own there, and fails at the first use without it.
            Self::Python => step::ask(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_ok(),
            Self::Chromium => chromium().is_some(),
            Self::Wrk => tools::find(&["wrk"]).is_some(),
        }
    }

    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => &["postgresql"],
            Self::Node if tools::find(&["node"]).is_some() => &["npm"],
            Self::Node => &["nodejs", "npm"],
            Self::Python => &["python3", "python3-venv"],
            Self::Chromium => &["chromium"],
            Self::Wrk => &["wrk"],
        }
    }

    fn why(self) -> &'static str {
        match self {
            Self::Postgres => "the database",
            Self::Node => "Node, for the page's optimiser and the browser tests",
            Self::Python => "Python, for what tries the API out",
            Self::Chromium => "a browser to test in",
            Self::Wrk => "a load to measure with",
        }
    }
}

/// The browser for the tests: `$WAGGLE_CHROMIUM`, or one on PATH.
pub fn chromium() -> Option<std::path::PathBuf> {
    std::env::var_os("WAGGLE_CHROMIUM")
        .map(Into::into)
        .or_else(|| tools::find(&["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]))
}

/// Installs what is missing.
pub fn ensure(needs: &[Need]) -> Result<()> {
    let missing: Vec<Need> = needs.iter().copied().filter(|need| !need.is_met()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let why: Vec<&str> = missing.iter().map(|need| need.why()).collect();
    let packages: BTreeSet<&str> = missing.iter().flat_map(|need| need.packages().iter().copied()).collect();
    install(&why.join("; "), &packages)
}

/// Installs packages by name.
pub fn install(why: &str, packages: &BTreeSet<&str>) -> Result<()> {
    let names = packages.iter().copied().collect::<Vec<_>>().join(" ");
    if tools::find(&["apt-get"]).is_none() {
        bail!("missing here: {why}. On Debian these are the packages {names}; please install their like");
    }
    if !workspace::is_root() {
        bail!("missing here: {why}. Please run `sudo apt-get install {names}`, then this again");
    }
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qy");
        command
    };
    step::run("apt-get update", apt().arg("update"))?;
    let label = format!("apt-get install {names} ({why})");
    step::run(&label, apt().args(["install", "--no-install-recommends"]).args(packages))
}
