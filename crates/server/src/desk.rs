//! A desk on its database: opened once per process, closed at the end.
//!
//! Invariant: an embedded Postgres that this process uses is left stopped when nobody else uses it.

use std::{io::Write, os::unix::fs::OpenOptionsExt, path::Path, time::Duration};

use anyhow::Context;
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use db::{
    Pools,
    embedded::{Cluster, Durability},
    pool::Limits,
};
use rand::RngExt;

use crate::{
    attachments::Slots,
    auth::{accounts::AccountCache, passwords::Hasher, quota::Quota, tokens::Keys},
    captcha,
    clock::Clock,
    config::Config,
    live::{Live, Pace},
    once::UnderWay,
    outside::webhook::{Courier, Net, PATIENCE},
    panel, settings,
    state::{Inner, State},
    webhooks,
    worker::Wake,
};

/// Of each thread. Measured on 2 cores: with 32 in all it is a quarter slower, with one a third of the speed.
const CONNECTIONS: Limits = Limits {
    by_key: 4,
    search: 2,
    patience: Duration::from_secs(10),
    // No search may hold a connection longer than this.
    search_patience: Duration::from_millis(450),
};

/// A database address, and the embedded cluster behind it if there is one.
pub struct Connected {
    pub url: String,
    cluster: Option<Cluster>,
}

/// A desk that can work.
pub struct Desk {
    pub state: State,
    connected: Connected,
}

impl Desk {
    /// Finds the database, or starts the embedded one.
    pub async fn connect(config: &Config) -> anyhow::Result<Connected> {
        if let Some(url) = &config.database.database_url {
            return Ok(Connected { url: url.clone(), cluster: None });
        }
        let cluster = Cluster::start(&config.database.data_dir, Durability::Full).await?;
        Ok(Connected { url: cluster.url("waggle"), cluster: Some(cluster) })
    }

    /// Connects, brings the database up to date, and gets everything ready.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        let connected = Self::connect(config).await?;
        match ready(config, &connected.url).await {
            Ok(state) => Ok(Self { state, connected }),
            Err(error) => {
                connected.close().await?;
                Err(error)
            }
        }
    }

    /// Starts an embedded cluster again that has died.
    pub async fn keep_alive(&mut self) {
        if let Some(cluster) = &mut self.connected.cluster {
            match cluster.revive().await {
                Ok(false) => {}
                Ok(true) => tracing::warn!("Postgres had stopped and was started again"),
                Err(error) => tracing::error!(%error, "Postgres has stopped and cannot be started"),
            }
        }
    }

    /// Closes the connections, and stops the embedded cluster if nobody else uses it.
    pub async fn close(self) -> anyhow::Result<()> {
        self.state.close();
        self.connected.close().await
    }
}

impl Connected {
    pub async fn close(self) -> anyhow::Result<()> {
        if let Some(cluster) = self.cluster {
            cluster.stop().await?;
        }
        Ok(())
    }
}

async fn ready(config: &Config, url: &str) -> anyhow::Result<State> {
    let applied = db::migrations::run(url).await?;
    if applied > 0 {
        tracing::info!("{applied} migrations applied");
    }
    let secret = secret(config)?;
    let clock = Clock::System;
    let shared = Inner {
        model: config.assistant.model(clock.clone())?,
        quota: Quota::new(config.http.requests_per_minute, clock.clone()),
        clock,
        keys: Keys::new(&secret),
        hasher: Hasher::default(),
        accounts: AccountCache::default(),
        mailer: config.mailer()?,
        files: config.files(&secret)?,
        rules: config.files.rules(),
        uploads: Slots::default(),
        under_way: UnderWay::default(),
        settings: settings::Kept::new(config.settings()),
        limits: config.assistant.limits(),
        panel: panel::Secrets::new(&secret),
        demo_host: config.desk.demo_host,
        work: captcha::Work::new(&secret),
        judge: config.desk.judge(&config.public_url())?,
        webhook_secrets: webhooks::Secrets::new(&secret),
        courier: Courier::new(Net::Real, PATIENCE)?,
        wake: Wake::default(),
        live: Live::new(Pace::default()),
        public_url: config.public_url(),
        behind_proxy: config.http.behind_proxy,
    };
    let state = State::new(shared, Pools::open(url, CONNECTIONS));
    state.settings.reload(&mut state.lasting_db().await?).await?;
    Ok(state)
}

/// The secret that signs sessions: the given one, or one that is made once and kept.
fn secret(config: &Config) -> anyhow::Result<Vec<u8>> {
    match &config.database.secret_key {
        Some(key) => Ok(key.clone().into_bytes()),
        None => kept_secret(&config.database.data_dir),
    }
}

fn kept_secret(data_dir: &Path) -> anyhow::Result<Vec<u8>> {
    let path = data_dir.join("secret.key");
    std::fs::create_dir_all(data_dir).with_context(|| format!("cannot make {}", data_dir.display()))?;
    let made = BASE64_STANDARD_NO_PAD.encode(rand::rng().random::<[u8; 32]>());
    // Whoever comes first makes it, whole or not at all; the others read it.
    if !path.exists() {
        let draft = data_dir.join(format!("secret.key.{}", std::process::id()));
        let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(made.as_bytes())?;
        file.sync_all()?;
        match std::fs::hard_link(&draft, &path) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(error).with_context(|| format!("cannot write {}", path.display()));
            }
            _ => std::fs::remove_file(&draft)?,
        }
    }
    let secret = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    anyhow::ensure!(secret.len() >= 32, "{} is damaged: it should hold at least 32 characters", path.display());
    Ok(secret)
}
