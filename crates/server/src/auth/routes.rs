//! The handlers of signing in.

use actix_web::{HttpRequest, HttpResponse, post, web};
use api_types::{
    auth::{Credentials, LinkRenewal, MailRequest, PasswordReset, Registration, Session, Verification},
    captcha::CaptchaAction,
    error::ErrorCode,
    mails::MailKind,
    settings::RegistrationMode,
};

use super::{
    Place, links,
    sessions::{self, SignedIn},
    throttle::{self, LOGIN_ACCOUNT, LOGIN_HERE, LOGIN_NETWORK, MAIL_NETWORK, TOKENS_NETWORK},
};
use crate::{
    captcha,
    door::Valid,
    error::{AppError, Result},
    people::Person,
    state::State,
};

/// Ask for an account
///
/// The answer is the same whether or not the address has one. A mail with a link and a code follows.
#[utoipa::path(
    tag = "auth", operation_id = "register",
    extensions(("x-error-codes" = json!(["forbidden"]))), request_body = Registration,
    responses((status = 202, description = "A mail follows")),
)]
#[post("/auth/register")]
pub async fn register(
    state: web::Data<State>,
    place: Place,
    request: HttpRequest,
    body: Valid<Registration>,
) -> Result<HttpResponse> {
    if state.settings.now().settings.registration.mode == RegistrationMode::Closed {
        return Err(AppError::new(ErrorCode::Forbidden).detail("Registration is closed. Ask the team for an account."));
    }
    let network = throttle::network(&state, &request);
    let now = state.clock.now();
    throttle::enforce(&mut *state.db().await?, now, MAIL_NETWORK, &network).await?;
    captcha::check(&state, CaptchaAction::Register, body.0.captcha.as_deref(), None).await?;
    let password_hash = state.hasher.hash(&body.0.password, "/password").await?;
    let owned = state.get_ref().clone();
    let browser = super::new_secret();
    let cookie = place.keep_registration(&state, &browser);
    state
        .write(async move { links::register(&mut *owned.db().await?, now, body.0, password_hash, &browser).await })
        .await?;
    Ok(HttpResponse::Accepted().append_header(cookie).finish())
}

/// Follow a mailed link
///
/// Confirms a registration, opens the tickets that wait for the address, or signs in. Takes the token of the link or
/// the code under it.
#[utoipa::path(
    tag = "auth", operation_id = "verify",
    extensions(("x-error-codes" = json!(["link_expired", "forbidden"]))), request_body = Verification,
    responses((status = 200, body = Session)),
)]
#[post("/auth/verify")]
pub async fn verify(
    state: web::Data<State>,
    place: Place,
    request: HttpRequest,
    body: Valid<Verification>,
) -> Result<HttpResponse> {
    let network = throttle::network(&state, &request);
    let browser = place.registration(&state, &request);
    let owned = state.get_ref().clone();
    let signed_in = state
        .write(async move {
            let now = owned.clock.now();
            let mut conn = owned.db().await?;
            throttle::enforce(&mut conn, now, TOKENS_NETWORK, &network).await?;
            let verified = links::verify(&mut conn, &owned, now, &body.0.token, browser.as_deref()).await?;
            place.admit(verified.person.role)?;
            let mut signed_in = sessions::start(&mut conn, &owned, verified.person).await?;
            signed_in.session.ticket_id = verified.ticket;
            Ok(signed_in)
        })
        .await?;
    Ok(answer(&state, place, signed_in))
}

/// Sign in with a password
///
/// Answers a session. The refresh token beside it is in a cookie that scripts cannot read.
#[utoipa::path(
    tag = "auth", operation_id = "login",
    extensions(("x-error-codes" = json!(["wrong_credentials", "forbidden"]))), request_body = Credentials,
    responses((status = 200, body = Session)),
)]
#[post("/auth/login")]
pub async fn login(
    state: web::Data<State>,
    place: Place,
    request: HttpRequest,
    body: Valid<Credentials>,
) -> Result<HttpResponse> {
    let network = throttle::network(&state, &request);
    let email = body.0.email.normalised();
    let now = state.clock.now();
    let person = {
        let mut conn = state.db().await?;
        throttle::enforce(&mut conn, now, LOGIN_NETWORK, &network).await?;
        throttle::enforce(&mut conn, now, LOGIN_HERE, &format!("{email}:{network}")).await?;
        throttle::enforce(&mut conn, now, LOGIN_ACCOUNT, &email).await?;
        Person::active_by_email(&mut conn, &email).await?
    };
    let stored = person.as_ref().and_then(|person| person.password_hash.clone());
    let fits = state.hasher.verify(&body.0.password, stored).await?;
    let Some(person) = person.filter(|_| fits) else {
        tracing::warn!("sign-in failed");
        return Err(AppError::new(ErrorCode::WrongCredentials));
    };
    place.admit(person.role)?;
    let owned = state.get_ref().clone();
    let signed_in = state.write(async move { sessions::start(&mut *owned.db().await?, &owned, person).await }).await?;
    Ok(answer(&state, place, signed_in))
}

/// Exchange the refresh cookie
///
/// Answers a new access token and a new cookie. A cookie that was exchanged before ends its session.
#[utoipa::path(
    tag = "auth", operation_id = "refresh",
    extensions(("x-error-codes" = json!(["unauthenticated", "forbidden"]))),
    responses((status = 200, body = Session)),
)]
#[post("/auth/refresh")]
pub async fn refresh(state: web::Data<State>, place: Place, request: HttpRequest) -> Result<HttpResponse> {
    let token = place.refresh_token(&state, &request).ok_or_else(|| AppError::new(ErrorCode::Unauthenticated))?;
    let owned = state.get_ref().clone();
    let signed_in = state.write(async move { sessions::rotate(&mut *owned.db().await?, &owned, &token).await }).await?;
    place.admit(signed_in.session.user.role)?;
    Ok(answer(&state, place, signed_in))
}

/// Sign out
///
/// Ends the session of the refresh cookie, with every access token made for it.
#[utoipa::path(
    tag = "auth", operation_id = "logout",
    extensions(("x-error-codes" = json!(["forbidden"]))),
    responses((status = 204, description = "Signed out")),
)]
#[post("/auth/logout")]
pub async fn logout(state: web::Data<State>, place: Place, request: HttpRequest) -> Result<HttpResponse> {
    if let Some(token) = place.refresh_token(&state, &request) {
        let owned = state.get_ref().clone();
        state.write(async move { sessions::end_by_token(&mut *owned.db().await?, &owned, &token).await }).await?;
    }
    Ok(HttpResponse::NoContent().append_header(place.end_session(&state)).finish())
}

/// Ask for a link to choose a new password
///
/// The answer is the same whether or not the address has an account.
#[utoipa::path(
    tag = "auth", operation_id = "forgot", request_body = MailRequest,
    responses((status = 202, description = "A mail follows, if the address has an account")),
)]
#[post("/auth/forgot")]
pub async fn forgot(state: web::Data<State>, request: HttpRequest, body: Valid<MailRequest>) -> Result<HttpResponse> {
    request_mail(&state, &request, MailKind::Reset, body.0).await
}

/// Ask for a sign-in link
///
/// The answer is the same whether or not the address has an account.
#[utoipa::path(
    tag = "auth", operation_id = "link", request_body = MailRequest,
    responses((status = 202, description = "A mail follows, if the address has an account")),
)]
#[post("/auth/link")]
pub async fn link(state: web::Data<State>, request: HttpRequest, body: Valid<MailRequest>) -> Result<HttpResponse> {
    request_mail(&state, &request, MailKind::SignIn, body.0).await
}

/// Ask for a new link in place of an old one
///
/// The old one was used or has expired. The answer is the same whether or not there was one.
#[utoipa::path(
    tag = "auth", operation_id = "renew_link", request_body = LinkRenewal,
    responses((status = 202, description = "A mail follows to the address that the old link was mailed to, if there was one")),
)]
#[post("/auth/renew")]
pub async fn renew_link(
    state: web::Data<State>,
    request: HttpRequest,
    body: Valid<LinkRenewal>,
) -> Result<HttpResponse> {
    let network = throttle::network(&state, &request);
    let owned = state.get_ref().clone();
    state
        .write(async move {
            let now = owned.clock.now();
            let mut conn = owned.db().await?;
            throttle::enforce(&mut conn, now, TOKENS_NETWORK, &network).await?;
            links::renew(&mut conn, now, &body.0.token).await
        })
        .await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Choose a new password
///
/// Ends every session of the account.
#[utoipa::path(
    tag = "auth", operation_id = "reset",
    extensions(("x-error-codes" = json!(["link_expired"]))), request_body = PasswordReset,
    responses((status = 204, description = "Set")),
)]
#[post("/auth/reset")]
pub async fn reset(state: web::Data<State>, request: HttpRequest, body: Valid<PasswordReset>) -> Result<HttpResponse> {
    let network = throttle::network(&state, &request);
    // Before any work that costs: hashing for nothing would hold up those who sign in.
    throttle::enforce(&mut *state.db().await?, state.clock.now(), TOKENS_NETWORK, &network).await?;
    let password_hash = state.hasher.hash(&body.0.password, "/password").await?;
    let owned = state.get_ref().clone();
    let person = state
        .write(async move {
            Person::reset_password(&mut *owned.db().await?, owned.clock.now(), &body.0.token, password_hash).await
        })
        .await?;
    state.accounts.forget(person);
    state.live.doubt();
    Ok(HttpResponse::NoContent().finish())
}

async fn request_mail(state: &State, request: &HttpRequest, kind: MailKind, body: MailRequest) -> Result<HttpResponse> {
    let (now, network) = (state.clock.now(), throttle::network(state, request));
    throttle::enforce(&mut *state.db().await?, now, MAIL_NETWORK, &network).await?;
    captcha::check(state, CaptchaAction::Link, body.captcha.as_deref(), None).await?;
    let owned = state.clone();
    state.write(async move { links::request(&mut *owned.db().await?, now, kind, &body.email).await }).await?;
    Ok(HttpResponse::Accepted().finish())
}

fn answer(state: &State, place: Place, signed_in: SignedIn) -> HttpResponse {
    let cookie = place.keep_session(state, &signed_in.refresh_token);
    HttpResponse::Ok().append_header(cookie).json(signed_in.session)
}
