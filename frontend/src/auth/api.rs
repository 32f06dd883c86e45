//! The calls of this room.

use api_types::auth::{Credentials, MailRequest, PasswordReset, Registration, Session, Verification};

use crate::api::{Failure, post};

pub async fn register(request: Registration) -> Result<(), Failure> {
    post("/auth/register", &request).await
}

pub async fn verify(token: String) -> Result<Session, Failure> {
    post("/auth/verify", &Verification { token }).await
}

pub async fn login(request: Credentials) -> Result<Session, Failure> {
    post("/auth/login", &request).await
}

pub async fn mail_link(request: MailRequest) -> Result<(), Failure> {
    post("/auth/link", &request).await
}

pub async fn forgot(request: MailRequest) -> Result<(), Failure> {
    post("/auth/forgot", &request).await
}

pub async fn reset(request: PasswordReset) -> Result<(), Failure> {
    post("/auth/reset", &request).await
}
