//! Files in a bucket: of AWS, MinIO, Garage or any other that speaks S3.
//!
//! Invariant: every part is signed with its hash, which the store checks; browsers fetch from the bucket
//! itself, by addresses that are signed for an hour.

use std::{
    fs::File,
    io::Read,
    sync::Arc,
    time::{Duration, SystemTime},
};

use actix_web::web::Bytes;
use anyhow::{Context, Result, ensure};
use futures_util::StreamExt;
use jiff::Timestamp;
use s3::{Bucket, Region, creds::Credentials, error::S3Error, request::request_trait::DataStream, serde_types::Part};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{Object, Stored, Wrapping, incoming::Received, presign::Signer};

/// The least that S3 takes as one part of several.
const PART: usize = 5 * 1024 * 1024;

/// A part is in memory while it is sent; so many at a time.
const SENDING: usize = 1;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// All our objects begin with this, so that a bucket may hold other things too.
const PREFIX: &str = "files/";

/// An object on its way.
pub type Body = DataStream;

/// The settings of a bucket.
#[derive(Clone)]
pub struct BucketSettings {
    pub endpoint: Option<String>,
    pub region: String,
    pub bucket: String,
    pub access_key: String,
    pub secret_key: String,
    pub path_style: bool,
}

/// A bucket.
#[derive(Clone)]
pub struct S3 {
    bucket: Arc<Bucket>,
    signer: Arc<Signer>,
    sending: Arc<Semaphore>,
}

impl S3 {
    pub fn new(settings: BucketSettings) -> Result<Self> {
        let region = match settings.endpoint {
            Some(endpoint) => {
                Region::Custom { region: settings.region, endpoint: endpoint.trim_end_matches('/').to_owned() }
            }
            None => settings.region.parse()?,
        };
        let signer = (region.clone(), settings.access_key.clone(), settings.secret_key.clone());
        let credentials = Credentials::new(Some(&settings.access_key), Some(&settings.secret_key), None, None, None)?;
        let mut bucket = Bucket::new(&settings.bucket, region, credentials)?;
        if settings.path_style {
            bucket.set_path_style();
        }
        bucket.set_request_timeout(Some(PATIENCE));
        let signer = Arc::new(Signer::new(&bucket, signer.0, signer.1, signer.2));
        Ok(Self { bucket: Arc::from(bucket), signer, sending: Arc::new(Semaphore::new(SENDING)) })
    }

    /// The origin of its addresses.
    pub fn origin(&self) -> String {
        self.signer.origin.clone()
    }

    pub(super) async fn keep(&self, received: &Received, object: Object) -> Result<()> {
        let name = name(object);
        let sent = self.send(received, &name).await;
        let checked = match sent {
            Ok(()) => self.compare(received, &name).await,
            failed => failed,
        };
        if checked.is_err() {
            // Its failure tells nothing new; what it leaves, a sweep finds.
            self.bucket.delete_object(&name).await.ok();
        }
        checked
    }

    async fn send(&self, received: &Received, name: &str) -> Result<()> {
        const TYPE: &str = "application/octet-stream";
        let _turn = self.sending.acquire().await?;
        let file = Arc::new(File::open(received.path())?);
        let mut part = next_part(&file).await?;
        if (part.len() as u64) == received.size {
            self.bucket.put_object_with_content_type(name, &part, TYPE).await?;
            return Ok(());
        }
        let upload = self.bucket.initiate_multipart_upload(name, TYPE).await?.upload_id;
        let parts = async {
            let mut parts: Vec<Part> = Vec::new();
            while !part.is_empty() {
                let number = u32::try_from(parts.len())? + 1;
                parts.push(self.bucket.put_multipart_chunk(part, name, number, &upload, TYPE).await?);
                part = next_part(&file).await?;
            }
            self.bucket.complete_multipart_upload(name, &upload, parts).await?;
            anyhow::Ok(())
        };
        let done = parts.await;
        if done.is_err() {
            self.bucket.abort_upload(name, &upload).await.ok();
        }
        done
    }

    /// What the store says that it holds.
    async fn compare(&self, received: &Received, name: &str) -> Result<()> {
        let (head, _) = self.bucket.head_object(name).await?;
        let held = head.content_length.and_then(|size| u64::try_from(size).ok());
        ensure!(held == Some(received.size), "the store holds {held:?} of {} bytes", received.size);
        Ok(())
    }

    pub(super) async fn open(&self, object: Object) -> Result<Option<Body>> {
        match self.bucket.get_object_stream(name(object)).await {
            Err(S3Error::HttpFailWithBody(404, _) | S3Error::HttpFail) => Ok(None),
            Ok(answer) if answer.status_code == 404 => Ok(None),
            answer => {
                let answer = answer?;
                ensure!((200..300).contains(&answer.status_code), "the bucket answers {}", answer.status_code);
                Ok(Some(answer.bytes))
            }
        }
    }

    pub(super) async fn remove(&self, object: Object) -> Result<()> {
        let name = name(object);
        self.bucket.delete_object(&name).await?;
        ensure!(!self.bucket.object_exists(&name).await?, "an object is still there");
        Ok(())
    }

    pub(super) async fn list(&self) -> Result<Vec<Stored>> {
        let mut found = Vec::new();
        for object in self.bucket.list(PREFIX.to_owned(), None).await?.into_iter().flat_map(|page| page.contents) {
            let since: Timestamp = object.last_modified.parse().context("the store's own date")?;
            if let Some(object) = object.key.strip_prefix(PREFIX).and_then(Object::named) {
                found.push(Stored { object, since: SystemTime::from(since) });
            }
        }
        Ok(found)
    }

    pub(super) async fn check(&self) -> Result<()> {
        let (_, status) = self.bucket.list_page(PREFIX.to_owned(), None, None, None, Some(1)).await?;
        ensure!((200..300).contains(&status), "the bucket answers {status}");
        Ok(())
    }

    /// By the system's clock, which is the bucket's too.
    pub(super) fn sign(&self, object: Object, wrapping: &Wrapping<'_>) -> Result<String> {
        self.sign_at(SystemTime::now(), object, wrapping)
    }

    /// An address that is good for an hour from that moment.
    pub fn sign_at(&self, at: SystemTime, object: Object, wrapping: &Wrapping<'_>) -> Result<String> {
        self.signer.sign(at, &name(object), wrapping)
    }
}

/// The next piece of an object, or its end.
pub(super) async fn next(body: &mut Body) -> Result<Option<Bytes>> {
    Ok(body.next().await.transpose()?)
}

fn name(object: Object) -> String {
    format!("{PREFIX}{object}")
}

/// The next part, which is short only at the end.
async fn next_part(file: &Arc<File>) -> Result<Vec<u8>> {
    let file = Arc::clone(file);
    // Made on the thread that sends it: each thread that reads would otherwise keep the memory of a part for itself.
    let mut part = Vec::with_capacity(PART);
    spawn_blocking(move || {
        file.take(PART as u64).read_to_end(&mut part)?;
        Ok(part)
    })
    .await?
}
