//! Load on the server, by wrk.
//!
//! Invariant: an answer that is no success makes the measurement an error, not a fast request.

use std::{fmt::Write, fs};

use anyhow::{Context, Result, bail};

use super::cases::Case;
use crate::{step, tools, workspace};

#[derive(Clone, Copy, Default)]
pub struct Figures {
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
}

/// wrk's side: each thread goes through the requests from a place of its own.
const SCRIPT: &str = r#"
local requests, turn = {}, 0
function init()
  for line in io.lines(os.getenv("WAGGLE_REQUESTS")) do
    local method, path, token, body = line:match("([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)")
    local headers = { ["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json" }
    requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
  end
end
function request()
  turn = turn + 1
  return requests[turn % #requests + 1]
end
function done(summary, latency)
  local wrong = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("figures %f %f %f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, wrong))
end
"#;

pub fn run(case: &Case, port: u16, concurrency: u32, seconds: u32) -> Result<Figures> {
    let folder = workspace::target().join("bench");
    tools::make_folder(&folder)?;
    let script = folder.join("wrk.lua");
    fs::write(&script, SCRIPT)?;
    let requests = folder.join("requests.tsv");
    let mut text = String::new();
    for request in &case.requests {
        writeln!(text, "{}\t/api/v1{}\t{}\t{}", request.method, request.path, request.token, request.body)?;
    }
    fs::write(&requests, text)?;

    let load = |seconds: u32| {
        let mut wrk = workspace::command("wrk");
        wrk.env("WAGGLE_REQUESTS", &requests).args(["-t1", "--timeout", "10s", "-c", &concurrency.to_string()]);
        wrk.args(["-d", &format!("{seconds}s"), "-s"]).arg(&script).arg(format!("http://127.0.0.1:{port}"));
        step::ask(&mut wrk)
    };
    // The first second opens connections and fills caches.
    load(1)?;
    let answer = load(seconds)?;
    let line = answer.lines().find_map(|line| line.strip_prefix("figures ")).context("wrk gave no figures")?;
    let figures: Vec<f64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
    let [per_second, p50_ms, p99_ms, wrong] = figures.as_slice() else {
        bail!("wrk gave other figures: {line}");
    };
    if *wrong > 0.0 {
        bail!("{wrong} of the requests failed");
    }
    Ok(Figures { per_second: *per_second, p50_ms: *p50_ms, p99_ms: *p99_ms })
}
