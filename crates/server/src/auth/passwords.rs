//! Passwords: argon2id, a few at a time.
//!
//! Invariant: checking a password takes the same work whether or not the account exists.

use std::{collections::HashSet, sync::Arc, sync::LazyLock};

use actix_web::web;
use api_types::{error::FieldCode, text::Password};
use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::error::{AppError, Result};

/// Passwords of at least 12 characters that guessers try first.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// What an unknown account's password is checked against.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password").unwrap_or_default());

/// Hashes and checks passwords, each in 19 MiB of memory, off the request threads.
#[derive(Clone)]
pub struct Hasher(Arc<Semaphore>);

impl Default for Hasher {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(2)))
    }
}

impl Hasher {
    /// Hashes a new password. Common ones are refused at `pointer`.
    pub async fn hash(&self, password: &Password, pointer: &str) -> Result<String> {
        if COMMON.contains(password.reveal().to_lowercase().as_str()) {
            return Err(AppError::field(
                pointer,
                FieldCode::CommonPassword,
                "This password is among the first that others would try.",
            ));
        }
        let password = password.clone();
        self.run(move || hash_now(password.reveal())).await?
    }

    /// Tells whether the password fits the stored hash. Without one it does the same work and says no.
    pub async fn verify(&self, password: &Password, stored: Option<String>) -> Result<bool> {
        // Longer ones were never accepted, and hashing megabytes is work for free.
        if password.reveal().len() > 128 * 4 {
            return Ok(false);
        }
        let password = password.clone();
        self.run(move || {
            let known = stored.is_some();
            let stored = stored.unwrap_or_else(|| NOBODY.clone());
            let Ok(parsed) = PasswordHash::new(&stored) else {
                return false;
            };
            Argon2::default().verify_password(password.reveal().as_bytes(), &parsed).is_ok() && known
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _permit = self.0.acquire().await.map_err(AppError::internal)?;
        web::block(work).await.map_err(AppError::internal)
    }
}

/// argon2id, 19,456 KiB, two passes, one lane: the crate's default and OWASP's first choice.
fn hash_now(password: &str) -> Result<String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| AppError::internal(anyhow::anyhow!("{error}")))
}
