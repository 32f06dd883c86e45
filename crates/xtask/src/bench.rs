//! `cargo xtask bench`: the release build against Postgres itself, on one machine in one run.
//!
//! Invariant: every figure of the server stands beside pgbench's for the SQL that the server was just
//! seen to send, on the same data.

mod cases;

mod load;
mod replay;
mod report;
mod streams;

use std::{fs, os::unix::process::CommandExt, time::Instant};

use anyhow::{Context, Result, bail};

use crate::http::Http;
use crate::{
    build,
    cluster::Cluster,
    run,
    server::{self, Server},
    spa, step,
    tools::{
        debian::{self, Need},
        node,
    },
    workspace,
};
use cases::Case;
use report::Row;

#[derive(clap::Args)]
pub struct Arguments {
    /// How many tickets to measure with
    #[arg(long, default_value_t = 20_000)]
    tickets: u32,
    /// How many comments each of them has
    #[arg(long, default_value_t = 5)]
    comments: u32,
    /// How many seconds each measurement takes
    #[arg(long, default_value_t = 5)]
    seconds: u32,
    /// Only the cases whose name holds this
    #[arg(long)]
    only: Option<String>,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    debian::ensure(&[Need::Postgres, Need::Node, Need::Chromium, Need::Wrk])?;
    node::ensure_journeys()?;
    spa::ensure()?;
    server::build()?;
    build::server()?;

    let data_dir = run::data_dir(&format!("bench-{}", arguments.tickets))?;
    // A large set takes minutes to make, so it is kept; a small one is made anew, without what was written last time.
    if arguments.tickets < 100_000 && data_dir.exists() {
        fs::remove_dir_all(&data_dir)?;
    }
    let cluster = Cluster::start_in(data_dir.join("cluster"))?;
    let waggle = || {
        let mut command = workspace::command(&workspace::target().join("release/waggle").to_string_lossy());
        command
            .env("WAGGLE_DATA_DIR", &data_dir)
            .env("DATABASE_URL", cluster.app_url("waggle"))
            .env("RUST_LOG", "warn")
            // One person sends what thousands would.
            .env("WAGGLE_REQUESTS_PER_MINUTE", "0");
        command.process_group(0);
        command
    };
    // So that the server and the database below are stopped, however this ends.
    server::note_interrupts()?;
    seed(arguments, &cluster, waggle)?;
    cases::make_people(&cluster, waggle)?;

    let port = server::free_port(8090)?;
    let mut server = Server::start(waggle(), port)?;
    server.stop()?;
    let begin = Instant::now();
    let server = Server::start(waggle(), port)?;
    let start_up = begin.elapsed();

    // Before the load, whose search documents are still being built when it ends. Without a browser the other
    // figures are as good.
    let first_list = first_list(port).inspect_err(|error| step::say(&format!("{error:#}"))).ok();
    let http = Http::new(port);
    let mut rows = Vec::new();
    let only = arguments.only.as_deref().unwrap_or_default();
    let mut people = cases::sign_in(&http)?;
    let mut signed_in = Instant::now();
    for name in cases::NAMES.iter().filter(|name| name.contains(only)) {
        // An access token lasts a quarter of an hour.
        if signed_in.elapsed().as_secs() > 400 {
            people = cases::sign_in(&http)?;
            signed_in = Instant::now();
        }
        if server::interrupted() {
            bail!("interrupted");
        }
        step::say(name);
        let case = Case::prepare(name, &people, &http, &cluster)?;
        let script = replay::Script::record(&case, &http, &cluster)?;
        let mut row = Row::new(name);
        for concurrency in [1, 32] {
            let figures = load::run(&case, port, concurrency, arguments.seconds)?;
            let postgres = script.run(&cluster, concurrency, arguments.seconds)?;
            row.add(concurrency, figures, postgres);
        }
        step::say(&row.words());
        rows.push(row);
    }
    let memory = resident_mebibytes(server.pid())?;
    let live = if "live".contains(only) {
        let people = cases::sign_in(&http)?;
        streams::run(&server, port, &people, &cluster, arguments.seconds)?
    } else {
        String::new()
    };
    let whole =
        report::Whole { tickets: arguments.tickets, comments: arguments.comments, start_up, memory, first_list, live };
    let text = report::table(&rows, &whole);
    let path = workspace::target().join(format!("bench-{}.md", arguments.tickets));
    fs::write(&path, &text)?;
    println!("\n{text}\nwritten to {}", path.display());
    Ok(())
}

/// Makes the tickets, unless an earlier run has.
fn seed(arguments: &Arguments, cluster: &Cluster, waggle: impl Fn() -> std::process::Command) -> Result<()> {
    step::run("migrating", waggle().arg("migrate"))?;
    let found: u32 = cluster.query("waggle", "select count(*) from tickets")?.trim().parse()?;
    if found >= arguments.tickets {
        return Ok(());
    }
    if found > 0 {
        bail!("the data of an earlier run was left half made; remove {}", cluster.directory().display());
    }
    let label = format!("making {} tickets with {} comments each", arguments.tickets, arguments.comments);
    let mut seed = waggle();
    seed.env("RUST_LOG", "info").args(["seed", "--tickets"]).arg(arguments.tickets.to_string());
    step::run(&label, seed.arg("--comments").arg(arguments.comments.to_string()))?;
    // What the seeding left to do would otherwise be done during the first measurement.
    cluster.query("waggle", "vacuum analyze")?;
    cluster.query("waggle", "checkpoint").map(drop)
}

/// Milliseconds until somebody who comes back sees the first list.
fn first_list(port: u16) -> Result<u32> {
    step::say("first list on screen");
    let mut browser = workspace::command("node");
    browser.current_dir(workspace::root().join("e2e")).arg("speed/first-list.mjs");
    browser.args([&format!("http://localhost:{port}"), &cases::customer(1), cases::PASSWORD]);
    if let Some(chromium) = debian::chromium() {
        browser.env("WAGGLE_CHROMIUM", chromium);
    }
    Ok(step::ask(&mut browser)?.trim().parse()?)
}

fn resident_mebibytes(pid: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kibibytes: f64 = line.split_whitespace().next().unwrap_or_default().parse()?;
    Ok(kibibytes / 1024.0)
}
