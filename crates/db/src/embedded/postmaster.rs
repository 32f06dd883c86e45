//! The postmaster: Postgres' first process, and the file in which it says how it is.
//!
//! Invariant: a process counts as our postmaster only if it is one, on our directory. A pid file that
//! names some other process, as after a restart of a container, keeps nothing from starting.

use std::{
    fs::{self, OpenOptions},
    io::Read,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use nix::{fcntl::OFlag, sys::signal, unistd::Pid};

use super::{
    account::{self, Account},
    error::{EmbeddedError, io},
    programs::Programs,
};

pub(super) enum Postmaster {
    Absent,
    /// Starting or stopping.
    Changing,
    Ready {
        socket: PathBuf,
    },
}

/// Reads `postmaster.pid`: line 1 is the process, line 5 the socket's directory, line 8 the state.
pub(super) fn look(pgdata: &Path) -> Result<Postmaster, EmbeddedError> {
    let path = pgdata.join("postmaster.pid");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Postmaster::Absent),
        Err(error) => return Err(io(&path)(error)),
    };
    let mut lines = text.lines();
    let Some(pid) = lines.next().and_then(|line| line.trim().parse().ok()) else {
        return Ok(Postmaster::Absent);
    };
    if !is_postmaster(pid, pgdata) {
        return Ok(Postmaster::Absent);
    }
    let socket = lines.nth(3).map(PathBuf::from);
    let state = lines.nth(2).map(str::trim);
    Ok(match (socket, state) {
        (Some(socket), Some("ready")) => Postmaster::Ready { socket },
        _ => Postmaster::Changing,
    })
}

fn is_postmaster(pid: i32, pgdata: &Path) -> bool {
    let Ok(mark) = mark(pgdata) else {
        return false;
    };
    match fs::read(format!("/proc/{pid}/cmdline")) {
        Ok(words) => words.split(|byte| *byte == 0).any(|word| word.ends_with(mark.as_bytes())),
        // Without /proc the number has to do.
        Err(_) if !Path::new("/proc/self").exists() => is_alive(pid),
        Err(_) => false,
    }
}

/// The name by which the postmaster of this directory is known among all processes. Not the path:
/// `pg_ctl` hands its arguments to a shell, which would read quotes and dollars in it.
fn mark(pgdata: &Path) -> std::io::Result<String> {
    let found = fs::metadata(pgdata)?;
    Ok(format!("waggle-{:x}-{:x}", found.dev(), found.ino()))
}

fn is_alive(pid: i32) -> bool {
    signal::kill(Pid::from_raw(pid), None).is_ok()
}

/// Starts the postmaster and waits until it answers.
pub(super) async fn launch(
    account: &Account,
    programs: &Programs,
    data_dir: &Path,
    pgdata: &Path,
) -> Result<(), EmbeddedError> {
    let log = pgdata.join("start.log");
    let mark = mark(pgdata).map_err(io(pgdata))?;
    let mut attempts_left = 10;
    loop {
        attempts_left -= 1;
        forget_stranger(pgdata)?;
        if log.exists() {
            fs::remove_file(&log).map_err(io(&log))?;
        }
        let mut start = account.command(&programs.pg_ctl, data_dir);
        // pg_ctl gives it a session of its own, so that a Ctrl-C on our terminal reaches us alone.
        start.args(["start", "--wait", "--timeout=300", "--silent", "-D", "postgres", "-l", "postgres/start.log"]);
        start.arg("-o").arg(format!("-c cluster_name={mark}"));
        match account::finish(start).await {
            // The children of a killed postmaster need a moment to notice, and until then Postgres
            // refuses to start beside them.
            Err(_) if attempts_left > 0 && last_words(&log).contains("shared memory block") => {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            Err(EmbeddedError::Failed { program, output }) => {
                return Err(EmbeddedError::Failed { program, output: format!("{output}\n{}", last_words(&log)) });
            }
            other => return other,
        }
    }
}

/// Postgres itself refuses to start when the number in its old lock files belongs to a living process of
/// its user, or to a dead one that nobody has buried, as under a container's first process. It still
/// looks for children left behind, by their shared memory.
fn forget_stranger(pgdata: &Path) -> Result<(), EmbeddedError> {
    for name in ["postmaster.pid", ".s.PGSQL.5432.lock"] {
        let path = pgdata.join(name);
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let pid = text.lines().next().and_then(|line| line.trim().parse().ok());
        // A file without a number was cut off in the middle of being written.
        if pid.is_none_or(|pid| is_alive(pid) && !is_postmaster(pid, pgdata)) {
            fs::remove_file(&path).map_err(io(&path))?;
        }
    }
    Ok(())
}

/// The end of what Postgres wrote while it started; never through a link, for we may be root.
fn last_words(log: &Path) -> String {
    let mut text = String::new();
    if let Ok(mut file) = OpenOptions::new().read(true).custom_flags(OFlag::O_NOFOLLOW.bits()).open(log) {
        // Whatever could be read is better than nothing.
        let _ = file.read_to_string(&mut text);
    }
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(10)..).unwrap_or_default().join("\n")
}
