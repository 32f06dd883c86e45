//! `cargo xtask eval`: asks a desk every question of a set, as customers do, and tells how well it answers.
//!
//! Invariant: every question is a ticket of its own, opened over the API; what was found is read from the ledger.

mod ask;
mod liar;
mod manual;
mod report;

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::{
    cluster::Cluster,
    http::Http,
    server::{self, Server},
    step,
    tools::debian::{self, Need},
    workspace,
};
use ask::Question;
use liar::Liar;
use report::Floor;

#[derive(clap::Args)]
pub struct Arguments {
    /// Ask of manuals that others wrote, fetched from their registry, instead of the guide that ships
    #[arg(long)]
    foreign: bool,
    /// Answer with the model of the `WAGGLE_AI_*` variables; without it, by quoting alone
    #[arg(long)]
    model: bool,
    /// Answer with a model of our own that lies, and fail if a lie is published or followed
    #[arg(long, conflicts_with = "model")]
    lying: bool,
    /// Only every second question: `even` is what the search was tuned on, `odd` what it was not
    #[arg(long)]
    half: Option<Half>,
    /// Only one question of so many, for a model that is slow
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    every: u32,
    /// Tell of every question that was not answered well
    #[arg(long)]
    verbose: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Half {
    Even,
    Odd,
}

impl Default for Arguments {
    fn default() -> Self {
        Self { foreign: false, model: false, lying: false, half: None, every: 1, verbose: false }
    }
}

/// The guide that ships, and the questions that were asked of it.
const GUIDE: Floor = Floor { hit_3: 0.90, abstained: 0.90 };
/// A liar answers whatever it is asked; what counts is what becomes of its lies.
const NONE: Floor = Floor { hit_3: 0.0, abstained: 0.0 };
/// Manuals that nobody here wrote.
const FOREIGN: Floor = Floor { hit_3: 0.80, abstained: 0.85 };

pub fn run(arguments: &Arguments) -> Result<()> {
    debian::ensure(&[Need::Postgres])?;
    server::build()?;
    let folder = workspace::root().join("crates/xtask/eval");
    let liar = if arguments.lying { Some(Liar::start()?) } else { None };
    let liar = liar.as_ref();
    if !arguments.foreign {
        let questions = read(&folder.join("guide.jsonl"), arguments)?;
        let answers = on_a_desk(
            arguments,
            liar,
            |mut waggle| step::run("writing the guide", waggle.args(["articles", "guide"])),
            &questions,
        )?;
        let floor = if liar.is_some() { NONE } else { GUIDE };
        report::tell("the guide", &questions, &answers, floor, arguments.verbose)?;
        return liar.map_or(Ok(()), |liar| report::tell_of_lies(liar, &answers));
    }
    debian::ensure(&[Need::Node])?;
    let questions = read(&folder.join("foreign.jsonl"), arguments)?;
    let (mut asked, mut answers) = (Vec::new(), Vec::new());
    for manual in manual::all(&folder.join("foreign.json"))? {
        let own: Vec<Question> =
            questions.iter().filter(|question| question.documents.as_deref() == Some(&manual.name)).cloned().collect();
        let files = manual.fetch()?;
        let import = |mut waggle: Command| {
            waggle.args(["articles", "import"]).arg(&files).args(["--locale", &manual.locale]);
            step::run(&format!("importing {}", manual.name), &mut waggle)
        };
        answers.extend(on_a_desk(arguments, liar, import, &own)?);
        asked.extend(own);
    }
    let floor = if liar.is_some() { NONE } else { FOREIGN };
    report::tell("foreign manuals", &asked, &answers, floor, arguments.verbose)?;
    liar.map_or(Ok(()), |liar| report::tell_of_lies(liar, &answers))
}

fn read(path: &Path, arguments: &Arguments) -> Result<Vec<Question>> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let chosen = lines.enumerate().filter(|(number, _)| match arguments.half {
        None => true,
        Some(Half::Even) => number % 2 == 0,
        Some(Half::Odd) => number % 2 == 1,
    });
    chosen
        .step_by(usize::try_from(arguments.every)?)
        .map(|(number, line)| {
            Question::read(line).with_context(|| format!("{}, question {}", path.display(), number + 1))
        })
        .collect()
}

/// Starts a desk of its own, fills its help centre, asks, and takes everything away.
fn on_a_desk(
    arguments: &Arguments,
    liar: Option<&Liar>,
    fill: impl FnOnce(Command) -> Result<()>,
    questions: &[Question],
) -> Result<Vec<ask::Answer>> {
    let cluster = Cluster::start()?;
    let data_dir = std::env::temp_dir().join(format!("waggle-eval-{}", std::process::id()));
    let waggle = || {
        let mut waggle = server::waggle(&server::program(), &data_dir);
        waggle.env("DATABASE_URL", cluster.url("postgres")).env("RUST_LOG", "warn").env("WAGGLE_ASSISTANT", "auto");
        // One person asks all of them.
        waggle.env("WAGGLE_REQUESTS_PER_MINUTE", "0");
        if !arguments.model {
            for name in ["BASE_URL", "API_KEY", "MODEL", "EMBEDDING_MODEL"] {
                waggle.env_remove(format!("WAGGLE_AI_{name}"));
            }
        }
        if let Some(liar) = liar {
            let base_url = format!("http://127.0.0.1:{}/v1", liar.port);
            waggle.env("WAGGLE_AI_BASE_URL", base_url).env("WAGGLE_AI_MODEL", "liar");
        }
        waggle
    };
    step::run("migrating", waggle().arg("migrate"))?;
    fill(waggle())?;
    ask::make_people(waggle)?;
    let port = server::free_port(8095)?;
    let mut server = Server::start(waggle(), port)?;
    if arguments.model {
        wait_for_vectors(&cluster)?;
    }
    step::say(&format!("asking {} questions", questions.len()));
    let answers = ask::all(&Http::new(port), questions, liar);
    server.stop()?;
    // What is left is small, and in the folder for such things.
    let _ = fs::remove_dir_all(&data_dir);
    answers
}

/// Passages are embedded behind the import.
fn wait_for_vectors(cluster: &Cluster) -> Result<()> {
    let begin = std::time::Instant::now();
    while cluster
        .query("postgres", "select count(*) from jobs where kind = 'embed_passages' and dead_at is null")?
        .trim()
        != "0"
    {
        if begin.elapsed().as_secs() > 900 {
            bail!("the passages were not embedded in time");
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    Ok(())
}
