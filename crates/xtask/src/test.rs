//! `cargo xtask test`: every test there is.
//!
//! Invariant: a failure in one part keeps no other part from running, and the last line counts them all.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use anyhow::{Result, bail};

use crate::{
    cluster::Cluster,
    server, spa, step,
    tools::{
        debian::{self, Need},
        node,
    },
    workspace::{self, cargo, command},
};

#[derive(Clone, Copy, Default)]
struct Tally {
    passed: u32,
    failed: u32,
    skipped: u32,
}

pub fn run() -> Result<()> {
    debian::ensure(&[Need::Postgres, Need::Node, Need::Chromium])?;
    if spa::is_current()? {
        build_tests()?;
    } else {
        step::run("fetching the sources of all dependencies", &mut cargo(&["fetch", "--locked"]))?;
        step::both(spa::ensure, build_tests)?;
    }
    server::build()?;
    node::ensure_journeys()?;

    let rust = rust()?;
    let browser = browser()?;
    for (part, tally) in [("unit, API and contract tests", rust), ("browser journeys", browser)] {
        step::say(&format!("{part}: {} passed, {} failed, {} skipped", tally.passed, tally.failed, tally.skipped));
    }
    let failed = rust.failed + browser.failed;
    println!("{} passed, {failed} failed, {} skipped", rust.passed + browser.passed, rust.skipped + browser.skipped);
    if failed > 0 {
        bail!("{failed} tests failed");
    }
    Ok(())
}

fn build_tests() -> Result<()> {
    step::run("building the tests", &mut cargo(&["test", "--no-run"]))
}

/// The tests of the native crates, on one Postgres that forgets everything.
fn rust() -> Result<Tally> {
    let cluster = Cluster::start()?;
    step::say("unit, API and contract tests");
    let mut tests = cargo(&["test", "--no-fail-fast"]);
    tests.env("WAGGLE_TEST_DATABASE_URL", cluster.url("postgres"));
    // `test result: ok. 3 passed; 0 failed; 1 ignored; ...`
    count(&mut tests, |words, tally| {
        if let ["test", "result:", _, passed, "passed;", failed, "failed;", skipped, "ignored;", ..] = words {
            tally.add(passed, failed, skipped);
        }
    })
}

/// The journeys through the page as users get it.
fn browser() -> Result<Tally> {
    step::say("browser journeys");
    let mut journeys = command("npx");
    journeys.current_dir(workspace::root().join("e2e")).args(["--no-install", "playwright", "test"]);
    journeys.env("WAGGLE_PROGRAM", server::program());
    if let Some(chromium) = debian::chromium() {
        journeys.env("WAGGLE_CHROMIUM", chromium);
    }
    // Playwright ends with `  2 failed`, the failed ones, `  1 skipped` and `  9 passed (12.3s)`.
    count(&mut journeys, |words, tally| match words {
        [number, "passed", ..] => tally.add(number, "0", "0"),
        [number, "failed" | "flaky"] => tally.add("0", number, "0"),
        [number, "skipped"] | [number, "did", "not", "run"] => tally.add("0", "0", number),
        _ => {}
    })
}

/// Shows a test runner's words and adds up what it says; a runner that fails without a failed test
/// counts as one.
fn count(command: &mut Command, read: impl Fn(&[&str], &mut Tally)) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            println!("{line}");
            read(&line.split_whitespace().collect::<Vec<_>>(), &mut tally);
        }
    }
    if !child.wait()?.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

impl Tally {
    fn add(&mut self, passed: &str, failed: &str, skipped: &str) {
        self.passed += passed.parse::<u32>().unwrap_or(0);
        self.failed += failed.parse::<u32>().unwrap_or(0);
        self.skipped += skipped.parse::<u32>().unwrap_or(0);
    }
}
