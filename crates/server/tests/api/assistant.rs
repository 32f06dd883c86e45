//! The assistant without a model, and its turns.

use api_types::{
    assistant::{AnswerEntry, AnswerState, AssistantMode, MutedBy, Outcome},
    comments::{AuthorKind, CommentView},
    error::ErrorCode,
    page::Page,
    tickets::{Stage, TicketView},
};
use serde_json::json;
use server::worker;

use crate::support::{
    App, Says, ScriptedModel,
    assistant::{ARCHIVE, QUIET},
    at,
};

const QUESTION: &str = "How can I archive a resolved ticket?";
const FOREIGN: &str = "Which wine goes with grilled octopus in Lisbon?";

#[tokio::test(flavor = "multi_thread")]
async fn it_quotes_the_articles_and_links_to_them() {
    let app = App::with_assistant(AssistantMode::Auto, None).await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Archive", QUESTION).await;
    assert!(ticket.assistant.answering);
    app.run_jobs().await;
    assert_eq!(carl.hears(&ticket).await.len(), 0, "the creator may not be finished");
    assert!(carl.sees(&ticket).await.assistant.answering);
    app.quiet().await;
    let said = carl.hears(&ticket).await;
    let [answer] = &said[..] else { panic!("one answer: {said:#?}") };
    assert_eq!((answer.author.label.as_str(), answer.mine, answer.internal), ("[ai:Waggle]", false, false));
    let ai = answer.ai.as_ref().unwrap();
    assert_eq!((ai.outcome, ai.helpful), (Outcome::Answered, None));
    for source in &ai.sources {
        assert!(ARCHIVE.contains(&source.quote) && !source.quote.is_empty(), "{source:?}");
        assert!(answer.body_html.contains(&format!("href=\"{}\"", source.url)), "{}", answer.body_html);
        carl.get(&format!("/articles/{}", source.slug)).await.is(200);
    }
    assert!(!ai.sources.is_empty());
    let seen = carl.sees(&ticket).await;
    assert_eq!(seen.assistant.mode, AssistantMode::Auto);
    assert!(!seen.assistant.answering && !seen.can.resolve, "it is no reply of the team");
    assert_eq!(ana.sees(&ticket).await.summary.stage, Some(Stage::New));
    carl.call(&format!("{}/resolution", at(&ticket))).await.is(409).refused(ErrorCode::NoTeamReply);
    assert_eq!(carl.titles("?q=automatic+assistant").await, ["Archive"], "what it says is found");
    app.quiet().await;
    assert_eq!(carl.hears(&ticket).await.len(), 1, "it does not answer itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_articles_do_not_cover_is_left_to_the_team() {
    let app = App::with_assistant(AssistantMode::Auto, None).await;
    let carl = app.customer("carl").await;
    let ticket = carl.opens("Dinner", FOREIGN).await;
    let french = carl.opens("Repas", "Bonjour, quel vin me conseillez-vous avec du poulpe grillé, et pourquoi ?").await;
    app.quiet().await;
    let said = carl.hears(&ticket).await;
    assert_eq!(said[0].ai.as_ref().unwrap().outcome, Outcome::NotCovered);
    assert!(said[0].body_markdown.contains("do not answer this"), "{}", said[0].body_markdown);
    assert!(said[0].ai.as_ref().unwrap().sources.iter().all(|source| source.quote.is_empty()));
    let said = carl.hears(&french).await;
    assert!(said[0].body_markdown.contains("ne répondent pas"), "{}", said[0].body_markdown);
}

#[tokio::test(flavor = "multi_thread")]
async fn quick_comments_are_one_turn_and_a_later_one_another() {
    let app = App::with_assistant(AssistantMode::Auto, None).await;
    let carl = app.customer("carl").await;
    let ticket = carl.opens("Archive", QUESTION).await;
    for message in ["I mean", "the resolved ones", "please"] {
        app.run_jobs().await;
        app.advance(QUIET / 2);
        carl.comments(&ticket, message).await;
    }
    app.quiet().await;
    assert_eq!(carl.hears(&ticket).await.len(), 1);
    carl.comments(&ticket, "And how do I bring an archived ticket back?").await;
    app.quiet().await;
    assert_eq!(carl.hears(&ticket).await.len(), 2);
    let root = app.admin("root").await;
    assert!(root.ledger().await.iter().all(|entry| entry.state == AnswerState::Published));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_silences_it_until_it_is_switched_on_again() {
    let app = App::with_assistant(AssistantMode::Auto, None).await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Archive", QUESTION).await;
    ana.notes(&ticket, "A note is heard by nobody").await;
    app.quiet().await;
    assert_eq!(carl.hears(&ticket).await.len(), 1);
    ana.comments(&ticket, "I am here").await;
    assert_eq!(carl.sees(&ticket).await.assistant.muted, Some(MutedBy::Team));
    carl.comments(&ticket, QUESTION).await;
    app.quiet().await;
    assert_eq!(carl.hears(&ticket).await.len(), 1);
    let on: TicketView =
        ana.put(&format!("{}/assistant", at(&ticket)), json!({ "mode": null, "muted": false })).await.is(200).ok();
    assert_eq!(on.assistant.muted, None);
    carl.comments(&ticket, QUESTION).await;
    app.quiet().await;
    assert_eq!(carl.hears(&ticket).await.len(), 2);

    let wanted: TicketView = carl.call(&format!("{}/human", at(&ticket))).await.is(200).ok();
    assert_eq!((wanted.assistant.muted, wanted.assistant.person_wanted), (Some(MutedBy::Creator), true));
    carl.call(&format!("{}/human", at(&ticket))).await.is(200);
    carl.comments(&ticket, QUESTION).await;
    app.quiet().await;
    assert_eq!(carl.hears(&ticket).await.len(), 2);
    carl.opens("Other", FOREIGN).await;
    assert_eq!(ana.titles("?person_wanted=true").await, ["Archive"]);
    assert_eq!(ana.titles("?person_wanted=true&status=resolved").await, Vec::<String>::new());
    assert_eq!(ana.titles("?person_wanted=false").await.len(), 2);
    carl.get("/tickets?person_wanted=true").await.is(403);
    assert!(ana.lists("?person_wanted=true").await.items[0].person_wanted);
    ana.comments(&ticket, "Here I am").await;
    assert_eq!(ana.titles("?person_wanted=true").await, Vec::<String>::new());
    carl.resolves(&ticket).await;
    carl.call(&format!("{}/human", at(&ticket))).await.is(409).refused(ErrorCode::AlreadyResolved);
    ana.put(&format!("{}/assistant", at(&ticket)), json!({ "mode": "off", "muted": true })).await.is(409);
    app.quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_may_have_a_mode_of_its_own() {
    let app = App::with_assistant(AssistantMode::Off, None).await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let (silent, loud) = (carl.opens("Silent", QUESTION).await, carl.opens("Loud", QUESTION).await);
    assert!(!silent.assistant.answering);
    app.quiet().await;
    ana.put(&format!("{}/assistant", at(&loud)), json!({ "mode": "auto", "muted": false })).await.is(200);
    for ticket in [&silent, &loud] {
        carl.comments(ticket, QUESTION).await;
    }
    app.quiet().await;
    assert_eq!((carl.hears(&silent).await.len(), carl.hears(&loud).await.len()), (0, 1));
    assert_eq!(carl.sees(&loud).await.assistant.mode, AssistantMode::Auto);
    // The team's own ticket is a customer's too.
    let own = ana.opens("Own", QUESTION).await;
    ana.put(&format!("{}/assistant", at(&own)), json!({ "mode": "auto", "muted": false })).await.is(200);
    ana.comments(&own, QUESTION).await;
    app.quiet().await;
    assert_eq!(ana.hears(&own).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_the_teams_to_send_edit_or_drop() {
    let app = App::with_assistant(AssistantMode::Draft, None).await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    let mut tickets = Vec::new();
    for title in ["Sent", "Edited", "Dropped", "Overtaken", "Taken back"] {
        let ticket = carl.opens(title, QUESTION).await;
        assert!(!ticket.assistant.answering, "nobody else hears of a draft");
        tickets.push(ticket);
    }
    app.quiet().await;
    let mut drafts = Vec::new();
    for ticket in &tickets {
        assert_eq!(carl.hears(ticket).await.len(), 0);
        assert!(carl.sees(ticket).await.assistant.draft.is_none());
        drafts.push(ana.sees(ticket).await.assistant.draft.expect("a draft"));
    }
    assert!(drafts[0].body_html.contains("/help/archive"), "{}", drafts[0].body_html);
    let path = |place: usize| format!("/answers/{}/publication", drafts[place].id);
    let sent: CommentView = ana.post(&path(0), json!({})).await.is(201).ok();
    assert_eq!((sent.author.kind, sent.mine), (AuthorKind::Ai, false));
    assert_eq!(sent.body_markdown, drafts[0].body_markdown);
    let seen = carl.sees(&tickets[0]).await;
    assert!(!seen.can.resolve && seen.assistant.muted.is_none());
    let edited: CommentView = ana.post(&path(1), json!({ "message": "In my words" })).await.is(201).ok();
    assert_eq!((edited.author.kind, edited.mine, edited.ai), (AuthorKind::Admin, true, None));
    assert_eq!(carl.sees(&tickets[1]).await.assistant.muted, Some(MutedBy::Team));
    ana.delete(&format!("/answers/{}", drafts[2].id)).await.is(204);
    for place in 0..3 {
        ana.post(&path(place), json!({})).await.is(409).refused(ErrorCode::AnswerSettled);
        ana.delete(&format!("/answers/{}", drafts[place].id)).await.is(409).refused(ErrorCode::AnswerSettled);
        assert!(ana.sees(&tickets[place]).await.assistant.draft.is_none());
    }
    // Before the reaction, it is refused; after it, gone.
    carl.comments(&tickets[3], "And how do I bring it back?").await;
    ana.post(&path(3), json!({})).await.is(409).refused(ErrorCode::AnswerSettled);
    app.quiet().await;
    let newer = ana.sees(&tickets[3]).await.assistant.draft.expect("a newer draft");
    assert_ne!(newer.id, drafts[3].id);
    ana.comments(&tickets[3], "I take it").await;
    app.run_jobs().await;
    assert!(ana.sees(&tickets[3]).await.assistant.draft.is_none());
    ana.delete("/articles/archive").await.is(204);
    ana.post(&path(4), json!({})).await.is(409).refused(ErrorCode::AnswerSettled);
    let mut states: Vec<_> = root.ledger().await.into_iter().map(|entry| entry.state.as_str()).collect();
    states.sort_unstable();
    assert_eq!(states, ["discarded", "discarded", "discarded", "dropped", "edited", "published"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_creator_says_whether_it_helped() {
    let app = App::with_assistant(AssistantMode::Auto, None).await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    let ticket = carl.opens("Archive", QUESTION).await;
    app.quiet().await;
    let answer = carl.hears(&ticket).await.remove(0);
    let path = format!("/comments/{}/feedback", answer.id);
    for helpful in [true, false, true] {
        carl.post(&path, json!({ "helpful": helpful })).await.is(204);
        assert_eq!(carl.hears(&ticket).await[0].ai.as_ref().unwrap().helpful, Some(helpful));
        assert_eq!(root.ledger().await[0].helpful, Some(helpful));
    }
    ana.post(&path, json!({ "helpful": true })).await.is(403);
    let own = carl.thread(&ticket).await.remove(0);
    carl.post(&format!("/comments/{}/feedback", own.id), json!({ "helpful": true })).await.is(403);
    let note = ana.notes(&ticket, "Hidden").await;
    carl.post(&format!("/comments/{}/feedback", note.id), json!({ "helpful": true })).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_is_read_page_by_page_and_goes_with_its_tickets() {
    let app = App::with_assistant(AssistantMode::Auto, None).await;
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    let mut tickets = Vec::new();
    for title in ["Archive", "Archive it", "Archive this"] {
        tickets.push(carl.opens(title, QUESTION).await);
        app.quiet().await;
    }
    let first: Page<AnswerEntry> = root.get("/admin/answers?limit=2").await.is(200).ok();
    assert_eq!(
        first.items.iter().map(|entry| entry.ticket.title.as_str()).collect::<Vec<_>>(),
        ["Archive this", "Archive it"]
    );
    let after = first.next_cursor.unwrap();
    let rest: Page<AnswerEntry> = root.get(&format!("/admin/answers?limit=2&after={after}")).await.is(200).ok();
    assert_eq!((rest.items.len(), rest.next_cursor), (1, None));
    let entry = &rest.items[0];
    assert_eq!((entry.state, entry.outcome, &entry.model), (AnswerState::Published, Some(Outcome::Answered), &None));
    assert!(!entry.passages.is_empty());
    for (query, expected) in [
        (format!("?ticket={}", tickets[1].summary.id), 1),
        ("?state=published".to_owned(), 3),
        ("?state=drafted".to_owned(), 0),
    ] {
        let page: Page<AnswerEntry> = root.get(&format!("/admin/answers{query}")).await.is(200).ok();
        assert_eq!(page.items.len(), expected, "{query}");
    }
    carl.comments(&tickets[0], "One more").await;
    app.run_jobs().await;
    carl.delete(&at(&tickets[0])).await.is(204);
    app.quiet().await;
    assert_eq!(root.ledger().await.len(), 2, "and its waiting job does nothing");
}

/// Something happens while an answer is being written: what is the assistant heard to say afterwards?
async fn meanwhile(what: impl AsyncFnOnce(&App, &TicketView), expected: (usize, &[&str])) {
    let model = ScriptedModel::start(|_| {
        Says::Json(json!({ "covered": true, "sentences": [{
            "text": "Open the resolved ticket and choose Archive in its menu.",
            "style": "text",
            "quotes": [{ "passage": 1, "quote": "Open the resolved ticket and choose Archive in its menu." }],
        }] }))
    })
    .await;
    let app = App::with_assistant(AssistantMode::Auto, Some(&model)).await;
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    let ticket = carl.opens("Archive", QUESTION).await;
    app.run_jobs().await;
    app.advance(QUIET);
    model.hold();
    let state = app.state.clone();
    let working = tokio::spawn(async move { worker::run_due(&state).await.unwrap() });
    model.asked().await;
    what(&app, &ticket).await;
    model.release();
    working.await.unwrap();
    app.quiet().await;
    let mut states: Vec<_> = root.ledger().await.into_iter().map(|entry| entry.state.as_str()).collect();
    states.reverse();
    assert_eq!(states, expected.1);
    if expected.0 > 0 || carl.get(&at(&ticket)).await.status == 200 {
        assert_eq!(carl.hears(&ticket).await.len(), expected.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_overtaken_is_discarded() {
    let agent = async |app: &App| app.agent("ana").await;
    let creator = async |app: &App, ticket: &TicketView| app.sign_in(ticket.summary.creator.id).await;
    meanwhile(async |_, _| {}, (1, &["published"])).await;
    // A newer question gets a turn of its own.
    meanwhile(
        async |app, ticket| drop(creator(app, ticket).await.comments(ticket, "And how do I find it again?").await),
        (1, &["discarded", "published"]),
    )
    .await;
    meanwhile(async |app, ticket| drop(agent(app).await.comments(ticket, "I take it").await), (0, &["discarded"]))
        .await;
    meanwhile(
        async |app, ticket| drop(creator(app, ticket).await.call(&format!("{}/human", at(ticket))).await.is(200)),
        (0, &["discarded"]),
    )
    .await;
    meanwhile(
        async |app, ticket| {
            let off = json!({ "mode": "off", "muted": false });
            agent(app).await.put(&format!("{}/assistant", at(ticket)), off).await.is(200);
        },
        (0, &["discarded"]),
    )
    .await;
    meanwhile(async |app, ticket| drop(creator(app, ticket).await.delete(&at(ticket)).await.is(204)), (0, &[])).await;
    // The articles that it quotes are taken back: it begins anew, and finds nothing.
    meanwhile(
        async |app, _| {
            let ana = agent(app).await;
            ana.delete("/articles/archive/texts/en/publication").await.is(200);
        },
        (1, &["discarded", "published"]),
    )
    .await;
    // An internal note changes nothing.
    meanwhile(async |app, ticket| drop(agent(app).await.notes(ticket, "Hm").await), (1, &["published"])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_post_one_answer() {
    let app = App::with_assistant(AssistantMode::Auto, None).await;
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    let ticket = carl.opens("Archive", QUESTION).await;
    app.run_jobs().await;
    app.advance(QUIET);
    let answers = (0..4).map(|_| {
        let (state, id) = (app.state.clone(), ticket.summary.id);
        tokio::spawn(async move { server::assistant::answer(&state, id).await })
    });
    for answer in answers.collect::<Vec<_>>() {
        answer.await.unwrap().unwrap();
    }
    app.quiet().await;
    assert_eq!(carl.hears(&ticket).await.len(), 1);
    let published = root.ledger().await.into_iter().filter(|entry| entry.state == AnswerState::Published).count();
    assert_eq!(published, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_running_worker_answers_by_itself() {
    let app = App::with_assistant(AssistantMode::Auto, None).await;
    let carl = app.customer("carl").await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(worker::work(app.state.clone(), async { drop(stopped.await) }));
    let ticket = carl.opens("Archive", QUESTION).await;
    let database = app.database.connect().await;
    crate::support::database::until(&database, "exists (select from jobs where kind = 'answer')").await;
    app.advance(QUIET);
    crate::support::database::until(&database, "exists (select from comments where author_kind = 'ai')").await;
    crate::support::database::until(&database, "not exists (select from jobs)").await;
    assert_eq!(carl.hears(&ticket).await.len(), 1);
    stop.send(()).unwrap();
    running.await.unwrap();
}
