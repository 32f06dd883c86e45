//! A real S3 server in this process, which checks every signature.
//!
//! Invariant: it keeps its objects in a folder of its own, and can go away and come back at the same address.

use std::{net::SocketAddr, path::Path};

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use server::outside::files::{BucketSettings, S3};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

const BUCKET: &str = "desk";

pub struct S3Server {
    pub address: SocketAddr,
    folder: TempDir,
    running: Option<JoinHandle<()>>,
}

impl S3Server {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let running = Some(serve(listener, folder.path()));
        Self { address, folder, running }
    }

    /// Refuses every connection from now on, and ends those that there are.
    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort();
            running.await.ok();
        }
    }

    /// Answers again.
    pub async fn resume(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.running = Some(serve(listener, self.folder.path()));
    }

    pub fn bucket(&self) -> S3 {
        self.bucket_with_key("a secret of the bucket")
    }

    pub fn bucket_with_key(&self, secret_key: &str) -> S3 {
        S3::new(BucketSettings {
            endpoint: Some(format!("http://{}", self.address)),
            region: "us-east-1".to_owned(),
            bucket: BUCKET.to_owned(),
            access_key: "waggle".to_owned(),
            secret_key: secret_key.to_owned(),
            path_style: true,
        })
        .unwrap()
    }
}

fn serve(listener: TcpListener, folder: &Path) -> JoinHandle<()> {
    let mut service = S3ServiceBuilder::new(FileSystem::new(folder).unwrap());
    service.set_auth(SimpleAuth::from_single("waggle", "a secret of the bucket"));
    let service = service.build();
    tokio::spawn(async move {
        // Dropped with this task, and their connections with them.
        let mut connections = tokio::task::JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            let service = service.clone();
            connections.spawn(async move {
                Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await.ok();
            });
        }
    })
}
