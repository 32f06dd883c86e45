//! `/demo-host`: somebody else's website, made up to show the panel in.
//!
//! Invariant: it answers only where the desk was started with it, and on this machine only: it signs a customer in.

use actix_web::{HttpRequest, HttpResponse, get, http::header, web::Data};
use api_types::text::{EmailAddress, PersonName};
use uuid::Uuid;

use super::host_token::{Audience, Claims, sign};
use crate::{
    error::{AppError, Result},
    outside::mailbox,
    state::State,
};

/// Who of the demo's people shops there: name and address.
const CUSTOMER: (&str, &str) = ("Martine Delcourt", "martine.delcourt@example.org");

/// How long its tokens are good, in seconds.
const LIFETIME: i64 = 60;

#[get("/demo-host")]
pub async fn show_demo_host(state: Data<State>, request: HttpRequest) -> Result<HttpResponse> {
    serve(&state, &request, "text/html; charset=utf-8", include_str!("demo_host.html").to_owned())
}

#[get("/demo-host/style.css")]
pub async fn serve_demo_style(state: Data<State>, request: HttpRequest) -> Result<HttpResponse> {
    serve(&state, &request, "text/css; charset=utf-8", include_str!("demo_host.css").to_owned())
}

/// What the shop's own server would do: sign a token for whoever is signed in there.
#[get("/demo-host/token")]
pub async fn serve_demo_token(state: Data<State>, request: HttpRequest) -> Result<HttpResponse> {
    let Some(generation) = state.settings.now().panel_secret else {
        return serve(&state, &request, "text/plain", String::new());
    };
    let (name, email) = CUSTOMER;
    let iat = state.clock.now().as_second();
    let claims = Claims {
        aud: Audience::One(state.public_url.clone()),
        email: EmailAddress::from(email.to_owned()),
        name: PersonName::from(name.to_owned()),
        locale: None,
        iat,
        nbf: None,
        exp: iat + LIFETIME,
        jti: Uuid::now_v7().to_string(),
    };
    let token = sign(&state.panel.of(generation), &claims).map_err(AppError::internal)?;
    serve(&state, &request, "text/plain", token)
}

fn serve(state: &State, request: &HttpRequest, kind: &str, body: String) -> Result<HttpResponse> {
    if !state.demo_host || !mailbox::is_local(state, request) {
        return Err(AppError::not_found());
    }
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body))
}
