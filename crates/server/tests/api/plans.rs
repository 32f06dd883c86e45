//! How Postgres reads at 20,000 tickets: by indexes in their own order, whatever is asked.
//!
//! Invariant: the statements are the ones the server sent, taken from Postgres' own statistics, and planned
//! as the server has them planned: once for all values.

use jiff::SignedDuration;
use serde_json::{Value, json};
use server::{config::SeedArgs, seed};
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::support::{App, at, database};

/// A node of a plan that would cost more with every ticket.
fn slow_nodes(plan: &Value, found: &mut Vec<String>) {
    let kind = plan["Node Type"].as_str().unwrap_or_default();
    let relation = plan["Relation Name"].as_str().unwrap_or_default();
    if kind == "Seq Scan" && matches!(relation, "tickets" | "comments") || kind.contains("Sort") {
        found.push(format!("{kind} {relation}"));
    }
    for child in plan["Plans"].as_array().into_iter().flatten() {
        slow_nodes(child, found);
    }
}

/// The types of a statement's parameters: found by Postgres, but for those that stand where any type may.
fn types(statement: &str) -> String {
    let count = (1..).take_while(|number| statement.contains(&format!("${number}"))).count();
    let any: Vec<_> = statement
        .split("jsonb_build_object(")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .flat_map(|arguments| arguments.split(", "))
        .collect();
    let types = (1..=count).map(|number| if any.contains(&format!("${number}").as_str()) { "text" } else { "unknown" });
    if count == 0 { String::new() } else { format!("({})", types.collect::<Vec<_>>().join(", ")) }
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

#[tokio::test(flavor = "multi_thread")]
async fn lists_threads_counts_and_comments_are_read_by_index() {
    let app = App::start().await;
    seed::run(&app.state, &SeedArgs { demo: false, tickets: Some(20_000), comments: 2 }).await.unwrap();
    app.advance(SignedDuration::from_secs(1));
    let client = app.database.connect().await;
    let person = async |email: &str| {
        let id = client.query_one("select id from people where email = $1", &[&email]).await.unwrap().get::<_, uuid::Uuid>(0);
        app.sign_in(api_types::people::PersonId(id)).await
    };
    let (customer, agent) = (person("customer1@load.example").await, person("agent1@load.example").await);
    let ticket = customer.opens("Probe", "Help").await;
    let superuser = database::superuser().await;
    superuser
        .execute("select pg_stat_statements_reset(0, (select oid from pg_database where datname = $1), 0)", &[&app.database.name()])
        .await
        .unwrap();

    let mut queries = vec![String::new(), "?archived=true".to_owned()];
    queries.extend(["open", "in_progress", "resolved"].map(|status| format!("?status={status}")));
    for query in &queries {
        for reader in [&customer, &agent] {
            let page = reader.lists(query).await;
            if let Some(after) = page.next_cursor {
                let joint = if query.is_empty() { '?' } else { '&' };
                reader.lists(&format!("{query}{joint}after={after}")).await;
            }
        }
    }
    let team_only = [
        "?stage=working".to_owned(),
        "?priority=high".to_owned(),
        "?assignee=none".to_owned(),
        format!("?assignee={}", agent.id()),
        format!("?assignee={}&status=in_progress", agent.id()),
        format!("?creator={}", customer.id()),
    ];
    for query in team_only {
        let page = agent.lists(&query).await;
        if let Some(after) = page.next_cursor {
            agent.lists(&format!("{query}&after={after}")).await;
        }
    }
    for reader in [&customer, &agent] {
        reader.sees(&ticket).await;
        reader.thread(&ticket).await;
        reader.counts().await;
        reader.comments(&ticket, "Hello").await;
    }
    agent.put(&format!("{}/assignee", at(&ticket)), json!({ "person_id": agent.id() })).await.is(200);

    let sql = "select query from pg_stat_statements
        where dbid = (select oid from pg_database where datname = $1) and toplevel and query ~ 'tickets|comments'";
    let statements: Vec<String> =
        superuser.query(sql, &[&app.database.name()]).await.unwrap().into_iter().map(|row| row.get(0)).collect();
    assert!(statements.len() >= 20, "{statements:#?}");
    client.batch_execute("set plan_cache_mode = force_generic_plan; set random_page_cost = 1.1").await.unwrap();
    let mut slow = Vec::new();
    for statement in &statements {
        let plan = plan(&client, statement).await;
        let mut found = Vec::new();
        slow_nodes(&plan, &mut found);
        if !found.is_empty() {
            slow.push(format!("{found:?}: {statement}\n{plan:#}"));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n\n"));
}
