//! A mail server that plays a part.
//!
//! Invariant: it keeps every mail that it got up to the final dot, also one that it then refuses or forgets to
//! acknowledge.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use mail_parser::{Message, MessageParser};
use server::outside::mail::Post;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

use super::{App, app::Setup};

/// What it does with the next mail. Without a part, it takes it.
pub enum Part {
    /// Refuses the address.
    Refuse(&'static str),
    /// Refuses the mail after its final dot.
    RefuseMail(&'static str),
    /// Takes the mail, and the line is cut before it can say so.
    Cut,
    /// Says nothing more until it is told to.
    Stall(Arc<Notify>),
}

pub struct MailServer {
    pub url: String,
    received: Arc<Mutex<Vec<Vec<u8>>>>,
    parts: Arc<Mutex<VecDeque<Part>>>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let (received, parts) = (Arc::default(), Arc::default());
        let server = Self { url, received: Arc::clone(&received), parts: Arc::clone(&parts) };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&received), Arc::clone(&parts)));
            }
        });
        server
    }

    /// Everything that came up to its final dot.
    pub fn received(&self) -> Vec<Vec<u8>> {
        self.received.lock().unwrap().clone()
    }

    pub fn plays(&self, parts: impl IntoIterator<Item = Part>) {
        self.parts.lock().unwrap().extend(parts);
    }

    /// A desk that sends its mails here.
    pub async fn desk(&self) -> App {
        self.desk_with(Setup::default()).await
    }

    pub async fn desk_with(&self, setup: Setup) -> App {
        App::start_with(Setup { post: Some(Post::smtp(&self.url).unwrap()), ..setup }).await
    }
}

async fn converse(
    stream: TcpStream,
    received: Arc<Mutex<Vec<Vec<u8>>>>,
    parts: Arc<Mutex<VecDeque<Part>>>,
) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    write.write_all(b"220 mail.example.org ESMTP\r\n").await?;
    let mut line = String::new();
    while read.read_line(&mut line).await? > 0 {
        let mut answer = "250 fine\r\n".to_owned();
        match line.split_whitespace().next().unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => answer = "250-mail.example.org\r\n250 8BITMIME\r\n".to_owned(),
            "DATA" => {
                write.write_all(b"354 go ahead\r\n").await?;
                let mut mail = Vec::new();
                while !mail.ends_with(b"\r\n.\r\n") {
                    if read.read_until(b'\n', &mut mail).await? == 0 {
                        return Ok(());
                    }
                }
                received.lock().unwrap().push(mail);
                let part = parts.lock().unwrap().pop_front();
                match part {
                    Some(Part::RefuseMail(words)) => answer = format!("{words}\r\n"),
                    Some(Part::Cut) => return Ok(()),
                    Some(Part::Stall(until)) => until.notified().await,
                    Some(Part::Refuse(_)) | None => {}
                }
            }
            "RCPT" => {
                let mut parts = parts.lock().unwrap();
                if let Some(Part::Refuse(words)) = parts.front() {
                    answer = format!("{words}\r\n");
                    parts.pop_front();
                }
            }
            "QUIT" => return write.write_all(b"221 bye\r\n").await,
            _ => {}
        }
        write.write_all(answer.as_bytes()).await?;
        line.clear();
    }
    Ok(())
}

/// A mail as its reader's program understands it.
pub fn read(raw: &[u8]) -> Message<'_> {
    MessageParser::default().parse(raw).expect("a mail")
}
