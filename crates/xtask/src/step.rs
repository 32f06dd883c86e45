//! Runs programs and tells how far they are.
//!
//! Invariant: nothing runs for more than ten seconds without a sign of life, and a program's own words
//! are kept back unless it fails.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
    sync::{OnceLock, mpsc},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

static BEGIN: OnceLock<Instant> = OnceLock::new();

pub fn start_the_clock() {
    let _ = BEGIN.set(Instant::now());
}

/// Prints a line with the time since the start.
pub fn say(words: &str) {
    let elapsed = BEGIN.get().map_or(0, |begin| begin.elapsed().as_secs());
    println!("[{:>2}:{:02}] {words}", elapsed / 60, elapsed % 60);
}

/// Runs a program to its end.
pub fn run(label: &str, command: &mut Command) -> Result<()> {
    run_within(label, command, Duration::MAX)
}

/// Runs a program to its end, or to the end of a time limit.
pub fn run_within(label: &str, command: &mut Command, limit: Duration) -> Result<()> {
    let begin = Instant::now();
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{label}: cannot run {program}"))?;
    let (send, lines) = mpsc::channel();
    forward(child.stdout.take(), send.clone());
    forward(child.stderr.take(), send);

    let mut words: Vec<String> = Vec::new();
    let mut told = begin;
    let mut announced = false;
    loop {
        match lines.recv_timeout(Duration::from_secs(1)) {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => words.push(line),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
        if begin.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            bail!("{label}: not done after {} s", limit.as_secs());
        }
        if !announced && begin.elapsed() > Duration::from_secs(1) {
            announced = true;
            say(label);
        } else if told.elapsed() > Duration::from_secs(10) {
            told = Instant::now();
            say(&format!("{label}: {}", words.last().map_or("...", |line| line.trim())));
        }
    }
    if child.wait()?.success() {
        if announced {
            say(&format!("{label}: done in {} s", begin.elapsed().as_secs()));
        }
        return Ok(());
    }
    let end = words.get(words.len().saturating_sub(80)..).unwrap_or_default();
    bail!("{label} failed:\n{}", end.join("\n"))
}

/// What a program prints, for a quick question.
pub fn ask(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {program}"))?;
    if !output.status.success() {
        bail!("{program} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs two things at the same time; the first failure is the answer.
pub fn both(left: impl FnOnce() -> Result<()> + Send, right: impl FnOnce() -> Result<()> + Send) -> Result<()> {
    thread::scope(|scope| {
        let right = scope.spawn(right);
        let left = left();
        let right = right.join().unwrap_or_else(|_| bail!("a step broke off"));
        left.and(right)
    })
}

fn forward(stream: Option<impl Read + Send + 'static>, send: mpsc::Sender<String>) {
    let Some(stream) = stream else {
        return;
    };
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            if send.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
}
