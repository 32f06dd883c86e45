//! The site's pages, and what else is served outside the API.

use reqwest::Method;

use crate::support::{Answer, App};

async fn get(app: &App, path: &str) -> Answer {
    app.visitor().send_raw(Method::GET, path, |request| request).await
}

/// Each page by its paths.
const PAGES: [&[&str]; 5] = [
    &["/", "/?ticket=x", "/help/any/thing", "/help/", "/administration", "/any/thing", "/account/x"],
    &["/help", "/help/any", "/account", "/sign-in", "/register", "/forgot", "/reset", "/verify", "/sign-in?next=%2F"],
    &["/admin", "/admin?ticket=x"],
    &["/admin/people", "/admin/articles/any", "/admin/", "/admin/settings/", "/admin/settings/a/b"],
    &["/admin/settings", "/admin/settings/webhooks"],
];

#[tokio::test(flavor = "multi_thread")]
async fn every_address_of_a_page_is_that_page() {
    let app = App::start().await;
    let mut seen = Vec::new();
    for paths in PAGES {
        let page = get(&app, paths[0]).await.is(200);
        assert!(page.text().contains("built without the page") || !seen.contains(&page.body), "{paths:?}");
        seen.push(page.body.clone());
        for path in paths {
            let answer = get(&app, path).await.is(200);
            assert!(answer.header("content-type").starts_with("text/html"), "{path}");
            assert_eq!(answer.body, page.body, "{path}");
            assert!(!answer.header("cache-control").contains("immutable"), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_there_is_not_the_page() {
    let app = App::start().await;
    if get(&app, "/").await.text().contains("built without the page") {
        return;
    }
    for path in ["/missing.js", "/assets/missing.css", "/.env", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/favicon.icon"]
    {
        get(&app, path).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_files_are_kept() {
    let app = App::start().await;
    let mut pages = String::new();
    for paths in PAGES {
        pages += &get(&app, paths[0]).await.is(200).text();
    }
    let files: Vec<_> = pages
        .split('"')
        .filter(|word| word.starts_with('/') && (word.ends_with(".js") || word.ends_with(".css")))
        .collect();
    for file in files {
        let answer = get(&app, file).await.is(200);
        assert!(answer.header("cache-control").contains("immutable"), "{file}");
        let tag = answer.header("etag").to_owned();
        assert!(!tag.is_empty(), "{file}");
        app.visitor().send_raw(Method::GET, file, |request| request.header("If-None-Match", tag)).await.is(304);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_of_the_page_are_named_by_their_hashes() {
    let app = App::start().await;
    let policy = get(&app, "/").await.header("content-security-policy").to_owned();
    let scripts = policy.split(';').find(|rule| rule.trim().starts_with("script-src")).unwrap_or_default();
    assert!(scripts.contains("'self'") && scripts.contains("'wasm-unsafe-eval'"), "{policy}");
    assert!(
        !scripts.contains("'unsafe-inline'") && !scripts.contains("'unsafe-eval'") && !scripts.contains('*'),
        "{policy}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_cannot_be_read_at_a_desk_that_sends_them() {
    let app = App::start().await;
    get(&app, "/dev/mailbox").await.is(404);
}
