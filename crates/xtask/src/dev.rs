//! `cargo xtask dev`: the server and the page, rebuilt as their source changes.
//!
//! Invariant: a server that does not compile leaves the last one running.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    thread,
    time::{Duration, SystemTime},
};

use anyhow::{Result, bail};

use crate::{
    run,
    server::{self, Server},
    step,
    tools::{self, Compiled, debian, wasm},
    workspace::{self, command},
};

/// Trunk.toml names it as the place of the API.
const API: u16 = 8080;

pub fn run() -> Result<()> {
    debian::ensure(&[debian::Need::Postgres])?;
    let toolchain = wasm::ensure()?;
    tools::ensure_compiled(&[Compiled::WasmBindgen, Compiled::Trunk])?;
    server::build()?;
    let data_dir = run::data_dir("run")?;
    server::note_interrupts()?;
    println!("\n{}", run::sign_ins(&data_dir)?);
    if server::free_port(API)? != API {
        bail!("port {API} is taken, and Trunk.toml sends the page's calls there");
    }
    let page = server::free_port(8081)?;
    let address = format!("http://localhost:{page}");
    let start = || {
        let mut serve = server::waggle(&server::program(), &data_dir);
        serve.env("WAGGLE_PUBLIC_URL", &address);
        Server::start(serve, API)
    };

    let mut server = start()?;
    let mut trunk = command("trunk");
    trunk.args(["serve", "--offline", "--skip-version-check", "--port", &page.to_string()]).process_group(0);
    // Not where the released page stands, which the server shows and the tests use.
    trunk.arg("--dist").arg(made_folder(workspace::target().join("page"))?);
    made_folder(workspace::root().join("frontend/dist"))?;
    fs::OpenOptions::new().create(true).append(true).open(workspace::root().join("frontend/bundle.css"))?;
    let mut trunk = trunk.env("CARGO_TARGET_DIR", &toolchain.target_dir).envs(toolchain.variables).spawn()?;
    step::say(&format!("the page is at {address}, and reloads; Ctrl-C stops everything"));

    let mut seen = sources()?;
    while !server::interrupted() && trunk.try_wait()?.is_none() {
        thread::sleep(Duration::from_millis(500));
        let now = sources()?;
        if now == seen {
            continue;
        }
        seen = now;
        match server::build() {
            Ok(()) => {
                server.stop()?;
                server = start()?;
                step::say("the server runs anew");
            }
            Err(error) => step::say(&format!("{error:#}")),
        }
    }
    server::stop(&mut trunk)?;
    server.stop()
}

fn made_folder(folder: PathBuf) -> Result<PathBuf> {
    tools::make_folder(&folder)?;
    Ok(folder)
}

/// When each source file of the server last changed.
fn sources() -> Result<BTreeMap<PathBuf, SystemTime>> {
    let root = workspace::root();
    let mut files = BTreeMap::new();
    for name in ["crates/api-types", "crates/db", "crates/server", "migrations", "Cargo.lock"] {
        collect(&root.join(name), &mut files)?;
    }
    Ok(files)
}

fn collect(path: &Path, files: &mut BTreeMap<PathBuf, SystemTime>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if let Ok(found) = fs::metadata(path) {
        files.insert(path.to_owned(), found.modified()?);
    }
    Ok(())
}
