//! Departments: who makes them, which tickets they get, and who is told.

use api_types::{
    captcha::CaptchaProvider,
    departments::{DepartmentId, DepartmentView, Departments},
    error::{ErrorCode, FieldCode},
    notifications::{NotificationKind, Notifications},
    page::Page,
    people::PersonId,
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
    /// Makes a department of these people.
    pub async fn founds(&self, name: &str, people: &[PersonId]) -> DepartmentView {
        let body = json!({ "name_en": name, "name_fr": format!("{name} (fr)"), "people": people });
        self.post("/admin/departments", body).await.is(201).ok()
    }

    async fn changes_department(&self, id: DepartmentId, change: Value) -> DepartmentView {
        self.patch(&format!("/admin/departments/{id}"), change).await.is(200).ok()
    }

    async fn sets_form(&self, department: &str, default: Option<DepartmentId>) {
        let mut form = json!({ "priority": "optional", "department": department });
        if let Some(default) = default {
            form["default_department"] = json!(default);
        }
        self.patch("/admin/settings", json!({ "form": form })).await.is(200);
    }

    async fn moves(&self, ticket: &TicketView, to: Option<DepartmentId>) -> TicketView {
        self.put(&format!("{}/department", at(ticket)), json!({ "department_id": to })).await.is(200).ok()
    }

    async fn told(&self) -> Vec<NotificationKind> {
        let bell: Notifications = self.get("/notifications").await.is(200).ok();
        bell.items.into_iter().rev().map(|item| item.kind).collect()
    }
}

async fn public(app: &App) -> Vec<String> {
    let settings: PublicSettings = app.visitor().get("/settings").await.is(200).ok();
    settings.departments.into_iter().map(|department| department.name_en).collect()
}

fn ask(department: Option<DepartmentId>) -> Value {
    json!({ "title": "Hive", "message": "Help", "department_id": department })
}

fn department(ticket: &TicketView) -> Option<&str> {
    ticket.summary.department.as_ref().map(|department| department.name.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_made_ordered_and_retired_and_every_process_hears_of_it() {
    let app = App::start().await;
    let (root, ana, second) = (app.admin("root").await, app.agent("ana").await, app.second_process());
    second.listen();
    let technical = root.founds("Technical", &[ana.id(), root.id()]).await;
    let names: Vec<_> = technical.people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!((names, technical.retired), (vec!["ana", "root"], false));
    assert_eq!(root.founds("Technical", &[ana.id(), root.id()]).await, technical, "the same twice is one");
    let billing = root.founds("Billing", &[]).await;
    assert_eq!(public(&app).await, ["Technical", "Billing"]);
    let moved = root.changes_department(billing.id, json!({ "position": -1, "name_fr": "Factures" })).await;
    assert_eq!((moved.name_en.as_str(), moved.name_fr.as_str()), ("Billing", "Factures"));
    assert_eq!(public(&app).await, ["Billing", "Technical"]);
    app.advance(SignedDuration::from_secs(1));
    assert!(root.changes_department(billing.id, json!({ "retired": true })).await.retired);
    assert_eq!(public(&app).await, ["Technical"]);
    let heard = async { while public(&second).await != ["Technical"] {} };
    tokio::time::timeout(std::time::Duration::from_secs(60), heard).await.unwrap();
    let all: Departments = root.get("/admin/departments").await.is(200).ok();
    assert_eq!(
        all.items.iter().map(|it| (it.name_en.as_str(), it.retired)).collect::<Vec<_>>(),
        [("Billing", true), ("Technical", false)]
    );
    let history: Page<SettingsChangeView> = root.get("/admin/settings/changes").await.is(200).ok();
    assert_eq!(history.items.len(), 4);
    let newest = &history.items[0];
    assert_eq!((newest.topic.as_str(), newest.author.id), ("departments", root.id()));
    assert_eq!((&newest.before["retired"], &newest.after["retired"]), (&json!(false), &json!(true)));
    let first = &history.items[3];
    assert_eq!((&first.before, &first.after["name_en"]), (&json!({}), &json!("Technical")));
    // Its people change as a whole.
    let changed = root.changes_department(technical.id, json!({ "people": [root.id()] })).await;
    assert_eq!(changed.people.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_at_its_field() {
    let app = App::start().await;
    let (root, carl, ana) = (app.admin("root").await, app.customer("carl").await, app.agent("ana").await);
    root.patch(&format!("/admin/people/{}", ana.id()), json!({ "disabled": true })).await.is(200);
    let new = |people: Value| json!({ "name_en": "Technical", "name_fr": "Technique", "people": people });
    for (body, pointer, code) in [
        (new(json!([root.id(), carl.id()])), "/people/1", FieldCode::NotPossible),
        (new(json!([PersonId::new()])), "/people/0", FieldCode::NotPossible),
        (new(json!([ana.id()])), "/people/0", FieldCode::NotPossible),
        (new(json!("carl")), "/people", FieldCode::WrongType),
        (json!({ "name_en": "", "name_fr": "Technique" }), "/name_en", FieldCode::Required),
        (json!({ "name_en": "a", "name_fr": "a\u{202E}" }), "/name_fr", FieldCode::ForbiddenCharacter),
        (json!({ "name_en": "a", "name_fr": "a", "retired": true }), "/retired", FieldCode::UnknownField),
    ] {
        root.post("/admin/departments", body).await.is(422).refused_field(pointer, code);
    }
    let unknown = DepartmentId::new();
    root.patch(&format!("/admin/departments/{unknown}"), json!({})).await.is(404);
    let form = |need: &str, default: Option<DepartmentId>| json!({ "form": { "priority": "off", "department": need, "default_department": default } });
    let set = async |form: Value| root.patch("/admin/settings", form).await;
    set(form("required", None)).await.is(422).refused_field("/form/department", FieldCode::NotPossible);
    let both = json!({ "brand": { "name": "" }, "form": form("required", Some(unknown))["form"] });
    let refused = set(both).await.is(422).refused(ErrorCode::Invalid);
    let pointers: Vec<_> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, ["/brand/name", "/form/department", "/form/default_department"]);

    let (first, second) = (root.founds("First", &[]).await.id, root.founds("Second", &[]).await.id);
    let taken = json!({ "name_en": "first", "name_fr": "Autre" });
    root.post("/admin/departments", taken).await.is(422).refused_field("/name_en", FieldCode::NotPossible);
    root.changes_department(second, json!({ "retired": true })).await;
    set(form("optional", Some(second))).await.is(422).refused_field("/form/default_department", FieldCode::NotPossible);
    set(form("required", Some(first))).await.is(200);
    let retire = async |id| root.patch(&format!("/admin/departments/{id}"), json!({ "retired": true })).await;
    retire(first).await.is(422).refused_field("/retired", FieldCode::NotPossible);
    set(form("required", None)).await.is(200);
    // It is no default any more, but the last one.
    retire(first).await.is(422).refused_field("/retired", FieldCode::NotPossible);
    root.changes_department(second, json!({ "retired": false })).await;
    retire(first).await.is(200);
    // Somebody else may be called so now, and then it cannot come back.
    let again = root.founds("First", &[]).await;
    assert_ne!(again.id, first);
    let back = json!({ "retired": false });
    root.patch(&format!("/admin/departments/{first}"), back)
        .await
        .is(422)
        .refused_field("/name_en", FieldCode::NotPossible);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_ticket_goes_where_the_form_says() {
    let app = App::start().await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let (first, second) = (root.founds("First", &[]).await.id, root.founds("Second", &[]).await.id);
    let opens = async |department| carl.post("/tickets", ask(department)).await.is(201).ok::<TicketView>();
    let refused = async |department, code| {
        carl.post("/tickets", ask(department)).await.is(422).refused_field("/department_id", code);
    };
    assert_eq!(department(&opens(None).await), None);
    refused(Some(first), FieldCode::NotPossible).await;
    root.sets_form("off", Some(second)).await;
    assert_eq!(department(&opens(None).await), Some("Second"), "nobody is asked, and it goes to the default");
    root.sets_form("optional", None).await;
    assert_eq!(department(&opens(None).await), None);
    assert_eq!(department(&opens(Some(first)).await), Some("First"));
    root.sets_form("required", None).await;
    refused(None, FieldCode::Required).await;
    refused(Some(DepartmentId::new()), FieldCode::NotPossible).await;
    let problem = carl.post("/tickets", json!({ "title": "", "message": "a" })).await.is(422).problem();
    assert_eq!(problem.errors.len(), 2, "one answer names every field at fault");
    root.changes_department(second, json!({ "retired": true })).await;
    refused(Some(second), FieldCode::NotPossible).await;
    root.sets_form("required", Some(first)).await;
    let ticket = opens(None).await;
    assert_eq!(department(&ticket), Some("First"), "the default is as good as a choice");
    // It is named in the reader's language, and goes on being so.
    carl.patch("/me", json!({ "locale": "fr" })).await.is(200);
    let carl = app.sign_in(carl.id()).await;
    root.sets_form("off", None).await;
    root.changes_department(first, json!({ "retired": true, "name_fr": "Le premier" })).await;
    assert_eq!(department(&carl.sees(&ticket).await), Some("Le premier"));
    let listed = carl.lists("").await.items.remove(0);
    assert_eq!(listed.department.map(|department| department.name).as_deref(), Some("Le premier"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitors_ticket_goes_there_too() {
    let mut setup = Setup::default();
    setup.settings.registration.mode = RegistrationMode::Passwordless;
    setup.settings.captcha.provider = Some(CaptchaProvider::Off);
    let app = App::start_with(setup).await;
    let root = app.admin("root").await;
    let (first, second) = (root.founds("First", &[]).await.id, root.founds("Second", &[]).await.id);
    root.sets_form("required", None).await;
    let visitor = |department: Option<DepartmentId>, email: &str| {
        let mut body = ask(department);
        body["visitor"] = json!({ "name": "Vera", "email": email, "locale": "en" });
        body
    };
    let knock = async |body| app.visitor().post("/tickets", body).await;
    knock(visitor(None, "v@example.org")).await.is(422).refused_field("/department_id", FieldCode::Required);
    knock(visitor(Some(second), "v@example.org")).await.is(202);
    knock(visitor(Some(second), "w@example.org")).await.is(202);
    app.run_jobs().await;
    let mails = app.mailbox();
    let confirm = async |to: &str| {
        let mail = mails.iter().find(|mail| mail.to == to).unwrap();
        app.visitor().post("/auth/verify", json!({ "token": token(mail) })).await.is(200);
    };
    confirm("v@example.org").await;
    assert_eq!(root.lists("").await.items[0].department.as_ref().unwrap().name, "Second");
    // Where it wanted to go is retired meanwhile.
    root.sets_form("required", Some(first)).await;
    root.changes_department(second, json!({ "retired": true })).await;
    app.advance(SignedDuration::from_secs(1));
    confirm("w@example.org").await;
    assert_eq!(root.lists("").await.items[0].department.as_ref().unwrap().name, "First");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_tells_the_people_of_the_new_department() {
    let app = App::start().await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let (ana, bob) = (app.agent("ana").await, app.agent("bob").await);
    let first = root.founds("First", &[ana.id()]).await.id;
    let (second, empty) = (root.founds("Second", &[bob.id()]).await.id, root.founds("Empty", &[]).await.id);
    root.sets_form("optional", None).await;
    let opens = async |department| carl.post("/tickets", ask(department)).await.is(201).ok::<TicketView>();
    let ticket = opens(Some(first)).await;
    app.run_jobs().await;
    use NotificationKind::{TicketCreated, TicketMoved};
    assert_eq!((ana.told().await, bob.told().await, root.told().await), (vec![TicketCreated], vec![], vec![]));
    opens(Some(empty)).await;
    opens(None).await;
    app.run_jobs().await;
    assert_eq!((ana.told().await.len(), bob.told().await.len(), root.told().await.len()), (3, 2, 2), "the whole team");
    app.advance(SignedDuration::from_secs(1));
    let moved = ana.moves(&ticket, Some(second)).await;
    assert_eq!((department(&moved), moved.summary.updated_at), (Some("Second"), app.now()));
    ana.moves(&ticket, Some(second)).await;
    app.run_jobs().await;
    assert_eq!(bob.told().await, [TicketCreated, TicketCreated, TicketMoved], "once");
    assert_eq!(ana.told().await.len(), 3);
    assert!(carl.told().await.is_empty());
    app.advance(SignedDuration::from_mins(10));
    app.run_jobs().await;
    let mail = app.mailbox().into_iter().find(|mail| mail.to == "bob@example.org").unwrap();
    assert!(mail.text.contains("ana moved the ticket to your department."), "{}", mail.text);
    // On its way elsewhere, it stops nobody between.
    let (root, ana) = (app.sign_in(root.id()).await, app.sign_in(ana.id()).await);
    ana.moves(&ticket, Some(first)).await;
    let gone = ana.moves(&ticket, None).await;
    assert_eq!(department(&gone), None);
    app.run_jobs().await;
    assert_eq!(ana.told().await.len(), 3);

    let path = format!("{}/department", at(&ticket));
    let bad = json!({ "department_id": DepartmentId::new() });
    ana.put(&path, bad).await.is(422).refused_field("/department_id", FieldCode::NotPossible);
    root.changes_department(empty, json!({ "retired": true })).await;
    ana.put(&path, json!({ "department_id": empty }))
        .await
        .is(422)
        .refused_field("/department_id", FieldCode::NotPossible);
    ana.put(&format!("/tickets/{}/department", TicketId::new()), json!({ "department_id": null })).await.is(404);
    ana.comments(&ticket, "Done").await;
    app.sign_in(carl.id()).await.resolves(&ticket).await;
    ana.put(&path, json!({ "department_id": first })).await.is(409).refused(ErrorCode::AlreadyResolved);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_lists_by_department() {
    let app = App::start().await;
    let (root, carl, ana) = (app.admin("root").await, app.customer("carl").await, app.agent("ana").await);
    let first = root.founds("First", &[]).await.id;
    root.sets_form("optional", None).await;
    for (title, department) in [("One", Some(first)), ("Two", None), ("Three", Some(first))] {
        let mut body = ask(department);
        body["title"] = json!(title);
        carl.post("/tickets", body).await.is(201);
        app.advance(SignedDuration::from_secs(1));
    }
    app.run_jobs().await;
    assert_eq!(ana.titles(&format!("?department={first}")).await, ["Three", "One"]);
    assert_eq!(ana.titles(&format!("?department={first}&sort=oldest")).await, ["One", "Three"]);
    assert_eq!(ana.titles(&format!("?department={first}&stage=new&status=open")).await, ["Three", "One"]);
    assert_eq!(ana.titles(&format!("?department={first}&stage=working")).await.len(), 0);
    assert_eq!(ana.titles("?department=none").await, ["Two"]);
    assert_eq!(ana.titles(&format!("?department={}", DepartmentId::new())).await.len(), 0);
    assert_eq!(ana.titles(&format!("?department={first}&q=help")).await, ["Three", "One"]);
    assert_eq!(ana.titles("?department=none&q=help").await, ["Two"]);
    ana.get("/tickets?department=x").await.is(422).refused_field("?department", FieldCode::WrongType);
    carl.get("/tickets?department=none").await.is(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follow_up_stays_in_its_department() {
    let app = App::start().await;
    let (root, carl, ana) = (app.admin("root").await, app.customer("carl").await, app.agent("ana").await);
    let (first, second) = (root.founds("First", &[]).await.id, root.founds("Second", &[]).await.id);
    root.sets_form("optional", Some(second)).await;
    root.asks_for("queen", "text", json!({ "departments": [first] })).await;
    let mut body = ask(Some(first));
    body["custom_fields"] = json!({ "queen": "Maya" });
    let ticket: TicketView = carl.post("/tickets", body).await.is(201).ok();
    ana.comments(&ticket, "Done").await;
    carl.resolves(&ticket).await;
    let follow = |named: Value| {
        let mut body = json!({ "title": "Again", "message": "Help", "follows": ticket.summary.id });
        body.as_object_mut().unwrap().extend(named.as_object().unwrap().clone());
        body
    };
    // Neither asked for nor required: where the ticket before was is answer enough.
    for need in ["off", "required"] {
        root.sets_form(need, None).await;
        let made: TicketView = carl.post("/tickets", follow(json!({}))).await.is(201).ok();
        assert_eq!((department(&made), made.summary.custom_fields.len()), (Some("First"), 0));
        let answered = follow(json!({ "custom_fields": { "queen": "Flip" } }));
        let answered: TicketView = carl.post("/tickets", answered).await.is(201).ok();
        assert_eq!(answered.summary.custom_fields[0].text, "Flip", "a field of that department");
    }
    let elsewhere: TicketView = carl.post("/tickets", follow(json!({ "department_id": second }))).await.is(201).ok();
    assert_eq!(department(&elsewhere), Some("Second"));
    root.changes_department(first, json!({ "retired": true })).await;
    let refused = carl.post("/tickets", follow(json!({}))).await.is(422);
    refused.refused_field("/department_id", FieldCode::Required);
    root.sets_form("off", Some(second)).await;
    let moved: TicketView = carl.post("/tickets", follow(json!({}))).await.is(201).ok();
    assert_eq!(department(&moved), Some("Second"), "the default, once its own is retired");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_a_person_is_heard_by_the_department() {
    let app = App::start().await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let (ana, bob) = (app.agent("ana").await, app.agent("bob").await);
    let first = root.founds("First", &[ana.id()]).await.id;
    let empty = root.founds("Empty", &[]).await.id;
    root.sets_form("optional", None).await;
    let calls = async |department| {
        let ticket: TicketView = carl.post("/tickets", ask(department)).await.is(201).ok();
        app.run_jobs().await;
        carl.call(&format!("{}/human", at(&ticket))).await.is(200);
        app.run_jobs().await;
        ticket
    };
    let wanted = async |actor: &Actor| {
        actor.told().await.into_iter().filter(|kind| *kind == NotificationKind::PersonWanted).count()
    };
    calls(Some(first)).await;
    assert_eq!((wanted(&ana).await, wanted(&bob).await, wanted(&root).await), (1, 0, 0));
    calls(Some(empty)).await;
    calls(None).await;
    assert_eq!((wanted(&ana).await, wanted(&bob).await, wanted(&root).await), (3, 2, 2), "the whole team");
    // Who has taken the ticket hears of it alone.
    let ticket: TicketView = carl.post("/tickets", ask(Some(first))).await.is(201).ok();
    ana.put(&format!("{}/assignee", at(&ticket)), json!({ "person_id": bob.id() })).await.is(200);
    carl.call(&format!("{}/human", at(&ticket))).await.is(200);
    app.run_jobs().await;
    assert_eq!((wanted(&ana).await, wanted(&bob).await, wanted(&root).await), (3, 3, 2));
}
