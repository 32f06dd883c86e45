//! A language model, behind any endpoint that speaks OpenAI's chat completions and embeddings.
//!
//! Invariant: a call ends within a minute and takes at most a megabyte, follows no redirect, and is not even made
//! while its kind has been failing. What comes back is text of a stranger.

mod breaker;
mod reply;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_openai::types::{
    chat::{
        ChatCompletionRequestMessage, ChatCompletionRequestSystemMessage, ChatCompletionRequestUserMessage,
        CreateChatCompletionRequest, ResponseFormat, ResponseFormatJsonSchema,
    },
    embeddings::{CreateEmbeddingRequest, EmbeddingInput},
};
use futures_util::StreamExt;
use reqwest::{Client, StatusCode, Url, header, redirect::Policy};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use self::breaker::Breaker;
use crate::clock::Clock;

pub use reply::read_json;

/// How long one question may take, with everything that is tried for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a question may take to be embedded. With the minute of its answer it ends well within a job's lease.
const PATIENCE_FOR_MEANING: Duration = Duration::from_secs(10);

/// How long a connection may take to come about.
const CONNECTING: Duration = Duration::from_secs(10);

/// The largest answer, in bytes.
const MOST: usize = 1024 * 1024;

/// A model that can be asked.
#[derive(Clone)]
pub struct Model(Arc<Inner>);

struct Inner {
    http: Client,
    base: Url,
    settings: ModelSettings,
    /// The endpoint has refused a schema once, and is asked in words since.
    ignores_schemas: AtomicBool,
    /// Where embeddings fail, the chat may go on, and the other way round.
    chat: Breaker,
    embedding: Breaker,
}

/// Where a model is, and how long to wait for it.
#[derive(Clone)]
pub struct ModelSettings {
    /// Such as `https://api.example.org/v1`.
    pub base_url: String,
    pub api_key: Option<String>,
    /// Absent: nobody is asked, only embeddings are made.
    pub chat: Option<String>,
    pub embedding: Option<String>,
    /// What the embedding model wants to stand before a question and before a passage, as E5 does.
    pub prefixes: Prefixes,
    pub patience: Duration,
}

/// What stands before a text that is embedded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefixes {
    pub question: String,
    pub passage: String,
}

/// What a text is embedded for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody waits for what it finds.
    Question,
    /// It is to be found.
    Passage,
}

impl ModelSettings {
    pub fn at(base_url: &str) -> Self {
        let (base_url, prefixes) = (base_url.to_owned(), Prefixes::default());
        Self { base_url, api_key: None, chat: None, embedding: None, prefixes, patience: PATIENCE }
    }
}

/// A question that is to be answered in JSON.
#[derive(Clone, Debug)]
pub struct Prompt {
    pub system: String,
    pub user: String,
    /// The shape of the answer, as JSON schema. The words must ask for it as well.
    pub schema: serde_json::Value,
    pub max_tokens: u32,
}

/// What the model said.
#[derive(Clone, Debug)]
pub struct Said {
    pub text: String,
    pub prompt_tokens: i32,
    pub completion_tokens: i32,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Silence {
    #[error("no model is configured")]
    NotConfigured,
    #[error("the model has been failing and is left alone for a while")]
    LeftAlone,
    #[error("the model took longer than {} s", .0.as_secs())]
    TooSlow(Duration),
    #[error("the model's answer is larger than a megabyte")]
    TooLarge,
    #[error("the model's endpoint answered {0}")]
    Refused(StatusCode),
    #[error("the model's endpoint cannot be reached, or the connection broke")]
    Broken(#[source] reqwest::Error),
    #[error("the model's endpoint answered something else than a completion")]
    Garbage,
}

impl Model {
    /// Opens no connection yet.
    pub fn new(settings: ModelSettings, clock: Clock) -> anyhow::Result<Self> {
        let base: Url = settings.base_url.trim_end_matches('/').parse()?;
        anyhow::ensure!(matches!(base.scheme(), "http" | "https") && base.has_host(), "it must start with https://");
        anyhow::ensure!(base.query().is_none() && base.fragment().is_none(), "it ends with its path");
        let mut headers = header::HeaderMap::new();
        if let Some(key) = &settings.api_key {
            let mut value = header::HeaderValue::from_str(&format!("Bearer {key}"))
                .map_err(|_| anyhow::anyhow!("the key holds characters that no header takes"))?;
            value.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, value);
        }
        let http = Client::builder()
            .default_headers(headers)
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECTING)
            .build()?;
        let (chat, embedding) = (Breaker::new(clock.clone()), Breaker::new(clock));
        let ignores_schemas = AtomicBool::new(false);
        Ok(Self(Arc::new(Inner { http, base, settings, ignores_schemas, chat, embedding })))
    }

    /// The model that is asked, if one is.
    pub fn chat_name(&self) -> Option<&str> {
        self.0.settings.chat.as_deref()
    }

    pub fn has_embeddings(&self) -> bool {
        self.0.settings.embedding.is_some()
    }

    /// The model that embeds; empty without one.
    pub fn embedding_name(&self) -> &str {
        self.0.settings.embedding.as_deref().unwrap_or_default()
    }

    /// What a passage's vector depends on besides its text: the model, and what stood before the passage.
    pub fn vectors_are_of(&self) -> String {
        match self.0.settings.prefixes.passage.as_str() {
            "" => self.embedding_name().to_owned(),
            prefix => format!("{} after {prefix}", self.embedding_name()),
        }
    }

    /// Asks. A server that takes no schema is asked again in words alone, within the same minute.
    pub async fn chat(&self, prompt: &Prompt) -> Result<Said, Silence> {
        let name = self.chat_name().ok_or(Silence::NotConfigured)?;
        let patience = self.0.settings.patience;
        guarded(&self.0.chat, patience, async {
            if !self.0.ignores_schemas.load(Ordering::Relaxed) {
                match self.complete(name, prompt, true).await {
                    Err(Silence::Refused(status)) if takes_no_schema(status) => {
                        let said = self.complete(name, prompt, false).await?;
                        self.0.ignores_schemas.store(true, Ordering::Relaxed);
                        return Ok(said);
                    }
                    done => return done,
                }
            }
            self.complete(name, prompt, false).await
        })
        .await
    }

    async fn complete(&self, name: &str, prompt: &Prompt, with_schema: bool) -> Result<Said, Silence> {
        let request = CreateChatCompletionRequest {
            model: name.to_owned(),
            messages: vec![
                ChatCompletionRequestMessage::System(ChatCompletionRequestSystemMessage::from(prompt.system.as_str())),
                ChatCompletionRequestMessage::User(ChatCompletionRequestUserMessage::from(prompt.user.as_str())),
            ],
            response_format: with_schema.then(|| ResponseFormat::JsonSchema {
                json_schema: ResponseFormatJsonSchema {
                    name: "answer".to_owned(),
                    description: None,
                    schema: prompt.schema.clone(),
                    strict: Some(true),
                },
            }),
            max_completion_tokens: Some(prompt.max_tokens),
            ..CreateChatCompletionRequest::default()
        };
        let answer: Completion = self.post("chat/completions", &request).await?;
        let choice = answer.choices.into_iter().next().ok_or(Silence::Garbage)?;
        Ok(Said {
            text: choice.message.content.ok_or(Silence::Garbage)?,
            prompt_tokens: answer.usage.prompt_tokens,
            completion_tokens: answer.usage.completion_tokens,
        })
    }

    /// One list of numbers per text, in order. The texts go in one call, so the caller sends few.
    pub async fn embed(&self, purpose: Purpose, texts: &[String]) -> Result<Vec<Vec<f32>>, Silence> {
        let settings = &self.0.settings;
        let name = settings.embedding.as_deref().ok_or(Silence::NotConfigured)?;
        let (prefix, patience) = match purpose {
            Purpose::Question => (&settings.prefixes.question, settings.patience.min(PATIENCE_FOR_MEANING)),
            Purpose::Passage => (&settings.prefixes.passage, settings.patience),
        };
        let texts: Vec<String> = texts.iter().map(|text| format!("{prefix}{text}")).collect();
        guarded(&self.0.embedding, patience, self.embed_batch(name, texts)).await
    }

    async fn embed_batch(&self, name: &str, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Silence> {
        let wanted = texts.len();
        let request = CreateEmbeddingRequest {
            model: name.to_owned(),
            input: EmbeddingInput::StringArray(texts),
            ..CreateEmbeddingRequest::default()
        };
        let mut answer: Embeddings = self.post("embeddings", &request).await?;
        answer.data.sort_by_key(|one| one.index);
        let dimensions = answer.data.first().map_or(0, |one| one.embedding.len());
        let fits = |one: &Embedding| {
            one.embedding.len() == dimensions && dimensions > 0 && one.embedding.iter().all(|it| it.is_finite())
        };
        if answer.data.len() != wanted || !answer.data.iter().all(fits) {
            return Err(Silence::Garbage);
        }
        Ok(answer.data.into_iter().map(|one| one.embedding).collect())
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Silence> {
        let url = format!("{}/{path}", self.0.base.as_str().trim_end_matches('/'));
        let body = serde_json::to_vec(body).map_err(|_| Silence::Garbage)?;
        let request = self.0.http.post(url).header(header::CONTENT_TYPE, "application/json").body(body);
        let response = request.send().await.map_err(|error| Silence::Broken(error.without_url()))?;
        if response.status() != StatusCode::OK {
            return Err(Silence::Refused(response.status()));
        }
        let mut read = Vec::new();
        let mut stream = response.bytes_stream();
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|error| Silence::Broken(error.without_url()))?;
            if read.len() + piece.len() > MOST {
                return Err(Silence::TooLarge);
            }
            read.extend_from_slice(&piece);
        }
        serde_json::from_slice(&read).map_err(|_| Silence::Garbage)
    }
}

/// Makes a call unless the like has been failing, and remembers how it went.
async fn guarded<T>(
    breaker: &Breaker,
    patience: Duration,
    call: impl Future<Output = Result<T, Silence>>,
) -> Result<T, Silence> {
    let attempt = breaker.enter().ok_or(Silence::LeftAlone)?;
    let done = tokio::time::timeout(patience, call).await.unwrap_or(Err(Silence::TooSlow(patience)));
    if done.is_ok() {
        attempt.succeeded();
    }
    done
}

/// What servers answer that do not know `json_schema`.
fn takes_no_schema(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::NOT_IMPLEMENTED)
}

// What is read of the answers, and no more: servers leave out what they do not keep.
#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Usage,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Usage {
    prompt_tokens: i32,
    completion_tokens: i32,
}

#[derive(Deserialize)]
struct Embeddings {
    data: Vec<Embedding>,
}

#[derive(Deserialize)]
struct Embedding {
    #[serde(default)]
    index: usize,
    embedding: Vec<f32>,
}
