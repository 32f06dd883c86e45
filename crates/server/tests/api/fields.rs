//! Custom fields: their definitions, the answers to them, and that no answer is ever lost.

use api_types::{
    captcha::CaptchaProvider,
    departments::DepartmentId,
    error::{ErrorCode, FieldCode},
    fields::{Field, FieldAnswer, FieldId, Fields},
    page::Page,
    settings::{PublicSettings, RegistrationMode, SettingsChangeView},
    tickets::{TicketId, TicketView},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    registration::token,
    support::{Actor, App, app::Setup, at},
};

impl Actor {
    /// Adds a field; `more` is laid over what every field needs.
    pub async fn asks_for(&self, key: &str, kind: &str, more: Value) -> Field {
        let mut body =
            json!({ "key": key, "kind": kind, "label_en": format!("The {key}"), "label_fr": format!("Le {key}") });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post("/admin/fields", body).await.is(201).ok()
    }

    async fn changes_field(&self, field: &Field, change: Value) -> Field {
        self.patch(&format!("/admin/fields/{}", field.id), change).await.is(200).ok()
    }

    async fn opens_answering(&self, title: &str, answers: Value) -> TicketView {
        let body = json!({ "title": title, "message": "Help", "custom_fields": answers });
        self.post("/tickets", body).await.is(201).ok()
    }

    /// Which answers to a new ticket are refused, and why.
    async fn refused_answers(&self, answers: Value) -> Vec<(String, FieldCode)> {
        let body = json!({ "title": "Hive", "message": "Help", "custom_fields": answers });
        let problem = self.post("/tickets", body).await.is(422).refused(ErrorCode::Invalid);
        problem.errors.into_iter().map(|error| (error.pointer, error.code)).collect()
    }
}

fn choices() -> Value {
    json!({ "choices": [
        { "key": "basic", "en": "Basic", "fr": "Essentiel" },
        { "key": "pro", "en": "Professional", "fr": "Pro" },
    ] })
}

fn told(answers: &[FieldAnswer]) -> Vec<(&str, &str, &str)> {
    answers.iter().map(|it| (it.key.as_str(), it.label.as_str(), it.text.as_str())).collect()
}

fn at_field(key: &str, code: FieldCode) -> (String, FieldCode) {
    (format!("/custom_fields/{key}"), code)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_is_made_changed_and_retired() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let plan = root.asks_for("plan", "select", choices()).await;
    assert_eq!(root.asks_for("plan", "select", choices()).await, plan, "the same twice is one");
    let hive = root.asks_for("hive-number", "number", json!({ "rules": { "min": 1 }, "help_en": "On its roof" })).await;
    assert_eq!((plan.position, hive.position), (0, 1));
    let change = json!({ "position": -1, "help_en": "", "label_fr": "La ruche", "required": true, "in_queue": true });
    let changed = root.changes_field(&hive, change).await;
    assert_eq!((changed.label_fr.as_str(), changed.help_en, changed.rules.min), ("La ruche", None, Some(1.0)));
    app.advance(SignedDuration::from_secs(1));
    let mut renamed = choices()["choices"].clone();
    renamed[0]["retired"] = json!(true);
    renamed.as_array_mut().unwrap().push(json!({ "key": "team", "en": "Team", "fr": "Équipe" }));
    root.changes_field(&plan, json!({ "choices": renamed })).await;
    let settings: PublicSettings = app.visitor().get("/settings").await.is(200).ok();
    let keys: Vec<_> = settings.fields.iter().map(|field| field.key.as_str()).collect();
    assert_eq!(keys, ["hive-number", "plan"]);
    let open: Vec<_> = settings.fields[1].choices.iter().map(|choice| choice.key.as_str()).collect();
    assert_eq!(open, ["pro", "team"], "nobody is offered what is retired");
    root.changes_field(&hive, json!({ "retired": true })).await;
    let settings: PublicSettings = app.visitor().get("/settings").await.is(200).ok();
    assert_eq!(settings.fields.len(), 1);
    let all: Fields = root.get("/admin/fields").await.is(200).ok();
    assert_eq!((all.items.len(), all.items[1].choices.len()), (2, 3));
    let history: Page<SettingsChangeView> = root.get("/admin/settings/changes").await.is(200).ok();
    assert!(history.items.iter().all(|change| change.topic == "fields" && change.author.id == root.id()));
    assert_eq!((history.items.len(), &history.items[4].before), (5, &json!({})));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_impossible_field_is_refused_where_it_is_so() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let plan = root.asks_for("plan", "select", choices()).await;
    let new = |more: Value| {
        let mut body = json!({ "key": "other", "kind": "text", "label_en": "A", "label_fr": "B" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for (more, pointer, code) in [
        (json!({ "key": "Plan" }), "/key", FieldCode::NotPossible),
        (json!({ "key": "plan" }), "/key", FieldCode::NotPossible),
        (json!({ "kind": "regex" }), "/kind", FieldCode::WrongType),
        (json!({ "label_en": "" }), "/label_en", FieldCode::Required),
        (json!({ "help_fr": "a".repeat(301) }), "/help_fr", FieldCode::TooLong),
        (json!({ "rules": { "min": 1 } }), "/rules/min", FieldCode::NotPossible),
        (json!({ "rules": { "pattern": ".*" } }), "/rules/pattern", FieldCode::UnknownField),
        (json!({ "kind": "number", "rules": { "min": 2, "max": 1 } }), "/rules/max", FieldCode::NotPossible),
        (json!({ "kind": "multi_select" }), "/choices", FieldCode::NotPossible),
        (choices(), "/choices", FieldCode::NotPossible),
        (json!({ "departments": [DepartmentId::new()] }), "/departments/0", FieldCode::NotPossible),
        (json!({ "retired": true }), "/retired", FieldCode::UnknownField),
    ] {
        root.post("/admin/fields", new(more)).await.is(422).refused_field(pointer, code);
    }
    let path = format!("/admin/fields/{}", plan.id);
    for (change, pointer, code) in [
        (json!({ "key": "offer" }), "/key", FieldCode::UnknownField),
        (json!({ "kind": "text" }), "/kind", FieldCode::UnknownField),
        (json!({ "choices": [{ "key": "pro", "en": "Pro", "fr": "Pro" }] }), "/choices", FieldCode::NotPossible),
        (
            json!({ "choices": [
            { "key": "basic", "en": "Basic", "fr": "Essentiel", "retired": true },
            { "key": "pro", "en": "Pro", "fr": "Pro", "retired": true },
        ] }),
            "/choices",
            FieldCode::NotPossible,
        ),
    ] {
        root.patch(&path, change).await.is(422).refused_field(pointer, code);
    }
    root.patch(&format!("/admin/fields/{}", FieldId::new()), json!({})).await.is(404);
    let two = json!({ "key": "", "kind": "date", "label_en": "", "label_fr": "A", "rules": { "min_length": 1 } });
    let problem = root.post("/admin/fields", two).await.is(422).problem();
    assert_eq!(problem.errors.len(), 3, "one answer names every field at fault");
    for number in 1..50 {
        root.asks_for(&format!("field-{number}"), "text", json!({})).await;
    }
    root.post("/admin/fields", new(json!({}))).await.is(422).refused_field("/", FieldCode::NotPossible);
    root.changes_field(&plan, json!({ "retired": true })).await;
    root.post("/admin/fields", new(json!({}))).await.is(201);
    root.patch(&path, json!({ "retired": false })).await.is(422).refused_field("/retired", FieldCode::NotPossible);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_at_fault_is_named_at_once() {
    let app = App::start().await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let hive = root.asks_for("hive", "text", json!({ "required": true, "rules": { "max_length": 5 } })).await;
    root.asks_for("frames", "number", json!({ "rules": { "min": 1, "max": 12 } })).await;
    root.asks_for("seen", "date", json!({ "rules": { "latest": "2026-12-31" } })).await;
    root.asks_for("plan", "select", choices()).await;
    root.asks_for("parts", "multi_select", choices()).await;
    root.asks_for("agree", "checkbox", json!({ "required": true })).await;
    root.asks_for("page", "url", json!({})).await;
    root.asks_for("vet", "email", json!({})).await;
    root.asks_for("notes", "long_text", json!({})).await;
    let old = root.asks_for("old", "text", json!({})).await;
    root.changes_field(&old, json!({ "retired": true })).await;

    let bad = json!({
        "hive": "H12345", "frames": 13, "seen": "2027-01-01", "plan": "gold", "parts": ["basic", "gold"], "agree": false,
        "page": "ftp://example.org", "vet": "nobody", "notes": 7, "old": "x", "none": "x", "~/": "x",
    });
    let mut refused = carl.refused_answers(bad).await;
    refused.sort();
    let mut expected = [
        at_field("hive", FieldCode::TooLong),
        at_field("frames", FieldCode::NotPossible),
        at_field("seen", FieldCode::NotPossible),
        at_field("plan", FieldCode::NotPossible),
        at_field("parts", FieldCode::NotPossible),
        at_field("agree", FieldCode::Required),
        at_field("page", FieldCode::NotPossible),
        at_field("vet", FieldCode::NotAnEmail),
        at_field("notes", FieldCode::WrongType),
        at_field("old", FieldCode::UnknownField),
        at_field("none", FieldCode::UnknownField),
        at_field("~0~1", FieldCode::UnknownField),
    ];
    expected.sort();
    assert_eq!(refused, expected);
    let missing = [at_field("hive", FieldCode::Required), at_field("agree", FieldCode::Required)];
    assert_eq!(carl.refused_answers(json!({ "hive": "  " })).await, missing);
    assert_eq!(carl.refused_answers(json!({ "hive": null })).await, [at_field("hive", FieldCode::WrongType)]);
    assert_eq!(carl.refused_answers(json!({ "hive": {} })).await, [at_field("hive", FieldCode::WrongType)]);
    let plain =
        json!({ "title": "", "message": "Help", "custom_fields": { "hive": "H1", "agree": true, "frames": 0.5 } });
    let problem = carl.post("/tickets", plain).await.is(422).problem();
    assert_eq!(problem.errors.len(), 2, "beside the other fields");
    assert!(carl.titles("").await.is_empty());

    let good = json!({
        "hive": " H12 ", "frames": 8, "seen": "2026-03-01", "plan": "pro", "parts": ["pro", "basic"], "agree": true,
        "page": "https://example.org/a", "vet": "vet@example.org", "notes": "a\nb",
    });
    let ticket = carl.opens_answering("Hive", good).await;
    let expected = [
        ("hive", "The hive", "H12"),
        ("frames", "The frames", "8"),
        ("seen", "The seen", "2026-03-01"),
        ("plan", "The plan", "Professional"),
        ("parts", "The parts", "Basic, Professional"),
        ("agree", "The agree", "Yes"),
        ("page", "The page", "https://example.org/a"),
        ("vet", "The vet", "vet@example.org"),
        ("notes", "The notes", "a\nb"),
    ];
    assert_eq!(told(&ticket.summary.custom_fields), expected);
    assert_eq!(carl.sees(&ticket).await, ticket);
    let stored: Value =
        app.database.connect().await.query_one("select custom_fields from tickets", &[]).await.unwrap().get(0);
    assert_eq!((&stored["frames"], &stored["agree"], &stored["hive"]), (&json!(8), &json!(true), &json!("H12")));
    root.changes_field(&hive, json!({ "required": false })).await;
    carl.opens_answering("Hive", json!({ "agree": true })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_belongs_to_its_departments() {
    let mut setup = Setup::default();
    setup.settings.registration.mode = RegistrationMode::Passwordless;
    setup.settings.captcha.provider = Some(CaptchaProvider::Off);
    let app = App::start_with(setup).await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let (first, second) = (root.founds("First", &[]).await.id, root.founds("Second", &[]).await.id);
    let form = json!({ "form": { "priority": "optional", "department": "optional" } });
    root.patch("/admin/settings", form).await.is(200);
    root.asks_for("hive", "text", json!({ "required": true, "departments": [first] })).await;
    let ask = |department: Option<DepartmentId>, answers: Value| json!({ "title": "Hive", "message": "Help", "department_id": department, "custom_fields": answers });
    for (body, status) in [
        (ask(None, json!({})), 201),
        (ask(Some(second), json!({})), 201),
        (ask(Some(first), json!({ "hive": "H1" })), 201),
        (ask(Some(first), json!({})), 422),
        (ask(Some(second), json!({ "hive": "H1" })), 422),
        (ask(None, json!({ "hive": "H1" })), 422),
    ] {
        carl.post("/tickets", body.clone()).await.is(status);
        let mut body = body;
        body["visitor"] = json!({ "name": "Vera", "email": "v@example.org", "locale": "fr" });
        app.visitor().post("/tickets", body).await.is(if status == 201 { 202 } else { 422 });
    }
    let nowhere = ask(Some(DepartmentId::new()), json!({ "hive": "H1" }));
    let problem = carl.post("/tickets", nowhere).await.is(422).problem();
    let pointers: Vec<_> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, ["/department_id"], "an answer is not blamed for its department");
    // What a visitor answered comes with the ticket.
    app.run_jobs().await;
    let mail = app.mailbox().into_iter().find(|mail| mail.to == "v@example.org").unwrap();
    app.visitor().post("/auth/verify", json!({ "token": token(&mail) })).await.is(200);
    let tickets = root.lists(&format!("?department={first}&field=hive:H1")).await.items;
    assert_eq!(tickets.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn renaming_and_retiring_lose_no_answer() {
    let app = App::start().await;
    let (root, carl, ana) = (app.admin("root").await, app.customer("carl").await, app.agent("ana").await);
    let plan = root.asks_for("plan", "select", json!({ "choices": choices()["choices"], "in_queue": true })).await;
    let hive = root.asks_for("hive", "text", json!({ "required": true })).await;
    let old = root.asks_for("old", "number", json!({ "in_queue": true })).await;
    let ticket = carl.opens_answering("Hive", json!({ "plan": "basic", "hive": "H12", "old": 3 })).await;
    carl.patch("/me", json!({ "locale": "fr" })).await.is(200);
    let carl = app.sign_in(carl.id()).await;
    let mut renamed = choices()["choices"].clone();
    renamed[0]["retired"] = json!(true);
    renamed[0]["fr"] = json!("Ancien essentiel");
    root.changes_field(&plan, json!({ "choices": renamed, "label_fr": "L’offre" })).await;
    root.changes_field(&old, json!({ "retired": true, "rules": { "min": 10 } })).await;
    let shown = [("plan", "L’offre", "Ancien essentiel"), ("hive", "Le hive", "H12"), ("old", "Le old", "3")];
    assert_eq!(told(&carl.sees(&ticket).await.summary.custom_fields), shown);
    let queue = |page: api_types::tickets::TicketPage| page.items[0].custom_fields.clone();
    assert_eq!(told(&queue(ana.lists("").await)), [("plan", "The plan", "Basic")], "what has a place in the list");
    assert_eq!(queue(carl.lists("").await), [], "which is the team's");

    // The team writes the whole map; what is not asked for any more stays, and what stays is not questioned.
    let path = format!("{}/custom_fields", at(&ticket));
    let set = async |answers: Value| ana.put(&path, json!({ "custom_fields": answers })).await;
    app.advance(SignedDuration::from_secs(1));
    let changed: TicketView = set(json!({ "plan": "basic", "hive": "H13" })).await.is(200).ok();
    let texts: Vec<_> = changed.summary.custom_fields.iter().map(|it| it.text.as_str()).collect();
    assert_eq!((texts, changed.summary.updated_at), (vec!["Basic", "H13", "3"], app.now()));
    set(json!({ "plan": "basic", "hive": "H13", "old": 3 })).await.is(200);
    set(json!({ "plan": "basic", "hive": "H13", "old": 4 }))
        .await
        .is(422)
        .refused_field("/custom_fields/old", FieldCode::UnknownField);
    set(json!({ "plan": "basic" })).await.is(422).refused_field("/custom_fields/hive", FieldCode::Required);
    let without: TicketView = set(json!({ "hive": "H13" })).await.is(200).ok();
    assert_eq!(without.summary.custom_fields.len(), 2);
    set(json!({ "plan": "basic", "hive": "H13" }))
        .await
        .is(422)
        .refused_field("/custom_fields/plan", FieldCode::NotPossible);
    set(json!({ "plan": "pro", "hive": "H13" })).await.is(200);
    // A comment leaves them alone.
    ana.comments(&ticket, "Done").await;
    assert_eq!(ana.sees(&ticket).await.summary.custom_fields.len(), 3);
    let kinds: i64 = app
        .database
        .connect()
        .await
        .query_one("select count(*) from activity where kind = 'ticket.fields_changed'", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(kinds, 4);
    // What is required from now on is not asked of an old ticket.
    root.asks_for("new", "text", json!({ "required": true })).await;
    set(json!({ "plan": "pro", "hive": "H14" })).await.is(200);
    root.changes_field(&hive, json!({ "retired": true })).await;
    carl.resolves(&ticket).await;
    set(json!({ "plan": "pro" })).await.is(409).refused(ErrorCode::AlreadyResolved);
    ana.put(&format!("/tickets/{}/custom_fields", TicketId::new()), json!({ "custom_fields": {} })).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_lists_by_answer() {
    let app = App::start().await;
    let (root, carl, ana) = (app.admin("root").await, app.customer("carl").await, app.agent("ana").await);
    root.asks_for("plan", "select", choices()).await;
    root.asks_for("parts", "multi_select", choices()).await;
    root.asks_for("frames", "number", json!({})).await;
    root.asks_for("agree", "checkbox", json!({})).await;
    let hive = root.asks_for("hive", "text", json!({})).await;
    root.asks_for("seen", "date", json!({})).await;
    assert_eq!(ana.titles("?field=plan:pro").await.len(), 0, "on a desk without answers");
    let answers = [
        json!({ "plan": "pro", "frames": 5.0, "agree": true }),
        json!({ "plan": "basic", "parts": ["basic", "pro"], "hive": "a:b" }),
        json!({}),
        json!({ "plan": "pro", "parts": ["pro"], "agree": false, "seen": "2026-03-01" }),
    ];
    for (number, answers) in answers.into_iter().enumerate() {
        let carl = app.sign_in(carl.id()).await;
        carl.opens_answering(&format!("T{number}"), answers).await;
        // Weeks apart, with some between.
        app.advance(SignedDuration::from_hours(24 * 20));
    }
    let (carl, ana, root) = (app.sign_in(carl.id()).await, app.sign_in(ana.id()).await, app.sign_in(root.id()).await);
    app.run_jobs().await;
    for (query, expected) in [
        ("field=plan:pro", &["T3", "T0"][..]),
        ("field=plan:pro&sort=oldest", &["T0", "T3"]),
        ("field=plan:pro&limit=1", &["T3"]),
        ("field=parts:pro", &["T3", "T1"]),
        ("field=parts:basic", &["T1"]),
        ("field=frames:5", &["T0"]),
        ("field=frames:5.00", &["T0"]),
        ("field=frames:6", &[]),
        ("field=agree:true", &["T0"]),
        ("field=agree:false", &["T3"]),
        ("field=hive:a:b", &["T1"]),
        ("field=seen:2026-03-01", &["T3"]),
        ("field=plan:pro&stage=working", &[]),
        ("field=plan:pro&archived=true", &[]),
        ("field=plan:pro&q=help", &["T3", "T0"]),
        ("field=plan:pro&q=nowhere", &[]),
        ("field=plan:pro&q=%231", &["T0"]),
        ("field=plan:basic&q=%231", &[]),
    ] {
        assert_eq!(ana.titles(&format!("?{query}")).await, expected, "{query}");
    }
    for sort in ["newest", "oldest"] {
        let query = format!("?field=plan:pro&limit=1&sort={sort}");
        let next = ana.lists(&query).await.next_cursor.unwrap();
        let page = ana.lists(&format!("{query}&after={next}")).await;
        assert_eq!((page.items.len(), page.next_cursor), (1, None), "{sort}");
    }
    for (query, code) in [
        ("field=plan", FieldCode::WrongType),
        ("field=none:x", FieldCode::NotPossible),
        ("field=plan:gold", FieldCode::NotPossible),
        ("field=frames:many", FieldCode::NotPossible),
        ("field=frames:NaN", FieldCode::NotPossible),
        ("field=agree:yes", FieldCode::NotPossible),
        ("field=hive:%00", FieldCode::NotPossible),
    ] {
        ana.get(&format!("/tickets?{query}")).await.is(422).refused_field("?field", code);
    }
    carl.get("/tickets?field=plan:pro").await.is(403);
    root.changes_field(&hive, json!({ "retired": true })).await;
    assert_eq!(ana.titles("?field=hive:a:b").await, ["T1"], "old answers are still found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_rejects_much_says_where_to_go_on() {
    let app = App::start().await;
    let (root, carl, ana) = (app.admin("root").await, app.customer("carl").await, app.agent("ana").await);
    root.asks_for("agree", "checkbox", json!({})).await;
    let wanted = carl.opens_answering("Wanted", json!({ "agree": true })).await;
    ana.put(&format!("{}/priority", at(&wanted)), json!({ "priority": "high" })).await.is(200);
    app.run_jobs().await;
    let many = "insert into tickets (id, title, creator_id, stage, priority, created_at, updated_at, custom_fields)
        select gen_random_uuid(), 'Other', creator_id, 'new', 'low', created_at + n * interval '1 second', updated_at, custom_fields
        from tickets, generate_series(1, 700) n";
    app.database.connect().await.batch_execute(many).await.unwrap();
    let (mut after, mut found, mut pages) = (String::new(), Vec::new(), 0);
    loop {
        let page = ana.lists(&format!("?field=agree:true&priority=high{after}")).await;
        found.extend(page.items.into_iter().map(|item| item.title));
        pages += 1;
        match page.next_cursor {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!((found, pages), (vec!["Wanted".to_owned()], 2));
}
