//! `cargo xtask fuzz`: requests that are made up from the document, as three people, and every answer held against it.
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
    /// Only as this person: admin, agent or customer
    #[arg(long)]
    role: Option<String>,
    /// Another seed than the fixed one
    #[arg(long)]
    seed: Option<u64>,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    debian::ensure(&[Need::Postgres])?;
    server::build()?;
    for role in ["admin", "agent", "customer"] {
        if arguments.role.as_ref().is_some_and(|wanted| wanted != role) {
            continue;
        }
        // A new one each, because the first may change what the next may do.
        let desk = Desk::start("fuzz")?;
        let mut schemathesis = python::program("schemathesis")?;
        schemathesis.current_dir(super::folder()).args(["--config-file", "schemathesis.toml", "run", "openapi.json"]);
        schemathesis.args(["--url", &desk.url, "--no-color", "--warnings", "off", "--continue-on-failure"]);
        schemathesis.args(["--max-examples", &arguments.examples.to_string()]);
        if let Some(seed) = arguments.seed {
            schemathesis.args(["--seed", &seed.to_string()]);
        }
        schemathesis.env("WAGGLE_TOKEN", desk.token(role)?);
        step::run(&format!("making up requests of an {role}"), &mut schemathesis)?;
    }
    Ok(())
}
