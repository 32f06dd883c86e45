//! Data to try a desk with.
//!
//! Invariant: it adds and never changes; the passwords it makes are random and shown once.

mod demo;
mod random;
mod samples;

use crate::{config::SeedArgs, state::State};

/// Fills the desk as asked. Answers what to print: the sign-ins of the demo, one per line, as role, email
/// and password.
pub async fn run(state: &State, what: &SeedArgs) -> anyhow::Result<String> {
    let mut printed = String::new();
    if what.demo {
        printed = demo::fill(state).await?;
    }
    if let Some(tickets) = what.tickets {
        random::fill(state, tickets, what.comments).await?;
    }
    anyhow::ensure!(what.demo || what.tickets.is_some(), "say what to seed: --demo, or --tickets N");
    Ok(printed)
}
