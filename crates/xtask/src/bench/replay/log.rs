//! Postgres' log of statements, in JSON.
//!
//! Invariant: logging is on only while statements are recorded, never while anything is measured.

use std::{
    fs,
    path::PathBuf,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::cluster::Cluster;

pub struct Log<'a> {
    cluster: &'a Cluster,
    folder: PathBuf,
}

/// A statement with the parameters it was sent with.
pub struct Statement {
    pub process: u64,
    pub sql: String,
    pub parameters: Vec<Option<String>>,
}

impl<'a> Log<'a> {
    pub fn open(cluster: &'a Cluster) -> Result<Self> {
        let folder = cluster.directory().join("postgres/log");
        let log = Self { cluster, folder };
        log.set("set log_destination = 'jsonlog'", "set log_statement = 'all'")?;
        Ok(log)
    }

    pub fn close(self) -> Result<()> {
        self.set("reset log_destination", "reset log_statement")
    }

    fn set(&self, destination: &str, statement: &str) -> Result<()> {
        for words in [format!("alter system {destination}"), format!("alter system {statement}")] {
            self.cluster.query("postgres", &words)?;
        }
        self.cluster.query("postgres", "select pg_reload_conf()")?;
        // Every process of Postgres reads it when it next looks up.
        thread::sleep(Duration::from_millis(500));
        Ok(())
    }

    /// Starts anew; the logger appends, so an emptied file is as good as a new one.
    pub fn forget(&self) -> Result<()> {
        thread::sleep(Duration::from_millis(15));
        for file in self.files()? {
            fs::OpenOptions::new().write(true).open(&file)?.set_len(0)?;
        }
        Ok(())
    }

    /// What the server has asked since, without what its worker asks by itself.
    pub fn statements(&self) -> Result<Vec<Statement>> {
        let mut found = Vec::new();
        for file in self.files()? {
            let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
            found.extend(text.lines().filter_map(read));
        }
        Ok(found)
    }

    fn files(&self) -> Result<Vec<PathBuf>> {
        let all = fs::read_dir(&self.folder).with_context(|| format!("reading {}", self.folder.display()))?;
        Ok(all
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
            .collect())
    }
}

fn read(line: &str) -> Option<Statement> {
    let entry: Value = serde_json::from_str(line).ok()?;
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    if text("application_name") != Some("waggle") {
        return None;
    }
    let (_, sql) = text("message")?.strip_prefix("execute ")?.split_once(": ")?;
    let of_the_worker = ["update jobs", "delete from jobs", "from jobs", "from \"jobs\"", "\"jobs\""];
    if of_the_worker.iter().any(|words| sql.contains(words)) {
        return None;
    }
    let detail = text("detail").unwrap_or_default();
    let parameters = detail.split_once("arameters: ").map(|(_, list)| parameters(list)).unwrap_or_default();
    Some(Statement { process: entry.get("pid")?.as_u64()?, sql: sql.to_owned(), parameters })
}

/// `$1 = 'it''s', $2 = NULL`
fn parameters(list: &str) -> Vec<Option<String>> {
    let mut found = Vec::new();
    let mut rest = list;
    while let Some((_, value)) = rest.split_once(" = ") {
        let Some(text) = value.strip_prefix('\'') else {
            found.push(None);
            rest = value.strip_prefix("NULL").unwrap_or(value);
            continue;
        };
        let mut words = String::new();
        let mut letters = text.char_indices().peekable();
        rest = "";
        while let Some((place, letter)) = letters.next() {
            if letter != '\'' {
                words.push(letter);
            } else if letters.peek().is_some_and(|(_, next)| *next == '\'') {
                words.push('\'');
                letters.next();
            } else {
                rest = text.get(place + 1..).unwrap_or_default();
                break;
            }
        }
        found.push(Some(words));
    }
    found
}

pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_with_quotes_and_nulls() {
        let read = parameters("$1 = 'it''s, $2 = NULL', $2 = NULL, $3 = '', $4 = '{a,b}'");
        let words = |text: &str| Some(text.to_owned());
        assert_eq!(read, [words("it's, $2 = NULL"), None, words(""), words("{a,b}")]);
    }
}
