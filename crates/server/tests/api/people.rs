//! People: one's own profile, and what an admin changes.

use api_types::{
    error::{ErrorCode, FieldCode},
    page::Page,
    people::{Locale, Me, PersonId, PersonView, Role, SendKey},
};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{App, actors::PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_changes_where_it_is_told_to() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let before: Me = carl.get("/me").await.is(200).ok();
    assert_eq!(before, carl.me);
    let after: Me = carl.patch("/me", json!({ "name": " Carl Gustav ", "locale": "fr" })).await.is(200).ok();
    assert_eq!((after.name.as_str(), after.locale), ("Carl Gustav", Locale::French));
    let preferences = json!({ "preferences": { "send_key": "enter", "shortcuts": false } });
    let after: Me = carl.patch("/me", preferences).await.is(200).ok();
    assert_eq!((after.preferences.send_key, after.preferences.shortcuts), (Some(SendKey::Enter), false));
    assert_eq!(after.name, "Carl Gustav");
    let same: Me = carl.patch("/me", json!({})).await.is(200).ok();
    assert_eq!(same, after);
    assert_eq!(carl.get("/me").await.ok::<Me>(), after);
    // Without a choice the desk's key sends.
    for unchosen in [json!({ "shortcuts": true }), json!({ "send_key": null, "shortcuts": true })] {
        let after: Me = carl.patch("/me", json!({ "preferences": unchosen })).await.is(200).ok();
        assert_eq!(after.preferences.send_key, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_themselves_a_role() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    for field in ["role", "email", "id", "has_password", "disabled", "token_version"] {
        carl.patch("/me", json!({ field: "admin" }))
            .await
            .is(422)
            .refused_field(&format!("/{field}"), FieldCode::UnknownField);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_keeps_its_rules_wherever_it_is_set() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    for (password, code) in [
        ("", FieldCode::Required),
        ("short", FieldCode::TooShort),
        ("eleven char", FieldCode::TooShort),
        (&"x".repeat(129), FieldCode::TooLong),
        ("password1234", FieldCode::CommonPassword),
    ] {
        let body = json!({ "password": password, "current_password": PASSWORD });
        carl.patch("/me", body).await.is(422).refused_field("/password", code);
        let body = json!({ "name": "Eve", "email": "eve@example.org", "password": password, "locale": "en" });
        app.visitor().post("/auth/register", body).await.is(422).refused_field("/password", code);
        let body = json!({ "token": "x", "password": password });
        app.visitor().post("/auth/reset", body).await.is(422).refused_field("/password", code);
    }
    let long = "é".repeat(128);
    carl.patch("/me", json!({ "password": long, "current_password": PASSWORD })).await.is(200);
    app.visitor().post("/auth/login", json!({ "email": carl.me.email, "password": long })).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_a_password_sets_the_first_one_freely() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    app.database.connect().await.execute("update people set password_hash = null", &[]).await.unwrap();
    app.visitor().post("/auth/login", json!({ "email": carl.me.email, "password": "" })).await.is(401);
    assert!(!carl.get("/me").await.ok::<Me>().has_password);
    let me: Me = carl.patch("/me", json!({ "password": "my first password" })).await.is(200).ok();
    assert!(me.has_password);
    carl.patch("/me", json!({ "password": "my second password" })).await.is(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_lists_people_newest_first_and_finds_them() {
    let app = App::start().await;
    let root = app.admin("root").await;
    for name in ["anna", "bertha", "carl_gustav", "dora"] {
        app.advance(SignedDuration::from_secs(1));
        app.customer(name).await;
    }
    app.agent("emil").await;
    let names = async |query: &str| -> Vec<String> {
        let page: Page<PersonView> = root.get(&format!("/admin/people{query}")).await.is(200).ok();
        page.items.into_iter().map(|person| person.name).collect()
    };
    assert_eq!(names("").await, ["emil", "dora", "carl_gustav", "bertha", "anna", "root"]);
    assert_eq!(names("?role=agent").await, ["emil"]);
    assert_eq!(names("?q=ERT").await, ["bertha"]);
    assert_eq!(names("?q=dora%40example").await, ["dora"]);
    assert_eq!(names("?q=_").await, ["carl_gustav"], "an underscore means itself");
    assert_eq!(names("?q=%25").await, Vec::<String>::new());
    assert_eq!(names("?q=%5C").await, Vec::<String>::new());

    let mut walked = Vec::new();
    let mut page: Page<PersonView> = root.get("/admin/people?limit=2").await.ok();
    loop {
        walked.extend(page.items.into_iter().map(|person| person.name));
        let Some(after) = page.next_cursor else { break };
        page = root.get(&format!("/admin/people?limit=2&after={after}")).await.ok();
    }
    assert_eq!(walked, names("").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_person_is_out_until_enabled_again() {
    let app = App::start().await;
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    let path = format!("/admin/people/{}", carl.id());
    let login = json!({ "email": carl.me.email, "password": PASSWORD });
    let person: PersonView = root.patch(&path, json!({ "disabled": true })).await.is(200).ok();
    assert!(person.disabled);
    carl.get("/me").await.is(401);
    app.visitor().post("/auth/login", login.clone()).await.is(401);
    let person: PersonView = root.patch(&path, json!({ "disabled": false })).await.is(200).ok();
    assert!(!person.disabled);
    carl.get("/me").await.is(401);
    app.visitor().post("/auth/login", login).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_active_admin_stays_one() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let path = format!("/admin/people/{}", root.id());
    for body in
        [json!({ "role": "agent" }), json!({ "disabled": true }), json!({ "role": "customer", "disabled": true })]
    {
        root.patch(&path, body).await.is(409).refused(ErrorCode::LastAdmin);
    }
    let gone = app.admin("gone").await;
    root.patch(&format!("/admin/people/{}", gone.id()), json!({ "disabled": true })).await.is(200);
    root.patch(&path, json!({ "disabled": true })).await.is(409).refused(ErrorCode::LastAdmin);
    let second = app.admin("second").await;
    let person: PersonView = root.patch(&path, json!({ "role": "agent" })).await.is(200).ok();
    assert_eq!(person.role, Role::Agent);
    root.get("/admin/people").await.is(401);
    second.get("/admin/people").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_admins_cannot_demote_each_other_at_once() {
    let app = App::start().await;
    let (left, right) = (app.admin("left").await, app.admin("right").await);
    let demote = json!({ "role": "agent" });
    let (left_path, right_path) = (format!("/admin/people/{}", right.id()), format!("/admin/people/{}", left.id()));
    let (first, second) = tokio::join!(left.patch(&left_path, demote.clone()), right.patch(&right_path, demote));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert!(matches!(statuses, [200, 401 | 403 | 409]), "{statuses:?}");
    let admins: i64 = app
        .database
        .connect()
        .await
        .query_one("select count(*) from people where role = 'admin' and disabled_at is null", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(admins, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_person_is_404() {
    let app = App::start().await;
    let root = app.admin("root").await;
    root.patch(&format!("/admin/people/{}", PersonId::new()), json!({ "role": "agent" })).await.is(404);
}
