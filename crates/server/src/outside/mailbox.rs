//! `/dev/mailbox`: the mails of a desk that has no mail server yet, newest first.
//!
//! Invariant: it answers on this machine only, and only when mails go to a folder. Mails hold sign-in links.

use actix_web::{HttpRequest, HttpResponse, get, http::header, web};
use askama::Template;
use mail_parser::MessageParser;

use crate::{
    error::{AppError, Result},
    state::State,
};

/// So many mails are shown.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "outside/mailbox.html")]
struct Page {
    mails: Vec<Shown>,
}

struct Shown {
    to: String,
    subject: String,
    lines: Vec<Line>,
}

struct Line {
    text: String,
    is_link: bool,
}

#[get("/dev/mailbox")]
pub async fn read_mailbox(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse> {
    let folder =
        state.mailer.folder().filter(|_| is_local(&state, &request)).cloned().ok_or_else(AppError::not_found)?;
    let mails = web::block(move || read(&folder)).await.map_err(AppError::internal)?;
    let page = Page { mails }.render().map_err(AppError::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(page))
}

/// The peer is this machine, and so is the name it asked for: a web page elsewhere cannot point a name of
/// its own here. A desk with a public address may have a proxy in front that tells nothing of itself.
pub fn is_local(state: &State, request: &HttpRequest) -> bool {
    let peer = request.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let forwarded = request.headers().contains_key("x-forwarded-for") || request.headers().contains_key("forwarded");
    let private = !state.behind_proxy && state.is_on_this_machine();
    private && peer && !forwarded && matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

fn read(folder: &std::path::Path) -> Vec<Shown> {
    let mut files: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    files.iter().rev().take(SHOWN).filter_map(|file| show(&std::fs::read(file).ok()?)).collect()
}

fn show(raw: &[u8]) -> Option<Shown> {
    let mail = MessageParser::default().parse(raw)?;
    let text = mail.body_text(0)?;
    Some(Shown {
        to: mail.to()?.first()?.address()?.to_owned(),
        subject: mail.subject()?.to_owned(),
        lines: text
            .lines()
            .map(|line| Line {
                text: line.to_owned(),
                is_link: line.starts_with("http://") || line.starts_with("https://"),
            })
            .collect(),
    })
}
