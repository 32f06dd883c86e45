//! The project's own commands, each in a file of its name.
//!
//! Invariant: a command that needs a tool gets it first, or says in one line how to get it.

#![expect(clippy::print_stdout, reason = "telling what happens is this program's work")]

mod bench;
mod build;
mod ci;
mod cluster;
mod dev;
mod document;
mod eval;
mod generate;
mod http;
mod run;
mod server;
mod spa;
mod step;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Waggle's own commands")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Set up what is missing, then serve a desk with demo data
    Run,
    /// Every test: unit, API, contract and browser
    Test,
    /// The server and the page, both rebuilt when their source changes
    Dev,
    /// The product: target/release/waggle with the pages inside
    Build,
    /// Refresh crates/db/src/schema.rs and openapi/openapi.json
    Generate(generate::Arguments),
    /// Make up requests from the API's document, and hold every answer against it
    Fuzz(document::fuzz::Arguments),
    /// What a change must pass: format, lints, licenses, generated files, every test
    Ci,
    /// Measure the release build against Postgres itself
    Bench(bench::Arguments),
    /// Ask the assistant a set of questions, and tell how well it finds and answers
    Eval(eval::Arguments),
}

fn main() -> ExitCode {
    step::start_the_clock();
    let result = match Arguments::parse().command {
        Command::Run => run::run(),
        Command::Test => test::run(),
        Command::Dev => dev::run(),
        Command::Build => build::run(),
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Fuzz(arguments) => document::fuzz::run(&arguments),
        Command::Ci => ci::run(),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Eval(arguments) => eval::run(&arguments),
    };
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    step::say(&format!("{error:#}"));
    ExitCode::FAILURE
}
