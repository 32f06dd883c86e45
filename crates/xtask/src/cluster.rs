//! A Postgres for tests and tools, kept by the example program of the `db` crate.
//!
//! Invariant: it ends with us, even when we are killed: it waits for the end of its standard input.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{
    step,
    tools::{self, debian},
    workspace::{self, command},
};

pub struct Cluster {
    child: Child,
    directory: PathBuf,
    durable: bool,
    url: String,
}

impl Cluster {
    /// A new cluster that is quick, careless and gone afterwards. `server::build` has built the program.
    pub fn start() -> Result<Self> {
        Self::launch(std::env::temp_dir().join(format!("waggle-cluster-{}", std::process::id())), false)
    }

    /// A cluster as in production, in a directory that is kept.
    pub fn start_in(directory: PathBuf) -> Result<Self> {
        Self::launch(directory, true)
    }

    fn launch(directory: PathBuf, durable: bool) -> Result<Self> {
        debian::ensure(&[debian::Need::Postgres])?;
        let mut keeper = command(&workspace::target().join("debug/examples/cluster").to_string_lossy());
        keeper.arg(&directory).args(durable.then_some("full"));
        keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0);
        let mut child = keeper.spawn().context("starting a Postgres for the tests")?;
        let mut url = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut url)?;
        }
        if url.is_empty() {
            bail!("no Postgres for the tests: {}", child.wait()?);
        }
        Ok(Self { child, directory, durable, url: url.trim().to_owned() })
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// As superuser.
    pub fn url(&self, database: &str) -> String {
        let (server, _) = self.url.rsplit_once('/').unwrap_or_default();
        format!("{server}/{database}")
    }

    /// As the application's role.
    pub fn app_url(&self, database: &str) -> String {
        self.url(database).replacen("postgres://postgres@", "postgres://waggle@", 1)
    }

    /// What statements answer, one row a line, columns divided by `|`.
    pub fn query(&self, database: &str, statements: &str) -> Result<String> {
        let psql = tools::find_postgres("psql").context("Postgres' psql is not here")?;
        let mut command = Command::new(psql);
        step::ask(command.args(["-XAtqv", "ON_ERROR_STOP=1", "-d", &self.url(database), "-c", statements]))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // There is nobody left to tell.
        let _ = self.child.wait();
        if !self.durable {
            let _ = fs::remove_dir_all(&self.directory);
        }
    }
}
