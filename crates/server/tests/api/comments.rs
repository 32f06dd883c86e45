//! Comments: who sees them, in which order, and what they do to their ticket.

use api_types::{
    comments::{AuthorKind, CommentId, CommentView, MarkdownPreview},
    error::ErrorCode,
    tickets::{Stage, TicketStatus, TicketView},
};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{App, at};

#[tokio::test(flavor = "multi_thread")]
async fn everybody_on_the_ticket_reads_the_thread_in_order() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    let ticket = carl.opens("Hive", "one").await;
    ana.comments(&ticket, "two").await;
    carl.comments(&ticket, "three").await;
    app.advance(SignedDuration::from_secs(1));
    root.comments(&ticket, "four").await;

    let thread = carl.thread(&ticket).await;
    let words: Vec<_> = thread.iter().map(|comment| comment.body_markdown.as_str()).collect();
    assert_eq!(words, ["one", "two", "three", "four"]);
    let labels: Vec<_> = thread.iter().map(|comment| comment.author.label.as_str()).collect();
    assert_eq!(labels, ["[user:carl]", "[admin:ana]", "[user:carl]", "[admin:root]"]);
    let mine: Vec<_> = thread.iter().map(|comment| comment.mine).collect();
    assert_eq!(mine, [true, false, true, false]);
    assert_eq!(carl.sees(&ticket).await.comments.items, thread);
    assert!(ana.thread(&ticket).await[1].mine);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_to_a_comment_is_what_the_thread_holds() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let ticket = carl.opens("Hive", "one").await;
    let posted = carl.comments(&ticket, "  two  ").await;
    assert_eq!(posted.body_markdown, "two");
    assert_eq!(carl.thread(&ticket).await[1], posted);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_client_id_posts_once() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let ticket = carl.opens("Hive", "one").await;
    let path = format!("{}/comments", at(&ticket));
    let body = json!({ "id": CommentId::new(), "message": "two" });
    let first: CommentView = carl.post(&path, body.clone()).await.is(201).ok();
    let again: CommentView = carl.post(&path, body.clone()).await.is(201).ok();
    assert_eq!(first, again);
    let body = json!({ "id": CommentId::new(), "message": "three" });
    let (left, right) = tokio::join!(carl.post(&path, body.clone()), carl.post(&path, body));
    let (left, right): (CommentView, CommentView) = (left.is(201).ok(), right.is(201).ok());
    assert_eq!(left, right);
    assert_eq!(carl.thread(&ticket).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_belongs_to_something_else_is_refused() {
    let app = App::start().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let ticket = carl.opens("Hive", "one").await;
    let other = carl.opens("Other hive", "two").await;
    let dorasticket = dora.opens("Dora's", "three").await;
    let taken = carl.comments(&ticket, "four").await.id;
    let body = json!({ "id": taken, "message": "five" });
    for (who, ticket) in [(&carl, &other), (&dora, &dorasticket)] {
        let answer = who.post(&format!("{}/comments", at(ticket)), body.clone()).await.is(409);
        answer.refused(ErrorCode::IdTaken);
        assert_eq!(who.thread(ticket).await.len(), 1);
    }
    assert_eq!(carl.thread(&ticket).await[1].body_markdown, "four");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_internal_note_is_nowhere_for_a_customer() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "It hums").await;
    ana.comments(&ticket, "We look").await;
    app.run_jobs().await;
    let before = carl.sees(&ticket).await;
    app.advance(SignedDuration::from_mins(2));
    let note = ana.notes(&ticket, "The customer is obstreperous").await;
    assert!(note.internal);
    app.run_jobs().await;

    let mut after = carl.sees(&ticket).await;
    assert_eq!(after.summary.updated_at, before.summary.updated_at);
    after.summary.sla = before.summary.sla.clone();
    assert_eq!(after, before);
    assert_eq!(carl.thread(&ticket).await, before.comments.items);
    assert_eq!(carl.lists("").await.items[0].updated_at, before.summary.updated_at);
    assert!(carl.titles("?q=obstreperous").await.is_empty());
    let typo = carl.lists("?q=obstreperus").await;
    assert_eq!((typo.items.len(), typo.did_you_mean), (0, None));

    assert_eq!(ana.thread(&ticket).await.len(), 3);
    assert_eq!(ana.titles("?q=obstreperous").await, ["Hive"]);
    assert_eq!(ana.lists("?q=obstreperus").await.did_you_mean.as_deref(), Some("obstreperous"));
    let body = json!({ "message": "Between us", "internal": true });
    carl.post(&format!("{}/comments", at(&ticket)), body).await.is(403).refused(ErrorCode::Forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_comments_counts_no_hidden_notes() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "0").await;
    for number in 1..=4 {
        ana.notes(&ticket, "hidden").await;
        ana.comments(&ticket, &number.to_string()).await;
    }
    let path = format!("{}/comments?limit=2", at(&ticket));
    let page: api_types::page::Page<CommentView> = carl.get(&path).await.ok();
    let words: Vec<_> = page.items.iter().map(|comment| comment.body_markdown.as_str()).collect();
    assert_eq!(words, ["0", "1"]);
    assert_eq!(carl.thread(&ticket).await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_move_the_ticket() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    let stage = async || ana.sees(&ticket).await.summary.stage.expect("the team sees it");
    let park = async |stage: &str| {
        let reason = (stage == "on_hold").then_some("parts");
        ana.put(&format!("{}/stage", at(&ticket)), json!({ "stage": stage, "reason": reason })).await.is(200);
    };
    carl.comments(&ticket, "Hello?").await;
    assert_eq!(stage().await, Stage::New);
    ana.notes(&ticket, "I take it").await;
    assert_eq!(stage().await, Stage::New, "a note takes nothing up");
    ana.comments(&ticket, "Hello").await;
    assert_eq!(stage().await, Stage::Working);
    for waiting in ["waiting_customer", "on_hold"] {
        park(waiting).await;
        let before = stage().await;
        ana.comments(&ticket, "Still waiting").await;
        ana.notes(&ticket, "Still").await;
        assert_eq!(stage().await, before, "the team's words end no pause");
        assert_eq!(carl.sees(&ticket).await.summary.your_turn, waiting == "waiting_customer");
        carl.comments(&ticket, "Here I am").await;
        assert_eq!(stage().await, Stage::Working);
        let seen = ana.sees(&ticket).await;
        assert_eq!((seen.hold, seen.summary.your_turn), (None, false));
    }
    assert_eq!(carl.sees(&ticket).await.summary.status, TicketStatus::InProgress);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_change_is_the_last_public_one() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    app.advance(SignedDuration::from_secs(60));
    let comment = ana.comments(&ticket, "Hello").await;
    assert_eq!(comment.created_at, app.now());
    app.advance(SignedDuration::from_secs(60));
    ana.notes(&ticket, "Hm").await;
    assert_eq!(carl.sees(&ticket).await.summary.updated_at, comment.created_at);
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_comments_at_once_all_arrive() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "0").await;
    let path = format!("{}/comments", at(&ticket));
    let mut posts = tokio::task::JoinSet::new();
    for number in 0..32 {
        let who = if number % 2 == 0 { carl.caller.clone() } else { ana.caller.clone() };
        let path = path.clone();
        posts.spawn(async move {
            who.post(&path, json!({ "message": format!("number {number}") })).await.is(201).ok::<CommentView>()
        });
    }
    let mut posted: Vec<_> =
        posts.join_all().await.into_iter().map(|comment| (comment.created_at, comment.id)).collect();
    posted.sort();
    let thread = carl.thread(&ticket).await;
    let read: Vec<_> = thread[1..].iter().map(|comment| (comment.created_at, comment.id)).collect();
    assert_eq!(read, posted);
    assert_eq!(carl.sees(&ticket).await.summary.status, TicketStatus::InProgress);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_role_does_not_rewrite_the_thread() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    let ticket = carl.opens("Hive", "Help").await;
    ana.comments(&ticket, "As an agent").await;
    root.patch(&format!("/admin/people/{}", carl.id()), json!({ "role": "agent" })).await.is(200);
    root.patch(&format!("/admin/people/{}", ana.id()), json!({ "role": "customer" })).await.is(200);
    let kinds: Vec<_> = root.thread(&ticket).await.into_iter().map(|comment| comment.author.kind).collect();
    assert_eq!(kinds, [AuthorKind::User, AuthorKind::Admin]);
    let carl = app.sign_in(carl.id()).await;
    assert_eq!(carl.comments(&ticket, "Now on the team").await.author.label, "[admin:carl]");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_name_stands_on_old_comments() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let ticket = carl.opens("Hive", "Help").await;
    carl.patch("/me", json!({ "name": "Carl Gustav" })).await.is(200);
    assert_eq!(carl.thread(&ticket).await[0].author.label, "[user:Carl Gustav]");
    assert_eq!(carl.comments(&ticket, "It is me").await.author.label, "[user:Carl Gustav]");
}

#[tokio::test(flavor = "multi_thread")]
async fn markdown_is_rendered_and_cleaned() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let message = "# Title\n\n- [link](https://example.org)\n- `code`\n\n<script>alert(1)</script><img src=x onerror=alert(1)>\n\n[x](javascript:alert(1))";
    let ticket = carl.opens("Hive", message).await;
    let comment = &ticket.comments.items[0];
    assert_eq!(comment.body_markdown, message, "what was typed is kept");
    let html = &comment.body_html;
    assert!(html.contains("<h1>") && html.contains("<li>") && html.contains("<code>code</code>"), "{html}");
    assert!(html.contains(r#"href="https://example.org""#) && html.contains("noopener noreferrer nofollow"), "{html}");
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("href=\"javascript"), "{html}");
    let preview: MarkdownPreview = carl.post("/markdown/preview", json!({ "message": message })).await.is(200).ok();
    assert_eq!(&preview.body_html, html);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_thread_comes_in_pages() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let ticket = carl.opens("Hive", "0").await;
    for number in 1..40 {
        carl.comments(&ticket, &number.to_string()).await;
        if number % 7 == 0 {
            app.advance(SignedDuration::from_secs(1));
        }
    }
    let opened: TicketView = carl.sees(&ticket).await;
    assert_eq!(opened.comments.items.len(), 25);
    let after = opened.comments.next_cursor.expect("there is more");
    let rest: api_types::page::Page<CommentView> =
        carl.get(&format!("{}/comments?limit=100&after={after}", at(&ticket))).await.ok();
    assert_eq!((rest.items.len(), rest.next_cursor), (15, None));
    let words: Vec<_> = carl.thread(&ticket).await.into_iter().map(|comment| comment.body_markdown).collect();
    assert_eq!(words, (0..40).map(|number| number.to_string()).collect::<Vec<_>>());
}
