//! `cargo xtask bench`: the release build against Postgres itself, on one machine in one run.
//!
//! Invariant: every figure of the server stands beside pgbench's for the same SQL on the same data.

use anyhow::Result;

use crate::{
    build,
    cluster::Cluster,
    server, spa,
    tools::debian::{self, Need},
};

#[derive(clap::Args)]
pub struct Arguments {
    /// How many tickets to measure with
    #[arg(long, default_value_t = 20_000)]
    tickets: u32,
    /// How many comments each of them has
    #[arg(long, default_value_t = 5)]
    comments: u32,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    debian::ensure(&[Need::Postgres, Need::Wrk])?;
    spa::ensure()?;
    server::build()?;
    build::server()?;
    let _cluster = Cluster::start(true)?;
    println!("{} tickets with {} comments each", arguments.tickets, arguments.comments);
    Ok(())
}
