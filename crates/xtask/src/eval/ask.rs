//! Asking as a customer does: a ticket, comments, and waiting for the assistant's comment.
//!
//! Invariant: nothing is read that the customer or an admin could not read over the API.

use std::{
    io::Write,
    process::{Command, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::liar::Liar;
use crate::http::{Http, Request};

const PASSWORD: &str = "correct horse battery staple";
const ADMIN: &str = "admin@eval.example";
/// So many tickets wait for their answer at a time.
const AT_ONCE: usize = 4;
/// A model may take its time.
const PATIENCE: Duration = Duration::from_secs(90);
/// An access token lasts a quarter of an hour.
const SIGNED_IN: Duration = Duration::from_secs(400);

#[derive(Clone)]
pub struct Question {
    pub id: String,
    pub locale: String,
    pub kind: String,
    /// The manual that it is asked of; absent for the guide.
    pub documents: Option<String>,
    title: String,
    pub turns: Vec<String>,
    /// The pages that answer it; none when nothing does.
    pub pages: Vec<String>,
}

impl Question {
    pub fn read(line: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(line)?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let texts = |name: &str| -> Vec<String> {
            let list = value.get(name).and_then(Value::as_array).into_iter().flatten();
            list.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let pages = texts("expect").iter().map(|page| page.split('#').next().unwrap_or_default().to_owned()).collect();
        let question = Self {
            id: text("id").context("no id")?,
            locale: text("locale").context("no locale")?,
            kind: text("kind").context("no kind")?,
            documents: text("documents"),
            title: text("title").unwrap_or_else(|| "Question".to_owned()),
            turns: texts("turns"),
            pages,
        };
        if question.turns.is_empty() { bail!("no turns") } else { Ok(question) }
    }
}

/// What came back.
pub struct Answer {
    /// The pages that were found, best first, each once.
    pub found: Vec<String>,
    pub answered: bool,
    /// The pages that the answer quotes.
    pub quoted: Vec<String>,
    pub sentences: u64,
    pub supported: u64,
    pub waited: Duration,
    /// How long after the model's last word.
    pub after_model: Option<Duration>,
    pub words: String,
}

/// An admin who reads the ledger, and a customer for each language.
pub fn make_people(waggle: impl Fn() -> Command) -> Result<()> {
    for (role, email) in [("admin", ADMIN.to_owned()), ("customer", customer("en")), ("customer", customer("fr"))] {
        let words = ["user", "create", "--role", role, "--name", "Eval", "--password-stdin", "--email", &email];
        let mut create = waggle().args(words).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        create.stdin.take().context("no standard input")?.write_all(PASSWORD.as_bytes())?;
        if !create.wait()?.success() {
            bail!("{email} could not be made");
        }
    }
    Ok(())
}

fn customer(locale: &str) -> String {
    format!("{locale}@eval.example")
}

/// Somebody signed in, anew when it is time.
struct Caller<'a> {
    http: &'a Http,
    email: String,
    token: Mutex<Option<(Instant, String)>>,
}

impl<'a> Caller<'a> {
    fn new(http: &'a Http, email: String) -> Self {
        Self { http, email, token: Mutex::default() }
    }

    fn token(&self) -> Result<String> {
        let mut kept = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, token)) = kept.as_ref().filter(|(since, _)| since.elapsed() < SIGNED_IN) {
            let _ = since;
            return Ok(token.clone());
        }
        let body = json!({ "email": self.email, "password": PASSWORD }).to_string();
        let request = Request { method: "POST", path: "/auth/login".to_owned(), token: String::new(), body };
        let session = self.http.send(&request)?;
        let token = session.get("access_token").and_then(Value::as_str).context("no access token")?.to_owned();
        *kept = Some((Instant::now(), token.clone()));
        Ok(token)
    }

    fn get(&self, path: String) -> Result<Value> {
        self.http.send(&Request { method: "GET", path, token: self.token()?, body: String::new() })
    }

    fn send(&self, method: &'static str, path: &str, body: &Value) -> Result<Value> {
        self.http.send(&Request { method, path: path.to_owned(), token: self.token()?, body: body.to_string() })
    }
}

/// Asks all of them, some at a time. The answers are in the order of the questions.
pub fn all(http: &Http, questions: &[Question], liar: Option<&Liar>) -> Result<Vec<Answer>> {
    let admin = Caller::new(http, ADMIN.to_owned());
    let customers = [("en", Caller::new(http, customer("en"))), ("fr", Caller::new(http, customer("fr")))];
    for (locale, customer) in &customers {
        customer.send("PATCH", "/me", &json!({ "locale": locale }))?;
    }
    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<(usize, Result<Answer>)>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(question) = questions.get(place) else { break };
                    let caller = customers.iter().find(|(locale, _)| *locale == question.locale);
                    let answer = caller
                        .context("no customer speaks that language")
                        .and_then(|(_, customer)| ask(customer, &admin, question, liar))
                        .with_context(|| question.id.clone());
                    answers.lock().unwrap_or_else(PoisonError::into_inner).push((place, answer));
                }
            });
        }
    });
    let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
    answers.sort_by_key(|(place, _)| *place);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

fn ask(customer: &Caller<'_>, admin: &Caller<'_>, question: &Question, liar: Option<&Liar>) -> Result<Answer> {
    let mut turns = question.turns.iter();
    let first = turns.next().context("no turns")?;
    let ticket = customer.send("POST", "/tickets", &json!({ "title": question.title, "message": first }))?;
    let id = ticket.get("id").and_then(Value::as_str).context("a ticket without id")?.to_owned();
    for turn in turns {
        customer.send("POST", &format!("/tickets/{id}/comments"), &json!({ "message": turn }))?;
    }
    let begin = Instant::now();
    let comment = loop {
        let thread = customer.get(format!("/tickets/{id}/comments?limit=100"))?;
        let last = thread.get("items").and_then(Value::as_array).and_then(|items| items.last().cloned());
        if let Some(comment) = last.filter(|comment| comment.pointer("/author/kind") == Some(&json!("ai"))) {
            break comment;
        }
        if begin.elapsed() > PATIENCE {
            bail!("no answer after {} s", PATIENCE.as_secs());
        }
        thread::sleep(Duration::from_millis(25));
    };
    let waited = begin.elapsed();
    let last_turn = question.turns.last().map(String::as_str).unwrap_or_default();
    let after_model = liar.and_then(|liar| liar.had_said(last_turn)).map(|at| at.elapsed());
    let ledger = admin.get(format!("/admin/answers?ticket={id}&state=published&limit=1"))?;
    let entry = ledger.pointer("/items/0").context("the ledger does not know the answer")?;
    let slugs = |list: Option<&Value>| {
        let mut slugs: Vec<String> = Vec::new();
        for item in list.and_then(Value::as_array).into_iter().flatten() {
            let slug = item.get("slug").and_then(Value::as_str).unwrap_or_default().to_owned();
            if !slugs.contains(&slug) {
                slugs.push(slug);
            }
        }
        slugs
    };
    let number = |name: &str| entry.pointer(name).and_then(Value::as_u64).unwrap_or(0);
    Ok(Answer {
        found: slugs(entry.get("passages")),
        answered: comment.pointer("/ai/outcome") == Some(&json!("answered")),
        quoted: slugs(comment.pointer("/ai/sources")),
        sentences: number("/verification/sentences"),
        supported: number("/verification/supported"),
        waited,
        after_model,
        words: comment.get("body_markdown").and_then(Value::as_str).unwrap_or_default().to_owned(),
    })
}
