//! The site's pages, inside the binary, compressed ahead of time.
//!
//! Invariant: every path that is not a file or the API's is one of the pages, which know their own routes.

use actix_web::{HttpRequest, HttpResponse, Responder, http::header, route};
use actix_web_rust_embed_responder::{EmbedResponse, IntoResponse};
use base64::{Engine, prelude::BASE64_STANDARD};
use rust_embed_for_web::{EmbedableFile, RustEmbed};
use sha2::{Digest, Sha256};

use crate::panel;

#[derive(RustEmbed)]
#[folder = "../../frontend/dist/"]
// The API is built, linted and tested before there is a page.
#[allow_missing = true]
struct Dist;

/// Each page's folder.
const SUPPORT: &str = "support";
const LOBBY: &str = "lobby";
const DESK: &str = "desk";
const OFFICE: &str = "office";
const SETTINGS: &str = "settings";
const PAGES: [&str; 5] = [SUPPORT, LOBBY, DESK, OFFICE, SETTINGS];

/// A file of a page; the names of the pages' files differ by their hashes, but for the pages themselves.
fn file_of(page: &str, path: &str) -> Option<<Dist as RustEmbed>::File> {
    Dist::get(&format!("{page}/{path}"))
}

/// The page at a path; the page itself tells by the same rule which paths are its own.
fn page_at(path: &str) -> &'static str {
    match panel::page_inside(path).unwrap_or(path) {
        "admin" => DESK,
        "help" | "account" | "sign-in" | "register" | "forgot" | "reset" | "verify" => LOBBY,
        path if path.strip_prefix("help/").is_some_and(is_slug) => LOBBY,
        "admin/settings" => SETTINGS,
        path if path.strip_prefix("admin/settings/").is_some_and(is_slug) => SETTINGS,
        path if path.starts_with("admin/") => OFFICE,
        _ => SUPPORT,
    }
}

fn is_slug(rest: &str) -> bool {
    !rest.is_empty() && !rest.contains('/')
}

/// What is shown when the binary was built without the page.
const MISSING: &str = "<!doctype html><meta charset=utf-8><title>Waggle</title>\
    <p>This binary was built without the page. Run <code>cargo xtask build</code>. The API works: <a href=/docs>/docs</a>.";

#[route("/{path:.*}", method = "GET", method = "HEAD")]
pub async fn serve_page(request: HttpRequest) -> HttpResponse {
    let path = request.path().trim_start_matches('/');
    let is_page = path.is_empty() || path == "index.html";
    let asset = if is_page { None } else { PAGES.into_iter().find_map(|page| file_of(page, path)) };
    let is_asset = asset.is_some();
    let Some(file) = asset.or_else(|| file_of(page_at(path), "index.html")) else {
        return HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8")).body(MISSING);
    };
    // A path with an extension asks for a file; the page in its place would only confuse.
    if !is_asset && path.rsplit('/').next().is_some_and(|name| name.contains('.')) && path != "index.html" {
        return HttpResponse::NotFound().finish();
    }
    let response: EmbedResponse<_> = file.into_response();
    let mut response = response.respond_to(&request).map_into_boxed_body();
    // File names carry their content's hash; the page itself does not, and names the files of one build.
    let cache = if is_asset { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static(cache));
    response
}

/// The hashes of the pages' inline scripts, as CSP sources.
pub fn inline_script_hashes() -> Vec<String> {
    let mut html = String::new();
    for page in PAGES.into_iter().filter_map(|page| file_of(page, "index.html")) {
        html.push_str(&String::from_utf8_lossy(page.data().as_ref()));
    }
    html.split("<script")
        .skip(1)
        .filter_map(|rest| {
            let (attributes, rest) = rest.split_once('>')?;
            let (script, _) = rest.split_once("</script>")?;
            (!attributes.contains("src="))
                .then(|| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script))))
        })
        .collect()
}
