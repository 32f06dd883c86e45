//! Sending mail: by SMTP, into a folder, or into memory.
//!
//! Invariant: only jobs send. A repeated job sends the same Message-ID, so that a mail client shows the
//! mail once.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, header},
};

use tokio::io::AsyncWriteExt;

use crate::error::{AppError, Result};

/// One mail to one person.
#[derive(Clone, Debug)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Where mails go.
#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    post: Post,
}

/// The ways to send.
#[derive(Clone)]
pub enum Post {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// One .eml file per mail, readable at `/dev/mailbox`.
    Folder(PathBuf),
    /// For tests.
    Memory(Arc<Mutex<Vec<Mail>>>),
}

impl Post {
    /// Reads an address such as `smtps://user:password@mail.example.org:465`.
    pub fn smtp(url: &str) -> Result<Self, lettre::transport::smtp::Error> {
        let transport =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.timeout(Some(Duration::from_secs(20))).build();
        Ok(Self::Smtp(transport))
    }
}

impl Mailer {
    pub fn new(from: Mailbox, post: Post) -> Self {
        Self { from, post }
    }

    /// The folder that mails are written to, if that is where they go.
    pub fn folder(&self) -> Option<&PathBuf> {
        match &self.post {
            Post::Folder(folder) => Some(folder),
            Post::Smtp(_) | Post::Memory(_) => None,
        }
    }

    /// Sends one mail. `id` names it for good: the same id is the same mail.
    pub async fn send(&self, mail: &Mail, id: &str, now: Timestamp) -> Result<()> {
        match &self.post {
            Post::Smtp(transport) => {
                transport.send(self.compose(mail, id, now)?).await.map_err(AppError::internal)?;
            }
            Post::Folder(folder) => {
                let message = self.compose(mail, id, now)?.formatted();
                keep(folder, &format!("{}-{id}.eml", now.as_microsecond()), &message)
                    .await
                    .map_err(AppError::internal)?;
            }
            Post::Memory(mails) => mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail.clone()),
        }
        Ok(())
    }

    fn compose(&self, mail: &Mail, id: &str, now: Timestamp) -> Result<Message> {
        let to = Mailbox::new(None, mail.to.parse().map_err(AppError::internal)?);
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&mail.subject)
            .date(now.into())
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
            .map_err(AppError::internal)
    }
}

/// Only the desk's own user may read the file: it holds a link that signs in.
async fn keep(folder: &Path, name: &str, message: &[u8]) -> std::io::Result<()> {
    tokio::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).await?;
    let path = folder.join(name);
    let mut file = tokio::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).await?;
    file.write_all(message).await?;
    file.flush().await
}

/// RFC 3834: tells other programs that a program wrote this, so that they do not answer it.
#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> std::result::Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
