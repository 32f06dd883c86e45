//! The calls of this room.

use api_types::auth::{Credentials, LinkRenewal, MailRequest, PasswordReset, Registration, Session, Verification};

use crate::api::{Failure, post};

pub async fn register(request: Registration) -> Result<(), Failure> {
    post("/auth/register".to_owned(), &request).await
}

pub async fn verify(token: String) -> Result<Session, Failure> {
    post("/auth/verify".to_owned(), &Verification { token }).await
}

pub async fn login(request: Credentials) -> Result<Session, Failure> {
    post("/auth/login".to_owned(), &request).await
}

pub async fn mail_link(request: MailRequest) -> Result<(), Failure> {
    post("/auth/link".to_owned(), &request).await
}

pub async fn renew(token: String) -> Result<(), Failure> {
    post("/auth/renew".to_owned(), &LinkRenewal { token }).await
}

pub async fn forgot(request: MailRequest) -> Result<(), Failure> {
    post("/auth/forgot".to_owned(), &request).await
}

pub async fn reset(request: PasswordReset) -> Result<(), Failure> {
    post("/auth/reset".to_owned(), &request).await
}
