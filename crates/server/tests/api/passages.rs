//! How published texts are cut and found: passages, their words, and what is suggested from them.
//!
//! Invariant: what is found is what is published now.

use api_types::{
    articles::{ArticleView, Suggestion, Suggestions, Synonyms},
    error::ErrorCode,
    people::Locale,
};
use serde_json::json;
use server::articles::retrieve::{self, Question};

use crate::support::{App, Caller};

const GUIDE: &str = "Before all.\n\n## Set the *clock*\n\nThe clock is set with the small screw.\n\n> ## Set the clock\n>\n> \
    Twice.\n\n- item\n\n  ## É in a list\n\n  Inside.\n\n## !!!\n\nAt the end.";

impl Caller {
    async fn is_suggested(&self, text: &str) -> Vec<Suggestion> {
        let query = form(text);
        let found: Suggestions = self.get(&format!("/articles/suggest?text={query}")).await.is(200).ok();
        found.items
    }

    async fn slugs_suggested(&self, text: &str) -> Vec<String> {
        self.is_suggested(text).await.into_iter().map(|item| item.slug).collect()
    }
}

fn form(text: &str) -> String {
    text.split(' ').collect::<Vec<_>>().join("+")
}

fn asks(text: &str) -> Question {
    Question { turns: vec![text.to_owned()], locale: Locale::English }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_passage_stands_under_a_heading_of_the_page() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    ana.shows_article("The clock", GUIDE).await;
    let page: ArticleView = app.visitor().get("/articles/the-clock").await.is(200).ok();
    let client = app.database.connect().await;
    let rows = client.query("select anchor, body from article_passages order by position", &[]).await.unwrap();
    assert_eq!(rows.len(), 5);
    for row in rows {
        let (anchor, body): (Option<String>, String) = (row.get(0), row.get(1));
        let stands = anchor.is_none_or(|anchor| page.body_html.contains(&format!("id=\"{anchor}\"")));
        assert!(stands, "{body}: {}", page.body_html);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_counted_as_often_as_they_are_published() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    let client = app.database.connect().await;
    let wrong = "
        select c.locale, c.stem, c.passages, count(w.passage_id)
        from article_word_counts c left join article_words w on w.locale = c.locale and w.stem = c.stem
        group by c.locale, c.stem, c.passages having c.passages <> count(w.passage_id)";
    let kept = async |slug: &str| {
        let found = retrieve::find(&mut app.state.db().await.unwrap(), None, &asks("clock screw"), 5).await.unwrap();
        assert!(client.query(wrong, &[]).await.unwrap().is_empty());
        found.iter().any(|passage| passage.slug == slug)
    };
    ana.shows_article("The clock", GUIDE).await;
    ana.shows_article("Another clock", "A screw holds this clock.").await;
    assert!(kept("the-clock").await);
    let body = json!({ "title": "The hive", "body_markdown": "Honey.", "publish": true,
        "based_on": ana.get("/articles/the-clock/source").await.is(200).ok::<serde_json::Value>()["texts"][0]["revision"]["id"] });
    ana.put("/articles/the-clock/texts/en", body).await.is(200);
    assert!(!kept("the-clock").await);
    ana.delete("/articles/another-clock/texts/en/publication").await.is(200);
    assert!(!kept("another-clock").await);
    ana.delete("/articles/the-clock").await.is(204);
    assert!(!kept("the-clock").await);
    let left: i64 = client.query_one("select count(*) from article_words", &[]).await.unwrap().get(0);
    assert_eq!(left, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn suggestions_come_one_per_article_best_first() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    ana.shows_article("The clock", GUIDE).await;
    ana.shows_article("Painting", "Paint the clock once a year.").await;
    ana.shows_article("Bees", "They make honey.").await;
    let visitor = app.visitor();
    let found = visitor.is_suggested("how do I set the clock please").await;
    assert_eq!(found[0].slug, "the-clock");
    assert_eq!(found[0].anchor.as_deref(), Some("set-the-clock"));
    assert_eq!(found[0].excerpt, "The clock is set with the small screw.");
    assert!(found.iter().all(|item| item.slug != "bees"));
    assert_eq!(found.iter().filter(|item| item.slug == "the-clock").count(), 1);
    for nothing in ["", "clock", "the clock", "? clock !", "xyzzy plugh frobnicate", "hello and thank you"] {
        assert!(visitor.is_suggested(nothing).await.is_empty(), "{nothing}");
    }
    visitor.get(&format!("/articles/suggest?text={}", form(&"clock ".repeat(300)))).await.is(200);
    visitor.get("/articles/suggest").await.is(422).refused(ErrorCode::Invalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn misspelt_words_and_other_forms_are_found() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    ana.shows_article("Notifications", "A notification tells of each answer.").await;
    let visitor = app.visitor();
    for text in ["how do notifcations work", "I am never notified here", "my NOTIFICATIÖNS are late"] {
        assert_eq!(visitor.slugs_suggested(text).await, ["notifications"], "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn synonyms_are_the_teams_own() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    ana.shows_article("Frobbing", "Turn the frob slowly.").await;
    let visitor = app.visitor();
    assert!(visitor.slugs_suggested("where is my wibble wobble").await.is_empty());
    let shipped: Synonyms = ana.get("/articles/synonyms").await.is(200).ok();
    assert!(shipped.groups.len() > 100);
    let groups = json!({ "groups": [["wibble wobble", " frob "], ["one", "two"]] });
    let saved: Synonyms = ana.put("/articles/synonyms", groups).await.is(200).ok();
    assert_eq!(saved.groups, [["wibble wobble", "frob"], ["one", "two"]]);
    assert_eq!(ana.get("/articles/synonyms").await.is(200).ok::<Synonyms>(), saved);
    assert_eq!(visitor.slugs_suggested("where is my wibble wobble").await, ["frobbing"]);
    assert!(visitor.slugs_suggested("where is my wibble only").await.is_empty(), "half a phrase is another word");
    ana.put("/articles/synonyms", json!({ "groups": [["alone"]] })).await.is(422).refused(ErrorCode::Invalid);
    ana.put("/articles/synonyms", json!({ "groups": [] })).await.is(200);
    assert!(visitor.slugs_suggested("where is my wibble wobble").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_conversation_is_the_question() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    ana.shows_article("Printers", "A printer wants paper.").await;
    ana.shows_article("Phones", "On a phone, tap the menu.").await;
    let turns = ["My printer has no paper", "thanks", "and where is that"].map(str::to_owned).to_vec();
    let question = Question { turns, locale: Locale::English };
    let found = retrieve::find(&mut app.state.db().await.unwrap(), None, &question, 5).await.unwrap();
    assert_eq!(found[0].slug, "printers");
    let first = found.first().unwrap();
    assert!(first.score > 0.0 && first.body == "A printer wants paper.");
}
