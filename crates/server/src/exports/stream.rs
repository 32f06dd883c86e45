//! A body that is written while it is read.
//!
//! Invariant: a body that was not written to its end does not end: its connection is cut. What waits for a slow reader
//! is two pieces at most, and nobody waits for a reader who has stopped.

use std::time::Duration;

use actix_web::web::Bytes;
use futures_util::{Stream, stream};
use tokio::sync::mpsc::{self, Receiver, Sender, error::SendTimeoutError};

use crate::error::{AppError, Result};

/// How long a reader may take nothing.
const PATIENCE: Duration = Duration::from_secs(60);

enum Piece {
    Some(Bytes),
    End,
}

/// Where a body is written.
pub struct Outlet(Sender<Piece>);

/// A body, and where it is written.
pub fn body() -> (Outlet, impl Stream<Item = Result<Bytes>>) {
    let (sender, receiver) = mpsc::channel(1);
    (Outlet(sender), stream::unfold(Some(receiver), read))
}

async fn read(receiver: Option<Receiver<Piece>>) -> Option<(Result<Bytes>, Option<Receiver<Piece>>)> {
    let mut receiver = receiver?;
    match receiver.recv().await {
        Some(Piece::Some(bytes)) => Some((Ok(bytes), Some(receiver))),
        Some(Piece::End) => None,
        None => Some((Err(AppError::unavailable(anyhow::anyhow!("an export was cut"))), None)),
    }
}

impl Outlet {
    /// Hands over a piece. An error means that nobody reads any more.
    pub async fn push(&self, bytes: impl Into<Bytes>) -> Result<()> {
        self.send(Piece::Some(bytes.into())).await
    }

    /// It is whole.
    pub async fn end(self) -> Result<()> {
        self.send(Piece::End).await
    }

    async fn send(&self, piece: Piece) -> Result<()> {
        self.0.send_timeout(piece, PATIENCE).await.map_err(|error| {
            AppError::unavailable(match error {
                SendTimeoutError::Timeout(_) => anyhow::anyhow!("the reader has stopped"),
                SendTimeoutError::Closed(_) => anyhow::anyhow!("the reader has gone"),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;

    #[tokio::test]
    async fn only_what_was_ended_ends() {
        let (outlet, body) = body();
        let written = tokio::spawn(async move {
            outlet.push("a").await.unwrap();
            outlet.end().await.unwrap();
        });
        let read: Vec<_> = body.map(Result::ok).collect().await;
        assert_eq!(read, [Some(Bytes::from("a"))]);
        written.await.unwrap();
    }

    #[tokio::test]
    async fn what_was_left_is_cut() {
        let (outlet, body) = body();
        tokio::spawn(async move { outlet.push("a").await });
        let read: Vec<_> = body.map(|piece| piece.is_ok()).collect().await;
        assert_eq!(read, [true, false]);
    }

    #[tokio::test]
    async fn who_writes_for_nobody_is_told() {
        let (outlet, body) = body();
        drop(body);
        assert!(outlet.push("a").await.is_err());
    }
}
