//! What can go wrong with the embedded Postgres.
//!
//! Invariant: each message says what to do about it, in one sentence.

use std::path::{Path, PathBuf};

/// Why the embedded Postgres could not be used.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    #[error(
        "Postgres is not installed: install it (on Debian and Ubuntu `apt-get install postgresql`), \
         or set DATABASE_URL to the address of a Postgres server"
    )]
    Missing,
    #[error(
        "the database in {} was made by Postgres {made_by}, and only {found} is installed: \
         install version {made_by} again (on Debian `apt-get install postgresql-{made_by}`)",
        directory.display()
    )]
    OtherVersion { directory: PathBuf, made_by: String, found: String },
    #[error(
        "Postgres does not run as root, and the user `{user}` it runs as instead cannot reach {}: \
         choose a data directory that every user may pass through, such as /var/lib/waggle, or run as an ordinary user",
        directory.display()
    )]
    Unreachable { user: String, directory: PathBuf },
    #[error("Postgres does not run as root, and neither `postgres` nor `nobody` exists here: add the user `postgres`")]
    NoAccount,
    #[error("Postgres needs a name for its user, and the user id {0} has none: add it to /etc/passwd")]
    NameLess(u32),
    #[error("another process has been starting or stopping the Postgres in {} for minutes: look at what it does", .0.display())]
    Busy(PathBuf),
    #[error("`{program}` failed: {output}")]
    Failed { program: String, output: String },
    #[error("cannot use {}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
}

/// Names the path in the error.
pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> EmbeddedError {
    let path = path.to_owned();
    move |source| EmbeddedError::Io { path, source }
}
