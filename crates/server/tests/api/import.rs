//! Articles from folders: what is taken, what is refused, and what a second time changes.

use std::{fs, path::Path, process::Command};

use api_types::{
    articles::{ArticleSource, ArticleSummary, ArticleView, TextState},
    page::Page,
};
use jiff::SignedDuration;
use serde_json::json;
use server::articles::import::{self, Options, Report, Show};
use tempfile::TempDir;

use crate::support::App;

struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap());
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

async fn import(app: &App, folder: &Folder) -> Report {
    import_so(app, folder, Options::default(), Show::Written).await
}

async fn import_so(app: &App, folder: &Folder, options: Options, show: Show) -> Report {
    import::import(&app.state, folder.path(), &options, show).await.unwrap()
}

fn counts(report: &Report) -> (usize, usize, usize, usize) {
    (report.added, report.changed, report.unchanged, report.refused.len())
}

/// Slug, title and category of what readers see, in order.
async fn listed(app: &App, query: &str) -> Vec<(String, String, String)> {
    let page: Page<ArticleSummary> = app.visitor().get(&format!("/articles?limit=100{query}")).await.is(200).ok();
    let category = |item: &ArticleSummary| item.category.as_ref().map_or("-".to_owned(), |it| it.name.clone());
    page.items.iter().map(|item| (item.slug.clone(), item.title.clone(), category(item))).collect()
}

fn rows<'a>(expected: &[(&'a str, &'a str, &'a str)]) -> Vec<(String, String, String)> {
    expected.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect()
}

async fn read(app: &App, path: &str) -> ArticleView {
    app.visitor().get(&format!("/articles/{path}")).await.is(200).ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_import_writes_only_what_has_changed() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    let folder = Folder::new(&[
        ("en/feed.md", "---\ntitle: Feed\ncategory: bees\n---\n\nSugar. See [hives](hives.md#size).\n"),
        ("en/hives.md", "# Hives\n\n## Size\n\nBig.\n"),
        ("fr/feed.md", "---\ntitle: Nourrir\ncategory: bees\n---\nDu sucre."),
        ("categories.json", r#"[{"slug":"bees","name_en":"Bees","name_fr":"Abeilles"}]"#),
    ]);
    assert_eq!(counts(&import(&app, &folder).await), (3, 0, 0, 0));
    assert_eq!(listed(&app, "").await, rows(&[("feed", "Feed", "Bees"), ("hives", "Hives", "-")]));
    assert_eq!(listed(&app, "&locale=fr").await[0], rows(&[("feed", "Nourrir", "Abeilles")])[0]);
    assert!(read(&app, "feed").await.body_html.contains("href=\"/help/hives#size\""));

    app.advance(SignedDuration::from_secs(60));
    assert_eq!(counts(&import(&app, &folder).await), (0, 0, 3, 0));
    folder.write("en/feed.md", "---\ntitle: Feed\ncategory: bees\n---\nFondant.");
    assert_eq!(counts(&import(&app, &folder).await), (0, 1, 2, 0));
    let source: ArticleSource = ana.get("/articles/feed/source").await.is(200).ok();
    let numbers: Vec<_> = source.texts.iter().map(|text| (text.revision.number, text.state)).collect();
    assert_eq!(numbers, [(2, TextState::Published), (1, TextState::Published)]);
    assert_eq!(source.texts[0].revision.author, None);

    // The team's own words stay until the folder says something new.
    let based_on = source.texts[0].revision.id;
    let own = json!({ "title": "Feed", "body_markdown": "Our way.", "based_on": based_on, "publish": true });
    ana.put("/articles/feed/texts/en", own).await.is(200);
    ana.delete("/articles/feed/texts/fr/publication").await.is(200);
    assert_eq!(counts(&import(&app, &folder).await), (0, 0, 3, 0));
    assert_eq!(read(&app, "feed").await.body_html, "<p>Our way.</p>\n");
    assert_eq!(read(&app, "feed?locale=fr").await.title, "Feed", "what was taken back stays so");
    folder.write("en/feed.md", "---\ntitle: Feed\ncategory: bees\n---\nHoney.");
    let report = import(&app, &folder).await;
    assert_eq!((counts(&report), report.overtaken.len()), ((0, 1, 2, 0), 1));
    assert_eq!(read(&app, "feed").await.body_html, "<p>Honey.</p>\n");
    let report = import_so(&app, &folder, Options::default(), Show::Everything).await;
    assert_eq!(counts(&report), (0, 1, 2, 0), "all of it is asked for");
    assert_eq!(read(&app, "feed?locale=fr").await.title, "Nourrir");

    // The team may give an article another address.
    ana.patch("/articles/feed", json!({ "slug": "feeding" })).await.is(200);
    let report = import(&app, &folder).await;
    assert_eq!((counts(&report), report.left.len()), ((0, 0, 3, 0), 0));
    ana.patch("/articles/feeding", json!({ "slug": "feed" })).await.is(200);

    fs::remove_file(folder.path().join("fr/feed.md")).unwrap();
    fs::remove_file(folder.path().join("en/hives.md")).unwrap();
    let report = import(&app, &folder).await;
    let left: Vec<_> = report.left.iter().map(|(slug, locale)| format!("{slug} {locale}")).collect();
    assert_eq!((counts(&report), left), ((0, 0, 1, 0), vec!["feed fr".to_owned(), "hives en".to_owned()]));
    read(&app, "hives").await;
    assert!(report.to_string().contains("left hives (en)"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_book_keeps_its_order_titles_and_parts() {
    let app = App::start().await;
    let folder = Folder::new(&[
        ("book.toml", "[book]\ntitle = \"The Book\"\nlanguage = \"en\"\n"),
        (
            "src/SUMMARY.md",
            "# Summary\n\n[Hello](README.md)\n\n# User guide\n\n- [Setting up](guide/z.md)\n  - [Linux](guide/a.md)\n- [Later]()\n\n# Reference\n\n- [Commands](ref.md)\n- [Gone](gone.md)\n",
        ),
        ("src/README.md", "# Welcome\n\nRead [on](guide/z.html#first-step)."),
        ("src/guide/z.md", "# Setting up\n\n## First step {#first}\n\n{{#include x.rs}}\n\nSee [ref](../ref.md).\n"),
        ("src/guide/a.md", "# Linux\n\n```rust\n# use hidden;\nlet shown;\n```\n\n> [!WARNING]\n> Careful.\n"),
        ("src/ref.md", "Use [the first](guide/z.md#first)."),
        ("src/not-in-it.md", "# Not in it\n\nText."),
        ("theme/index.md", "Not a text."),
    ]);
    let report = import(&app, &folder).await;
    assert_eq!(counts(&report), (4, 0, 0, 1), "{report}");
    assert!(report.to_string().contains("src/SUMMARY.md: names gone.md, which is not there"), "{report}");
    assert_eq!(
        listed(&app, "").await,
        rows(&[
            ("guide-z", "Setting up", "User guide"),
            ("guide-a", "Linux", "User guide"),
            ("ref", "Commands", "Reference"),
            ("introduction", "Hello", "-"),
        ])
    );
    assert!(read(&app, "introduction").await.body_html.contains("href=\"/help/guide-z#first-step\""));
    let z = read(&app, "guide-z").await.body_html;
    assert!(
        z.contains("<h2 id=\"first-step\">First step</h2>") && z.contains("/help/ref") && !z.contains("include"),
        "{z}"
    );
    let a = read(&app, "guide-a").await.body_html;
    assert!(a.contains("let shown;") && !a.contains("hidden") && a.contains("<strong>Warning</strong>"), "{a}");
    assert!(read(&app, "ref").await.body_html.contains("/help/guide-z#first-step"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_docusaurus_site_works_as_it_is() {
    let app = App::start().await;
    let i18n = "i18n/fr/docusaurus-plugin-content-docs/current";
    let folder = Folder::new(&[
        ("docusaurus.config.js", "module.exports = {};"),
        (
            "docs/intro.md",
            "---\nsidebar_position: 1\nslug: /\nid: start\ntitle: Start here\n---\nSee [b](./guides/01-b.mdx) or [it](/docs/guides/b).",
        ),
        ("docs/guides/_category_.json", r#"{"label":"Guides & more","position":2,"link":{"type":"generated-index"}}"#),
        (
            "docs/guides/01-b.mdx",
            "import Tabs from '@theme/Tabs';\n\n# The B\n\n<Tabs>\n<TabItem value=\"x\" label=\"Linux\">\n\nText <b>bold</b>.\n\n</TabItem>\n</Tabs>\n\n:::tip Do it\n\nNow.\n\n:::\n",
        ),
        ("docs/guides/_partial.md", "Not a page."),
        ("docs/api/a.md", "---\ndraft: true\n---\n# A draft\n\nText."),
        ("docs/api/empty.md", "<DocCardList />"),
        (&format!("{i18n}/guides/01-b.mdx"), "# Le B\n\nTexte."),
        (&format!("{i18n}/guides/_category_.json"), r#"{"label":"Guides et plus"}"#),
        ("blog/2024-01-01-news.md", "# News\n\nNot a page."),
        ("README.md", "# The repository\n\nNot a page."),
    ]);
    let report = import(&app, &folder).await;
    assert_eq!((counts(&report), report.empty.len()), ((4, 0, 0, 0), 1), "{report}");
    assert_eq!(listed(&app, "").await, rows(&[("guides-b", "The B", "Guides & more"), ("start", "Start here", "-")]));
    assert_eq!(listed(&app, "&locale=fr").await[0], rows(&[("guides-b", "Le B", "Guides et plus")])[0]);
    let start = read(&app, "start").await.body_html;
    assert_eq!(start.matches("href=\"/help/guides-b\"").count(), 2, "{start}");
    let b = read(&app, "guides-b").await.body_html;
    assert!(b.contains("<strong>Linux</strong>") && b.contains("<strong>bold</strong>"), "{b}");
    assert!(b.contains("<blockquote>\n<p><strong>Do it</strong></p>\n<p>Now.</p>"), "{b}");
    assert!(!b.contains("import") && !b.contains("Tab") && !b.contains(":::"), "{b}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_broken_is_named_and_the_rest_imported() {
    let app = App::start().await;
    let folder = Folder::new(&[
        ("good.md", "# Good\n\nText."),
        ("yaml.md", "---\ntitle: Fine\nposition: first\n---\nText."),
        ("open.md", "---\ntitle: Never ends\n\nText."),
        ("one/same.md", "---\nslug: same\n---\nOne."),
        ("two/same.md", "---\nslug: Same\n---\nTwo."),
        ("suggest.md", "Text."),
        ("long.md", &"long ".repeat(30_000)),
        ("title.md", &format!("---\ntitle: {}\n---\nText.", "t".repeat(201))),
    ]);
    folder.write("huge.md", "x".repeat(5 * 1024 * 1024));
    folder.write("nul.md", "One.\nTwo\0.");
    folder.write("latin1.md", b"One.\n\nCaf\xe9.");
    let outside = Folder::new(&[("secret.md", "# Secret\n\nText.")]);
    std::os::unix::fs::symlink(outside.path().join("secret.md"), folder.path().join("link.md")).unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("linked")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("good.md"), folder.path().join("inside.md")).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("around")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("nothing.md"), folder.path().join("dangling.md")).unwrap();
    let report = import(&app, &folder).await;
    let text = report.to_string();
    for words in [
        "refused yaml.md:3: the front matter cannot be read",
        "refused open.md:1: the front matter has no end",
        "refused one/same.md: has the slug same like two/same.md",
        "refused two/same.md: has the slug same like one/same.md",
        "refused suggest.md: \"suggest\" cannot be its slug",
        "refused long.md: the body: At most 100000 characters.",
        "refused title.md: the title: At most 200 characters.",
        "refused huge.md: is too large (5120 KiB): an article has at most 100,000 characters",
        "refused nul.md:2: holds a NUL character",
        "refused latin1.md:3: is not UTF-8",
        "refused link.md: leads out of the folder",
        "refused dangling.md: cannot be read",
        "2 added, 0 changed, 0 unchanged, 12 refused",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let titles: Vec<_> = listed(&app, "").await.into_iter().map(|(slug, ..)| slug).collect();
    assert_eq!(titles, ["good", "inside"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_team_wrote_is_not_taken_over() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    ana.shows_article("Feed", "Ours.").await;
    let folder = Folder::new(&[("feed.md", "# Feed\n\nTheirs."), ("other.md", "# Other\n\nText.")]);
    let report = import(&app, &folder).await;
    assert_eq!(counts(&report), (1, 0, 0, 1));
    assert_eq!(report.refused[0].to_string(), "feed.md: somebody wrote an article here that has its slug");
    assert_eq!(read(&app, "feed").await.body_html, "<p>Ours.</p>\n");
    // Nor what another folder brought.
    let another = Folder::new(&[("other.md", "# Another\n\nText.")]);
    let report = import(&app, &another).await;
    assert_eq!(counts(&report), (0, 0, 0, 1));
    assert_eq!(read(&app, "other").await.title, "Other");
}

#[tokio::test(flavor = "multi_thread")]
async fn language_category_and_drafts_are_as_asked() {
    let app = App::start().await;
    let folder = Folder::new(&[("a.md", "---\ncategory: Other\n---\n# A\n\nTexte."), ("b.md", "# B\n\nTexte.")]);
    let options = Options { locale: Some(api_types::people::Locale::French), category: Some("manual".to_owned()) };
    let report = import_so(&app, &folder, options.clone(), Show::Nothing).await;
    assert_eq!((counts(&report), listed(&app, "").await), ((2, 0, 0, 0), vec![]));
    let report = import_so(&app, &folder, options, Show::Everything).await;
    assert_eq!(counts(&report), (0, 2, 0, 0));
    assert_eq!(listed(&app, "").await, rows(&[("a", "A", "Manual"), ("b", "B", "Manual")]));
    assert_eq!(read(&app, "a").await.locale, api_types::people::Locale::French);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_is_imported_in_both_languages_with_links_that_lead_somewhere() {
    let app = App::start().await;
    let report = import::guide(&app.state).await.unwrap();
    assert!(report.refused.is_empty() && report.added > 40, "{report}");
    let again = import::guide(&app.state).await.unwrap();
    assert_eq!(counts(&again), (0, 0, report.added, 0));
    let mut broken = Vec::new();
    for (slug, ..) in listed(&app, "").await {
        for locale in ["en", "fr"] {
            let article = read(&app, &format!("{slug}?locale={locale}")).await;
            assert_eq!(article.locale.as_str(), locale, "{slug} is in both languages");
            for link in article.body_html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                let Some(target) = link.strip_prefix("/help/") else { continue };
                let (target, anchor) = target.split_once('#').unwrap_or((target, ""));
                let answer = app.visitor().get(&format!("/articles/{target}?locale={locale}")).await;
                let found = answer.status == 200 && {
                    let page: ArticleView = answer.ok();
                    anchor.is_empty() || page.sections.iter().any(|section| section.anchor == anchor)
                };
                if !found {
                    broken.push(format!("{slug} ({locale}): {link}"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_says_what_it_did_and_fails_when_something_was_refused() {
    let app = App::start().await;
    let folder = Folder::new(&[("a.md", "# A\n\nText.")]);
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_waggle"));
        command.env_clear().args(arguments).args(["--data-dir", env!("CARGO_TARGET_TMPDIR")]);
        command.env("DATABASE_URL", app.database.url()).env("WAGGLE_SECRET_KEY", "a secret of thirty-two characters");
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let path = folder.path().to_str().unwrap();
    assert_eq!(
        run(&["articles", "import", path]),
        (Some(0), "1 added, 0 changed, 0 unchanged, 0 refused\n".to_owned())
    );
    folder.write("b.md", "---\ntitle: [\n---\nText.");
    let (code, words) = run(&["articles", "import", path]);
    assert_eq!(code, Some(1));
    assert!(
        words.starts_with("refused b.md:") && words.ends_with("0 added, 0 changed, 1 unchanged, 1 refused\n"),
        "{words}"
    );
    assert_eq!(run(&["articles", "import", "/nowhere/at/all"]).0, Some(1));
    assert_eq!(run(&["articles", "import", path, "--category", "No Slug"]).0, Some(1));
    assert_eq!(run(&["articles", "guide"]).0, Some(0));
}
