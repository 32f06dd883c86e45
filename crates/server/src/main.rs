//! `waggle`: one binary, many roles.

use std::{
    io::{BufRead, IsTerminal},
    net::TcpListener,
    path::Path,
    time::Duration,
};

use anyhow::Context;
use api_types::{
    people::Locale,
    text::{EmailAddress, Password, PersonName},
};
use clap::Parser;
use server::{
    app,
    articles::import::{self, Options, Show},
    attachments,
    auth::passwords::Hasher,
    config::{ArticlesCommand, Cli, Command, Config, FilesCommand, UserCommand},
    desk::Desk,
    imports, live,
    people::{NewPerson, Person},
    seed, settings, sockets, worker,
};
use tokio::sync::watch;

/// How long a job under way may take when the process is asked to stop.
const PATIENCE: Duration = Duration::from_secs(8);

/// How long clients have to notice that the process stops.
const NOTICE: Duration = Duration::from_millis(400);

/// How long a connection may take from the system's hands into ours, on a busy machine. Who knocks meanwhile knocks
/// again a second later.
const PICK_UP: Duration = Duration::from_millis(500);

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,tracing_actix_web=warn")),
        )
        .init();
    match run(cli) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

// The threads that answer have runtimes of their own; this one only works jobs, which wait for others. A second
// thread would cost 5 MB.
#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn run(cli: Cli) -> anyhow::Result<()> {
    rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
    let mistakes = cli.config.mistakes();
    anyhow::ensure!(mistakes.is_empty(), "these settings cannot work:\n  {}", mistakes.join("\n  "));
    let config = cli.config;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(config).await,
        Command::Work => work(config).await,
        Command::Migrate { revert } => migrate(config, revert).await,
        Command::Seed(what) => {
            let desk = Desk::open(&config).await?;
            let sign_ins = seed::run(&desk.state, &what).await;
            desk.close().await?;
            print(&sign_ins?)
        }
        Command::User { command } => create_user(config, command).await,
        Command::Articles { command } => write_articles(config, command).await,
        Command::Import { file } => import_tickets(config, &file).await,
        Command::Files { command } => look_after_files(config, command).await,
        Command::Openapi => print(&(app::document().to_pretty_json()? + "\n")),
    }
}

/// Each has connections of its own, and Postgres takes 100 unless told otherwise.
const MOST_WORKERS: usize = 8;

async fn serve(config: Config) -> anyhow::Result<()> {
    sockets::allow_many();
    // Before anything slow: a port in use is the most common mistake.
    let listener =
        TcpListener::bind(config.http.listen).with_context(|| format!("cannot listen on {}", config.http.listen))?;
    // Before the database is started, so that a signal meanwhile still finds somebody to stop it.
    let signal = stop_signal()?;
    let mut desk = Desk::open(&config).await?;
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let workers = config.http.workers.unwrap_or(cores.min(MOST_WORKERS));
    let door = listener.try_clone()?;
    let server = app::serve(desk.state.clone(), listener, workers)?;
    let handle = server.handle();
    let server = tokio::spawn(server);
    let (stop, stopped) = watch::channel(false);
    let mut worker = tokio::spawn(worker::work(desk.state.clone(), until(stopped.clone())));
    let mut listener = tokio::spawn(live::listen(desk.state.clone(), until(stopped)));
    tracing::info!("Waggle answers at {}", config.public_url());
    if config.public_url().starts_with("http://") && !desk.state.is_on_this_machine() {
        tracing::warn!("WAGGLE_PUBLIC_URL is not https, so anybody on the way can read passwords and sessions");
    }
    let files = desk.state.files.clone();
    tokio::spawn(async move {
        if let Err(error) = files.check().await {
            tracing::warn!(%error, "the store of files cannot be reached: uploads are refused until it can");
        }
    });

    let mut look = tokio::time::interval(Duration::from_millis(250));
    let mut signal = std::pin::pin!(signal);
    loop {
        tokio::select! {
            () = &mut signal => break,
            _ = look.tick() => desk.keep_alive().await,
            ended = &mut worker => anyhow::bail!("the worker ended by itself: {ended:?}"),
            ended = &mut listener => anyhow::bail!("nobody listens any more: {ended:?}"),
        }
    }
    tracing::info!("stopping");
    // First of all, or they would hold up the end.
    desk.state.live.close();
    // Whoever sends something is told to send nothing more on the same connection.
    tokio::time::sleep(NOTICE).await;
    sockets::let_nobody_in(&door);
    // Whoever was let in is picked up.
    tokio::time::sleep(PICK_UP).await;
    drop(door);
    stop.send_replace(true);
    let (finished, ()) = tokio::join!(tokio::time::timeout(PATIENCE, worker), handle.stop(true));
    if finished.is_err() {
        // Its lease runs out, and whoever works next takes it up.
        tracing::warn!("a job was left unfinished; it will run again");
    }
    server.await??;
    desk.close().await
}

async fn work(config: Config) -> anyhow::Result<()> {
    let signal = stop_signal()?;
    let desk = Desk::open(&config).await?;
    tokio::select! {
        () = worker::work(desk.state.clone(), signal) => {}
        () = settings::follow(&desk.state) => {}
    }
    desk.close().await
}

async fn migrate(config: Config, revert: bool) -> anyhow::Result<()> {
    let desk = Desk::connect(&config).await?;
    let count = if revert { db::migrations::revert(&desk.url).await? } else { db::migrations::run(&desk.url).await? };
    tracing::info!("{count} migrations {}", if revert { "taken back" } else { "applied" });
    desk.close().await
}

async fn create_user(config: Config, command: UserCommand) -> anyhow::Result<()> {
    let UserCommand::Create { role, email, name, .. } = command;
    let (email, name) = (EmailAddress::from(email), PersonName::from(name));
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = Password::from(line.trim_end_matches(['\r', '\n']).to_owned());
    for (what, wrong) in [
        ("email", garde::Validate::validate(&email)),
        ("name", garde::Validate::validate(&name)),
        ("password", garde::Validate::validate(&password)),
    ] {
        wrong.map_err(|report| anyhow::anyhow!("{what}: {report}"))?;
    }
    let hash = Hasher::default().hash(&password, "/password").await.map_err(|error| match error.errors() {
        [first, ..] => anyhow::anyhow!("password: {}", first.message),
        [] => error.into(),
    })?;
    let desk = Desk::open(&config).await?;
    let new = NewPerson {
        name: name.as_str(),
        email: &email.normalised(),
        password_hash: Some(&hash),
        role,
        locale: Locale::English,
    };
    let added = Person::add(&mut *desk.state.db().await?, desk.state.clock.now(), new).await;
    desk.close().await?;
    match added {
        Ok(_) => print(&format!("{role} {email}\n")),
        Err(error) if server::error::AppError::violates(&error, "people_email_key") => {
            anyhow::bail!("{email} has an account already")
        }
        Err(error) => Err(error.into()),
    }
}

async fn write_articles(config: Config, command: ArticlesCommand) -> anyhow::Result<()> {
    let desk = Desk::open(&config).await?;
    let report = match command {
        ArticlesCommand::Import { folder, locale, publish, draft, category } => {
            let show = match (publish, draft) {
                (true, _) => Show::Everything,
                (_, true) => Show::Nothing,
                _ => Show::Written,
            };
            import::import(&desk.state, &folder, &Options { locale, category }, show).await
        }
        ArticlesCommand::Guide => import::guide(&desk.state).await,
    };
    desk.close().await?;
    let report = report?;
    print(&report.to_string())?;
    anyhow::ensure!(report.refused.is_empty(), "not everything was imported");
    Ok(())
}

async fn import_tickets(config: Config, file: &Path) -> anyhow::Result<()> {
    let desk = Desk::open(&config).await?;
    let report = imports::import(&desk.state, file).await;
    desk.close().await?;
    let report = report?;
    print(&report.to_string())?;
    anyhow::ensure!(report.refused.is_empty(), "not everything was imported");
    Ok(())
}

/// An upload that is stored and not yet written down is younger than this.
const SETTLED: Duration = Duration::from_secs(60 * 60);

async fn look_after_files(config: Config, command: FilesCommand) -> anyhow::Result<()> {
    let FilesCommand::Sweep { delete } = command;
    let desk = Desk::open(&config).await?;
    let swept = attachments::sweep_store(&desk.state, SETTLED, delete).await;
    desk.close().await?;
    let (found, orphans) = (swept?, if delete { "removed" } else { "found" });
    let mut lines = String::new();
    for (attachment, object) in &found.missing {
        lines.push_str(&format!("missing {object} of attachment {attachment}\n"));
    }
    for object in &found.orphans {
        lines.push_str(&format!("orphan {object} {orphans}\n"));
    }
    lines.push_str(&format!("{} missing, {} orphans {orphans}\n", found.missing.len(), found.orphans.len()));
    print(&lines)
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a stop as well.
    stopped.wait_for(|stopped| *stopped).await.ok();
}

/// Ctrl-C, or what a service manager sends. From this call on they no longer end the process by themselves.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}
