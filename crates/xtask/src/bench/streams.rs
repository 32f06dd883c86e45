//! Live updates: what open pages cost, and how soon they hear of a comment.
//!
//! Invariant: a stream that is refused, ends early or hears less than was written makes the measurement an error.

use std::{
    fmt::Write as _,
    io::{Read, Write},
    net::{Ipv4Addr, TcpStream},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use super::{
    Http,
    cases::{self, Case, People},
    load, resident_mebibytes,
};
use crate::{
    cluster::Cluster,
    server::{self, Server},
    step,
};

/// So many streams one person may have open.
const OF_ONE: usize = 20;
/// The team's streams hear of every comment.
const AGENTS: usize = 10;
const CUSTOMERS: usize = 50;
/// So many comments are waited for, one after the other.
const COMMENTS: usize = 200;

/// Measures, and answers it in words.
pub fn run(server: &Server, port: u16, people: &People, cluster: &Cluster, seconds: u32) -> Result<String> {
    let http = Http::new(port);
    let tokens = |kind: &str, count: usize| -> Result<Vec<String>> {
        (1..=count).map(|n| cases::token(&http, &format!("{kind}{n}@load.example"))).collect()
    };
    cases::give_passwords(cluster, "agent", AGENTS)?;
    cases::give_passwords(cluster, "customer", CUSTOMERS)?;
    let case = Case::prepare("comment, customer", people, &http, cluster)?;
    let mut text = String::new();

    step::say("live: comments heard on 200 streams");
    let (p50, p95, max) = delays(&http, port, &tokens("agent", AGENTS)?, &case)?;
    writeln!(text, "Comment sent to event heard, on 200 streams: p50 {p50:.1}, p95 {p95:.1}, at most {max:.1} ms.")?;

    step::say("live: 1,000 idle streams");
    await_jobs(cluster)?;
    let alone = [load::run(&case, port, 1, seconds)?, load::run(&case, port, 32, seconds)?];
    await_jobs(cluster)?;
    let before = resident_mebibytes(server.pid())?;
    let streams = open_all(port, &tokens("customer", CUSTOMERS)?)?;
    // Longer than from one sign of life to the next.
    thread::sleep(Duration::from_secs(20));
    await_jobs(cluster)?;
    let cost = resident_mebibytes(server.pid())? - before;
    let beside = [load::run(&case, port, 1, seconds)?, load::run(&case, port, 32, seconds)?];
    drop(streams);
    writeln!(text, "{} idle streams take {cost:.1} MiB.", OF_ONE * CUSTOMERS)?;
    for (alone, beside) in alone.iter().zip(&beside) {
        writeln!(
            text,
            "A comment takes p50 {:.2}, p99 {:.2} ms alone and p50 {:.2}, p99 {:.2} ms beside them: {:.2} times.",
            alone.p50_ms,
            alone.p99_ms,
            beside.p50_ms,
            beside.p99_ms,
            beside.p50_ms / alone.p50_ms
        )?;
    }
    Ok(text)
}

/// Waits until nothing is left to do of what was written: others would be measured with it.
fn await_jobs(cluster: &Cluster) -> Result<()> {
    let left = "select count(*) from jobs where dead_at is null and run_at < now() + interval '5 seconds'";
    while cluster.query("waggle", left)?.trim() != "0" {
        ensure!(!server::interrupted(), "interrupted");
        thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}

fn open_all(port: u16, tokens: &[String]) -> Result<Vec<TcpStream>> {
    tokens.iter().flat_map(|token| std::iter::repeat_n(token, OF_ONE)).map(|token| open(port, token)).collect()
}

fn open(port: u16, token: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    write!(stream, "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n")?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer)?;
    ensure!(&answer == b"HTTP/1.1 200", "a stream was refused");
    Ok(stream)
}

/// Posts one comment after the other, each on another ticket, and waits until every stream has heard of it. Answers
/// the milliseconds from sending to hearing.
fn delays(http: &Http, port: u16, agents: &[String], case: &Case) -> Result<(f64, f64, f64)> {
    let (heard, hears) = mpsc::channel();
    let streams = open_all(port, agents)?;
    for stream in &streams {
        let (stream, heard) = (stream.try_clone()?, heard.clone());
        thread::spawn(move || listen(stream, &heard));
    }
    let mut all = Vec::new();
    for request in case.requests.iter().take(COMMENTS) {
        let ticket = request.path.split('/').nth(2).context("a comment has a ticket")?;
        let sent = Instant::now();
        http.send(request)?;
        let mut missing = streams.len();
        while missing > 0 {
            let (at, about): (Instant, String) =
                hears.recv_timeout(Duration::from_secs(10)).context("not all heard")?;
            if about == ticket {
                all.push(at.duration_since(sent).as_secs_f64() * 1000.0);
                missing -= 1;
            }
        }
    }
    for stream in &streams {
        stream.shutdown(std::net::Shutdown::Both)?;
    }
    all.sort_by(f64::total_cmp);
    let at = |share: usize| all.get((all.len() * share / 100).min(all.len().saturating_sub(1))).copied();
    match (at(50), at(95), at(100)) {
        (Some(p50), Some(p95), Some(max)) => Ok((p50, p95, max)),
        _ => bail!("nothing was heard"),
    }
}

/// Tells of every ticket that a stream names, until it ends.
fn listen(mut stream: TcpStream, heard: &mpsc::Sender<(Instant, String)>) {
    const BEFORE: &str = "\"ticket_id\":\"";
    let (mut unread, mut chunk) = (String::new(), [0; 4096]);
    while let Ok(count @ 1..) = stream.read(&mut chunk) {
        let now = Instant::now();
        unread.push_str(&String::from_utf8_lossy(chunk.get(..count).unwrap_or_default()));
        while let Some((block, rest)) = unread.split_once("\n\n") {
            let ticket = block.split_once(BEFORE).and_then(|(_, after)| after.split('"').next()).map(str::to_owned);
            unread = rest.to_owned();
            if ticket.is_some_and(|ticket| heard.send((now, ticket)).is_err()) {
                return;
            }
        }
    }
}
