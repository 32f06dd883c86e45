//! What is measured: requests as the page sends them, by many people on many tickets.
//!
//! Invariant: a case is a list of requests, and the same ones go to the server and, as the SQL they
//! caused, to Postgres.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{
    cluster::Cluster,
    http::{Http, Request},
};

pub const NAMES: [&str; 11] = [
    "list: newest 25, customer",
    "list: newest 25, team",
    "list: a stage, team",
    "list: keyset page, team",
    "summary, customer",
    "summary, team",
    "open with thread, team",
    "search, team",
    "search, customer",
    "comment, customer",
    "create, customer",
];

pub const PASSWORD: &str = "correct horse battery staple";
const CUSTOMERS: usize = 16;

/// Access tokens.
pub struct People {
    customers: Vec<String>,
    agent: String,
}

pub struct Case {
    pub requests: Vec<Request>,
    /// The server sends the statements of one request together, without waiting between them.
    pub pipelined: bool,
    pub writes: bool,
}

/// Gives a password to some of the seeded customers, and to one agent.
pub fn make_people(cluster: &Cluster, waggle: impl Fn() -> Command) -> Result<()> {
    let known = cluster.query("waggle", "select count(*) from people where email = 'bench@load.example'")?;
    if known.trim() == "0" {
        let words = [
            "user",
            "create",
            "--role",
            "agent",
            "--email",
            "bench@load.example",
            "--name",
            "Bench",
            "--password-stdin",
        ];
        let mut create = waggle().args(words).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        create.stdin.take().context("no standard input")?.write_all(PASSWORD.as_bytes())?;
        if !create.wait()?.success() {
            bail!("the agent for the bench could not be made");
        }
    }
    let statement = format!(
        "update people set password_hash = (select password_hash from people where email = 'bench@load.example')
         where email in ({})",
        (1..=CUSTOMERS).map(|n| format!("'{}'", customer(n))).collect::<Vec<_>>().join(", ")
    );
    cluster.query("waggle", &statement).map(drop)
}

pub fn customer(n: usize) -> String {
    format!("customer{n}@load.example")
}

pub fn sign_in(http: &Http) -> Result<People> {
    let token = |email: &str| {
        let body = json!({ "email": email, "password": PASSWORD }).to_string();
        let session =
            http.send(&Request { method: "POST", path: "/auth/login".to_owned(), token: String::new(), body })?;
        text_at(&session, "access_token").context("no access token")
    };
    let customers = (1..=CUSTOMERS).map(|n| token(&customer(n))).collect::<Result<_>>()?;
    Ok(People { customers, agent: token("bench@load.example")? })
}

impl Case {
    pub fn prepare(name: &str, people: &People, http: &Http, cluster: &Cluster) -> Result<Self> {
        let read =
            |path: String, token: &str| Request { method: "GET", path, token: token.to_owned(), body: String::new() };
        let by_customers = |path: &str| people.customers.iter().map(|token| read(path.to_owned(), token)).collect();
        let by_team = |paths: Vec<String>| paths.into_iter().map(|path| read(path, &people.agent)).collect();
        let requests: Vec<Request> = match name {
            "list: newest 25, customer" => by_customers("/tickets?limit=25"),
            "list: newest 25, team" => by_team(vec!["/tickets?limit=25".to_owned()]),
            "list: a stage, team" => {
                let stages = ["new", "working", "waiting_customer", "on_hold", "resolved"];
                by_team(stages.iter().map(|stage| format!("/tickets?limit=25&stage={stage}")).collect())
            }
            "list: keyset page, team" => by_team(deep_pages(http, &people.agent)?),
            "summary, customer" => by_customers("/tickets/summary"),
            "summary, team" => by_team(vec!["/tickets/summary".to_owned()]),
            "open with thread, team" => {
                let ids = rows(cluster, "select id from tickets order by md5(id::text) limit 1000")?;
                by_team(ids.iter().map(|id| format!("/tickets/{id}")).collect())
            }
            "search, team" => by_team(words().map(|word| format!("/tickets?limit=25&q={word}")).collect()),
            "search, customer" => words()
                .zip(people.customers.iter().cycle())
                .map(|(word, token)| read(format!("/tickets?limit=25&q={word}"), token))
                .collect(),
            "comment, customer" => comments(people, cluster)?,
            "create, customer" => people
                .customers
                .iter()
                .map(|token| Request {
                    method: "POST",
                    path: "/tickets".to_owned(),
                    token: token.clone(),
                    body: json!({ "title": "The scale under hive 7 shows nothing", "message": MESSAGE }).to_string(),
                })
                .collect(),
            other => bail!("no case {other}"),
        };
        let writes = requests.iter().any(|request| request.method != "GET");
        Ok(Self { requests, pipelined: name.starts_with("open"), writes })
    }
}

const MESSAGE: &str = "Since this morning the **scale** under hive 7 shows nothing.\n\n- I changed the battery\n- \
    the light is green\n\nWhat else can I try? Bonjour et merci.";

/// In every ticket, in one of eight, in one of fifteen, in a few, in none; numbers as people type them.
fn words() -> impl Iterator<Item = String> {
    let fixed =
        ["ticket", "sensor", "varroa", "propolis", "quarantine", "pollen+temperature", "honig", "ruche", "hiev"];
    fixed.into_iter().map(str::to_owned).chain((1..=23).map(|n| (n * 41).to_string() + "+morning"))
}

fn rows(cluster: &Cluster, statement: &str) -> Result<Vec<String>> {
    Ok(cluster.query("waggle", statement)?.lines().map(str::to_owned).collect())
}

fn text_at(answer: &Value, name: &str) -> Option<String> {
    answer.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// Pages far from the newest ticket.
fn deep_pages(http: &Http, token: &str) -> Result<Vec<String>> {
    let mut paths = Vec::new();
    let mut path = "/tickets?limit=100".to_owned();
    for page in 0..40 {
        let answer = http.send(&Request { method: "GET", path, token: token.to_owned(), body: String::new() })?;
        let Some(cursor) = text_at(&answer, "next_cursor") else {
            break;
        };
        path = format!("/tickets?limit=100&after={cursor}");
        if page >= 10 {
            paths.push(format!("/tickets?limit=25&after={cursor}"));
        }
    }
    Ok(paths)
}

/// Each customer on their own tickets.
fn comments(people: &People, cluster: &Cluster) -> Result<Vec<Request>> {
    let mut requests = Vec::new();
    for (index, token) in people.customers.iter().enumerate() {
        let tickets = rows(
            cluster,
            &format!(
                "select t.id from tickets t join people p on p.id = t.creator_id
                 where p.email = '{}' and t.stage <> 'resolved' order by md5(t.id::text) limit 60",
                customer(index + 1)
            ),
        )?;
        requests.extend(tickets.into_iter().map(|id| Request {
            method: "POST",
            path: format!("/tickets/{id}/comments"),
            token: token.clone(),
            body: json!({ "message": MESSAGE }).to_string(),
        }));
    }
    // Neighbours in the list are sent at the same time, and should not wait for each other's ticket.
    requests.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(requests)
}
