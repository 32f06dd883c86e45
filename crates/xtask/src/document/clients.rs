//! `cargo xtask generate --clients`: clients for TypeScript and Python, made from the document alone.
//!
//! Invariant: they are in no commit; what is committed is a program for each, which has to fit them and to work.

use std::{fs, process::Command};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::desk::Desk;
use crate::{
    server, step,
    tools::{
        debian::{self, Need},
        node, python,
    },
    workspace::command,
};

pub fn run() -> Result<()> {
    debian::ensure(&[Need::Postgres, Need::Node])?;
    server::build()?;
    node::ensure_packages("openapi", "they read the API's document")?;
    let made = super::folder().join("clients/made");
    let _ = fs::remove_dir_all(&made);
    fs::create_dir_all(&made)?;

    let npx = |arguments: &[&str]| -> Command {
        let mut npx = command("npx");
        npx.current_dir(super::folder()).arg("--no-install").args(arguments);
        npx
    };
    let types = ["openapi-typescript", "openapi.json", "--output", "clients/made/waggle.d.ts"];
    step::run("making the client for TypeScript", &mut npx(&types))?;
    step::run("checking it", &mut npx(&["tsc", "--project", "clients"]))?;

    let mut generate = python::program("openapi-python-client")?;
    fs::write(made.join("openapi.json"), with_lines_as_text()?)?;
    generate.current_dir(&made).args(["generate", "--path", "openapi.json", "--meta", "none"]);
    generate.args(["--config", "../python.yaml", "--output-path", "waggle_client", "--fail-on-warning"]);
    step::run("making the client for Python", &mut generate)?;
    let in_python = |name: &str| -> Result<Command> {
        let mut program = python::program(name)?;
        program.current_dir(super::folder().join("clients"));
        program.env("MYPYPATH", "made").env("PYTHONPATH", "made").env("PYTHONDONTWRITEBYTECODE", "1");
        Ok(program)
    };
    let mut types = in_python("mypy")?;
    types.args(["--strict", "--cache-dir", "made/.mypy_cache", "smoke.py", "made/waggle_client"]);
    step::run("checking it", &mut types)?;

    let desk = Desk::start("clients")?;
    let customer = desk.person("customer")?;
    let mut node = command("node");
    node.current_dir(super::folder().join("clients")).arg("made/js/smoke.js");
    let mut python = in_python("python")?;
    python.arg("smoke.py");
    for (language, mut program) in [("TypeScript", node), ("Python", python)] {
        program.env("WAGGLE_URL", &desk.url);
        program.env("WAGGLE_EMAIL", &customer.email).env("WAGGLE_PASSWORD", &customer.password);
        step::run(&format!("trying the client for {language}"), &mut program)?;
    }
    step::say(&format!("the clients for TypeScript and Python work; they are in {}", made.display()));
    Ok(())
}

/// The document, in which lines of JSON are text: the maker of the client for Python knows no such answer, and would
/// leave the operation without one.
fn with_lines_as_text() -> Result<String> {
    let text = fs::read_to_string(super::folder().join("openapi.json")).context("reading openapi.json")?;
    let mut document: Value = serde_json::from_str(&text).context("openapi.json is no JSON")?;
    tell_as_text(&mut document);
    Ok(document.to_string())
}

fn tell_as_text(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match name.as_str() {
                    "application/jsonl" => *field = json!({ "schema": { "type": "string" } }),
                    _ => tell_as_text(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tell_as_text),
        _ => {}
    }
}
