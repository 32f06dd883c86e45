//! Settings: who changes them, what they refuse, how soon they hold, and that the server keeps to them.

use std::time::Duration;

use api_types::{
    assistant::AssistantMode,
    captcha::CaptchaProvider,
    error::{ErrorCode, FieldCode},
    page::Page,
    settings::{Entry, Logo, LogoId, Need, PublicSettings, RegistrationMode, Settings, SettingsChangeView},
    tickets::TicketView,
};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Actor, App, files::see_through};

impl Actor {
    /// Changes the desk's settings.
    async fn sets(&self, change: Value) -> Settings {
        self.patch("/admin/settings", change).await.is(200).ok()
    }
}

async fn public(app: &App) -> PublicSettings {
    app.visitor().get("/settings").await.is(200).ok()
}

fn registration(mode: &str, profile_editing: bool) -> Value {
    json!({ "registration": { "mode": mode, "entry": "sign_in", "profile_editing": profile_editing } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_holds_at_once_and_its_history_stays() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let before: Settings = root.get("/admin/settings").await.is(200).ok();
    assert_eq!((before.brand.name.as_str(), before.brand.accent.as_ref()), ("Waggle", None));

    let brand = json!({ "name": "BeePass", "accent": "#8a4b00" });
    let after = root.sets(json!({ "brand": brand })).await;
    assert_eq!((after.brand.name.as_str(), after.form), ("BeePass", before.form.clone()), "the other topics stay");
    assert_eq!(public(&app).await.brand, after.brand);
    let reread: Settings = root.get("/admin/settings").await.is(200).ok();
    assert_eq!(reread.brand, after.brand);

    app.advance(SignedDuration::from_secs(1));
    root.sets(json!({ "brand": brand })).await;
    root.sets(json!({ "assistant": { "mode": "draft", "name": "BeePass IA" } })).await;
    let history: Page<SettingsChangeView> = root.get("/admin/settings/changes").await.is(200).ok();
    let topics: Vec<_> = history.items.iter().map(|change| change.topic.as_str()).collect();
    assert_eq!(topics, ["assistant", "brand"], "what changed nothing is not told");
    assert_eq!(history.items[0].before, json!({ "mode": "off", "name": "Waggle" }));
    assert_eq!(history.items[0].after, json!({ "mode": "draft", "name": "BeePass IA" }));
    assert_eq!((&history.items[1].after, history.items[1].author.id), (&brand, root.id()));
    let page: Page<SettingsChangeView> = root.get("/admin/settings/changes?limit=1").await.is(200).ok();
    let next = page.next_cursor.unwrap();
    let page: Page<SettingsChangeView> =
        root.get(&format!("/admin/settings/changes?limit=1&after={next}")).await.is(200).ok();
    assert_eq!((page.items[0].topic.as_str(), page.next_cursor), ("brand", None));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_process_hears_of_a_change() {
    let app = App::start().await;
    let (root, second) = (app.admin("root").await, app.second_process());
    second.listen();
    root.sets(json!({ "brand": { "name": "BeePass" } })).await;
    // Each look is a round trip, which is pause enough.
    let heard = async { while public(&second).await.brand.name.as_str() != "BeePass" {} };
    tokio::time::timeout(Duration::from_secs(60), heard).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_at_its_field() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let page = json!({ "cards": true, "articles": true, "details": true, "bell": true, "name_as_title": false, "enter_sends": false });
    for (change, pointer, code) in [
        (json!({ "brand": { "name": "", "accent": "#4f4dd6" } }), "/brand/name", FieldCode::Required),
        (json!({ "brand": { "name": "Desk", "accent": "#f5b72e" } }), "/brand/accent", FieldCode::NotPossible),
        (json!({ "brand": { "name": "Desk", "accent": "red" } }), "/brand/accent", FieldCode::NotPossible),
        (
            json!({ "assistant": { "mode": "auto", "name": "[ai:Eve]" } }),
            "/assistant/name",
            FieldCode::ForbiddenCharacter,
        ),
        (json!({ "assistant": { "mode": "loud", "name": "Eve" } }), "/assistant/mode", FieldCode::WrongType),
        (
            json!({ "form": { "priority": "optional", "title": { "en": "a\u{202E}b" } } }),
            "/form/title/en",
            FieldCode::ForbiddenCharacter,
        ),
        (
            json!({ "registration": { "mode": "closed", "entry": "register", "profile_editing": true } }),
            "/registration/entry",
            FieldCode::NotPossible,
        ),
        (json!({ "archiving": { "after_days": 0 } }), "/archiving/after_days", FieldCode::NotPossible),
        (json!({ "welcome": { "en": "a\u{0}b" } }), "/welcome/en", FieldCode::ForbiddenCharacter),
        (json!({ "colour": page }), "/colour", FieldCode::UnknownField),
    ] {
        root.patch("/admin/settings", change).await.is(422).refused_field(pointer, code);
    }
    let both = json!({ "brand": { "name": "" }, "archiving": { "after_days": 9999 } });
    let refused = root.patch("/admin/settings", both).await.is(422).refused(ErrorCode::Invalid);
    assert_eq!(refused.errors.len(), 2, "one answer names every field at fault");
    let history: Page<SettingsChangeView> = root.get("/admin/settings/changes").await.is(200).ok();
    assert_eq!(history.items.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn registration_opens_and_closes_the_door() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let (eve, ticket) = (
        json!({ "name": "Eve", "email": "eve@example.org", "password": "a long enough one", "locale": "en" }),
        json!({ "title": "Hive", "message": "Help", "visitor": { "name": "Vera", "email": "v@example.org", "locale": "en" } }),
    );
    app.visitor().post("/tickets", ticket.clone()).await.is(401);
    let mut open = registration("passwordless", true);
    open["captcha"] = json!({ "provider": "off" });
    root.sets(open).await;
    assert_eq!(public(&app).await.registration, RegistrationMode::Passwordless);
    app.visitor().post("/tickets", ticket.clone()).await.is(202);
    app.visitor().post("/auth/register", eve.clone()).await.is(202);
    root.sets(registration("closed", true)).await;
    app.visitor().post("/tickets", ticket).await.is(401);
    app.visitor().post("/auth/register", eve).await.is(403).refused(ErrorCode::Forbidden);
    root.sets(registration("required", true)).await;
    assert_eq!((public(&app).await.entry, public(&app).await.profile_editing), (Entry::SignIn, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_profile_editing_customers_keep_their_names() {
    let app = App::start().await;
    let (root, carl, ana) = (app.admin("root").await, app.customer("carl").await, app.agent("ana").await);
    carl.patch("/me", json!({ "name": "Carlo" })).await.is(200);
    root.sets(registration("required", false)).await;
    carl.patch("/me", json!({ "name": "Charles" })).await.is(422).refused_field("/name", FieldCode::NotPossible);
    carl.patch("/me", json!({ "locale": "fr" })).await.is(200);
    ana.patch("/me", json!({ "name": "Anna" })).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_is_the_servers_rule_too() {
    let mut setup = crate::support::app::Setup::default();
    setup.settings.registration.mode = RegistrationMode::Passwordless;
    setup.settings.captcha.provider = Some(CaptchaProvider::Off);
    let app = App::start_with(setup).await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let plain = json!({ "title": "Hive", "message": "Help" });
    let mut urgent = plain.clone();
    urgent["priority"] = json!("high");
    root.sets(json!({ "form": { "priority": "required", "title": { "fr": "Objet" } } })).await;
    let form = public(&app).await.form;
    assert_eq!((form.priority, form.title.of(api_types::people::Locale::French)), (Need::Required, Some("Objet")));
    carl.post("/tickets", plain.clone()).await.is(422).refused_field("/priority", FieldCode::Required);
    carl.post("/tickets", urgent.clone()).await.is(201);
    let refused =
        carl.post("/tickets", json!({ "title": "", "message": "" })).await.is(422).refused(ErrorCode::Invalid);
    let pointers: Vec<_> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, ["/message", "/title", "/priority"], "one answer names every field at fault");
    let mut visitor = plain.clone();
    visitor["visitor"] = json!({ "name": "Vera", "email": "v@example.org", "locale": "en" });
    app.visitor().post("/tickets", visitor.clone()).await.is(422).refused_field("/priority", FieldCode::Required);

    root.sets(json!({ "form": { "priority": "off" } })).await;
    carl.post("/tickets", urgent).await.is(422).refused_field("/priority", FieldCode::NotPossible);
    carl.post("/tickets", plain).await.is(201);
    app.visitor().post("/tickets", visitor).await.is(202);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_assistant_works_as_it_was_set() {
    let app = App::with_assistant(AssistantMode::Off, None).await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let ask = "How do I archive a ticket?";
    carl.opens("Archive", ask).await;
    app.quiet().await;
    root.sets(json!({ "assistant": { "mode": "auto", "name": "BeePass IA" } })).await;
    let ticket = carl.opens("Archive", ask).await;
    app.quiet().await;
    let view: TicketView = carl.get(&format!("/tickets/{}", ticket.summary.id)).await.is(200).ok();
    assert_eq!(view.comments.items[1].author.label, "[ai:BeePass IA]");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_welcomed_on_their_first_ticket_only() {
    let app = App::start().await;
    let (root, carl, ana) = (app.admin("root").await, app.customer("carl").await, app.agent("ana").await);
    root.sets(json!({ "welcome": { "fr": "Bonjour <b>à vous</b>", "en": "**Hello** [x](javascript:y)" } })).await;
    let first = carl.opens("Hive", "Help").await;
    let welcome = first.welcome_html.clone().unwrap();
    assert!(welcome.contains("<strong>Hello</strong>") && !welcome.contains("javascript"), "{welcome}");
    let path = format!("/tickets/{}", first.summary.id);
    let seen: TicketView = ana.get(&path).await.is(200).ok();
    assert_eq!(seen.welcome_html, None, "it is to its creator");
    root.sets(json!({ "welcome": { "en": "Changed" } })).await;
    let again: TicketView = carl.get(&path).await.is(200).ok();
    assert_eq!(again.welcome_html, Some(welcome), "they keep what they were told");
    assert_eq!(carl.opens("Second", "Help").await.welcome_html, None);
    carl.delete(&path).await.is(204);
    assert_eq!(carl.opens("Third", "Help").await.welcome_html, None, "whatever becomes of the first ticket");
    assert_eq!(ana.opens("Own", "Help").await.welcome_html, None);
    root.sets(json!({ "welcome": {} })).await;
    assert_eq!(app.customer("dora").await.opens("Hive", "Help").await.welcome_html, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn resolved_tickets_are_archived_by_age_and_stay_out_once_taken_out() {
    let app = App::start().await;
    let (root, carl, ana) = (app.admin("root").await, app.customer("carl").await, app.agent("ana").await);
    let (old, open) = (carl.opens("Old", "Help").await, carl.opens("Open", "Help").await);
    ana.comments(&old, "Done").await;
    carl.post(&format!("/tickets/{}/resolution", old.summary.id), json!({})).await.is(201);
    let sweep = async || {
        let mut conn = app.state.db().await.unwrap();
        server::tickets::archive_old(&app.state, &mut conn, app.now()).await.unwrap();
        drop(conn);
        app.run_jobs().await;
    };
    app.advance(SignedDuration::from_hours(24 * 31));
    let (root, carl, ana) = (app.sign_in(root.id()).await, app.sign_in(carl.id()).await, app.sign_in(ana.id()).await);
    sweep().await;
    assert_eq!(carl.titles("").await.len(), 2, "never, unless it is set");
    root.sets(json!({ "archiving": { "after_days": 30 } })).await;
    sweep().await;
    assert_eq!(carl.titles("").await, ["Open"]);
    assert_eq!(carl.titles("?archived=true").await, ["Old"]);
    ana.delete(&format!("/tickets/{}/archive", old.summary.id)).await.is(200);
    sweep().await;
    assert_eq!(carl.titles("").await.len(), 2);
    app.advance(SignedDuration::from_hours(24 * 31));
    let carl = app.sign_in(carl.id()).await;
    sweep().await;
    assert_eq!(carl.titles("").await, [open.summary.title]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logo_is_drawn_anew_and_read_by_anybody() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let send = async |name: &str, bytes: Vec<u8>| root.upload_to("/admin/logos", name, bytes).await;
    let logo: Logo = send("bee.png", see_through(900, 300)).await.is(201).ok();
    let read = app.visitor().send_raw(Method::GET, &logo.url, |request| request).await.is(200);
    assert_eq!(read.header("content-type"), "image/png");
    assert!(read.header("cache-control").contains("immutable"));
    assert!(read.header("content-security-policy").contains("sandbox"));
    let drawn = image::load_from_memory(&read.body).unwrap();
    assert_eq!((drawn.width(), drawn.height()), (480, 160));

    for (name, bytes) in [
        ("bee.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()),
        ("bee.png", b"no picture".to_vec()),
        ("bee.png", b"\x89PNG\r\n\x1a\n and no more".to_vec()),
        ("bee.png", Vec::new()),
    ] {
        send(name, bytes).await.is(422).refused_field("/file", FieldCode::NotPossible);
    }
    send("bee.png", vec![0; 1024 * 1024 + 1]).await.is(413);

    let brand = |logo: LogoId| json!({ "brand": { "name": "BeePass", "logo": logo } });
    let unknown = root.patch("/admin/settings", brand(LogoId::new())).await.is(422);
    unknown.refused_field("/brand/logo", FieldCode::NotPossible);
    root.sets(brand(logo.id)).await;
    assert_eq!(public(&app).await.brand.logo, Some(logo.id));
    // One that is not named goes after a day; the brand's stays.
    let unused: Logo = send("wasp.png", see_through(9, 9)).await.is(201).ok();
    app.advance(SignedDuration::from_hours(25));
    let mut conn = app.state.db().await.unwrap();
    server::settings::sweep_logos(&app.state, &mut conn, app.now()).await.unwrap();
    drop(conn);
    app.visitor().send_raw(Method::GET, &unused.url, |request| request).await.is(404);
    app.visitor().send_raw(Method::GET, &logo.url, |request| request).await.is(200);
    app.visitor().send_raw(Method::GET, "/logos/bee", |request| request).await.is(404);
    // One that was in use for long stays a day after another has taken its place: pages still show it.
    let root = app.sign_in(root.id()).await;
    let next: Logo = root.upload_to("/admin/logos", "wasp.png", see_through(9, 9)).await.is(201).ok();
    root.sets(brand(next.id)).await;
    for (hours, status) in [(1, 200), (24, 404)] {
        app.advance(SignedDuration::from_hours(hours));
        let mut conn = app.state.db().await.unwrap();
        server::settings::sweep_logos(&app.state, &mut conn, app.now()).await.unwrap();
        drop(conn);
        app.visitor().send_raw(Method::GET, &logo.url, |request| request).await.is(status);
    }
}
