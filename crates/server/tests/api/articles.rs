//! Help articles: who reads what, in which language and order, and how the team writes them.

use api_types::{
    articles::{
        ArticlePreview, ArticleSource, ArticleSummary, ArticleView, Categories, CategoryView, RevisionId, RevisionView,
        TextStanding, TextState,
    },
    error::{ErrorCode, FieldCode},
    page::Page,
    people::Locale,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use server::articles::still_published;

use crate::support::{Actor, App, Caller};

impl Actor {
    /// Writes an English article, and publishes it.
    pub async fn shows_article(&self, title: &str, body: &str) -> ArticleSource {
        self.writes(json!({ "locale": "en", "title": title, "body_markdown": body, "publish": true })).await
    }

    async fn writes(&self, article: Value) -> ArticleSource {
        self.post("/articles", article).await.is(201).ok()
    }

    async fn categorises(&self, name: &str) -> CategoryView {
        self.post("/categories", json!({ "name_en": name, "name_fr": format!("{name} (fr)") })).await.is(201).ok()
    }
}

impl Caller {
    async fn reads(&self, path: &str) -> ArticleView {
        self.get(&format!("/articles/{path}")).await.is(200).ok()
    }

    pub async fn finds(&self, query: &str) -> Page<ArticleSummary> {
        self.get(&format!("/articles{query}")).await.is(200).ok()
    }

    async fn slugs(&self, query: &str) -> Vec<String> {
        self.finds(query).await.items.into_iter().map(|item| item.slug).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_see_what_is_published_and_the_team_writes_on() {
    let app = App::start().await;
    let (ana, carl, visitor) = (app.agent("ana").await, app.customer("carl").await, app.visitor());
    let draft = json!({ "locale": "en", "title": "Winter feed", "body_markdown": "Sugar." });
    let source = ana.writes(draft.clone()).await;
    assert_eq!((source.slug.as_str(), source.texts[0].state), ("winter-feed", TextState::Draft));
    assert_eq!(source.texts[0].revision.author.as_ref().unwrap().name, "ana");
    for reader in [&visitor, &carl.caller, &ana.caller] {
        reader.get("/articles/winter-feed").await.is(404).refused(ErrorCode::NotFound);
        assert!(reader.finds("").await.items.is_empty());
        assert!(reader.finds("?q=sugar").await.items.is_empty());
    }
    assert_eq!(ana.writes(draft).await, source, "writing the same twice makes one");
    let other = json!({ "locale": "en", "title": "Winter feed", "body_markdown": "Honey." });
    ana.post("/articles", other).await.is(409).refused(ErrorCode::SlugTaken);

    app.advance(SignedDuration::from_secs(60));
    let shown: ArticleSource = ana.put("/articles/winter-feed/texts/en/publication", json!(null)).await.is(200).ok();
    assert_eq!(shown.texts[0].state, TextState::Published);
    let article = visitor.reads("winter-feed").await;
    assert_eq!((article.title.as_str(), article.body_html.as_str()), ("Winter feed", "<p>Sugar.</p>\n"));
    assert_eq!((article.updated_at, article.can_edit), (app.now(), false));
    assert!(ana.caller.reads("winter-feed").await.can_edit && !carl.caller.reads("winter-feed").await.can_edit);

    let newest = shown.texts[0].revision.id;
    let change = json!({ "title": "Winter feed", "body_markdown": "Fondant.", "based_on": newest });
    let changed: ArticleSource = ana.put("/articles/winter-feed/texts/en", change).await.is(200).ok();
    assert_eq!((changed.texts[0].state, changed.texts[0].revision.number), (TextState::Changed, 2));
    assert_eq!(visitor.reads("winter-feed").await.revision_id, newest, "readers keep what was published");
    assert_eq!(visitor.slugs("?q=fondant").await, Vec::<String>::new());
    ana.put("/articles/winter-feed/texts/en/publication", json!(null)).await.is(200);
    assert_eq!(visitor.reads("winter-feed").await.body_html, "<p>Fondant.</p>\n");
    assert_eq!(visitor.slugs("?q=fondant").await, ["winter-feed"]);
    assert_eq!(visitor.slugs("?q=sugar").await, Vec::<String>::new(), "what was replaced is not found");

    let hidden: ArticleSource = ana.delete("/articles/winter-feed/texts/en/publication").await.is(200).ok();
    assert_eq!(hidden.texts[0].state, TextState::Draft);
    visitor.get("/articles/winter-feed").await.is(404);
    assert_eq!(visitor.slugs("?q=fondant").await, Vec::<String>::new());
    ana.delete("/articles/winter-feed/texts/en/publication").await.is(200);
    ana.delete("/articles/winter-feed").await.is(204);
    ana.delete("/articles/winter-feed").await.is(404);
    ana.get("/articles/winter-feed/source").await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_missing_in_ones_language_is_shown_in_the_other() {
    let app = App::start().await;
    let (ana, visitor) = (app.agent("ana").await, app.visitor());
    ana.shows_article("Sign in", "With a link.").await;
    ana.writes(json!({ "locale": "fr", "title": "Été", "body_markdown": "Chaud.", "publish": true })).await;
    let french = json!({ "title": "Se connecter", "body_markdown": "Par un lien." });
    ana.put("/articles/sign-in/texts/fr", french).await.is(200);
    let article = visitor.reads("sign-in?locale=fr").await;
    assert_eq!((article.locale, article.locales), (Locale::English, vec![Locale::English]), "a draft is not shown");
    ana.put("/articles/sign-in/texts/fr/publication", json!(null)).await.is(200);
    let article = visitor.reads("sign-in?locale=fr").await;
    assert_eq!((article.title.as_str(), article.locale), ("Se connecter", Locale::French));
    assert_eq!(article.locales, [Locale::English, Locale::French]);
    assert_eq!(visitor.reads("sign-in").await.title, "Sign in");
    let titles = async |query: &str| -> Vec<String> {
        visitor.finds(query).await.items.into_iter().map(|item| item.title).collect()
    };
    assert_eq!(titles("").await, ["Sign in", "Été"]);
    assert_eq!(titles("?locale=fr").await, ["Se connecter", "Été"]);
    ana.delete("/articles/sign-in/texts/en/publication").await.is(200);
    assert_eq!(visitor.reads("sign-in").await.title, "Se connecter");
    assert_eq!(visitor.reads("ete").await.locale, Locale::French);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_overwrites_what_they_have_not_read() {
    let app = App::start().await;
    let (ana, ben) = (app.agent("ana").await, app.agent("ben").await);
    let first = ana.shows_article("Feed", "One.").await.texts[0].revision.id;
    let save = |body: &str, based_on: Option<RevisionId>| json!({ "title": "Feed", "body_markdown": body, "based_on": based_on });
    ana.put("/articles/feed/texts/en", save("Two.", Some(first))).await.is(200);
    for stale in [Some(first), None, Some(RevisionId::new())] {
        ben.put("/articles/feed/texts/en", save("Three.", stale)).await.is(409).refused(ErrorCode::TextChanged);
    }
    // An answer was lost, and what it answered is sent again.
    let again: ArticleSource = ana.put("/articles/feed/texts/en", save("Two.", Some(first))).await.is(200).ok();
    assert_eq!(again.texts[0].revision.number, 2);
    ana.put("/articles/feed/texts/fr", save("Deux.", Some(first))).await.is(409);
    ana.put("/articles/feed/texts/fr", save("Deux.", None)).await.is(200);

    let mut newest = again.texts[0].revision.id;
    for number in 3..=5 {
        let saved: ArticleSource =
            ben.put("/articles/feed/texts/en", save(&format!("{number}."), Some(newest))).await.is(200).ok();
        newest = saved.texts[0].revision.id;
    }
    let page: Page<RevisionView> = ana.get("/articles/feed/texts/en/revisions?limit=3").await.is(200).ok();
    let after = page.next_cursor.unwrap();
    let rest: Page<RevisionView> =
        ana.get(&format!("/articles/feed/texts/en/revisions?limit=3&after={after}")).await.is(200).ok();
    assert_eq!(rest.next_cursor, None);
    let all: Vec<_> = page.items.iter().chain(&rest.items).collect();
    let shown: Vec<_> =
        all.iter().map(|it| (it.number, it.published, it.author.as_ref().unwrap().name.as_str())).collect();
    assert_eq!(shown, [(5, false, "ben"), (4, false, "ben"), (3, false, "ben"), (2, false, "ana"), (1, true, "ana")]);
    ana.get("/articles/feed/texts/de/revisions").await.is(404);
    ana.get("/articles/none/texts/en/revisions").await.is(404);
    ana.put("/articles/none/texts/en/publication", json!(null)).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_save_at_once_are_not_both_right() {
    let app = App::start().await;
    let (ana, ben) = (app.agent("ana").await, app.agent("ben").await);
    let first = ana.shows_article("Feed", "One.").await.texts[0].revision.id;
    let save = |body: &str| json!({ "title": "Feed", "body_markdown": body, "based_on": first });
    let (left, right) =
        tokio::join!(ana.put("/articles/feed/texts/en", save("A.")), ben.put("/articles/feed/texts/en", save("B.")));
    let mut statuses = [left.status, right.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_follow_the_categories_and_go_on_where_they_ended() {
    let app = App::start().await;
    let (ana, visitor) = (app.agent("ana").await, app.visitor());
    let (first, second) = (ana.categorises("First").await, ana.categorises("Second").await);
    let mut expected = Vec::new();
    for (category, names) in
        [(Some(&first), ["a", "b", "c"]), (Some(&second), ["d", "e", "f"]), (None, ["g", "h", "i"])]
    {
        for name in names {
            let article = json!({
                "locale": "en", "title": name, "body_markdown": "Text.", "publish": true,
                "category_id": category.map(|it| it.id),
            });
            ana.writes(article).await;
            expected.push(name.to_owned());
        }
    }
    assert_eq!(visitor.slugs("").await, expected);
    for limit in [1, 2, 3, 4, 9] {
        let mut walked = Vec::new();
        let mut page = visitor.finds(&format!("?limit={limit}")).await;
        loop {
            walked.extend(page.items.into_iter().map(|item| item.slug));
            let Some(after) = page.next_cursor else { break };
            page = visitor.finds(&format!("?limit={limit}&after={after}")).await;
        }
        assert_eq!(walked, expected, "{limit} at a time");
    }
    assert_eq!(visitor.slugs("?category=second").await, ["d", "e", "f"]);
    assert_eq!(visitor.slugs("?category=nowhere").await, Vec::<String>::new());
    let item = visitor.finds("?category=second&locale=fr").await.items.remove(0);
    assert_eq!(item.category.unwrap().name, "Second (fr)");
    assert_eq!((item.texts, item.summary.as_str()), (Vec::new(), "Text."));

    let moved: ArticleSource = ana
        .patch("/articles/f", json!({ "category_id": first.id, "position": -1, "slug": "first-of-all" }))
        .await
        .is(200)
        .ok();
    assert_eq!((moved.slug.as_str(), moved.position), ("first-of-all", -1));
    ana.patch(&format!("/categories/{}", second.id), json!({ "position": -1, "name_fr": "Deux" })).await.is(200);
    assert_eq!(visitor.slugs("").await, ["d", "e", "first-of-all", "a", "b", "c", "g", "h", "i"]);
    ana.patch("/articles/a", json!({ "slug": "b" })).await.is(409).refused(ErrorCode::SlugTaken);
    let nowhere = json!({ "category_id": "00000000-0000-0000-0000-000000000000" });
    ana.patch("/articles/a", nowhere).await.is(422).refused_field("/category_id", FieldCode::NotPossible);

    let uncategorised: ArticleSource =
        ana.patch("/articles/first-of-all", json!({ "category_id": null })).await.is(200).ok();
    assert_eq!((uncategorised.category_id, uncategorised.position), (None, -1));
    ana.patch("/articles/first-of-all", json!({ "category_id": first.id })).await.is(200);

    ana.delete("/articles/a/texts/en/publication").await.is(200);
    assert!(!visitor.slugs("").await.contains(&"a".to_owned()));
    let drafts = ana.finds("?drafts=true").await.items;
    assert_eq!(drafts.len(), 9);
    let draft = TextStanding { locale: Locale::English, state: TextState::Draft };
    assert_eq!(drafts.iter().find(|item| item.slug == "a").unwrap().texts, [draft]);
    assert_eq!(ana.slugs("?drafts=true&q=FIRST").await, ["first-of-all"]);
    assert_eq!(ana.slugs("?drafts=true&q=%25").await, Vec::<String>::new(), "a percent sign means itself");
    visitor.get("/articles?drafts=true").await.is(401);
    app.customer("carl").await.get("/articles?drafts=true").await.is(403);

    let categories: Categories = visitor.get("/categories").await.is(200).ok();
    let shown: Vec<_> =
        categories.items.iter().map(|it| (it.slug.as_str(), it.name_fr.as_str(), it.articles)).collect();
    assert_eq!(shown, [("second", "Deux", 2), ("first", "First (fr)", 3)]);
    ana.delete(&format!("/categories/{}", second.id)).await.is(204);
    ana.delete(&format!("/categories/{}", second.id)).await.is(404);
    assert_eq!(visitor.slugs("").await, ["first-of-all", "b", "c", "d", "g", "e", "h", "i"]);
    assert_eq!(visitor.reads("d").await.category, None);
    ana.post("/categories", json!({ "name_en": "First", "name_fr": "Autre" }))
        .await
        .is(409)
        .refused(ErrorCode::SlugTaken);
    let same: CategoryView =
        ana.post("/categories", json!({ "name_en": "First", "name_fr": "First (fr)" })).await.is(201).ok();
    assert_eq!(same.id, first.id, "adding the same twice makes one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_address_leads_to_the_article_until_another_takes_it() {
    let app = App::start().await;
    let (ana, visitor) = (app.agent("ana").await, app.visitor());
    ana.shows_article("Winter feed", "Fondant.").await;
    for to in ["cold-months", "winter-feed", "feeding"] {
        let from = ana.slugs("?drafts=true").await.remove(0);
        ana.patch(&format!("/articles/{from}"), json!({ "slug": to })).await.is(200);
    }
    for address in ["feeding", "winter-feed", "cold-months"] {
        assert_eq!(visitor.reads(address).await.slug, "feeding", "{address}");
    }
    ana.patch("/articles/winter-feed", json!({ "position": 1 })).await.is(404);

    ana.shows_article("Winter feed", "Another one.").await;
    assert_eq!(visitor.reads("winter-feed").await.slug, "winter-feed");
    ana.patch("/articles/winter-feed", json!({ "slug": "cold-months" })).await.is(200);
    assert_eq!(visitor.reads("winter-feed").await.slug, "cold-months");
    assert_eq!(visitor.reads("feeding").await.title, "Winter feed");
    ana.delete("/articles/cold-months").await.is(204);
    visitor.get("/articles/winter-feed").await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_shows_each_article_once_and_the_words_in_it() {
    let app = App::start().await;
    let (ana, visitor) = (app.agent("ana").await, app.visitor());
    let category = ana.categorises("Hives").await;
    let long = format!("{} The propolis gate closes. {}", "Before. ".repeat(80), "After. ".repeat(80));
    ana.shows_article("Gates", &format!("{long}\n\n## Propolis\n\nMore of propolis.")).await;
    let filed = json!({
        "locale": "en", "title": "Propolis trap", "body_markdown": "Traps.", "publish": true, "category_id": category.id,
    });
    ana.writes(filed).await;
    let page = visitor.finds("?q=propolis").await;
    let mut slugs: Vec<_> = page.items.iter().map(|item| item.slug.as_str()).collect();
    slugs.sort_unstable();
    assert_eq!((slugs, page.next_cursor), (vec!["gates", "propolis-trap"], None));
    for item in &page.items {
        assert!(item.summary.len() < 400, "{}", item.summary);
    }
    assert_eq!(visitor.slugs("?q=propolis&category=hives").await, ["propolis-trap"]);
    assert_eq!(visitor.slugs("?q=propolis&limit=1").await.len(), 1);
    for (query, pointer, code) in [
        ("q=a%00b", "?q", FieldCode::ForbiddenCharacter),
        ("category=a%00b", "?category", FieldCode::ForbiddenCharacter),
        (&format!("q={}", "a".repeat(201)), "?q", FieldCode::TooLong),
        ("after=x", "?after", FieldCode::NotPossible),
        ("q=a&after=x", "?after", FieldCode::NotPossible),
        ("limit=0", "?limit", FieldCode::NotPossible),
        ("locale=de", "?locale", FieldCode::WrongType),
    ] {
        visitor.get(&format!("/articles?{query}")).await.is(422).refused_field(pointer, code);
    }
    for words in ["%27%20or%201=1--", "%22", "%28", "!", "%F0%9F%90%9D", "-a", "%5C"] {
        visitor.finds(&format!("?q={words}")).await;
    }
}

const BODY: &str = "Intro.\n\n# Top\n\nText one.\n\n## Same\n\nText two.\n\n> ## Same\n>\n> Quoted.\n\n### É `code` & more\n\n- item\n\n| a | b |\n|---|---|\n| c | d |\n\n```sh\nls <x>\n```\n";

#[tokio::test(flavor = "multi_thread")]
async fn every_passage_can_be_linked_to() {
    let app = App::start().await;
    let (ana, visitor) = (app.agent("ana").await, app.visitor());
    ana.shows_article("Anchors", BODY).await;
    let article = visitor.reads("anchors").await;
    let sections: Vec<_> = article.sections.iter().map(|it| (it.anchor.as_str(), it.level)).collect();
    assert_eq!(sections, [("top", 2), ("same", 2), ("same-1", 2), ("é-code--more", 3)]);
    let database = app.database.connect().await;
    let rows =
        database.query("select distinct anchor from article_passages where anchor is not null", &[]).await.unwrap();
    assert_eq!(rows.len(), 4);
    for row in rows {
        let anchor: String = row.get(0);
        assert!(article.body_html.contains(&format!(" id=\"{anchor}\"")), "{anchor} in {}", article.body_html);
    }
    for part in ["<table>", "<pre><code>ls &lt;x&gt;", "<li>item</li>"] {
        assert!(article.body_html.contains(part), "{part} in {}", article.body_html);
    }
    let draft = json!({ "body_markdown": BODY });
    let preview: ArticlePreview = ana.post("/articles/preview", draft).await.is(200).ok();
    assert_eq!((preview.body_html, preview.sections), (article.body_html, article.sections));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_a_rule_is_named() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    let article = |slug: Value, title: &str, body: &str| json!({ "slug": slug, "locale": "en", "title": title, "body_markdown": body });
    for (body, pointer, code) in [
        (article(json!("Upper"), "T", "x"), "/slug", FieldCode::NotPossible),
        (article(json!("suggest"), "T", "x"), "/slug", FieldCode::NotPossible),
        (article(json!("a--b"), "T", "x"), "/slug", FieldCode::NotPossible),
        (article(json!(null), "???", "x"), "/slug", FieldCode::Required),
        (article(json!(null), "Synonyms", "x"), "/slug", FieldCode::Required),
        (article(json!("a"), "", "x"), "/title", FieldCode::Required),
        (article(json!("a"), "a\nb", "x"), "/title", FieldCode::ForbiddenCharacter),
        (article(json!("a"), "T", ""), "/body_markdown", FieldCode::Required),
        (article(json!("a"), "T", "a\0b"), "/body_markdown", FieldCode::ForbiddenCharacter),
        (article(json!("a"), "T", &"é".repeat(100_001)), "/body_markdown", FieldCode::TooLong),
    ] {
        ana.post("/articles", body).await.is(422).refused_field(pointer, code);
    }
    // Each takes twelve bytes when it is escaped.
    ana.post("/articles", article(json!("bees"), "Bees", &"🐝".repeat(100_000))).await.is(201);
    let refused = ana.post("/articles", article(json!("a"), "T", &"x".repeat(2_000_000))).await.is(413);
    assert_eq!(refused.refused(ErrorCode::TooLarge).detail, "The request is larger than 1280 KiB.");
    for path in ["/articles/Upper", "/articles/a%00b", "/articles/%FF", "/articles/a%2Fb", "/articles/..%2Fme"] {
        app.visitor().get(path).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_has_ended_is_told_so() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    ana.shows_article("Feed", "One.").await;
    app.visitor().with_token("nonsense").get("/articles/feed").await.is(401);
    app.advance(SignedDuration::from_hours(1));
    ana.get("/articles").await.is(401).refused(ErrorCode::Unauthenticated);
    app.visitor().reads("feed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_can_tell_whether_what_it_quotes_is_still_shown() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    let one = ana.shows_article("One", "One.").await.texts[0].revision.id;
    let two = ana.shows_article("Two", "Two.").await.texts[0].revision.id;
    let mut conn = app.state.db().await.unwrap();
    for (revisions, shown) in [(vec![], true), (vec![one, two, one], true), (vec![one, RevisionId::new()], false)] {
        assert_eq!(still_published(&mut conn, &revisions).await.unwrap(), shown);
    }
    let change = json!({ "title": "Two", "body_markdown": "2.", "based_on": two, "publish": true });
    ana.put("/articles/two/texts/en", change).await.is(200);
    assert!(!still_published(&mut conn, &[one, two]).await.unwrap(), "a newer revision is shown");
    ana.delete("/articles/one").await.is(204);
    assert!(!still_published(&mut conn, &[one]).await.unwrap());
}
