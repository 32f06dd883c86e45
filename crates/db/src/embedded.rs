//! The embedded Postgres: a private cluster in the data directory, for whoever has no server of their own.
//!
//! Invariant: the cluster runs as long as somebody uses it. Every user of a data directory holds a
//! shared lock on it; the one who leaves last stops the cluster, and a lock left by a killed process
//! is gone with that process. A start and a stop never overlap.

use std::{
    fs::{self, File},
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

mod account;
mod error;
mod lock;
mod postmaster;
mod programs;
mod settings;

use account::Account;
pub use error::EmbeddedError;
use error::io;
use postmaster::Postmaster;
use programs::Programs;

/// What a power cut may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Nothing that was acknowledged.
    Full,
    /// Everything: quick, and good for tests only.
    None,
}

/// A running cluster that this process uses.
#[derive(Debug)]
pub struct Cluster {
    home: Home,
    socket: PathBuf,
    /// Held open for its shared lock.
    users: File,
}

/// Where a cluster lives and how it is handled.
#[derive(Debug)]
struct Home {
    data_dir: PathBuf,
    /// Postgres' own directory, inside the data directory.
    pgdata: PathBuf,
    programs: Programs,
    account: Account,
    durability: Durability,
}

impl Cluster {
    /// Uses the cluster of this data directory: makes it when there is none, starts it when it does
    /// not run, joins it when it does.
    pub async fn start(data_dir: &Path, durability: Durability) -> Result<Self, EmbeddedError> {
        let home = Home::open(data_dir, durability).await?;
        let _changing = lock::exclusive(&home.data_dir).await?;
        let users = lock::shared(&home.data_dir)?;
        let socket = home.running().await?;
        tracing::info!(directory = %home.pgdata.display(), "Postgres runs");
        Ok(Self { home, socket, users })
    }

    /// The address of a database as the application's role, which owns the database `waggle` and is no superuser.
    pub fn url(&self, database: &str) -> String {
        self.url_as("waggle", database)
    }

    /// The address of a database as superuser. Only tests and tools need it.
    pub fn superuser_url(&self, database: &str) -> String {
        self.url_as("postgres", database)
    }

    fn url_as(&self, role: &str, database: &str) -> String {
        let host = percent_encode(&self.socket.to_string_lossy());
        format!("postgres://{role}@{host}/{}", percent_encode(database))
    }

    /// Starts the cluster again if it died, and tells whether it had to.
    pub async fn revive(&mut self) -> Result<bool, EmbeddedError> {
        if let Postmaster::Ready { .. } = postmaster::look(&self.home.pgdata)? {
            return Ok(false);
        }
        tracing::warn!(directory = %self.home.pgdata.display(), "Postgres is gone and is started again");
        let _changing = lock::exclusive(&self.home.data_dir).await?;
        self.socket = self.home.running().await?;
        Ok(true)
    }

    /// Leaves the cluster, and stops it unless somebody else still uses it; tells whether it was stopped.
    pub async fn stop(self) -> Result<bool, EmbeddedError> {
        let _changing = lock::exclusive(&self.home.data_dir).await?;
        drop(self.users);
        if !lock::nobody_uses(&self.home.data_dir).await? {
            return Ok(false);
        }
        self.home.stop().await?;
        if self.socket != self.home.pgdata {
            // An empty directory left in the temporary folder harms nobody.
            let _ = fs::remove_dir(&self.socket);
        }
        Ok(true)
    }
}

impl Home {
    async fn open(data_dir: &Path, durability: Durability) -> Result<Self, EmbeddedError> {
        if let Some(parent) = data_dir.parent() {
            fs::create_dir_all(parent).map_err(io(parent))?;
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(data_dir).map_err(io(data_dir))?;
        let data_dir = data_dir.canonicalize().map_err(io(data_dir))?;
        let pgdata = data_dir.join("postgres");
        let account = Account::choose(&pgdata)?;
        let programs = Programs::find(&pgdata).await?;
        account.open_the_way(&data_dir, &programs).await?;
        Ok(Self { data_dir, pgdata, programs, account, durability })
    }

    /// The socket directory of the running cluster. The caller holds the lock on changes.
    async fn running(&self) -> Result<PathBuf, EmbeddedError> {
        if !self.pgdata.join("PG_VERSION").exists() {
            self.initialise().await?;
        }
        let given_up = Instant::now() + PATIENCE;
        while Instant::now() < given_up {
            match postmaster::look(&self.pgdata)? {
                Postmaster::Ready { socket } => return Ok(socket),
                Postmaster::Absent => self.launch().await?,
                // Its starter was killed in the middle, or it is on its way down.
                Postmaster::Changing => tokio::time::sleep(PAUSE).await,
            }
        }
        Err(EmbeddedError::Busy(self.pgdata.clone()))
    }

    /// Makes the cluster under another name first, so that a half-made one is never taken for a whole one.
    async fn initialise(&self) -> Result<(), EmbeddedError> {
        let new = self.data_dir.join("postgres.new");
        if new.exists() {
            fs::remove_dir_all(&new).map_err(io(&new))?;
        }
        fs::DirBuilder::new().mode(0o700).create(&new).map_err(io(&new))?;
        self.account.own(&new)?;

        let mut initdb = self.account.command(&self.programs.initdb, &self.data_dir);
        initdb.arg("-D").arg(&new).args(["-U", "postgres", "-E", "UTF8", "--auth=peer"]);
        initdb.arg(format!("--locale={}", settings::LOCALE));
        match self.durability {
            Durability::Full => initdb.arg("--data-checksums"),
            Durability::None => initdb.arg("--no-sync"),
        };
        account::finish(initdb).await?;

        let script = self.data_dir.join("postgres.sql");
        fs::write(&script, settings::FIRST_STATEMENTS).map_err(io(&script))?;
        let mut single = self.account.command(&self.programs.postgres, &self.data_dir);
        single.args(["--single", "-c", "exit_on_error=on", "-D"]).arg(&new).arg("postgres");
        single.stdin(File::open(&script).map_err(io(&script))?);
        account::finish(single).await?;
        fs::remove_file(&script).map_err(io(&script))?;

        let custom = new.join("custom.conf");
        fs::write(&custom, settings::CUSTOM_CONF).map_err(io(&custom))?;
        self.account.own(&custom)?;
        fs::rename(&new, &self.pgdata).map_err(io(&self.pgdata))
    }

    async fn launch(&self) -> Result<(), EmbeddedError> {
        self.take_in_restored_files().await?;
        let socket = self.socket_directory()?;
        let files = [
            ("postgresql.conf", settings::postgresql_conf(&socket, self.durability)),
            ("pg_hba.conf", settings::PG_HBA_CONF.to_owned()),
            ("pg_ident.conf", settings::pg_ident_conf(&self.account.name)),
        ];
        for (name, text) in files {
            // Written outside and moved in: a link planted under that name is replaced, not followed.
            let fresh = self.data_dir.join("postgres.conf.new");
            fs::write(&fresh, text).map_err(io(&fresh))?;
            self.account.own(&fresh)?;
            fs::rename(&fresh, self.pgdata.join(name)).map_err(io(&fresh))?;
        }
        postmaster::launch(&self.account, &self.programs, &self.data_dir, &self.pgdata).await
    }

    /// A backup that root copied back belongs to root, and Postgres would refuse it.
    async fn take_in_restored_files(&self) -> Result<(), EmbeddedError> {
        let found = fs::metadata(&self.pgdata).map_err(io(&self.pgdata))?;
        if self.account.drops_root() && found.uid() == 0 {
            let mut chown = tokio::process::Command::new("chown");
            chown.arg("-Rh").arg(&self.account.name).arg(&self.pgdata);
            account::finish(chown).await?;
        }
        if found.mode() & 0o077 != 0 {
            fs::set_permissions(&self.pgdata, fs::Permissions::from_mode(0o700)).map_err(io(&self.pgdata))?;
        }
        Ok(())
    }

    /// Postgres' own directory, unless the path would not fit into a socket's address.
    fn socket_directory(&self) -> Result<PathBuf, EmbeddedError> {
        if self.pgdata.as_os_str().len() + "/.s.PGSQL.5432".len() <= LONGEST_SOCKET {
            return Ok(self.pgdata.clone());
        }
        // The same at every start, so that an address stays good after a revival.
        let ours = fs::metadata(&self.pgdata).map_err(io(&self.pgdata))?;
        let short = std::env::temp_dir().join(format!("waggle-{:x}-{:x}", ours.dev(), ours.ino()));
        if let Err(error) = fs::DirBuilder::new().mode(0o700).create(&short) {
            // Anybody can make a directory there, so one that is found must be Postgres' own and closed to others.
            let found = fs::symlink_metadata(&short).map_err(io(&short))?;
            if !found.is_dir() || found.uid() != ours.uid() || found.mode() & 0o077 != 0 {
                return Err(io(&short)(error));
            }
        }
        self.account.own(&short)?;
        Ok(short)
    }

    async fn stop(&self) -> Result<(), EmbeddedError> {
        if let Postmaster::Absent = postmaster::look(&self.pgdata)? {
            return Ok(());
        }
        let mut stop = self.account.command(&self.programs.pg_ctl, &self.data_dir);
        stop.args(["stop", "--mode=fast", "--wait", "--timeout=60", "--silent", "-D"]).arg(&self.pgdata);
        account::finish(stop).await
    }
}

/// A socket's address holds some 104 bytes on the poorest system.
const LONGEST_SOCKET: usize = 100;

/// Recovery after a crash may take its time.
const PATIENCE: Duration = Duration::from_secs(300);
const PAUSE: Duration = Duration::from_millis(20);

fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(byte.into()),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}
