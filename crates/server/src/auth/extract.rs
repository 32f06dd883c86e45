//! Who is asking: the extractors that a handler's signature names.
//!
//! Invariant: a handler that takes [`Team`] or [`Admin`] cannot run for anybody else.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use api_types::{
    comments::AuthorKind,
    error::ErrorCode,
    people::{Locale, PersonId, Role},
};
use uuid::Uuid;

use super::accounts::{self, Account};
use crate::{
    error::{AppError, Result},
    state::State,
};

type Later<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

/// The signed-in person.
#[derive(Clone, Debug)]
pub struct CurrentUser {
    pub id: PersonId,
    pub name: String,
    pub role: Role,
    pub locale: Locale,
    pub session: Uuid,
}

impl CurrentUser {
    /// How this person's comments are signed.
    pub fn author_kind(&self) -> AuthorKind {
        if self.role.is_team() { AuthorKind::Admin } else { AuthorKind::User }
    }
}

/// A signed-in agent or admin.
#[derive(Clone, Debug)]
pub struct Team(pub CurrentUser);

/// A signed-in admin.
#[derive(Clone, Debug)]
pub struct Admin(pub CurrentUser);

impl FromRequest for CurrentUser {
    type Error = AppError;
    type Future = Later<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = bearer(request).map(str::to_owned);
        let state = request.app_data::<web::Data<State>>().cloned();
        Box::pin(async move {
            let state = state.ok_or_else(|| AppError::internal(anyhow::anyhow!("no state")))?;
            let token = token.ok_or_else(|| AppError::new(ErrorCode::Unauthenticated))?;
            authenticate(&state, &token).await?.ok_or_else(|| AppError::new(ErrorCode::Unauthenticated))
        })
    }
}

impl FromRequest for Team {
    type Error = AppError;
    type Future = Later<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let user = CurrentUser::from_request(request, payload);
        Box::pin(async move {
            let user = user.await?;
            if user.role.is_team() { Ok(Self(user)) } else { Err(AppError::new(ErrorCode::Forbidden)) }
        })
    }
}

impl FromRequest for Admin {
    type Error = AppError;
    type Future = Later<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let user = CurrentUser::from_request(request, payload);
        Box::pin(async move {
            let user = user.await?;
            if user.role == Role::Admin { Ok(Self(user)) } else { Err(AppError::new(ErrorCode::Forbidden)) }
        })
    }
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn authenticate(state: &State, token: &str) -> Result<Option<CurrentUser>> {
    let now = state.clock.now();
    let Some(claims) = state.keys.read(now, token) else {
        return Ok(None);
    };
    let account = match state.accounts.get(now, claims.sid) {
        Some(known) => known,
        None => {
            let account = accounts::load(&mut *state.db().await?, claims.sid).await?;
            state.accounts.put(now, claims.sid, account.clone());
            account
        }
    };
    Ok(account
        .filter(|account| account.id == claims.sub && account.token_version == claims.ver)
        .map(|Account { id, name, role, locale, .. }| CurrentUser { id, name, role, locale, session: claims.sid }))
}
