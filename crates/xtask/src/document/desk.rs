//! A desk with demo data, to try a client or made-up requests on.
//!
//! Invariant: it is gone with its data when it is dropped.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{
    cluster::Cluster,
    http::{Http, Request},
    server::{self, Server},
    step,
};

pub struct Desk {
    pub url: String,
    port: u16,
    people: Vec<Person>,
    data_dir: PathBuf,
    // The server goes before its database.
    _server: Server,
    _cluster: Cluster,
}

pub struct Person {
    role: String,
    pub email: String,
    pub password: String,
}

impl Desk {
    /// `server::build` has built the programs.
    pub fn start(name: &str) -> Result<Self> {
        let cluster = Cluster::start()?;
        let data_dir = std::env::temp_dir().join(format!("waggle-{name}-{}", std::process::id()));
        let port = server::free_port(8097)?;
        let url = format!("http://127.0.0.1:{port}");
        let waggle = || {
            let mut waggle = server::waggle(&server::program(), &data_dir);
            waggle.env("DATABASE_URL", cluster.url("postgres")).env("WAGGLE_PUBLIC_URL", &url).env("RUST_LOG", "error");
            // Whoever tries things out is in a hurry.
            waggle.env("WAGGLE_REQUESTS_PER_MINUTE", "0");
            waggle
        };
        step::say("making demo data");
        let printed = step::ask(waggle().args(["seed", "--demo"]))?;
        let people = printed.lines().filter_map(Person::read).collect();
        let server = Server::start(waggle(), port)?;
        Ok(Self { url, port, people, data_dir, _server: server, _cluster: cluster })
    }

    pub fn person(&self, role: &str) -> Result<&Person> {
        self.people.iter().find(|person| person.role == role).with_context(|| format!("nobody is {role}"))
    }

    /// A key of the desk's with every scope that there is.
    pub fn key(&self) -> Result<String> {
        let document = fs::read_to_string(super::folder().join("openapi.json"))?;
        let document: Value = serde_json::from_str(&document)?;
        let scopes = document.pointer("/components/schemas/ApiScope/enum").context("no scopes in openapi.json")?;
        let body = json!({ "name": "Made up", "kind": "desk", "scopes": scopes }).to_string();
        let new = Request { method: "POST", path: "/api-keys".to_owned(), token: self.token("admin")?, body };
        let made = Http::new(self.port).send(&new)?;
        made.get("token").and_then(Value::as_str).map(str::to_owned).context("no key")
    }

    /// What says that a person calls, for a quarter of an hour.
    pub fn token(&self, role: &str) -> Result<String> {
        let Person { email, password, .. } = self.person(role)?;
        let body = json!({ "email": email, "password": password }).to_string();
        let login = Request { method: "POST", path: "/auth/login".to_owned(), token: String::new(), body };
        let session = Http::new(self.port).send(&login)?;
        session.get("access_token").and_then(Value::as_str).map(str::to_owned).context("no access token")
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // What is left is small, and in the folder for such things.
        let _ = fs::remove_dir_all(&self.data_dir);
    }
}

impl Person {
    fn read(line: &str) -> Option<Self> {
        let [role, email, password] = line.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
        let [role, email, password] = [role, email, password].map(str::to_owned);
        email.contains('@').then_some(Self { role, email, password })
    }
}
