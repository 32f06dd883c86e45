//! Who is asking: the extractors that a handler's signature names.
//!
//! Invariant: a handler that takes [`Team`] or [`Admin`] cannot run for anybody else.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
    web,
};
use api_types::{
    api_keys::ApiScope,
    comments::AuthorKind,
    departments::{AgentsSee, DepartmentId},
    error::ErrorCode,
    people::{Locale, PersonId, Role},
    settings::RegistrationMode,
};
use uuid::Uuid;

use super::{
    accounts::{self, Account},
    api_key::{self, TokenHash, UsedKey},
    quota::Whose,
    scopes, throttle,
};
use crate::{
    error::{AppError, Result},
    state::State,
};

/// The signed-in person.
#[derive(Clone, Debug)]
pub struct CurrentUser {
    pub id: PersonId,
    pub name: String,
    pub role: Role,
    pub locale: Locale,
    /// Of an agent on a desk where agents see only theirs: the departments that they belong to.
    pub departments: Option<Arc<[DepartmentId]>>,
    /// The session, or the key that takes its place.
    pub session: Uuid,
    /// Set when a program asks.
    pub key: Option<UsedKey>,
}

impl CurrentUser {
    /// The person behind a session, as this desk is set up at the moment.
    pub fn of(account: Account, session: Uuid, state: &State) -> Self {
        let Account { id, name, role, locale, departments, .. } = account;
        let narrow = role == Role::Agent && state.settings.now().settings.team.agents_see == AgentsSee::Own;
        Self { id, name, role, locale, departments: narrow.then(|| departments.into()), session, key: None }
    }

    /// Whose files these are that come along: a program's are its owner's, in whoever's name it writes.
    pub fn uploader(&self) -> PersonId {
        self.key.map_or(self.id, |key| key.owner)
    }

    /// How this person's comments are signed.
    pub fn author_kind(&self) -> AuthorKind {
        if self.role.is_team() { AuthorKind::Admin } else { AuthorKind::User }
    }
}

/// The signed-in person with what their token is good for, for an answer that lasts longer than a moment.
#[derive(Clone, Debug)]
pub struct Lasting {
    pub user: CurrentUser,
    /// The account's token version that it was made for.
    pub token_version: i32,
    /// In seconds since 1970.
    pub expires: i64,
}

/// A signed-in agent or admin.
#[derive(Clone, Debug)]
pub struct Team(pub CurrentUser);

/// A signed-in admin.
#[derive(Clone, Debug)]
pub struct Admin(pub CurrentUser);

/// A program that may act in others' names. What it does names them; its key's owner is here.
#[derive(Clone, Debug)]
pub struct OnBehalf(pub CurrentUser);

/// Whoever reads what everybody may read: nobody in particular, or somebody signed in. A token that has run out is
/// refused, so that nobody is shown less than is theirs without a word.
#[derive(Clone, Debug)]
pub struct Reader(pub Option<CurrentUser>);

impl Reader {
    /// They are of the team, and may write.
    pub fn is_team(&self) -> bool {
        self.0.as_ref().is_some_and(|user| user.role.is_team())
    }
}

/// Whoever opens a ticket: somebody signed in or, where the desk allows it, somebody who is not.
#[derive(Clone, Debug)]
pub enum Opener {
    Person(CurrentUser),
    Visitor,
}

/// A program with what its key allows, where one way leads to many operations.
#[derive(Clone, Debug)]
pub struct Program {
    pub user: CurrentUser,
    pub scopes: Arc<[ApiScope]>,
}

/// What the request's key allows.
struct Scopes(Arc<[ApiScope]>);

/// Whoever the request's token belongs to, found out before its handler's arguments are read.
struct Asking(Result<Lasting>);

/// Whose token came with the request, and who answers for it beside them: a person for their own keys, so that nobody
/// has as much of everything as they have keys.
pub(super) fn asking(request: &HttpRequest) -> Option<(Whose, Option<Whose>)> {
    let extensions = request.extensions();
    let user = &extensions.get::<Asking>()?.0.as_ref().ok()?.user;
    Some(match user.key {
        None => (Whose::Person(user.id), None),
        Some(key) => (Whose::Key(key.id), (!key.of_desk).then_some(Whose::Person(key.owner))),
    })
}

/// Why the request comes no further, although its token is good.
pub(super) fn refused(request: &HttpRequest) -> Option<AppError> {
    request.extensions_mut().remove::<Refused>().map(|Refused(error)| error)
}

/// What the request's key is not for.
struct Refused(AppError);

/// Finds out who is asking. It runs before the arguments of a handler are read, so that a stranger is told 401
/// whatever their request looks like. A program whose key is not meant for the operation comes no further.
pub async fn identify(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> std::result::Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let token = bearer(request.request()).map(str::to_owned);
    if let (Some(token), Some(state)) = (token, request.app_data::<web::Data<State>>().cloned()) {
        let asking = match TokenHash::of(&token) {
            Some(hash) => match by_key(&state, request.request(), hash).await {
                Ok((program, scopes)) => match scopes::check(request.request(), &scopes) {
                    Ok(true) => {
                        request.extensions_mut().insert(Scopes(scopes));
                        Ok(program)
                    }
                    Ok(false) => Err(AppError::new(ErrorCode::Forbidden)),
                    Err(refused) => {
                        request.extensions_mut().insert(Refused(refused));
                        Ok(program)
                    }
                },
                Err(error) => Err(error),
            },
            None => authenticate(&state, &token).await,
        };
        request.extensions_mut().insert(Asking(asking));
    }
    next.call(request).await
}

impl FromRequest for CurrentUser {
    type Error = AppError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Lasting::from_request(request, payload).into_inner().map(|lasting| lasting.user))
    }
}

impl FromRequest for Lasting {
    type Error = AppError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asking = request.extensions_mut().remove::<Asking>();
        ready(asking.map_or_else(|| Err(AppError::new(ErrorCode::Unauthenticated)), |asking| asking.0))
    }
}

impl FromRequest for Reader {
    type Error = AppError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !request.headers().contains_key(header::AUTHORIZATION) {
            return ready(Ok(Self(None)));
        }
        ready(CurrentUser::from_request(request, payload).into_inner().map(|user| Self(Some(user))))
    }
}

impl FromRequest for Opener {
    type Error = AppError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_open = request
            .app_data::<web::Data<State>>()
            .is_some_and(|state| state.settings.now().settings.registration.mode == RegistrationMode::Passwordless);
        if is_open && !request.headers().contains_key(header::AUTHORIZATION) {
            return ready(Ok(Self::Visitor));
        }
        ready(CurrentUser::from_request(request, payload).into_inner().map(Self::Person))
    }
}

impl FromRequest for Team {
    type Error = AppError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(CurrentUser::from_request(request, payload).into_inner().and_then(|user| {
            if user.role.is_team() { Ok(Self(user)) } else { Err(AppError::new(ErrorCode::Forbidden)) }
        }))
    }
}

impl FromRequest for Admin {
    type Error = AppError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(CurrentUser::from_request(request, payload).into_inner().and_then(|user| {
            if user.role == Role::Admin { Ok(Self(user)) } else { Err(AppError::new(ErrorCode::Forbidden)) }
        }))
    }
}

impl FromRequest for OnBehalf {
    type Error = AppError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(CurrentUser::from_request(request, payload).into_inner().and_then(|user| match user.key {
            Some(_) => Ok(Self(user)),
            None => Err(AppError::new(ErrorCode::Forbidden).detail("Only API keys act in others' names.")),
        }))
    }
}

impl FromRequest for Program {
    type Error = AppError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let scopes = request.extensions_mut().remove::<Scopes>();
        ready(CurrentUser::from_request(request, payload).into_inner().and_then(|user| match scopes {
            Some(Scopes(scopes)) => Ok(Self { user, scopes }),
            None => Err(AppError::new(ErrorCode::Forbidden).detail("Only API keys open this.")),
        }))
    }
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn authenticate(state: &State, token: &str) -> Result<Lasting> {
    let now = state.clock.now();
    let refused = || AppError::new(ErrorCode::Unauthenticated);
    let claims = state.keys.read(now, token).ok_or_else(refused)?;
    let account = accounts::of_session(state, now, claims.sid).await?;
    let account = account.filter(|account| account.id == claims.sub && account.token_version == claims.ver);
    let user = CurrentUser::of(account.ok_or_else(refused)?, claims.sid, state);
    Ok(Lasting { user, token_version: claims.ver, expires: claims.exp })
}

/// Whom a key acts as, and what it may do.
async fn by_key(state: &State, request: &HttpRequest, hash: TokenHash) -> Result<(Lasting, Arc<[ApiScope]>)> {
    let holder = api_key::find(state, state.clock.now(), hash, || throttle::network(state, request)).await?;
    let (expires, token_version) = (holder.expires(), holder.account.token_version);
    let used = UsedKey { id: holder.key, owner: holder.account.id, of_desk: holder.of_desk };
    let user = CurrentUser { key: Some(used), ..CurrentUser::of(holder.account, holder.key.0, state) };
    Ok((Lasting { user, token_version, expires }, holder.scopes))
}
