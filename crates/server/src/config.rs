//! What an admin can set, by flag or by environment.
//!
//! Invariant: read once at start; all mistakes are reported together; nothing else reads the environment.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use api_types::{
    assistant::AssistantMode,
    people::{Locale, Role},
    settings::{RegistrationMode, Settings},
    text::PersonName,
};
use clap::{Args, Parser, Subcommand};
use lettre::message::Mailbox;

use crate::{
    assistant,
    attachments::Rules,
    clock::Clock,
    outside::{
        files::{BucketSettings, Files, S3},
        judge::Judge,
        mail::{Mailer, Post},
        model::{Model, ModelSettings, Prefixes},
    },
    state::is_on_this_machine,
};

/// The support desk that people install in one command.
#[derive(Parser, Debug)]
#[command(name = "waggle", version)]
pub struct Cli {
    #[command(flatten)]
    pub config: Config,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Answer the page and the API, and work the jobs (the default)
    Serve,
    /// Work the jobs only, beside other processes that serve
    Work,
    /// Bring the database up to date and stop
    Migrate {
        /// Take every migration back instead, which destroys all data
        #[arg(long)]
        revert: bool,
    },
    /// Fill an empty desk with data to try it with
    Seed(SeedArgs),
    /// Manage people
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Write the help articles from files
    Articles {
        #[command(subcommand)]
        command: ArticlesCommand,
    },
    /// Import tickets from a file of JSON Lines, as an export is one. Nobody is told. Running it again adds what is new in
    /// their threads and changes nothing else; what is wrong with a line is told with its number, and the others are taken
    Import {
        /// Each line a TicketLine of the API's document
        file: PathBuf,
    },
    /// Look after the files that people sent
    Files {
        #[command(subcommand)]
        command: FilesCommand,
    },
    /// Print the API's document
    Openapi,
}

#[derive(Args, Debug)]
pub struct SeedArgs {
    /// A believable desk of some 40 tickets in two languages, with sign-ins that are printed
    #[arg(long)]
    pub demo: bool,
    /// So many random tickets instead, or besides
    #[arg(long, value_name = "N")]
    pub tickets: Option<u32>,
    /// So many comments on each random ticket
    #[arg(long, value_name = "M", default_value_t = 5, requires = "tickets")]
    pub comments: u32,
}

#[derive(Subcommand, Debug)]
pub enum UserCommand {
    /// Add a person
    Create {
        /// customer, agent or admin
        #[arg(long)]
        role: Role,
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// Read the password from standard input, one line
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Subcommand, Debug)]
pub enum ArticlesCommand {
    /// Import a folder of Markdown: an mdBook, a Docusaurus site, or files with front matter. Running it again writes
    /// only what has changed in the folder
    Import {
        folder: PathBuf,
        /// The language of texts that lie in no folder `en` or `fr`: en or fr; English without it, or as a book says
        #[arg(long)]
        locale: Option<Locale>,
        /// Show all of it to readers, also what is unchanged and was taken back; without it, what is new or changed
        #[arg(long, conflicts_with = "draft")]
        publish: bool,
        /// Show what is new or changed to the team only
        #[arg(long)]
        draft: bool,
        /// Put all of it into the category with this slug
        #[arg(long, value_name = "SLUG")]
        category: Option<String>,
    },
    /// Import Waggle's own guide, in English and French
    Guide,
}

#[derive(Subcommand, Debug)]
pub enum FilesCommand {
    /// Compare the store with the database: objects that no row speaks of, and files whose object is not there
    Sweep {
        /// Remove the objects that no row speaks of
        #[arg(long)]
        delete: bool,
    },
}

#[derive(Args, Debug, Clone)]
pub struct Config {
    #[command(flatten)]
    pub database: DatabaseConfig,
    #[command(flatten)]
    pub http: HttpConfig,
    #[command(flatten)]
    pub desk: DeskConfig,
    #[command(flatten)]
    pub mail: MailConfig,
    #[command(flatten)]
    pub files: FilesConfig,
    #[command(flatten)]
    pub assistant: AssistantConfig,
}

#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Data")]
pub struct DatabaseConfig {
    /// A Postgres to use, with `?sslmode=require` over TLS; without it, one runs in the data directory
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// Where everything is kept that is not in the database
    #[arg(long, env = "WAGGLE_DATA_DIR", default_value = "data", global = true)]
    pub data_dir: PathBuf,
    /// Signs sessions; at least 32 characters. Without it, one is made and kept in the data directory
    #[arg(long, env = "WAGGLE_SECRET_KEY", hide_env_values = true, global = true)]
    pub secret_key: Option<String>,
}

#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Web")]
pub struct HttpConfig {
    /// Address and port to listen on
    #[arg(long, env = "WAGGLE_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,
    /// Where people reach the desk, such as https://help.example.org; links in mails start with it
    #[arg(long, env = "WAGGLE_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// A proxy of yours stands in front and sets X-Forwarded-For
    #[arg(long, env = "WAGGLE_BEHIND_PROXY", global = true)]
    pub behind_proxy: bool,
    /// Requests to the API that one person, or the strangers of one network, may send in a minute, to each process; 0
    /// for no limit
    #[arg(long, env = "WAGGLE_REQUESTS_PER_MINUTE", default_value_t = 1200, value_name = "N", global = true)]
    pub requests_per_minute: u32,
    /// Threads that answer; without it, one per core, at most 8
    #[arg(long, env = "WAGGLE_WORKERS", global = true)]
    pub workers: Option<usize>,
}

#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Desk")]
pub struct DeskConfig {
    /// Who may open a ticket: required (people with an account) or passwordless (everybody with an address, which a
    /// mailed link confirms). It holds until an admin changes it on the page
    #[arg(long, env = "WAGGLE_REGISTRATION", default_value_t = RegistrationMode::Required, value_name = "MODE", global = true)]
    pub registration: RegistrationMode,
    /// The secret of a captcha elsewhere, whose site key an admin sets on the page
    #[arg(long, env = "WAGGLE_CAPTCHA_SECRET", hide_env_values = true, value_name = "SECRET", global = true)]
    pub captcha_secret: Option<String>,
    /// Where its answers are judged instead of at its own address, for a provider that works alike
    #[arg(long, env = "WAGGLE_CAPTCHA_VERIFY_URL", value_name = "URL", global = true)]
    pub captcha_verify_url: Option<String>,
    /// Show the panel in a website made up for it, at /demo-host, where whoever looks is signed in as a customer of the
    /// demo data. Only for a desk that is reached from its own machine alone
    #[arg(long, env = "WAGGLE_DEMO_HOST", global = true)]
    pub demo_host: bool,
}

impl DeskConfig {
    /// Who judges the answers to a captcha elsewhere, if there is a secret for it.
    pub fn judge(&self, public_url: &str) -> anyhow::Result<Option<Judge>> {
        let instead = self.captcha_verify_url.as_deref();
        self.captcha_secret.clone().map(|secret| Judge::new(secret, public_url, instead)).transpose()
    }
}

#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Mail")]
pub struct MailConfig {
    /// A mail server, such as smtps://user:password@mail.example.org; without it, mails are files in the data directory
    #[arg(long, env = "WAGGLE_SMTP_URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<String>,
    /// Whom mails come from
    #[arg(long, env = "WAGGLE_MAIL_FROM", default_value = "Waggle <waggle@localhost.localdomain>", global = true)]
    pub mail_from: Mailbox,
}

#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Files")]
pub struct FilesConfig {
    /// The largest file that people may send, in megabytes
    #[arg(long, env = "WAGGLE_FILES_MAX_SIZE", default_value_t = 25, value_name = "MB", global = true)]
    pub files_max_size: u32,
    /// How much all files of one person may take together, in megabytes
    #[arg(long, env = "WAGGLE_FILES_QUOTA", default_value_t = 1024, value_name = "MB", global = true)]
    pub files_quota: u32,
    /// A bucket to keep files in; without it, they are in the data directory
    #[arg(long, env = "WAGGLE_S3_BUCKET", global = true)]
    pub s3_bucket: Option<String>,
    /// Where the bucket is, such as https://minio.example.org; without it, at AWS. Browsers fetch files from there
    #[arg(long, env = "WAGGLE_S3_ENDPOINT", global = true)]
    pub s3_endpoint: Option<String>,
    /// The bucket's region
    #[arg(long, env = "WAGGLE_S3_REGION", default_value = "us-east-1", global = true)]
    pub s3_region: String,
    /// The name of the key to the bucket
    #[arg(long, env = "WAGGLE_S3_ACCESS_KEY", hide_env_values = true, global = true)]
    pub s3_access_key: Option<String>,
    /// The key itself
    #[arg(long, env = "WAGGLE_S3_SECRET_KEY", hide_env_values = true, global = true)]
    pub s3_secret_key: Option<String>,
    /// The bucket stands in the address's path, not in its host: for MinIO and Garage
    #[arg(long, env = "WAGGLE_S3_PATH_STYLE", global = true)]
    pub s3_path_style: bool,
}

#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Assistant")]
pub struct AssistantConfig {
    /// Whether the assistant answers tickets from the help articles: off, draft (the team sends what it writes) or auto.
    /// It holds until an admin changes it on the page
    #[arg(long, env = "WAGGLE_ASSISTANT", default_value_t = AssistantMode::Auto, value_name = "MODE", global = true)]
    pub assistant: AssistantMode,
    /// The name that its comments are signed with, until an admin changes it on the page
    #[arg(long, env = "WAGGLE_ASSISTANT_NAME", default_value = "Waggle", value_name = "NAME", global = true)]
    pub assistant_name: String,
    /// A language model that speaks OpenAI's chat completions, such as https://api.openai.com/v1; without it, the
    /// assistant only quotes the articles. What customers write to it goes there, with secrets masked
    #[arg(long, env = "WAGGLE_AI_BASE_URL", value_name = "URL", global = true)]
    pub ai_base_url: Option<String>,
    /// The key to it, where it wants one
    #[arg(long, env = "WAGGLE_AI_API_KEY", hide_env_values = true, value_name = "KEY", global = true)]
    pub ai_api_key: Option<String>,
    /// The model that writes answers, by the endpoint's name for it
    #[arg(long, env = "WAGGLE_AI_MODEL", value_name = "MODEL", global = true)]
    pub ai_model: Option<String>,
    /// The model that finds passages by meaning and across languages, by the endpoint's name for it
    #[arg(long, env = "WAGGLE_AI_EMBEDDING_MODEL", value_name = "MODEL", global = true)]
    pub ai_embedding_model: Option<String>,
    /// What that model wants before a question, with its last space, such as "query: " for the E5 family
    #[arg(long, env = "WAGGLE_AI_EMBEDDING_QUERY_PREFIX", default_value = "", value_name = "WORDS", global = true)]
    pub ai_embedding_query_prefix: String,
    /// What it wants before a passage, such as "passage: "; whoever changes it has all passages embedded anew
    #[arg(long, env = "WAGGLE_AI_EMBEDDING_PASSAGE_PREFIX", default_value = "", value_name = "WORDS", global = true)]
    pub ai_embedding_passage_prefix: String,
    /// So many answers a day (UTC) may ask the model; from then on the assistant only quotes the articles
    #[arg(long, env = "WAGGLE_AI_DAILY_BUDGET", default_value_t = 500, value_name = "N", global = true)]
    pub ai_daily_budget: u32,
}

impl AssistantConfig {
    /// What the assistant may spend.
    pub fn limits(&self) -> assistant::Limits {
        assistant::Limits { daily_budget: self.ai_daily_budget, ..assistant::Limits::default() }
    }

    /// The model, if there is to be one.
    pub fn model(&self, clock: Clock) -> anyhow::Result<Option<Model>> {
        let Some(base_url) = &self.ai_base_url else {
            return Ok(None);
        };
        let settings = ModelSettings {
            api_key: self.ai_api_key.clone(),
            chat: self.ai_model.clone(),
            embedding: self.ai_embedding_model.clone(),
            prefixes: Prefixes {
                question: self.ai_embedding_query_prefix.clone(),
                passage: self.ai_embedding_passage_prefix.clone(),
            },
            ..ModelSettings::at(base_url)
        };
        Model::new(settings, clock).map(Some)
    }

    fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        if garde::Validate::validate(&PersonName::from(self.assistant_name.clone())).is_err() {
            mistakes.push("WAGGLE_ASSISTANT_NAME must be a name of at most 80 characters, without brackets".to_owned());
        }
        let named = self.ai_model.is_some() || self.ai_embedding_model.is_some();
        if self.ai_base_url.is_none() && (named || self.ai_api_key.is_some()) {
            mistakes.push(
                "WAGGLE_AI_MODEL, WAGGLE_AI_EMBEDDING_MODEL and WAGGLE_AI_API_KEY need WAGGLE_AI_BASE_URL".to_owned(),
            );
        }
        if self.ai_base_url.is_some() && !named {
            mistakes.push("WAGGLE_AI_BASE_URL needs WAGGLE_AI_MODEL or WAGGLE_AI_EMBEDDING_MODEL".to_owned());
        }
        if let Err(error) = self.model(Clock::System) {
            mistakes.push(format!("WAGGLE_AI_BASE_URL and WAGGLE_AI_API_KEY name no model: {error}"));
        }
        mistakes
    }
}

impl FilesConfig {
    /// The bucket, if there is to be one.
    fn bucket(&self) -> anyhow::Result<Option<S3>> {
        let Some(bucket) = self.s3_bucket.clone() else {
            anyhow::ensure!(self.s3_endpoint.is_none(), "WAGGLE_S3_ENDPOINT needs WAGGLE_S3_BUCKET");
            return Ok(None);
        };
        let (Some(access_key), Some(secret_key)) = (self.s3_access_key.clone(), self.s3_secret_key.clone()) else {
            anyhow::bail!("WAGGLE_S3_BUCKET needs WAGGLE_S3_ACCESS_KEY and WAGGLE_S3_SECRET_KEY");
        };
        if let Some(endpoint) = &self.s3_endpoint {
            anyhow::ensure!(is_public_url(endpoint), "WAGGLE_S3_ENDPOINT must look like https://minio.example.org");
        }
        let (endpoint, region) = (self.s3_endpoint.clone(), self.s3_region.clone());
        S3::new(BucketSettings { endpoint, region, bucket, access_key, secret_key, path_style: self.s3_path_style })
            .map(Some)
            .map_err(|error| anyhow::anyhow!("WAGGLE_S3_* name no bucket: {error}"))
    }

    /// What an upload has to keep to.
    pub fn rules(&self) -> Rules {
        const MEGABYTE: u64 = 1024 * 1024;
        Rules {
            max_size: u64::from(self.files_max_size) * MEGABYTE,
            quota: u64::from(self.files_quota) * MEGABYTE,
            patience: Duration::from_secs(30),
        }
    }
}

impl Config {
    /// Everything that is wrong with the settings, in words. Empty when they can be used.
    pub fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        if let Some(url) = &self.database.database_url
            && let Err(error) = url.parse::<db::Address>()
        {
            mistakes.push(format!("DATABASE_URL is not a Postgres address: {error}"));
        }
        if self.database.secret_key.as_ref().is_some_and(|key| key.len() < 32) {
            mistakes.push("WAGGLE_SECRET_KEY needs at least 32 characters".to_owned());
        }
        if let Some(url) = &self.http.public_url
            && !is_public_url(url)
        {
            mistakes.push("WAGGLE_PUBLIC_URL must look like https://help.example.org, without a path".to_owned());
        }
        if self.http.workers == Some(0) {
            mistakes.push("WAGGLE_WORKERS must be at least 1".to_owned());
        }
        if let Some(url) = &self.mail.smtp_url
            && let Err(error) = Post::smtp(url)
        {
            mistakes.push(format!("WAGGLE_SMTP_URL is not a mail server's address: {error}"));
        }
        if self.files.files_max_size == 0 || self.files.files_quota < self.files.files_max_size {
            mistakes.push("WAGGLE_FILES_MAX_SIZE must be at least 1, and at most WAGGLE_FILES_QUOTA".to_owned());
        }
        if let Err(error) = self.files.bucket() {
            mistakes.push(error.to_string());
        }
        if self.desk.demo_host && !is_on_this_machine(&self.public_url()) {
            mistakes.push("WAGGLE_DEMO_HOST signs a customer in, so WAGGLE_PUBLIC_URL must be on localhost".to_owned());
        }
        if let Err(error) = self.desk.judge(&self.public_url()) {
            mistakes.push(format!("WAGGLE_CAPTCHA_VERIFY_URL is no address: {error}"));
        }
        mistakes.extend(self.assistant.mistakes());
        mistakes
    }

    /// Where files are kept.
    pub fn files(&self, secret: &[u8]) -> anyhow::Result<Files> {
        Ok(Files::new(&self.database.data_dir.join("files"), self.files.bucket()?, secret))
    }

    /// What holds until an admin changes it.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        settings.registration.mode = self.desk.registration;
        settings.assistant.mode = self.assistant.assistant;
        settings.assistant.name = PersonName::from(self.assistant.assistant_name.clone());
        settings
    }

    /// Where people reach the desk, without a slash at the end.
    pub fn public_url(&self) -> String {
        match &self.http.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://localhost:{}", self.http.listen.port()),
        }
    }

    /// Where mails go. Inside an async runtime only: it opens the mail server's pool.
    pub fn mailer(&self) -> anyhow::Result<Mailer> {
        let post = match &self.mail.smtp_url {
            Some(url) => Post::smtp(url)?,
            None => Post::Folder(self.database.data_dir.join("mail")),
        };
        Ok(Mailer::new(self.mail.mail_from.clone(), post))
    }
}

fn is_public_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.map(|rest| rest.trim_end_matches('/'))
        .is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', ' ', '@']))
}
