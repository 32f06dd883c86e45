//! A running desk: server, database, clock and mailbox.
//!
//! Invariant: a desk that goes away has run every job that was due, and none of them failed.

use std::{
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::dev::ServerHandle;
use api_types::{assistant::AssistantMode, settings::Settings};
use db::{Pools, pool::Limits};
use jiff::{SignedDuration, Timestamp};
use server::{
    assistant,
    attachments::{Rules, Slots},
    auth::{accounts::AccountCache, passwords::Hasher, quota::Quota, tokens::Keys},
    captcha::Work,
    clock::Clock,
    live::{self, Live, Pace},
    once::UnderWay,
    outside::{
        files::{Files, S3},
        judge::Judge,
        mail::{Mail, Mailer, Post},
        model::{Model, ModelSettings},
        webhook::{Courier, Net},
    },
    panel::Secrets,
    settings::Kept,
    state::{Inner, State},
    webhooks,
    worker::{self, Wake},
};

use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::{Caller, database::Database};

/// What signs the tokens of every desk in these tests.
pub const SECRET: &[u8] = b"a secret that only the tests know";

pub struct App {
    pub state: State,
    pub address: SocketAddr,
    pub database: Arc<Database>,
    handle: ServerHandle,
    /// Whoever passes on what was announced, if anybody does.
    listener: Mutex<Option<JoinHandle<()>>>,
    mails: Arc<Mutex<Vec<Mail>>>,
    /// What is kept outside the database.
    pub folder: Arc<TempDir>,
    /// Another process on the same database leaves the database and the jobs to the first.
    owner: bool,
}

/// How a desk differs from the ordinary one.
pub struct Setup {
    pub public_url: &'static str,
    pub behind_proxy: bool,
    pub post: Option<Post>,
    pub bucket: Option<S3>,
    pub rules: Rules,
    pub limits: assistant::Limits,
    pub judge: Option<Judge>,
    pub settings: Settings,
    pub model: Option<ModelSettings>,
    pub demo_host: bool,
    pub net: Net,
    pub webhook_patience: Duration,
    /// Without a limit, unless a test is about it.
    pub requests_per_minute: u32,
}

/// Small enough to be met by a test.
pub const RULES: Rules =
    Rules { max_size: 6 * 1024 * 1024, quota: 16 * 1024 * 1024, patience: Duration::from_secs(30) };

/// Quick enough not to be waited for.
const PACE: Pace =
    Pace { tick: Duration::from_millis(20), rights: Duration::from_millis(100), patience: Duration::from_secs(1) };

/// Webhooks may be on this machine, by number, without TLS.
pub fn this_machine() -> Net {
    Net::StandIn { lookup: Arc::new(|_| Vec::new()), this_machine: true }
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            public_url: "http://localhost:8080",
            behind_proxy: true,
            post: None,
            bucket: None,
            rules: RULES,
            limits: assistant::Limits::default(),
            judge: None,
            model: None,
            demo_host: false,
            net: this_machine(),
            webhook_patience: Duration::from_secs(30),
            requests_per_minute: 0,
            // Its answers would come between what most tests look at.
            settings: {
                let mut settings = Settings::default();
                settings.assistant.mode = AssistantMode::Off;
                settings
            },
        }
    }
}

impl App {
    pub async fn start() -> Self {
        Self::start_with(Setup::default()).await
    }

    pub async fn start_with(setup: Setup) -> Self {
        let database = Arc::new(Database::create().await);
        // A date after the newest identifiers are made, so that nothing in the tests depends on today.
        let clock = Clock::manual("2026-03-02T09:00:00Z".parse().unwrap());
        let folder = Arc::new(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap());
        Self::launch(setup, database, folder, clock, true)
    }

    /// Another process that serves the same desk.
    pub fn second_process(&self) -> Self {
        let clock = self.state.clock.clone();
        Self::launch(Setup::default(), self.database.clone(), self.folder.clone(), clock, false)
    }

    fn launch(setup: Setup, database: Arc<Database>, folder: Arc<TempDir>, clock: Clock, owner: bool) -> Self {
        let mails = Arc::default();
        let post = setup.post.unwrap_or_else(|| Post::Memory(Arc::clone(&mails)));
        let patience = Duration::from_secs(10);
        let limits = Limits { by_key: 8, search: 4, patience, search_patience: patience };
        let shared = Inner {
            keys: Keys::new(SECRET),
            hasher: Hasher::default(),
            accounts: AccountCache::default(),
            mailer: Mailer::new("Waggle <desk@example.org>".parse().unwrap(), post),
            files: Files::new(folder.path(), setup.bucket, SECRET),
            rules: setup.rules,
            uploads: Slots::default(),
            under_way: UnderWay::default(),
            settings: Kept::new(setup.settings),
            limits: setup.limits,
            model: setup.model.map(|settings| Model::new(settings, clock.clone()).unwrap()),
            quota: Quota::new(setup.requests_per_minute, clock.clone()),
            clock,
            panel: Secrets::new(SECRET),
            demo_host: setup.demo_host,
            work: Work::new(SECRET),
            judge: setup.judge,
            webhook_secrets: webhooks::Secrets::new(SECRET),
            courier: Courier::new(setup.net, setup.webhook_patience).unwrap(),
            wake: Wake::default(),
            live: Live::new(PACE),
            public_url: setup.public_url.to_owned(),
            behind_proxy: setup.behind_proxy,
        };
        let state = State::new(shared, Pools::open(&database.url(), limits));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = server::app::serve(state.clone(), listener, 1).unwrap();
        let handle = server.handle();
        tokio::spawn(server);
        Self { state, address, database, handle, listener: Mutex::default(), mails, folder, owner }
    }

    /// Lets this process listen for what is announced.
    pub fn listen(&self) {
        let listener = tokio::spawn(live::listen(self.state.clone(), std::future::pending()));
        *self.listener.lock().unwrap() = Some(listener);
    }

    /// Somebody who has not signed in.
    pub fn visitor(&self) -> Caller {
        Caller::new(self.address)
    }

    pub fn now(&self) -> Timestamp {
        self.state.clock.now()
    }

    pub fn advance(&self, by: SignedDuration) {
        self.state.clock.advance(by);
    }

    /// The mails sent so far.
    pub fn mailbox(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// Runs all jobs that are due. None may fail.
    pub async fn run_jobs(&self) {
        while worker::run_due(&self.state).await.expect("the queue can be read") > 0 {}
        let failed: Option<String> = self
            .database
            .connect()
            .await
            .query_one(
                "select string_agg(kind || ': ' || last_error, '; ') from jobs where last_error is not null",
                &[],
            )
            .await
            .unwrap()
            .get(0);
        assert_eq!(failed, None, "jobs failed");
    }

    async fn stop(&self) {
        if self.owner && !std::thread::panicking() {
            self.run_jobs().await;
        }
        if let Some(listener) = self.listener.lock().unwrap().take() {
            listener.abort();
        }
        self.handle.stop(false).await;
        self.state.close();
        if self.owner {
            self.database.remove().await;
        }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(self.stop()));
    }
}
