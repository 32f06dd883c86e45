//! Sending mail: by SMTP, into a folder, or into memory.
//!
//! Invariant: only jobs send. A repeated job sends the same Message-ID, so that a mail client shows the
//! mail once, and no value breaks out of its header.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, header},
    transport::smtp,
};
use tokio::io::AsyncWriteExt;

/// One mail to one person.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// What mail programs show together with it: all mails with the same name.
    pub thread: Option<String>,
    /// Where its reader chooses what to be told of.
    pub preferences: Option<String>,
}

/// Why a mail was not taken, in the mail server's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It may be taken later.
    ForNow(String),
    ForGood(String),
}

impl Refused {
    fn for_now(why: impl std::fmt::Display) -> Self {
        Self::ForNow(excerpt(&why.to_string()))
    }

    fn for_good(why: impl std::fmt::Display) -> Self {
        Self::ForGood(excerpt(&why.to_string()))
    }

    fn of(error: &smtp::Error) -> Self {
        // These say that the desk may not send at all, which its admin can mend.
        let ours = error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538));
        if error.is_permanent() && !ours { Self::for_good(error) } else { Self::for_now(error) }
    }
}

/// A mail server may say a lot.
fn excerpt(why: &str) -> String {
    one_line(why).chars().take(500).collect()
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
    pub fn smtp(url: &str) -> Result<Self, smtp::Error> {
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
    pub async fn send(&self, mail: &Mail, id: &str, now: Timestamp) -> Result<(), Refused> {
        match &self.post {
            Post::Smtp(transport) => {
                transport.send(self.compose(mail, id, now)?).await.map_err(|error| Refused::of(&error))?;
            }
            Post::Folder(folder) => {
                let message = self.compose(mail, id, now)?.formatted();
                let name = format!("{}-{id}.eml", now.as_microsecond());
                keep(folder, &name, &message).await.map_err(Refused::for_now)?;
            }
            Post::Memory(mails) => mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail.clone()),
        }
        Ok(())
    }

    fn compose(&self, mail: &Mail, id: &str, now: Timestamp) -> Result<Message, Refused> {
        let domain = self.from.email.domain();
        let to = Mailbox::new(None, mail.to.parse().map_err(Refused::for_good)?);
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(one_line(&mail.subject))
            .date(now.into())
            .message_id(Some(format!("<{id}@{domain}>")))
            // RFC 3834, and Exchange's own: no program answers what a program wrote.
            .raw_header(raw("Auto-Submitted", "auto-generated"))
            .raw_header(raw("X-Auto-Response-Suppress", "All"));
        if let Some(thread) = &mail.thread {
            let thread = format!("<{thread}@{domain}>");
            builder = builder.in_reply_to(thread.clone()).references(thread);
        }
        if let Some(preferences) = &mail.preferences {
            builder = builder.raw_header(raw("List-Unsubscribe", &format!("<{preferences}>")));
        }
        builder
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
            .map_err(Refused::for_good)
    }
}

/// A title or a name in one line: one of old may hold what none may hold today.
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn raw(name: &'static str, value: &str) -> header::HeaderValue {
    header::HeaderValue::new(header::HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// Only the desk's own user may read the file: it holds a link that signs in.
async fn keep(folder: &Path, name: &str, message: &[u8]) -> std::io::Result<()> {
    tokio::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).await?;
    let path = folder.join(name);
    let mut file = tokio::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).await?;
    file.write_all(message).await?;
    file.flush().await
}
