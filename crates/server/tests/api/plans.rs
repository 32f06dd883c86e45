//! How Postgres reads at 20,000 tickets, or as many as `WAGGLE_TEST_TICKETS` says: by indexes, and lists in the
//! indexes' own order.
//!
//! Invariant: the statements are the ones the server sent, taken from Postgres' own statistics, and planned
//! as the server has them planned: once for all values.

use api_types::{
    people::PersonId,
    tickets::{TicketId, TicketView},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use server::{config::SeedArgs, seed};
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::{
    sla::promising,
    support::{Actor, App, at, database},
};

/// Whether a plan may sort: never a list, but the few rows that a search or a link has found.
#[derive(Clone, Copy, PartialEq)]
enum Sorting {
    Never,
    FewRows,
}

/// Enough notifications and mails to be read by index.
const TOLD: &str = "insert into notifications (id, person_id, ticket_id, activity_id, kind, in_bell, to_mail, created_at, read_at)
    select gen_random_uuid(), p.id, t.id, t.number, 'ticket_created', t.number % 9 <> 0, true, t.created_at, case when t.number % 3 = 0 then t.created_at end
    from tickets t, people p where p.email in ('customer1@load.example', 'agent1@load.example', 'customer2@load.example', 'agent2@load.example') and t.number <= 5000;
    insert into notifications (id, person_id, about_id, activity_id, kind, in_bell, to_mail, created_at)
    select gen_random_uuid(), p.id, p.id, 100000 + n, 'export_ready', true, false, now() - n * interval '1 day'
    from people p, generate_series(1, 180) n where p.email in ('customer1@load.example', 'agent1@load.example', 'agent2@load.example');
    insert into mails (id, kind, state, person_id, ticket_id, created_at, sent_at)
    select id, 'ticket_opened', case when number % 50 = 0 then 'dead' else 'sent' end, creator_id, id, created_at, case when number % 50 = 0 then null else created_at end from tickets where number <= 5000;
    analyze notifications, mails";

/// The nodes of a plan that cost more with every ticket.
fn slow_nodes(plan: &Value, sorting: Sorting, found: &mut Vec<String>) {
    let kind = plan["Node Type"].as_str().unwrap_or_default();
    let relation = plan["Relation Name"].as_str().unwrap_or_default();
    let scans = kind == "Seq Scan"
        && matches!(
            relation,
            "tickets"
                | "comments"
                | "attachments"
                | "ticket_search"
                | "activity"
                | "jobs"
                | "notifications"
                | "mails"
                | "articles"
                | "article_texts"
                | "article_revisions"
                | "article_passages"
        );
    let sorts = kind.contains("Sort") && sorting == Sorting::Never;
    // Walking one index while throwing away what another could have left out costs most when little fits.
    let filter = plan["Filter"].as_str().unwrap_or_default();
    let sieves = sorting == Sorting::Never
        && plan["Index Name"] != "tickets_pkey"
        && ["creator_id", "assignee_id", "department_id", "status", "stage", "priority"]
            .iter()
            .any(|column| filter.contains(column));
    if scans || sorts || sieves {
        found.push(format!("{kind} {relation} {filter}"));
    }
    for child in plan["Plans"].as_array().into_iter().flatten() {
        slow_nodes(child, sorting, found);
    }
}

/// The types of a statement's parameters: found by Postgres, but for those that stand where any type may, or nowhere.
fn types(statement: &str) -> String {
    let holds = |number: &usize| statement.contains(&format!("${number}"));
    let count = (1..100).rev().find(holds).unwrap_or(0);
    let any: Vec<_> = statement
        .split("_build_object(")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .flat_map(|arguments| arguments.split(',').map(str::trim))
        .collect();
    // A constant may stand where a parameter was, whose type nothing tells any more.
    let is_text = |number: &usize| !holds(number) || any.contains(&format!("${number}").as_str());
    let types = (1..=count).map(|number| if is_text(&number) { "text" } else { "unknown" });
    if count == 0 { String::new() } else { format!("({})", types.collect::<Vec<_>>().join(", ")) }
}

/// Puts a constant back where Postgres shows a parameter.
fn with_constant(statement: &str, before: &str, constant: &str) -> String {
    let parameter = format!("{before}$");
    let mut pieces = statement.split(&parameter);
    let start = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(start, |text, rest| {
        format!("{text}{before}{constant}{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
    })
}

/// The plan of a statement with parameters, for any values of them.
async fn plan(client: &Client, statement: &str) -> Value {
    let prepare = format!("prepare probe{} as {statement}", types(statement));
    client.batch_execute(&prepare).await.unwrap_or_else(|error| panic!("{error:?}: {statement}"));
    let count: i32 = client
        .query_one("select cardinality(parameter_types) from pg_prepared_statements where name = 'probe'", &[])
        .await
        .unwrap()
        .get(0);
    let nulls = vec!["null"; usize::try_from(count).unwrap()].join(", ");
    let call = if nulls.is_empty() { "probe".to_owned() } else { format!("probe({nulls})") };
    let rows = client.simple_query(&format!("explain (format json) execute {call}")).await.unwrap();
    let text = rows.iter().find_map(|row| match row {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let plan: Value = serde_json::from_str(text.expect("a plan")).unwrap();
    client.batch_execute("deallocate probe").await.unwrap();
    plan[0]["Plan"].clone()
}

/// The desk's statements of late, as Postgres counted them.
struct Statements {
    app: App,
    client: Client,
    superuser: Client,
}

impl Statements {
    async fn of(app: App) -> Self {
        let client = app.database.connect().await;
        client.batch_execute("set plan_cache_mode = force_generic_plan; set random_page_cost = 1.1").await.unwrap();
        Self { client, superuser: database::superuser().await, app }
    }

    async fn forget(&self) {
        let sql = "select pg_stat_statements_reset(0, (select oid from pg_database where datname = $1), 0)";
        self.superuser.execute(sql, &[&self.app.database.name()]).await.unwrap();
    }

    /// Fails if one of them would be slow. There are at least so many, or the test has lost its subject. One is left
    /// out: its index is named by constants, which Postgres shows as parameters.
    async fn are_fast(&self, least: usize, sorting: Sorting) {
        let sql = "select query from pg_stat_statements
            where dbid = (select oid from pg_database where datname = $1)
            and query ~ 'tickets|comments|attachments|ticket_search|notifications|mails|article' and query !~* '^(begin|set|prepare|explain)' and query !~ 'interval |tsvector_to_array'
            and query !~ 'on conflict .person_id, ticket_id. where'";
        let rows = self.superuser.query(sql, &[&self.app.database.name()]).await.unwrap();
        let statements: Vec<String> = rows.into_iter().map(|row| row.get(0)).collect();
        assert!(statements.len() >= least, "only {}: {statements:#?}", statements.len());
        let mut slow = Vec::new();
        for statement in &statements {
            // The constants that decide which index may be used; Postgres shows them as parameters.
            let statement = with_constant(statement, "tickets.number > ", "0");
            let statement = &with_constant(&statement, "custom_fields <> ", "'{}'");
            let plan = plan(&self.client, statement).await;
            let mut found = Vec::new();
            slow_nodes(&plan, sorting, &mut found);
            if !found.is_empty() {
                slow.push(format!("{found:?}: {statement}\n{plan:#}"));
            }
        }
        assert!(slow.is_empty(), "{}", slow.join("\n\n"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_often_is_read_by_index() {
    let app = App::start_with(promising(&json!({}))).await;
    let tickets = std::env::var("WAGGLE_TEST_TICKETS").map_or(20_000, |count| count.parse().unwrap());
    seed::run(&app.state, &SeedArgs { demo: false, tickets: Some(tickets), comments: 2 }).await.unwrap();
    app.advance(SignedDuration::from_secs(1));
    let (root, customer, agent) =
        (app.admin("root").await, seeded(&app, "customer1").await, seeded(&app, "agent1").await);
    let department = root.founds("Technical", &[agent.id()]).await.id;
    root.asks_for("often", "checkbox", json!({})).await;
    root.asks_for("seldom", "text", json!({})).await;
    let ticket = customer.opens("Probe", "Help").await;
    let statements = Statements::of(app).await;
    let archive =
        "update tickets set archived_at = resolved_at where stage = 'resolved' and number % 3 = 0; analyze tickets";
    statements.client.batch_execute(archive).await.unwrap();
    let filed = format!(
        "update tickets set custom_fields = jsonb_build_object('often', number % 2 = 0, 'seldom', number::text) where number % 3 <> 0;
         update tickets set department_id = '{department}' where number % 7 = 0; vacuum analyze tickets"
    );
    for statement in filed.split(';') {
        statements.client.batch_execute(statement).await.unwrap();
    }
    statements.client.batch_execute(TOLD).await.unwrap();
    // A long queue, of which nothing is due, and a long past: in short ones an index saves nothing.
    let queue = "insert into jobs (kind, payload, run_at) select 'react', '{}', now() + interval '100 years' from generate_series(1, 20000);
         insert into activity (kind, at) select 'person.changed', now() from generate_series(1, 20000);
         analyze jobs, activity";
    statements.client.batch_execute(queue).await.unwrap();

    statements.forget().await;
    walk_lists(&customer, &agent).await;
    walk(
        &agent,
        &[
            format!("department={department}"),
            format!("department={department}&status=open"),
            "department=none".to_owned(),
        ],
    )
    .await;
    for reader in [&customer, &agent] {
        reader.sees(&ticket).await;
        reader.thread(&ticket).await;
        reader.counts().await;
        reader.comments(&ticket, "Hello").await;
    }
    statements.are_fast(20, Sorting::Never).await;

    // An agent who sees only theirs: a list is several, each along an index of its own.
    let sight = |which: &str| json!({ "team": { "agents_see": which } });
    root.patch("/admin/settings", sight("own")).await.is(200);
    statements.forget().await;
    walk(&agent, &[String::new(), "archived=false".to_owned()]).await;
    statements.are_fast(8, Sorting::Never).await;
    statements.forget().await;
    agent.counts().await;
    agent.lists("?q=varroa").await;
    statements.are_fast(2, Sorting::FewRows).await;
    root.patch("/admin/settings", sight("all")).await.is(200);

    let files = format!(
        "insert into attachments (id, storage_key, uploader_id, comment_id, position, filename, content_type, size, sha256, created_at)
         select gen_random_uuid(), gen_random_uuid(), author_id, id, 0, 'scale.png', 'image/png', 1, '', created_at
         from comments where hashtext(id::text) % 4 = 0 or ticket_id = '{id}';
         update comments set attachments = 1 where exists (select from attachments where comment_id = comments.id);
         analyze attachments, comments",
        id = ticket.summary.id
    );
    statements.client.batch_execute(&files).await.unwrap();
    statements.forget().await;
    for reader in [&customer, &agent] {
        let file = &reader.sees(&ticket).await.attachments[0];
        reader.get(&format!("/attachments/{}", file.id)).await.is(200);
        reader.get("/attachments/limits").await.is(200);
    }
    agent.get(&format!("{}/sla", at(&ticket))).await.is(200);
    agent.put(&format!("{}/assignee", at(&ticket)), json!({ "person_id": agent.id() })).await.is(200);
    customer.resolves(&ticket).await;
    let body = json!({ "title": "Probe again", "message": "Help", "follows": ticket.summary.id });
    let follower: TicketView = customer.post("/tickets", body).await.is(201).ok();
    customer.sees(&ticket).await;
    for reader in [&customer, &agent] {
        for query in ["q=varroa", "q=varroa&status=open", "q=varroa&limit=1", "q=nowhere", "q=%231"] {
            let page = reader.lists(&format!("?{query}")).await;
            if let Some(after) = page.next_cursor {
                reader.lists(&format!("?{query}&after={after}")).await;
            }
        }
    }
    agent.lists(&format!("?q=varroa&assignee={}&priority=high&stage=working", agent.id())).await;
    agent.lists(&format!("?q=varroa&department={department}&field=often:true")).await;
    let answers = [
        "field=often:true",
        "field=often:true&archived=true",
        "field=seldom:7",
        "field=seldom:none",
        "field=often:true&sort=oldest&status=open",
    ];
    walk(&agent, &answers.map(str::to_owned)).await;
    statements.app.run_jobs().await;
    customer.delete(&at(&follower)).await.is(204);
    statements.are_fast(15, Sorting::FewRows).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bell_and_the_outbox_are_read_by_index() {
    let app = App::start().await;
    seed::run(&app.state, &SeedArgs { demo: false, tickets: Some(5_000), comments: 1 }).await.unwrap();
    app.advance(SignedDuration::from_secs(1));
    let (customer, agent, root) =
        (seeded(&app, "customer1").await, seeded(&app, "agent1").await, app.admin("root").await);
    let statements = Statements::of(app).await;
    statements.client.batch_execute(TOLD).await.unwrap();
    statements.forget().await;
    let lists = [
        (&customer, "/notifications?limit=5"),
        (&agent, "/notifications?limit=5"),
        (&root, "/admin/mails?limit=5"),
        (&root, "/admin/mails?limit=5&state=dead"),
    ];
    for (reader, list) in lists {
        let page: Value = reader.get(list).await.is(200).ok();
        if let Some(after) = page["next_cursor"].as_str() {
            reader.get(&format!("{list}&after={after}")).await.is(200);
        }
    }
    let one: Value = agent.get("/notifications?limit=1").await.is(200).ok();
    agent.post("/notifications/read", json!({ "ids": [one["items"][0]["id"]] })).await.is(204);
    agent.post("/notifications/read", json!({ "ticket_id": TicketId::new() })).await.is(204);
    statements.are_fast(10, Sorting::Never).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_help_centre_is_read_by_index() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    let visitor = app.visitor();
    let statements = Statements::of(app).await;
    let many = "
        insert into article_categories (id, slug, name_en, name_fr, position)
        select gen_random_uuid(), 'category-' || n, 'Category', 'Rubrique', n from generate_series(1, 12) n;
        insert into articles (id, slug, category_id, position, created_at)
        select gen_random_uuid(), 'article-' || n, (select id from article_categories where position = n % 14), n, now()
        from generate_series(1, 5000) n;
        insert into article_revisions (id, article_id, locale, number, title, body_markdown, body_html, sections, created_at)
        select gen_random_uuid(), id, locale, number, slug, 'Text', '<p>Text</p>', '[]', now()
        from articles, unnest(array['en', 'fr']) locale, generate_series(1, 3) number;
        insert into article_texts (article_id, locale, newest_id, published_id, published_at)
        select article_id, locale, id, id, now() from article_revisions where number = 3;
        analyze article_categories, articles, article_revisions, article_texts";
    statements.client.batch_execute(many).await.unwrap();
    statements.forget().await;
    for query in ["", "?category=category-3", "?locale=fr&limit=100"] {
        let page = visitor.finds(query).await;
        let after = page.next_cursor.unwrap();
        visitor.finds(&format!("{query}{}after={after}", if query.is_empty() { "?" } else { "&" })).await;
    }
    visitor.get("/articles/article-7?locale=fr").await.is(200);
    ana.get("/articles/article-7/source").await.is(200);
    ana.get("/articles/article-7/texts/en/revisions").await.is(200);
    statements.are_fast(5, Sorting::FewRows).await;
}

async fn seeded(app: &App, name: &str) -> Actor {
    let sql = "select id from people where email = $1 || '@load.example'";
    let id = app.database.connect().await.query_one(sql, &[&name]).await.unwrap().get(0);
    app.sign_in(PersonId(id)).await
}

/// Every list there is, and its second page.
async fn walk_lists(customer: &Actor, agent: &Actor) {
    let everybodys =
        ["", "archived=false", "q=", "archived=true", "status=open", "status=in_progress", "status=resolved"]
            .map(str::to_owned);
    let teams = [
        "stage=working".to_owned(),
        "priority=high".to_owned(),
        "assignee=none".to_owned(),
        "person_wanted=true".to_owned(),
        format!("assignee={}", agent.id()),
        format!("assignee={}&status=in_progress", agent.id()),
        format!("creator={}", customer.id()),
    ];
    for (readers, queries) in [(&[customer, agent][..], &everybodys[..]), (&[agent][..], &teams[..])] {
        for (reader, query) in readers.iter().flat_map(|reader| queries.iter().map(move |query| (reader, query))) {
            walk(reader, std::slice::from_ref(query)).await;
        }
    }
}

/// The first and the second page of lists.
async fn walk(reader: &Actor, queries: &[String]) {
    for query in queries {
        if let Some(after) = reader.lists(&format!("?limit=5&{query}")).await.next_cursor {
            reader.lists(&format!("?limit=5&{query}&after={after}")).await;
        }
    }
}
