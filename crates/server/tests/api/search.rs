//! Finding tickets by words.

use api_types::tickets::{TicketPage, TicketView};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{App, at};

#[tokio::test(flavor = "multi_thread")]
async fn words_are_found_in_titles_and_threads_in_both_languages() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let english = carl.opens("Frames are broken", "The queens were dancing").await;
    ana.comments(&english, "We shipped new smokers").await;
    carl.opens("Ruches abîmées", "Les abeilles sont fâchées, été comme hiver").await;
    app.run_jobs().await;
    for (words, expected) in [
        ("frame", vec!["Frames are broken"]),
        ("FRAMES", vec!["Frames are broken"]),
        ("queen", vec!["Frames are broken"]),
        ("smoker", vec!["Frames are broken"]),
        ("frame smoker", vec!["Frames are broken"]),
        ("frame abeilles", vec![]),
        ("frame -smoker", vec![]),
        ("\"frames broken\"", vec!["Frames are broken"]),
        ("abimees", vec!["Ruches abîmées"]),
        ("abîmées", vec!["Ruches abîmées"]),
        ("abeille", vec!["Ruches abîmées"]),
        ("fachees", vec!["Ruches abîmées"]),
        ("nowhere", vec![]),
    ] {
        for reader in [&carl, &ana] {
            assert_eq!(reader.titles(&format!("?q={}", words.replace(' ', "%20"))).await, expected, "{words}");
        }
    }
    carl.patch("/me", json!({ "locale": "fr" })).await.is(200);
    assert_eq!(carl.titles("?q=ruche").await, ["Ruches abîmées"]);
    assert_eq!(carl.titles("?q=abeilles").await, ["Ruches abîmées"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_another_customers_ticket() {
    let app = App::start().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let ticket = carl.opens("Quarantine", "A secret word: rhododendron").await;
    app.run_jobs().await;
    for words in ["quarantine", "rhododendron", "rhododendrn", &ticket.summary.number.to_string()] {
        let found = dora.lists(&format!("?q={words}")).await;
        assert_eq!((found.items.len(), found.did_you_mean), (0, None), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_finds_its_ticket() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    carl.opens("One", "1").await;
    let two = carl.opens("Two", "2").await;
    app.run_jobs().await;
    let number = two.summary.number;
    assert_eq!(carl.titles(&format!("?q=%23{number}")).await, ["Two"]);
    assert_eq!(carl.titles(&format!("?q={number}")).await, ["Two"]);
    let mention = carl.opens("Three", &format!("The scale says error {number}")).await;
    carl.comments(&two, &format!("I am ticket {number}")).await;
    app.run_jobs().await;
    assert_eq!(carl.titles(&format!("?q={number}")).await, ["Two", "Three"]);
    let first = carl.lists(&format!("?q={number}&limit=1")).await;
    assert_eq!(first.items[0].id, two.summary.id);
    let after = first.next_cursor.expect("the mention is on the next page");
    let second = carl.lists(&format!("?q={number}&limit=1&after={after}")).await;
    assert_eq!((second.items[0].id, second.next_cursor), (mention.summary.id, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_looked_at_enough_says_where_to_go_on() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let oldest = carl.opens("Oldest", "varroa").await;
    ana.put(&format!("{}/priority", at(&oldest)), json!({ "priority": "high" })).await.is(200);
    app.run_jobs().await;
    let statement = format!(
        "with newer as (
             insert into tickets (id, title, creator_id, stage, priority, created_at, updated_at)
             select gen_random_uuid(), 'varroa', '{}', 'new', 'low', '2026-03-03'::timestamptz + n * interval '1 second', '2026-03-03'
             from generate_series(1, 10050) n
             returning id, creator_id, created_at
         )
         insert into ticket_search (ticket_id, creator_id, created_at, bucket, comments, document)
         select id, creator_id, created_at, 0, 0, 'varroa:1A' from newer",
        carl.id()
    );
    app.database.connect().await.batch_execute(&statement).await.unwrap();
    for filter in ["?q=varroa&priority=high", "?q=varroa&priority=high&limit=1"] {
        let first = ana.lists(filter).await;
        assert!(first.items.is_empty() && first.did_you_mean.is_none());
        let after = first.next_cursor.expect("not everything was looked at");
        let second = ana.lists(&format!("{filter}&after={after}")).await;
        assert_eq!((second.items.len(), second.next_cursor), (1, None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn found_tickets_come_in_pages_newest_first_and_filtered() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    for number in 0..7 {
        let ticket = carl.opens(&format!("Hive {number}"), "varroa").await;
        if number % 2 == 1 {
            ana.comments(&ticket, "Looking").await;
        }
        if number == 3 {
            app.advance(SignedDuration::from_secs(1));
        }
    }
    app.run_jobs().await;
    let expected = ["Hive 6", "Hive 5", "Hive 4", "Hive 3", "Hive 2", "Hive 1", "Hive 0"];
    for reader in [&carl, &ana] {
        let mut found = Vec::new();
        let mut page = reader.lists("?q=varroa&limit=2").await;
        loop {
            found.extend(page.items.into_iter().map(|item| item.title));
            let Some(after) = page.next_cursor else { break };
            page = reader.lists(&format!("?q=varroa&limit=2&after={after}")).await;
        }
        assert_eq!(found, expected);
        assert_eq!(reader.titles("?q=varroa&status=in_progress").await, ["Hive 5", "Hive 3", "Hive 1"]);
        assert_eq!(reader.titles("?q=varroa&status=open&limit=2").await, ["Hive 6", "Hive 4"]);
    }
    assert_eq!(ana.titles(&format!("?q=varroa&creator={}&stage=working", carl.id())).await.len(), 3);
    assert_eq!(ana.titles("?q=varroa&assignee=none&priority=medium").await.len(), 7);
    assert!(ana.titles(&format!("?q=varroa&assignee={}", ana.id())).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn archived_tickets_are_found_among_the_archived_only() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "propolis").await;
    ana.comments(&ticket, "Done").await;
    carl.resolves(&ticket).await;
    ana.put(&format!("{}/archive", at(&ticket)), json!(null)).await.is(200);
    app.run_jobs().await;
    for reader in [&carl, &ana] {
        assert!(reader.titles("?q=propolis").await.is_empty());
        assert_eq!(reader.titles("?q=propolis&archived=true").await, ["Hive"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_word_is_corrected_to_one_that_occurs() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    carl.opens("Quarantine", "The thermometer fell").await;
    app.run_jobs().await;
    for reader in [&carl, &ana] {
        let found = reader.lists("?q=thermomter").await;
        assert_eq!((found.items.len(), found.did_you_mean.as_deref()), (0, Some("thermometer")));
        assert_eq!(
            reader.lists("?q=quarantine%20thermomter").await.did_you_mean.as_deref(),
            Some("quarantine thermometer")
        );
        assert_eq!(reader.lists("?q=xyzzyplugh").await.did_you_mean, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_later_is_found_later() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let ticket = carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    carl.comments(&ticket, "It was the beetle").await;
    app.run_jobs().await;
    assert_eq!(carl.titles("?q=beetle").await, ["Hive"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn strange_words_are_no_error() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    for words in [
        "'",
        "\"",
        "&",
        "|",
        "!",
        "(",
        ")",
        ":*",
        "a:b",
        "\\",
        "%",
        "_",
        "-",
        "--",
        "-hive",
        "or",
        "OR OR",
        "the",
        "le la",
        "<->",
        "🐝",
        "é",
        "a\u{301}",
        "'; drop table tickets; --",
        "#",
        "##",
        "0",
        "-1",
        "999999999999999999999",
    ] {
        let encoded: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for reader in [&carl, &ana] {
            reader.get(&format!("/tickets?q={encoded}")).await.is(200);
        }
    }
    for blank in ["", "%20", "%09"] {
        assert_eq!(carl.titles(&format!("?q={blank}")).await, ["Hive"], "nothing to find means everything");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_out_a_word_tells_nothing_of_the_notes() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help with the hive").await;
    ana.post(&format!("{}/comments", at(&ticket)), json!({ "message": "refund him", "internal": true })).await.is(201);
    app.run_jobs().await;
    let found: TicketPage = carl.get("/tickets?q=hive%20-refund").await.is(200).ok();
    assert_eq!(found.items.len(), 1);
    let found: TicketPage = carl.get("/tickets?q=hive%20-help").await.is(200).ok();
    assert!(found.items.is_empty());
    let found: TicketPage = ana.get("/tickets?q=hive%20-refund").await.is(200).ok();
    assert!(found.items.is_empty(), "the team searches notes too");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_found_in_answers_to_fields_of_text() {
    let app = App::start().await;
    let (root, carl, ana) = (app.admin("root").await, app.customer("carl").await, app.agent("ana").await);
    for kind in ["text", "long_text", "url", "email"] {
        root.asks_for(kind, kind, json!({})).await;
    }
    let choices = json!({ "choices": [{ "key": "basic", "en": "Basic", "fr": "Essentiel" }] });
    root.asks_for("plan", "select", choices).await;
    let answers = json!({
        "text": "Buckfast queens", "long_text": "A hive\nnear the lavender", "url": "https://apiary.example/scale",
        "email": "keeper@honey.example", "plan": "basic",
    });
    let body = json!({ "title": "Swarm", "message": "Help", "custom_fields": answers });
    let ticket: TicketView = carl.post("/tickets", body).await.is(201).ok();
    app.run_jobs().await;
    for words in ["buckfast", "queen", "lavender", "keeper@honey.example", "swarm%20buckfast"] {
        for reader in [&carl, &ana] {
            assert_eq!(reader.titles(&format!("?q={words}")).await, ["Swarm"], "{words}");
        }
    }
    assert!(ana.titles("?q=basic").await.is_empty(), "what was chosen is filtered by");
    // The team changes an answer, and nobody writes a word.
    let answers = json!({ "custom_fields": { "text": "Carnica" } });
    ana.put(&format!("{}/custom_fields", at(&ticket)), answers).await.is(200);
    app.run_jobs().await;
    assert_eq!(carl.titles("?q=carnica").await, ["Swarm"]);
    assert!(carl.titles("?q=buckfast").await.is_empty());
}
