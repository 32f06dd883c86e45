//! Packages of Python: what makes up requests to the API, and what makes a client of its document.
//!
//! Invariant: they live in an environment of their own, as the list of their versions has it.

use std::{fs, path::PathBuf, process::Command};

use anyhow::Result;

use crate::{
    step,
    tools::{
        self,
        debian::{self, Need},
    },
    workspace,
};

/// One of the programs in the environment, made first where it is not there or not as the list has it.
pub fn program(name: &str) -> Result<Command> {
    let folder = environment();
    let list = workspace::root().join("openapi/requirements.txt");
    let wanted = fs::read(&list)?;
    let stamp = folder.join(".installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(in_environment(name));
    }
    debian::ensure(&[Need::Python])?;
    tools::make_folder(&tools::folder())?;
    step::run(
        "making an environment for Python",
        workspace::command("python3").args(["-m", "venv", "--clear"]).arg(&folder),
    )?;
    let mut pip = in_environment("pip");
    pip.args(["install", "--disable-pip-version-check", "--requirement"]).arg(&list);
    step::run("installing the packages of openapi (they try the API out)", &mut pip)?;
    fs::write(&stamp, &wanted)?;
    Ok(in_environment(name))
}

fn environment() -> PathBuf {
    tools::folder().join("python")
}

fn in_environment(name: &str) -> Command {
    let programs = environment().join("bin");
    let mut command = workspace::command(&programs.join(name).to_string_lossy());
    // Some of them call others of the same environment.
    let path = std::env::join_paths([programs].into_iter().chain(std::env::split_paths(&tools::path())));
    command.env("PATH", path.unwrap_or_else(|_| tools::path()));
    command
}
