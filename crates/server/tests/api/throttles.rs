//! Throttles: guessing is slow, and nobody is locked out by a stranger.

use api_types::{api_keys::ApiScope, error::ErrorCode};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    registration::token,
    support::{Answer, App, Caller, actors::PASSWORD, app::Setup},
};

/// Posts from a network of one's choice, as our own proxy would report it.
async fn from(app: &App, network: &str, path: &str, body: &Value) -> Answer {
    app.visitor().send(Method::POST, path, |request| request.header("X-Forwarded-For", network).json(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_at_one_account_from_one_network_is_stopped() {
    let app = App::start().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let wrong = json!({ "email": carl.me.email, "password": "wrong" });
    let right = json!({ "email": carl.me.email, "password": PASSWORD });
    for _ in 0..10 {
        from(&app, "192.0.2.1", "/auth/login", &wrong).await.is(401);
    }
    let answer = from(&app, "192.0.2.1", "/auth/login", &right).await.is(429);
    answer.refused(ErrorCode::TooManyRequests);
    assert_eq!(answer.header("retry-after"), "900");
    // From elsewhere, and to another account, the way is open.
    from(&app, "192.0.2.2", "/auth/login", &right).await.is(200);
    from(&app, "192.0.2.1", "/auth/login", &json!({ "email": dora.me.email, "password": PASSWORD })).await.is(200);
    app.advance(SignedDuration::from_mins(15));
    from(&app, "192.0.2.1", "/auth/login", &right).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_accounts_are_throttled_alike() {
    let app = App::start().await;
    let body = json!({ "email": "unknown@example.org", "password": "wrong" });
    for _ in 0..10 {
        from(&app, "192.0.2.1", "/auth/login", &body).await.is(401);
    }
    from(&app, "192.0.2.1", "/auth/login", &body).await.is(429);
}

/// Sets a throttle's counter, which would take hundreds of requests.
async fn spend(app: &App, key: &str, hits: i32) {
    let sql = format!(
        "insert into throttles (key, window_start, hits) values ($1, to_timestamp({}), $2)",
        app.now().as_second()
    );
    app.database.connect().await.execute(&sql, &[&key, &hits]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_guesses_at_many_accounts_is_stopped() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    spend(&app, "login-network:192.0.2.1", 199).await;
    let right = json!({ "email": carl.me.email, "password": PASSWORD });
    from(&app, "192.0.2.1", "/auth/login", &right).await.is(200);
    from(&app, "192.0.2.1", "/auth/login", &right).await.is(429);
    from(&app, "192.0.2.2", "/auth/login", &right).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_subscriber_cannot_change_networks_by_changing_addresses() {
    let app = App::start().await;
    let wrong = json!({ "email": "unknown@example.org", "password": "wrong" });
    for host in 1..=10 {
        from(&app, &format!("2001:db8:1:2::{host}"), "/auth/login", &wrong).await.is(401);
    }
    from(&app, "2001:db8:1:2:ffff::1", "/auth/login", &wrong).await.is(429);
    from(&app, "2001:db8:1:3::1", "/auth/login", &wrong).await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_our_own_proxys_word_counts() {
    let app = App::start().await;
    let wrong = json!({ "email": "unknown@example.org", "password": "wrong" });
    for made_up in 0..10 {
        from(&app, &format!("203.0.113.{made_up}, 192.0.2.1"), "/auth/login", &wrong).await.is(401);
    }
    from(&app, "198.51.100.7, 192.0.2.1", "/auth/login", &wrong).await.is(429);

    let direct = App::start_with(Setup { behind_proxy: false, ..Setup::default() }).await;
    for made_up in 0..10 {
        from(&direct, &format!("203.0.113.{made_up}"), "/auth/login", &wrong).await.is(401);
    }
    from(&direct, "198.51.100.7", "/auth/login", &wrong).await.is(429);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guess_from_everywhere_does_not_lock_the_owner_out() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    spend(&app, "login-account:carl@example.org", 100).await;
    let right = json!({ "email": carl.me.email, "password": PASSWORD });
    from(&app, "192.0.2.1", "/auth/login", &right).await.is(429);
    let body = json!({ "email": carl.me.email });
    from(&app, "192.0.2.1", "/auth/link", &body).await.is(202);
    app.run_jobs().await;
    let body = json!({ "token": token(&app.mailbox()[0]) });
    from(&app, "192.0.2.1", "/auth/verify", &body).await.is(200);
    carl.get("/me").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_gets_five_mails_an_hour() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    for round in 0..8 {
        let path = if round % 2 == 0 { "/auth/link" } else { "/auth/forgot" };
        let body = json!({ "email": carl.me.email });
        from(&app, &format!("192.0.2.{round}"), path, &body).await.is(202);
    }
    app.run_jobs().await;
    assert_eq!(app.mailbox().len(), 5);
    // The mails that came still work.
    let mail = app.mailbox().into_iter().rfind(|mail| mail.subject == "Your sign-in link").expect("a link");
    app.visitor().post("/auth/verify", json!({ "token": token(&mail) })).await.is(200);
    app.advance(SignedDuration::from_hours(1));
    from(&app, "192.0.2.1", "/auth/link", &json!({ "email": carl.me.email })).await.is(202);
    app.run_jobs().await;
    assert_eq!(app.mailbox().len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_asks_for_sixty_mails_an_hour() {
    let app = App::start().await;
    spend(&app, "mail-network:192.0.2.1", 59).await;
    let body = json!({ "email": "unknown@example.org" });
    from(&app, "192.0.2.1", "/auth/link", &body).await.is(202);
    let registration =
        json!({ "name": "Eve", "email": "eve@example.org", "password": "a long enough one", "locale": "en" });
    for (path, body) in [("/auth/link", &body), ("/auth/forgot", &body), ("/auth/register", &registration)] {
        from(&app, "192.0.2.1", path, body).await.is(429).refused(ErrorCode::TooManyRequests);
        from(&app, "192.0.2.2", path, body).await.is(202);
    }
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_cannot_be_guessed_from_one_network() {
    let app = App::start().await;
    spend(&app, "tokens-network:192.0.2.1", 59).await;
    let verify = json!({ "token": "AAAA-BBBB-CCCC" });
    let reset = json!({ "token": "AAAA-BBBB-CCCC", "password": "a long enough one" });
    from(&app, "192.0.2.1", "/auth/verify", &verify).await.is(410);
    from(&app, "192.0.2.1", "/auth/verify", &verify).await.is(429);
    from(&app, "192.0.2.1", "/auth/reset", &reset).await.is(429);
    from(&app, "192.0.2.2", "/auth/verify", &verify).await.is(410);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_is_told_and_kept_for_each_person_and_each_network() {
    let app = App::start_with(Setup { requests_per_minute: 6, ..Setup::default() }).await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    for left in (0..6).rev() {
        let answer = carl.get("/me").await.is(200);
        assert_eq!(answer.header("ratelimit-policy"), "\"default\";q=6;w=60");
        assert_eq!(answer.header("ratelimit"), format!("\"default\";r={left};t={}", (6 - left) * 10));
    }
    let answer = carl.get("/me").await.is(429);
    answer.refused(ErrorCode::TooManyRequests);
    assert_eq!(answer.header("retry-after"), "10");
    assert_eq!(answer.header("ratelimit"), "\"default\";r=0;t=60");
    dora.get("/me").await.is(200);
    app.advance(SignedDuration::from_secs(10));
    carl.get("/me").await.is(200);
    carl.get("/me").await.is(429);

    // Somebody with many keys has no more than somebody with one; the desk's are each for themselves.
    let root = app.admin("root").await;
    let personal = [ApiScope::TicketsRead; 1];
    let keys = [dora.makes_key("personal", &personal).await, dora.makes_key("personal", &personal).await];
    let [one, two] = keys.map(|key| app.visitor().with_token(key.token));
    for program in [&one, &two, &one, &two] {
        program.get("/me").await.is(200);
    }
    let answer = two.get("/me").await.is(429);
    assert_eq!((answer.header("ratelimit"), answer.header("retry-after")), ("\"default\";r=0;t=60", "10"));
    let desks = app.visitor().with_token(root.makes_key("desk", &personal).await.token);
    root.get("/me").await.is(200);
    for left in (0..6).rev() {
        // What its scopes are not for is counted, too.
        let answer = desks.get("/admin/people").await.is(403);
        assert_eq!(answer.header("ratelimit"), format!("\"default\";r={left};t={}", (6 - left) * 10));
    }
    desks.get("/tickets").await.is(429);
    root.get("/me").await.is(200);

    // Strangers, and tokens that are nobody's, count for their network; a subscriber's whole /64 is one.
    let (stranger, forger) = (app.visitor(), app.visitor().with_token("nobody's"));
    let is_refused = async |who: &Caller, address: &'static str| {
        let answer = who.send(Method::GET, "/me", |request| request.header("X-Forwarded-For", address)).await;
        answer.status == 429
    };
    for _ in 0..3 {
        assert!(!is_refused(&stranger, "2001:db8::1").await);
        assert!(!is_refused(&forger, "2001:db8::2").await);
    }
    assert!(is_refused(&stranger, "2001:db8::3").await);
    assert!(is_refused(&forger, "2001:db8::4").await);
    assert!(!is_refused(&stranger, "2001:db8:0:1::1").await);
    assert!(!is_refused(&stranger, "192.0.2.7").await);
    // Nobody finds a key by trying, and the database is not asked for long.
    for n in 0..8 {
        let token = format!("wgl_{n:043}");
        let tries = app.visitor().with_token(token);
        let answer = tries.send(Method::GET, "/me", |request| request.header("X-Forwarded-For", "192.0.2.99")).await;
        assert_eq!(answer.status, if n < 6 { 401 } else { 429 }, "{n}");
    }
    // A page is no request to the API.
    let page =
        stranger.send_raw(Method::GET, "/docs/", |request| request.header("X-Forwarded-For", "2001:db8::1")).await;
    page.is(200);
}
