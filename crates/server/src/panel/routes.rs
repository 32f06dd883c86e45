//! The handlers of the panel.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    post,
    web::{Data, Json},
};
use api_types::{
    auth::Session,
    error::ErrorCode,
    panel::{HostToken, PanelSecret},
    people::{Locale, Role},
};

use db::AsyncPgConnection;
use diesel_async::AsyncConnection;
use jiff::Timestamp;

use super::{
    host_token::{self, Claims},
    secret, spent,
};
use crate::{
    auth::{
        Admin, Place, sessions,
        throttle::{self, HOST_TOKENS_NETWORK},
    },
    door::Valid,
    error::{AppError, Result},
    once::{self, IdempotencyKey},
    people::{NewPerson, Person},
    state::State,
};

/// Sign in the user of a website
///
/// With a token that the website's server signed, by the secret that an admin made. The session ends with its access
/// token; the website makes another token for the next one. Whoever is not known yet becomes a customer.
#[utoipa::path(
    tag = "auth", operation_id = "sign_in_host_user",
    extensions(("x-error-codes" = json!(["unauthenticated", "forbidden"]))), request_body = HostToken,
    responses((status = 200, body = Session)),
)]
#[post("/auth/host")]
pub async fn sign_in_host_user(
    state: Data<State>,
    request: HttpRequest,
    body: Valid<HostToken>,
) -> Result<Json<Session>> {
    let now = state.clock.now();
    let network = throttle::network(&state, &request);
    let speaks = first_language(&request);
    let owned = state.get_ref().clone();
    let session = state.write(async move {
        let mut conn = owned.db().await?;
        let fault = match host_token::read(&owned, now, &body.0.token) {
            Ok(claims) => {
                let locale = claims.locale.as_deref().and_then(language).unwrap_or(speaks);
                let first = vouched(&mut conn, now, &claims, locale).await;
                // Two panels of somebody new asked at once; the other one has made the account.
                let lost_race = first.as_ref().is_err_and(|error| error.code() == ErrorCode::Unavailable);
                let person = if lost_race { vouched(&mut conn, now, &claims, locale).await? } else { first? };
                if let Some(person) = person {
                    Place::Panel.admit(person.role)?;
                    return sessions::start_short(&mut conn, &owned, person).await;
                }
                "it was used before".to_owned()
            }
            Err(fault) => fault,
        };
        tracing::warn!(fault, "a website's token was refused");
        throttle::enforce(&mut conn, now, HOST_TOKENS_NETWORK, &network).await?;
        Err(AppError::new(ErrorCode::Unauthenticated)
            .detail("The website's token signs nobody in. Ask it for another."))
    });
    Ok(Json(session.await?))
}

/// The person of a token, which is used up by that; nobody when it was before.
async fn vouched(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    claims: &Claims,
    locale: Locale,
) -> Result<Option<Person>> {
    let email = claims.email.normalised();
    conn.transaction(async |conn| {
        if !spent::spend(conn, claims).await? {
            return Ok(None);
        }
        let new =
            NewPerson { name: claims.name.as_str(), email: &email, password_hash: None, role: Role::Customer, locale };
        Person::vouched(conn, now, new).await.map(Some)
    })
    .await
}

/// The language that the browser asks for first, if it is one of ours.
fn first_language(request: &HttpRequest) -> Locale {
    let asked = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|asked| asked.to_str().ok());
    asked.and_then(language).unwrap_or(Locale::English)
}

/// The language of a tag such as `fr-CA`.
fn language(tag: &str) -> Option<Locale> {
    tag.get(..2)?.parse().ok()
}

/// Make a new secret for websites
///
/// It is told this once. Whatever was signed by the one before is refused within seconds.
#[utoipa::path(
    tag = "settings", operation_id = "create_panel_secret", security(("bearer" = [])),
    params(IdempotencyKey),
    responses((status = 201, body = PanelSecret)),
)]
#[post("/admin/panel/secret")]
pub async fn create_panel_secret(state: Data<State>, admin: Admin, key: IdempotencyKey) -> Result<HttpResponse> {
    let once = key.bind("create_panel_secret", &());
    let owned = state.get_ref().clone();
    let generation = state.write(async move {
        let mut conn = owned.db().await?;
        let (now, admin) = (owned.clock.now(), admin.0.id);
        let generation = once::carry_out::<i64, _>(&mut conn, now, admin, once, move |conn| {
            Box::pin(secret::renew(conn, now, admin))
        })
        .await?;
        owned.settings.reload(&mut conn).await?;
        Ok(generation)
    });
    Ok(HttpResponse::Created().json(PanelSecret { secret: state.panel.of(generation.await?) }))
}
