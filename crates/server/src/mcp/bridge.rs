//! From actix's requests to those of the protocol's library, and back.
//!
//! Invariant: a request reaches the library with who sent it and without their token, and only under a name that this
//! desk has: a page that a browser was led to under another name is refused.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, http::header, route, web};
use http_body_util::{BodyExt, Full};
use rmcp::transport::streamable_http_server::{
    StreamableHttpServerConfig, StreamableHttpService, session::never::NeverSessionManager,
};

use super::desk::Desk;
use crate::{
    auth::Program,
    door,
    error::{AppError, Result},
    state::State,
};

/// The largest request: a message of 20,000 characters fits, however it is escaped.
const BODY_LIMIT: usize = 256 * 1024;

/// The library's side.
pub struct Service(StreamableHttpService<Desk, NeverSessionManager>);

impl Service {
    pub fn new(state: &State) -> Self {
        let desk = Desk::new(state.clone());
        let uri = state.public_url.parse::<http::Uri>().unwrap_or_default();
        let scheme = uri.scheme_str().unwrap_or("https").to_owned();
        let host = uri.host().unwrap_or_default().to_owned();
        let port = uri.port_u16().unwrap_or(if scheme == "http" { 80 } else { 443 });
        let mut hosts = vec![host.clone()];
        if state.is_on_this_machine() {
            hosts.extend(["localhost", "127.0.0.1", "::1"].map(str::to_owned));
        }
        let config = StreamableHttpServerConfig::default()
            .with_legacy_session_mode(false)
            .with_json_response(true)
            .with_max_request_body_bytes(BODY_LIMIT)
            .with_allowed_hosts(hosts)
            .with_allowed_origins([format!("{scheme}://{host}:{port}")]);
        Self(StreamableHttpService::new(move || Ok(desk.clone()), Arc::default(), config))
    }
}

#[route("/mcp", method = "GET", method = "POST", method = "DELETE")]
pub async fn serve_mcp(
    service: web::Data<Service>,
    program: Program,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let body = door::read(payload, BODY_LIMIT).await?;
    let mut asked = http::Request::builder().method(request.method().as_str()).uri(request.uri().to_string());
    for (name, value) in request.headers().iter().filter(|(name, _)| *name != header::AUTHORIZATION) {
        asked = asked.header(name.as_str(), value.as_bytes());
    }
    let asked = asked.extension(program).body(Full::new(body)).map_err(AppError::internal)?;
    let (head, body) = service.0.handle(asked).await.into_parts();
    // Nothing here is sent bit by bit: no tool tells how far it is.
    let Ok(body) = body.collect().await;
    let status = actix_web::http::StatusCode::from_u16(head.status.as_u16()).map_err(AppError::internal)?;
    let mut answer = HttpResponse::build(status);
    for (name, value) in &head.headers {
        answer.append_header((name.as_str(), value.as_bytes()));
    }
    Ok(answer.insert_header((header::CACHE_CONTROL, "no-store")).body(body.to_bytes()))
}
