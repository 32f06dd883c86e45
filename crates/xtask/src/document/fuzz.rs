//! `cargo xtask fuzz`: requests that are made up from the document, by each kind of caller, and every answer held
//! against it.
//!
//! Invariant: the same requests each time, from a fixed seed, to a desk that is new each time.

use anyhow::Result;

use super::desk::Desk;
use crate::{
    server, step,
    tools::{
        debian::{self, Need},
        python,
    },
};

#[derive(clap::Args)]
pub struct Arguments {
    /// How many requests to make up for each operation, at most, beside those that try each edge of its schema
    #[arg(long, default_value_t = 20)]
    examples: u32,
    /// Only as this one: admin, agent, customer or program
    #[arg(long)]
    caller: Option<String>,
    /// Another seed than the fixed one
    #[arg(long)]
    seed: Option<u64>,
}

/// A program has a key of the desk's, with every scope.
const PROGRAM: &str = "program";

const CALLERS: &[(&str, &str)] = &[
    ("admin", "requests of an admin"),
    ("agent", "requests of an agent"),
    ("customer", "requests of a customer"),
    (PROGRAM, "requests of a program"),
];

pub fn run(arguments: &Arguments) -> Result<()> {
    debian::ensure(&[Need::Postgres])?;
    server::build()?;
    let examples = arguments.examples.to_string();
    let seed = arguments.seed.map(|seed| seed.to_string());
    let mut more = vec!["--max-examples", &examples];
    more.extend(seed.iter().flat_map(|seed| ["--seed", seed]));
    for (caller, what) in CALLERS {
        if arguments.caller.as_ref().is_none_or(|wanted| wanted == caller) {
            make_up(caller, what, &more)?;
        }
    }
    Ok(())
}

/// A part of it for every change: each edge of every schema, tried by who may do the most, and some of what is made up
/// beyond the edges, by a program.
pub fn check() -> Result<()> {
    make_up("admin", "requests of an admin", &["--phases", "examples,coverage"])?;
    make_up(PROGRAM, "requests of a program", &["--phases", "fuzzing", "--max-examples", "5"])
}

fn make_up(caller: &str, what: &str, more: &[&str]) -> Result<()> {
    // A new one each, because the first may change what the next may do.
    let desk = Desk::start("fuzz")?;
    let mut schemathesis = python::program("schemathesis")?;
    schemathesis.current_dir(super::folder()).args(["--config-file", "schemathesis.toml", "run", "openapi.json"]);
    schemathesis.args(["--url", &desk.url, "--no-color", "--warnings", "off", "--continue-on-failure"]).args(more);
    let token = if caller == PROGRAM { desk.key()? } else { desk.token(caller)? };
    step::run(&format!("making up {what}"), schemathesis.env("WAGGLE_TOKEN", token))
}
