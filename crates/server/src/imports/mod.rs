//! Tickets that come from elsewhere: `waggle import` reads a file of JSON Lines.
//!
//! Invariant: nobody is told. A ticket is written whole or not at all, a second run finds what the first has written, and
//! what was erased since is not brought back. Of a file of any size one batch is in memory.

mod check;
mod lines;
mod write;

use std::{fmt, path::Path};

use anyhow::Context;
use diesel_async::AsyncConnection;

use self::{check::Ready, lines::Lines};
use crate::{error::AppError, state::State, tickets::search};

/// So many tickets are written in one transaction.
const BATCH: usize = 50;

/// So many faults are told one by one.
const MANY: usize = 1_000;

/// What became of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub added: usize,
    /// They were here, and their threads are longer now.
    pub grown: usize,
    pub unchanged: usize,
    /// They were here and were erased since.
    pub erased: usize,
    /// People who had no account.
    pub people: usize,
    /// Lines that were not taken, and why.
    pub refused: Vec<Refused>,
    /// How many more there are.
    pub untold: usize,
}

/// A line that was not taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    /// The first is 1.
    pub line: u64,
    pub why: String,
}

impl Report {
    fn refuse(&mut self, line: u64, why: impl Into<String>) {
        if self.refused.len() < MANY {
            self.refused.push(Refused { line, why: why.into() });
        } else {
            self.untold += 1;
        }
    }

    fn add(&mut self, other: &Self) {
        self.added += other.added;
        self.grown += other.grown;
        self.unchanged += other.unchanged;
        self.erased += other.erased;
        self.people += other.people;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Refused { line, why } in &self.refused {
            writeln!(f, "line {line}: {why}")?;
        }
        if self.untold > 0 {
            writeln!(f, "and {} more faults", self.untold)?;
        }
        let Self { added, grown, unchanged, erased, people, .. } = self;
        let refused = self.refused.len() + self.untold;
        writeln!(
            f,
            "{added} added, {grown} longer, {unchanged} unchanged, {erased} erased since and left out, {refused} faults; \
             {people} people added"
        )
    }
}

/// Imports a file. What is wrong with a line is in the report, and the other lines are imported.
pub async fn import(state: &State, file: &Path) -> anyhow::Result<Report> {
    let opened = tokio::fs::File::open(file).await.with_context(|| format!("cannot read {}", file.display()))?;
    let mut lines = Lines::new(opened);
    let mut report = Report::default();
    let mut batch = Vec::new();
    while let Some((number, line)) = lines.next().await? {
        let in_force = state.settings.now();
        match line.and_then(|line| check::check(&in_force, state.clock.now(), line)) {
            Ok(ready) => batch.push((number, ready)),
            Err(faults) => faults.into_iter().for_each(|why| report.refuse(number, why)),
        }
        if batch.len() == BATCH {
            save(state, &mut batch, &mut report).await?;
        }
    }
    save(state, &mut batch, &mut report).await?;
    // The documents of new tickets at once, because a large file would fill one bucket after the other otherwise.
    search::fold_all(state).await?;
    Ok(report)
}

/// Writes a batch; ticket by ticket if one of them spoils it.
async fn save(state: &State, batch: &mut Vec<(u64, Ready)>, report: &mut Report) -> anyhow::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let mut conn = state.db().await?;
    let together = conn
        .transaction(async |conn| {
            let mut sum = Report::default();
            for (_, ready) in batch.iter() {
                write::write(state, conn, ready, &mut sum).await?;
            }
            Ok::<_, AppError>(sum)
        })
        .await;
    match together {
        Ok(sum) => report.add(&sum),
        Err(_) => {
            for (number, ready) in batch.iter() {
                let alone = conn.transaction(async |conn| {
                    let mut sum = Report::default();
                    write::write(state, conn, ready, &mut sum).await?;
                    Ok::<_, AppError>(sum)
                });
                match alone.await {
                    Ok(sum) => report.add(&sum),
                    Err(error) => report.refuse(*number, format!("it could not be written: {error}")),
                }
            }
        }
    }
    batch.clear();
    Ok(())
}
