//! The system user that Postgres runs as.
//!
//! Invariant: never root, which Postgres refuses. Every program of Postgres is started here, as that
//! user and without our own `PG*` variables.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
    process::Stdio,
};

use nix::unistd::{Uid, User};
use tokio::process::Command;

use super::{
    error::{EmbeddedError, io},
    programs::Programs,
};

#[derive(Debug)]
pub(super) struct Account {
    pub name: String,
    /// User and group to become; absent when they are ours already.
    become_ids: Option<(u32, u32)>,
}

impl Account {
    /// Ourselves; for root the owner of the cluster, or else `postgres`, or else `nobody`.
    pub fn choose(pgdata: &Path) -> Result<Self, EmbeddedError> {
        let me = Uid::effective();
        let by_id = |id: Uid| User::from_uid(id).ok().flatten();
        if !me.is_root() {
            let user = by_id(me).ok_or(EmbeddedError::NameLess(me.as_raw()))?;
            return Ok(Self { name: user.name, become_ids: None });
        }
        let owner = fs::metadata(pgdata).ok().filter(|found| found.uid() != 0);
        let by_name = |name| User::from_name(name).ok().flatten();
        let user = owner
            .and_then(|found| by_id(Uid::from_raw(found.uid())))
            .or_else(|| by_name("postgres"))
            .or_else(|| by_name("nobody"))
            .ok_or(EmbeddedError::NoAccount)?;
        Ok(Self { name: user.name, become_ids: Some((user.uid.as_raw(), user.gid.as_raw())) })
    }

    pub fn drops_root(&self) -> bool {
        self.become_ids.is_some()
    }

    /// Gives a file or directory of ours to this user.
    pub fn own(&self, path: &Path) -> Result<(), EmbeddedError> {
        let Some((user, group)) = self.become_ids else {
            return Ok(());
        };
        std::os::unix::fs::lchown(path, Some(user), Some(group)).map_err(io(path))
    }

    /// Lets this user pass through root's data directory, and makes sure that it can get there at all.
    pub async fn open_the_way(&self, data_dir: &Path, programs: &Programs) -> Result<(), EmbeddedError> {
        let Some((_, group)) = self.become_ids else {
            return Ok(());
        };
        let found = fs::metadata(data_dir).map_err(io(data_dir))?;
        if found.uid() == 0 && found.mode() & 0o001 == 0 {
            // Its group alone, and only to pass: the other files in there stay root's.
            std::os::unix::fs::chown(data_dir, None, Some(group)).map_err(io(data_dir))?;
            let mode = found.mode() & 0o700 | 0o010;
            fs::set_permissions(data_dir, fs::Permissions::from_mode(mode)).map_err(io(data_dir))?;
        }
        let mut probe = self.command(&programs.postgres, data_dir);
        match probe.arg("--version").stdout(Stdio::null()).status().await {
            Ok(_) => Ok(()),
            Err(_) => Err(EmbeddedError::Unreachable { user: self.name.clone(), directory: data_dir.to_owned() }),
        }
    }

    /// A program of Postgres, to run as this user in this directory.
    pub fn command(&self, program: &Path, directory: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(directory).env("LC_ALL", "C").stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"PG") {
                command.env_remove(name);
            }
        }
        if let Some((user, group)) = self.become_ids {
            command.uid(user).gid(group);
        }
        command
    }
}

/// Runs a program to its end; its words become the error when it fails.
pub(super) async fn finish(mut command: Command) -> Result<(), EmbeddedError> {
    let program = Path::new(command.as_std().get_program()).to_owned();
    let output = command.output().await.map_err(io(&program))?;
    if output.status.success() {
        return Ok(());
    }
    let words = [output.stdout, output.stderr].concat();
    Err(EmbeddedError::Failed {
        program: program.display().to_string(),
        output: String::from_utf8_lossy(&words).trim().to_owned(),
    })
}
