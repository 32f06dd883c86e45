//! The server as the other commands use it: built, started, waited for, stopped.
//!
//! Invariant: it runs in a process group of its own, so a Ctrl-C reaches us alone, and we ask it to stop
//! and wait until it has.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{
    step, tools,
    workspace::{self, cargo, command},
};

/// Builds the server, and the program that keeps a database for tests.
///
/// With the example in it the features of all packages are the ones of `cargo test`, so that no
/// dependency is compiled twice.
pub fn build() -> Result<()> {
    step::run("building the server", &mut build_command())
}

/// The same at a lower priority, beside something that others wait for.
pub fn build_in_the_background() -> Result<()> {
    let build = build_command();
    if tools::find(&["nice"]).is_none() {
        return self::build();
    }
    let mut nice = command("nice");
    nice.args(["-n", "10"]).arg(build.get_program()).args(build.get_args());
    step::run("building the server", &mut nice)
}

fn build_command() -> Command {
    cargo(&["build", "--bin", "waggle", "--example", "cluster"])
}

/// The server's program, as built for development.
pub fn program() -> PathBuf {
    workspace::target().join("debug/waggle")
}

/// A subcommand of the server on a data directory.
pub fn waggle(program: &Path, data_dir: &Path) -> Command {
    let mut waggle = command(&program.to_string_lossy());
    waggle.env("WAGGLE_DATA_DIR", data_dir).env_remove("DATABASE_URL");
    waggle
}

/// A free port, this one if it is.
pub fn free_port(wished: u16) -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, wished)).or_else(|_| TcpListener::bind("127.0.0.1:0"))?;
    Ok(listener.local_addr()?.port())
}

pub struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts `waggle serve` as prepared and waits until it answers.
    pub fn start(mut serve: Command, port: u16) -> Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        serve.arg("serve").env("WAGGLE_LISTEN", address.to_string()).process_group(0);
        let child = serve.spawn().context("starting the server")?;
        let mut server = Self { child, address };
        let given_up = Instant::now() + Duration::from_secs(120);
        while !server.answers() {
            if let Some(status) = server.child.try_wait()? {
                bail!("the server did not start ({status})");
            }
            if Instant::now() > given_up || interrupted() {
                server.stop()?;
                bail!("the server was not up in time");
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    fn answers(&self) -> bool {
        let ask = || {
            let mut stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(1))?;
            stream.set_read_timeout(Some(Duration::from_secs(1)))?;
            stream.write_all(b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
            let mut answer = [0; 12];
            stream.read_exact(&mut answer)?;
            Ok::<_, std::io::Error>(answer)
        };
        ask().is_ok_and(|answer| answer == *b"HTTP/1.1 204")
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Tells whether it has ended by itself.
    pub fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Asks it to stop and waits until it has.
    pub fn stop(&mut self) -> Result<()> {
        stop(&mut self.child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // There is nobody left to tell.
        let _ = self.stop();
    }
}

/// Asks a process to stop and waits until it has.
pub fn stop(child: &mut Child) -> Result<()> {
    if child.try_wait()?.is_none() {
        kill(Pid::from_raw(child.id().try_into()?), Signal::SIGTERM)?;
        child.wait()?;
    }
    Ok(())
}

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From here on a Ctrl-C, or being asked to end, is noted instead of obeyed.
pub fn note_interrupts() -> Result<()> {
    Ok(ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed))?)
}

pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
