//! Where Postgres' own programs are.
//!
//! Invariant: `initdb`, `pg_ctl` and `postgres` come from one directory, and from the version that made
//! the cluster.

use std::path::{Path, PathBuf};

use super::error::{EmbeddedError, io};

#[derive(Debug)]
pub(super) struct Programs {
    pub initdb: PathBuf,
    pub pg_ctl: PathBuf,
    pub postgres: PathBuf,
}

impl Programs {
    /// The newest Postgres here, or the one that made the cluster in `pgdata`.
    pub async fn find(pgdata: &Path) -> Result<Self, EmbeddedError> {
        let all: Vec<PathBuf> = directories().into_iter().filter_map(|place| whole(&place)).collect();
        let Some(newest) = all.first() else {
            return Err(EmbeddedError::Missing);
        };
        let Ok(made_by) = std::fs::read_to_string(pgdata.join("PG_VERSION")) else {
            return Ok(Self::of(newest));
        };
        let made_by = made_by.trim();
        let mut found = Vec::new();
        for directory in &all {
            let version = major_version(directory).await?;
            if version == made_by {
                return Ok(Self::of(directory));
            }
            found.push(version);
        }
        Err(EmbeddedError::OtherVersion {
            directory: pgdata.to_owned(),
            made_by: made_by.to_owned(),
            found: found.join(", "),
        })
    }

    fn of(directory: &Path) -> Self {
        Self {
            initdb: directory.join("initdb"),
            pg_ctl: directory.join("pg_ctl"),
            postgres: directory.join("postgres"),
        }
    }
}

/// PATH first, then where Debian keeps the programs, newest version first.
fn directories() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_unstable_by(|left, right| right.cmp(left));
    all.extend(versions.into_iter().map(|(_, path)| path));
    all
}

/// The real directory of a whole set of programs. Links are followed, because a link or a wrapper on
/// PATH may stand there for one program alone.
fn whole(directory: &Path) -> Option<PathBuf> {
    let real = directory.join("initdb").canonicalize().ok()?.parent()?.to_owned();
    ["initdb", "pg_ctl", "postgres"].iter().all(|program| real.join(program).is_file()).then_some(real)
}

/// `15` from `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
async fn major_version(directory: &Path) -> Result<String, EmbeddedError> {
    let program = directory.join("postgres");
    let output = tokio::process::Command::new(&program).arg("--version").output().await.map_err(io(&program))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split_whitespace().nth(2).unwrap_or_default();
    Ok(version.chars().take_while(char::is_ascii_digit).collect())
}
