//! `cargo xtask run`: from a bare machine to a desk with demo data.
//!
//! Invariant: the second run does nothing that the first one has done.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io::Write,
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{
    server::{self, Server},
    spa, step,
    tools::debian,
    workspace,
};

pub fn run() -> Result<()> {
    prepare()?;
    let data_dir = data_dir("run")?;
    server::note_interrupts()?;
    let sign_ins = sign_ins(&data_dir)?;

    let port = server::free_port(8080)?;
    let mut serve = server::waggle(&server::program(), &data_dir);
    serve.env("WAGGLE_PUBLIC_URL", format!("http://localhost:{port}")).env("WAGGLE_DEMO_HOST", "true");
    let mut server = Server::start(serve, port)?;
    step::say(&format!("Waggle is at http://localhost:{port}, its API at http://localhost:{port}/docs"));
    println!(
        "\n{sign_ins}\nInside another website: http://localhost:{port}/demo-host. Mails are at http://localhost:{port}/dev/mailbox. Ctrl-C stops everything.\n"
    );
    while !server::interrupted() {
        if server.has_ended()? {
            bail!("the server has ended by itself");
        }
        thread::sleep(Duration::from_millis(100));
    }
    server.stop()
}

/// Gets what is missing and builds. What the page needs comes first: its last steps use one core.
pub fn prepare() -> Result<()> {
    if spa::is_current()? {
        debian::ensure(&[debian::Need::Postgres])?;
        return server::build();
    }
    debian::ensure(&[debian::Need::Postgres, debian::Need::Node])?;
    step::run("fetching the sources of all dependencies", &mut workspace::cargo(&["fetch", "--locked"]))?;
    step::both(spa::ensure, server::build_in_the_background)?;
    // The page is inside the server.
    server::build()
}

/// A folder in `target`, unless Postgres, which does not run as root, could not reach it there.
pub fn data_dir(name: &str) -> Result<PathBuf> {
    let target = workspace::target();
    let closed = |folder: &Path| fs::metadata(folder).is_ok_and(|found| found.mode() & 0o001 == 0);
    if !workspace::is_root() || !target.ancestors().any(closed) {
        return Ok(target.join(name));
    }
    let mut hasher = DefaultHasher::new();
    target.hash(&mut hasher);
    let folder = PathBuf::from(format!("/var/tmp/waggle-{name}-{:x}", hasher.finish()));
    let made = fs::DirBuilder::new().mode(0o700).create(&folder);
    let found = fs::symlink_metadata(&folder).with_context(|| format!("making {}", folder.display()))?;
    if made.is_err() && !(found.is_dir() && found.uid() == 0) {
        bail!("{} belongs to somebody else", folder.display());
    }
    step::say(&format!("the data is in {}, because Postgres cannot reach {}", folder.display(), target.display()));
    Ok(folder)
}

/// Who may sign in: seeded at the first run, and kept for the later ones.
pub fn sign_ins(data_dir: &Path) -> Result<String> {
    let kept = data_dir.join("sign-ins.txt");
    if let Ok(text) = fs::read_to_string(&kept) {
        return Ok(text);
    }
    step::say("making demo data");
    // Without the sign-ins an earlier try was broken off, and what it left cannot be signed in to.
    for entry in fs::read_dir(data_dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { fs::remove_dir_all(&path)? } else { fs::remove_file(&path)? }
    }
    let mut seed = server::waggle(&server::program(), data_dir);
    let printed = step::ask(seed.args(["seed", "--demo"]))?;
    let mut text = String::new();
    for line in printed.lines() {
        if let [role, email, password] = line.split_whitespace().collect::<Vec<_>>().as_slice()
            && email.contains('@')
        {
            text.push_str(&format!("{role:<10} {email:<34} {password}\n"));
        }
    }
    if text.is_empty() {
        bail!("`waggle seed --demo` has named no sign-ins:\n{printed}");
    }
    let mut file = fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&kept)?;
    file.write_all(text.as_bytes())?;
    Ok(text)
}
