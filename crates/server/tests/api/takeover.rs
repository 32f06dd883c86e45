//! Two real processes on one database: one stops, the other goes on, and nobody is turned away.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use api_types::{auth::Session, live::LiveEvent};
use serde_json::json;
use tokio::{sync::mpsc, task::JoinSet};

use crate::support::{App, Caller, actors::PASSWORD, app::SECRET, at};

/// Far longer than anything here takes.
const NEVER: Duration = Duration::from_secs(60);

/// A process that serves, until it is told to stop or the test ends.
struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    async fn start(app: &App) -> Self {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_waggle"));
        command.env_clear().arg("serve").arg("--data-dir").arg(app.folder.path());
        command.env("DATABASE_URL", app.database.url()).env("WAGGLE_LISTEN", address.to_string());
        command.env("WAGGLE_SECRET_KEY", std::str::from_utf8(SECRET).unwrap()).env("WAGGLE_ASSISTANT", "off");
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let knocks = async { while tokio::net::TcpStream::connect(address).await.is_err() {} };
        tokio::time::timeout(NEVER, knocks).await.expect("the process serves");
        Self { child, address }
    }

    /// As a service manager does it. Tells whether it ended well.
    async fn stop(mut self) -> bool {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        tokio::task::spawn_blocking(move || self.child.wait().unwrap().success()).await.unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Sends each request on a connection of its own, to whichever of the processes takes it.
struct Balancer {
    http: reqwest::Client,
    token: String,
    addresses: [SocketAddr; 2],
}

impl Balancer {
    async fn post(&self, path: &str, turn: usize) -> reqwest::Result<u16> {
        let mut last = None;
        for next in 0..2 {
            let url = format!("http://{}/api/v1{path}", self.addresses[(turn + next) % 2]);
            let body = json!({ "message": format!("{turn}") });
            match self.http.post(url).bearer_auth(&self.token).json(&body).send().await {
                Err(error) if error.is_connect() => last = Some(error),
                answer => return answer.map(|answer| answer.status().as_u16()),
            }
        }
        Err(last.unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_takes_over_from_another() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    let ticket = ana.opens("Hive", "Help").await;
    let (old, new) = (Process::start(&app).await, Process::start(&app).await);
    let login = json!({ "email": ana.me.email, "password": PASSWORD });
    let session: Session = Caller::new(old.address).post("/auth/login", login).await.is(200).ok();
    let [there, here] =
        [&old, &new].map(|process| Caller::new(process.address).with_token(session.access_token.clone()));
    // Both listen from before the first comment.
    let (mut stream, mut witness) = (there.hears().await, here.hears().await);
    let place = stream.place.unwrap().to_string();

    let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let addresses = [old.address, new.address];
    let balancer = Arc::new(Balancer { http, token: session.access_token, addresses });
    let (answered, mut answers) = mpsc::channel(1);
    let mut load = JoinSet::new();
    for lane in 0..4 {
        let (balancer, answered, path) = (Arc::clone(&balancer), answered.clone(), format!("{}/comments", at(&ticket)));
        load.spawn(async move {
            let mut turn = lane;
            // Until nobody counts any more.
            while answered.send(balancer.post(&path, turn).await).await.is_ok() {
                turn += 1;
            }
        });
    }
    let mut stopping = None;
    let mut old = Some(old);
    for number in 0.. {
        let answer = tokio::time::timeout(NEVER, answers.recv()).await.expect("an answer within time").unwrap();
        assert_eq!(answer.expect("every request is answered"), 201);
        if number == 40 {
            stopping = old.take().map(|old| tokio::spawn(old.stop()));
        }
        if number > 80 && stopping.as_ref().is_some_and(tokio::task::JoinHandle::is_finished) {
            break;
        }
    }
    assert!(stopping.unwrap().await.unwrap(), "it ends well");
    drop(answers);
    load.join_all().await;

    // Whoever listened there is told here what they missed.
    stream.ends().await;
    let changed = Some(LiveEvent::TicketChanged { ticket_id: ticket.summary.id });
    assert_eq!(here.hears_from(&place).await.next().await, changed);
    assert_eq!(witness.next().await, changed);
    assert!(new.stop().await);
}
