//! The same SQL without the server: recorded from Postgres' log, replayed by pgbench.
//!
//! Invariant: nothing is copied by hand, so the comparison cannot go stale. Each recorded request becomes
//! one pgbench script with the same prepared statements and parameters; only the identifiers that the
//! server makes anew each time are made anew there too.

mod log;

use std::{fmt::Write, fs, process::Command, thread, time::Duration};

use anyhow::{Context, Result, bail};

use self::log::{Log, Statement};
use super::cases::Case;
use crate::{
    cluster::Cluster,
    http::Http,
    step,
    tools::{self, find_postgres},
    workspace,
};

/// Postgres is quicker with 8 connections on 2 cores than with 32, and the comparison should be with its best.
const SERVERS_POOL: u32 = 8;

/// pgbench takes 128 scripts.
const MOST: usize = 100;

pub struct Script {
    texts: Vec<String>,
    /// Text cannot be set inside a script, only on the command line.
    values: Vec<(String, String)>,
}

impl Script {
    /// Sends the case's requests one by one and looks at what they make the server ask.
    pub fn record(case: &Case, http: &Http, cluster: &Cluster) -> Result<Self> {
        let log = Log::open(cluster)?;
        let mut script = Self { texts: Vec::new(), values: Vec::new() };
        // The first request may ask for more, such as who the caller is.
        let step = (case.requests.len() / MOST).max(1);
        for request in case.requests.iter().step_by(step).take(MOST) {
            http.send(request)?;
            log.forget()?;
            let begin = log::now_ms();
            http.send(request)?;
            // Postgres' logger writes a little later.
            thread::sleep(Duration::from_millis(if case.writes { 60 } else { 15 }));
            let seen = log.statements()?;
            script.add(&if case.writes { only_the_write(seen)? } else { seen }, case.pipelined, begin)?;
        }
        log.close()?;
        Ok(script)
    }

    fn add(&mut self, statements: &[Statement], pipelined: bool, begin: u64) -> Result<()> {
        if statements.is_empty() {
            bail!("the request asked Postgres for nothing");
        }
        let number = self.texts.len();
        let mut text = String::from("\\set n :n + 1\n");
        let pipelined = pipelined && statements.len() > 1;
        if pipelined {
            text.push_str("\\startpipeline\n");
        }
        let needs_version = statements.iter().any(|statement| version_parameter(&statement.sql).is_some());
        let mut made: Vec<&str> = Vec::new();
        for (place, statement) in statements.iter().enumerate() {
            let mut sql = keep_colons(&statement.sql);
            // From the last on, so that $1 is not found in $12.
            for (index, value) in statement.parameters.iter().enumerate().rev() {
                let parameter = format!("${}", index + 1);
                let replacement = match value {
                    None => "null".to_owned(),
                    Some(_) if version_parameter(&statement.sql) == Some(index + 1) => ":seen_version".to_owned(),
                    Some(value) if is_made_since(value, begin) => {
                        let which = made.iter().position(|known| known == value).unwrap_or_else(|| {
                            made.push(value);
                            made.len() - 1
                        });
                        new_identifier(which)
                    }
                    Some(value) => {
                        let name = format!("v{number}_{place}_{index}");
                        self.values.push((name.clone(), value.clone()));
                        format!(":{name}")
                    }
                };
                sql = sql.replace(&parameter, &replacement);
            }
            let reads_ticket = needs_version && sql.contains("\"tickets\".\"version\"");
            writeln!(text, "{sql}{}", if reads_ticket { " \\gset seen_" } else { ";" })?;
        }
        if pipelined {
            text.push_str("\\endpipeline\n");
        }
        self.texts.push(text);
        Ok(())
    }

    /// Transactions in a second, with as many connections or, if that is quicker, as many as the server has.
    pub fn run(&self, cluster: &Cluster, concurrency: u32, seconds: u32) -> Result<f64> {
        let rate = self.run_with(cluster, concurrency, seconds)?;
        if concurrency <= SERVERS_POOL {
            Ok(rate)
        } else {
            Ok(rate.max(self.run_with(cluster, SERVERS_POOL, seconds)?))
        }
    }

    fn run_with(&self, cluster: &Cluster, concurrency: u32, seconds: u32) -> Result<f64> {
        let folder = workspace::target().join("bench");
        tools::make_folder(&folder)?;
        let mut pgbench = Command::new(find_postgres("pgbench").context("Postgres' pgbench is not here")?);
        // As in the server's pool.
        pgbench.env("PGOPTIONS", "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1");
        pgbench.args([
            "--no-vacuum",
            "--protocol=prepared",
            "-c",
            &concurrency.to_string(),
            "-T",
            &seconds.to_string(),
        ]);
        pgbench.args(["-j", if concurrency > 1 { "2" } else { "1" }, "-D", "n=0"]);
        pgbench.arg("-D").arg(format!("epoch={}", log::now_ms()));
        for (name, value) in &self.values {
            pgbench.arg("-D").arg(format!("{name}={value}"));
        }
        for (number, text) in self.texts.iter().enumerate() {
            let file = folder.join(format!("{number}.sql"));
            fs::write(&file, text)?;
            pgbench.arg("-f").arg(file);
        }
        let answer = step::ask(pgbench.arg(cluster.app_url("waggle")))?;
        if !answer.contains("number of failed transactions: 0 ") {
            bail!("pgbench had failures:\n{answer}");
        }
        let rate = answer.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench gave no rate")?;
        Ok(rate.split(' ').next().unwrap_or_default().parse()?)
    }
}

/// The statements of the connection that wrote, up to the write; the worker is busy on other ones.
fn only_the_write(seen: Vec<Statement>) -> Result<Vec<Statement>> {
    let is_write = |statement: &Statement| statement.sql.contains("insert into comments");
    let place = seen.iter().position(is_write).context("the request wrote nothing")?;
    let process = seen.get(place).map(|statement| statement.process);
    Ok(seen.into_iter().take(place + 1).filter(|statement| Some(statement.process) == process).collect())
}

/// pgbench takes a colon before a letter for a variable, also inside quotes, as in `'[[:alpha:]]'`.
fn keep_colons(sql: &str) -> String {
    let mut kept = String::with_capacity(sql.len());
    // Every second piece stands in quotes; a doubled quote is an empty piece between two such ones.
    for (place, piece) in sql.split('\'').enumerate() {
        match place % 2 {
            0 => kept.push_str(piece),
            _ if piece.contains(':') => kept.push_str(&format!("('{}')", piece.replace(':', ":' || '"))),
            _ => kept.push_str(&format!("'{piece}'")),
        }
    }
    kept
}

/// A ticket is written only over the version that was read, so the replay has to read it as well.
fn version_parameter(sql: &str) -> Option<usize> {
    let (_, after) = sql.split_once(" and version = $")?;
    after.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

/// A UUID of version 7 whose time is that of this request.
fn is_made_since(value: &str, begin: u64) -> bool {
    let digits: String = value.chars().filter(|letter| *letter != '-').collect();
    value.len() == 36
        && digits.len() == 32
        && digits.get(12..13) == Some("7")
        && digits
            .get(..12)
            .and_then(|time| u64::from_str_radix(time, 16).ok())
            .is_some_and(|time| (begin..begin + 60_000).contains(&time))
}

/// The same shape: it grows with time, for each client.
fn new_identifier(which: usize) -> String {
    format!(
        "(lpad(to_hex(:epoch::bigint), 12, '0') || '7' || lpad(to_hex(:client_id::int), 3, '0') || '8{which:03x}' \
         || lpad(to_hex(:n::bigint), 12, '0'))::uuid"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_of_letters_is_no_variable_and_a_cast_stays_one() {
        let kept = keep_colons("x ~ '[[:alpha:]]' and y = 'it''s' and $1::text");
        assert_eq!(kept, "x ~ ('[[:' || 'alpha:' || ']]') and y = 'it''s' and $1::text");
    }

    #[test]
    fn only_new_identifiers_are_made_anew() {
        assert!(is_made_since("0199a0b0-c0d0-7000-8000-000000000000", 0x0199_a0b0_c0d0));
        assert!(!is_made_since("0199a0b0-c0cf-7000-8000-000000000000", 0x0199_a0b0_c0d0));
        assert!(!is_made_since("f199a0b0-c0d0-7000-8000-000000000000", 0x0199_a0b0_c0d0));
        assert!(!is_made_since("0199a0b0-c0d0-4000-8000-000000000000", 0));
    }
}
