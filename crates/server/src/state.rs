//! What every handler and every job can reach.
//!
//! Invariant: made once at start, shared by all threads, and holding no request's data.

use std::sync::Arc;

use api_types::settings::AssistantTopic;
use db::{AsyncPgConnection, Connection, Pools};

use crate::{
    assistant,
    attachments::{Rules, Slots},
    auth::{accounts::AccountCache, passwords::Hasher, quota::Quota, tokens::Keys},
    captcha,
    clock::Clock,
    error::{AppError, Result},
    live::Live,
    once::UnderWay,
    outside::{files::Files, judge::Judge, mail::Mailer, model::Model, webhook::Courier},
    panel, settings, webhooks,
    worker::Wake,
};

/// The shared state, and the connections of one thread.
#[derive(Clone)]
pub struct State {
    shared: Arc<Inner>,
    pools: Pools,
}

/// What all threads share. See [`State`].
pub struct Inner {
    pub clock: Clock,
    pub keys: Keys,
    pub hasher: Hasher,
    pub accounts: AccountCache,
    /// How many requests somebody may send.
    pub quota: Quota,
    pub mailer: Mailer,
    pub files: Files,
    /// What an upload has to keep to.
    pub rules: Rules,
    pub uploads: Slots,
    /// Requests that are not to be carried out twice.
    pub under_way: UnderWay,
    /// How this desk differs from others.
    pub settings: settings::Kept,
    /// What the assistant may spend.
    pub limits: assistant::Limits,
    /// Whom it asks, if anybody.
    pub model: Option<Model>,
    /// What websites sign with whose people come in through the panel.
    pub panel: panel::Secrets,
    /// A made-up website shows the panel, with one of the demo's customers in it.
    pub demo_host: bool,
    /// The riddles of this desk.
    pub work: captcha::Work,
    /// Who judges the answers to others' riddles, if anybody can.
    pub judge: Option<Judge>,
    /// What messages to webhooks are signed with.
    pub webhook_secrets: webhooks::Secrets,
    /// Who takes them there.
    pub courier: Courier,
    pub wake: Wake,
    /// The streams of this process.
    pub live: Live,
    /// Where people reach this desk, without a slash at the end. Links in mails start with it.
    pub public_url: String,
    /// A proxy of ours stands in front, and its `X-Forwarded-For` tells the client's address.
    pub behind_proxy: bool,
}

impl Inner {
    /// How the assistant works at this moment.
    pub fn assistant(&self) -> assistant::Settings {
        let AssistantTopic { mode, name } = &self.settings.now().settings.assistant;
        assistant::Settings { mode: *mode, name: name.to_string(), limits: self.limits }
    }
}

impl State {
    pub fn new(shared: Inner, pools: Pools) -> Self {
        Self { shared: Arc::new(shared), pools }
    }

    /// The same for another thread. A connection that is used where it is read needs nobody to be woken on another
    /// processor: a quarter more requests a second.
    pub fn for_thread(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), pools: self.pools.anew() }
    }

    /// Borrows a connection for reads by key and for writes.
    pub async fn db(&self) -> Result<Connection> {
        Ok(self.pools.by_key.get().await?)
    }

    /// Borrows a connection for searches.
    pub async fn search_db(&self) -> Result<Connection> {
        Ok(self.pools.search.get().await?)
    }

    /// Makes a connection for somebody who keeps it.
    pub async fn lasting_db(&self) -> Result<AsyncPgConnection> {
        self.pools.connect().await.map_err(AppError::unavailable)
    }

    /// Closes this thread's connections.
    pub fn close(&self) {
        self.pools.close();
    }

    /// People reach this desk only from the machine that it runs on.
    pub fn is_on_this_machine(&self) -> bool {
        is_on_this_machine(&self.public_url)
    }

    /// Runs a write to its end even if the client goes away, then wakes the worker.
    pub async fn write<T, F>(&self, verb: F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let done = tokio::spawn(verb).await.map_err(AppError::internal)??;
        self.wake.poke();
        Ok(done)
    }
}

impl std::ops::Deref for State {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.shared
    }
}

/// Whether an address leads no further than to the machine that asks.
pub fn is_on_this_machine(url: &str) -> bool {
    let host = url.split("://").nth(1).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}
