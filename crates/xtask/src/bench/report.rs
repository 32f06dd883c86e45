//! What was measured, as a Markdown table.
//!
//! Invariant: machines differ, so the shares of pgbench in one run are what may be compared.

use std::{fmt::Write, time::Duration};

use super::load::Figures;

pub struct Row {
    name: &'static str,
    one: (Figures, f64),
    many: (Figures, f64),
}

impl Row {
    pub fn new(name: &'static str) -> Self {
        Self { name, one: Default::default(), many: Default::default() }
    }

    pub fn add(&mut self, concurrency: u32, server: Figures, postgres: f64) {
        let place = if concurrency == 1 { &mut self.one } else { &mut self.many };
        *place = (server, postgres);
    }

    pub fn words(&self) -> String {
        let (server, postgres) = self.many;
        format!(
            "    {:.0} requests/s, p50 {:.1} ms, p99 {:.1} ms, pgbench {postgres:.0}/s, share {:.0} %",
            server.per_second,
            server.p50_ms,
            server.p99_ms,
            100.0 * server.per_second / postgres
        )
    }
}

/// What is measured once.
pub struct Whole {
    pub tickets: u32,
    pub comments: u32,
    pub start_up: Duration,
    /// In MiB, after the load.
    pub memory: f64,
    /// In milliseconds, in a browser with a cold cache and a processor four times slower.
    pub first_list: Option<u32>,
    /// What was measured of live updates, in words.
    pub live: String,
}

pub fn table(rows: &[Row], whole: &Whole) -> String {
    let Whole { tickets, comments, start_up, memory, first_list, live } = whole;
    let mut text = format!("{tickets} tickets with {comments} comments each; 1 and 32 connections.\n\n");
    text.push_str(
        "| | req/s at 1 | p50 ms | p99 ms | pgbench/s | share | req/s at 32 | p50 ms | p99 ms | pgbench/s | share |\n",
    );
    text.push_str("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for row in rows {
        let _ = write!(text, "| {} |", row.name);
        for (server, postgres) in [row.one, row.many] {
            let share = 100.0 * server.per_second / postgres;
            let _ = write!(
                text,
                " {:.0} | {:.2} | {:.2} | {postgres:.0} | {share:.0} % |",
                server.per_second, server.p50_ms, server.p99_ms
            );
        }
        text.push('\n');
    }
    let first_list = first_list.map_or("not measured".to_owned(), |time| format!("{time} ms"));
    let start = start_up.as_secs_f64();
    let _ = writeln!(
        text,
        "\nStart to first answer: {start:.3} s. Resident after the load: {memory:.1} MiB. First list on screen, cold \
         cache, processor four times slower: {first_list}."
    );
    if !live.is_empty() {
        let _ = write!(text, "\n{live}");
    }
    text
}
