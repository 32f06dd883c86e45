//! `cargo xtask generate`: the files that are written from others.
//!
//! Invariant: the same migrations and the same code give the same files, byte by byte.

mod schema;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    cluster::Cluster,
    document, server, step, tools,
    workspace::{self, cargo},
};

#[derive(clap::Args)]
pub struct Arguments {
    /// Make clients for TypeScript and Python from the document, too, and try them on a desk
    #[arg(long)]
    clients: bool,
    /// Keep the document as the one that later ones are compared with
    #[arg(long)]
    release: bool,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    // The schema first, with the database's part alone: the server may not compile before it fits.
    step::run("building the database's part", &mut cargo(&["build", "--example", "cluster"]))?;
    {
        let cluster = Cluster::start()?;
        write(&schema_file(), &schema(&cluster)?)?;
    }
    server::build()?;
    write(&document_file(), &told_document()?)?;
    if arguments.release {
        document::release()?;
    }
    if arguments.clients {
        document::clients::run()?;
    }
    Ok(())
}

/// Fails when a file differs from what it would be written as. The server has been built.
pub fn check(cluster: &Cluster) -> Result<()> {
    for (path, wanted) in [(schema_file(), schema(cluster)?), (document_file(), told_document()?)] {
        if fs::read_to_string(&path).unwrap_or_default() != wanted {
            bail!("{} is out of date: run `cargo xtask generate`", path.display());
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        step::say(&format!("{} is up to date", path.display()));
        return Ok(());
    }
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
    step::say(&format!("{} is written anew", path.display()));
    Ok(())
}

fn schema_file() -> PathBuf {
    workspace::root().join("crates/db/src/schema.rs")
}

fn document_file() -> PathBuf {
    workspace::root().join("openapi/openapi.json")
}

/// The API's document, as the server itself tells it.
fn told_document() -> Result<String> {
    step::ask(workspace::command(&server::program().to_string_lossy()).arg("openapi"))
}

/// The tables of a database with every migration, which this proves to go down and up again.
fn schema(cluster: &Cluster) -> Result<String> {
    cluster.query("postgres", "drop database if exists scratch")?;
    cluster.query("postgres", "create database scratch owner waggle template template0")?;
    migrate(cluster, "up.sql")?;
    let text = schema::describe(cluster, "scratch")?;
    migrate(cluster, "down.sql")?;
    let left = schema::describe(cluster, "scratch")?;
    if left.contains("table!") {
        bail!("the migrations' down.sql files leave tables behind:\n{left}");
    }
    migrate(cluster, "up.sql")?;
    if schema::describe(cluster, "scratch")? != text {
        bail!("the migrations do not lead to the same tables after down.sql");
    }
    Ok(text)
}

fn migrate(cluster: &Cluster, file: &str) -> Result<()> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(workspace::root().join("migrations"))?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    folders.sort();
    if file == "down.sql" {
        folders.reverse();
    }
    let psql = tools::find_postgres("psql").context("Postgres' psql is not here")?;
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        let mut psql = workspace::command(&psql.to_string_lossy());
        psql.args(["-Xqv", "ON_ERROR_STOP=1", "--single-transaction", "-d", &cluster.app_url("scratch"), "-f"]);
        step::ask(psql.arg(folder.join(file))).with_context(|| format!("{file} of {}", folder.display()))?;
    }
    Ok(())
}
