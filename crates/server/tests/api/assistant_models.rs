//! The assistant with a model behind it that is good, slow, cut, mad or gone.

use api_types::assistant::{AnswerEntry, AnswerState, AssistantMode, Outcome};
use jiff::SignedDuration;
use serde_json::{Value, json};
use server::assistant::Limits;
use std::time::Duration;

use crate::support::{App, Says, ScriptedModel, app::Setup};

const QUESTION: &str = "How can I archive a resolved ticket?";
const SENTENCE: &str = "Open the resolved ticket and choose Archive in its menu.";

fn good() -> Value {
    json!({ "covered": true, "sentences": [{
        "text": "To archive a resolved ticket, open it and choose Archive in its menu.",
        "style": "bullet",
        "quotes": [{ "passage": 1, "quote": SENTENCE }],
    }] })
}

/// The newest entry of the ledger after one question.
async fn ask(app: &App) -> (AnswerEntry, String) {
    static NUMBER: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let (carl, root) = (app.customer(&format!("carl{number}")).await, app.admin(&format!("root{number}")).await);
    let ticket = carl.opens("Archive", QUESTION).await;
    app.quiet().await;
    let said = carl.is_answered(&ticket).await;
    assert_eq!(said.len(), 1, "whatever the model does, there is one answer");
    (root.ledger().await.remove(0), said[0].body_markdown.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_model_is_quoted_and_checked() {
    let model = ScriptedModel::saying(Says::Json(good())).await;
    let app = App::with_assistant(AssistantMode::Auto, Some(&model)).await;
    let (entry, said) = ask(&app).await;
    assert_eq!((entry.state, entry.outcome, entry.reason), (AnswerState::Published, Some(Outcome::Answered), None));
    assert_eq!(
        (entry.model.as_deref(), entry.verification.sentences, entry.verification.supported),
        (Some("scripted"), 1, 1)
    );
    assert_eq!(
        (entry.prompt_tokens, entry.completion_tokens, entry.prompt_hash.map(|hash| hash.len())),
        (100, 20, Some(64))
    );
    assert!(
        said.contains("- To archive a resolved ticket, open it") && said.contains("/help/archive?lang=en#"),
        "{said}"
    );
    let request = model.requests().remove(0);
    assert_eq!(request["response_format"]["type"], "json_schema");
    assert_eq!(request["model"], "scripted");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_reads_the_whole_conversation_and_nothing_else() {
    let model = ScriptedModel::saying(Says::Json(json!({ "covered": false, "sentences": [] }))).await;
    let app = App::with_assistant(AssistantMode::Auto, Some(&model)).await;
    let (carl, ana, dora) = (app.customer("carl").await, app.agent("ana").await, app.customer("dora").await);
    dora.opens("Other", "A stranger's words").await;
    app.quiet().await;
    let ticket = carl.opens("Title of it", "My scale is the Beeline 3000. password: hunter2").await;
    ana.notes(&ticket, "An internal secret").await;
    for number in 0..10 {
        app.quiet().await;
        carl.comments(&ticket, &format!("archive question {number}")).await;
    }
    app.quiet().await;
    let prompt = model.prompt();
    for present in ["Beeline 3000", "Title of it", "archive question 0", "archive question 9", "[hidden]"] {
        assert!(prompt.contains(present), "{present} in {prompt}");
    }
    for absent in ["internal secret", "stranger's words", "hunter2", "carl", "example.org"] {
        assert!(!prompt.contains(absent), "{absent} in {prompt}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_model_delays_and_spoils_nothing() {
    let completion = |content: Value| json!({ "choices": [{ "message": { "content": content } }] }).to_string();
    let silences = [
        (Says::Cut, "connection broke"),
        (Says::Silence, "took longer"),
        (Says::Huge, "larger than a megabyte"),
        (Says::Redirect("http://127.0.0.1:1/".to_owned()), "answered 307"),
        (Says::Raw(500, "oops".to_owned()), "answered 500"),
        (Says::Raw(429, "{}".to_owned()), "answered 429"),
        (Says::Raw(401, "{}".to_owned()), "answered 401"),
        (Says::Raw(200, "<html>".to_owned()), "something else than a completion"),
        (Says::Raw(200, "{}".to_owned()), "something else than a completion"),
        (Says::Raw(200, r#"{"choices":[]}"#.to_owned()), "something else than a completion"),
        (Says::Raw(200, completion(Value::Null)), "something else than a completion"),
        (Says::Raw(200, completion(json!({ "a": 1 }))), "something else than a completion"),
        (Says::Text("I do not know.".to_owned()), "could not be read"),
        (Says::Text("{\"covered\": true, \"sentences\": [".to_owned()), "could not be read"),
        (Says::Json(json!({ "sentences": "none" })), "could not be read"),
        (Says::Json(json!({ "sentences": [{ "text": 1 }] })), "could not be read"),
        (Says::Text("\u{0}\u{1}\u{fffd}".to_owned()), "could not be read"),
    ];
    for (says, reason) in silences {
        let is_silent = matches!(says, Says::Silence);
        let model = ScriptedModel::saying(says).await;
        let mut settings = model.settings();
        if is_silent {
            settings.patience = Duration::from_millis(300);
        }
        let mut setup = Setup { model: Some(settings), ..Setup::default() };
        setup.settings.assistant.mode = AssistantMode::Auto;
        let app = App::start_with(setup).await;
        let writer = app.agent("writer").await;
        writer.puts_up("archive", "Archive tickets", crate::support::assistant::ARCHIVE).await;
        let (entry, said) = ask(&app).await;
        assert!(entry.reason.as_deref().is_some_and(|why| why.contains(reason)), "{reason}: {:?}", entry.reason);
        assert_eq!(entry.outcome, Some(Outcome::Answered));
        assert!(said.contains("> Open the resolved ticket"), "it quotes instead: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_takes_no_schema_is_asked_in_words() {
    let model = ScriptedModel::start(|request| {
        if request.get("response_format").is_some() {
            return Says::Raw(400, r#"{"error":{"message":"unknown field"}}"#.to_owned());
        }
        Says::Text(format!("Sure! Here it is:\n```json\n{}\n```", good().to_string().replace("]}]}", "],},]}")))
    })
    .await;
    let app = App::with_assistant(AssistantMode::Auto, Some(&model)).await;
    for asked in [2, 3] {
        let (entry, _) = ask(&app).await;
        assert_eq!((entry.outcome, entry.verification.supported), (Some(Outcome::Answered), 1));
        assert_eq!(model.requests().len(), asked, "it is remembered");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_keeps_failing_is_left_alone_for_a_while() {
    let model = ScriptedModel::saying(Says::Raw(503, String::new())).await;
    let app = App::with_assistant(AssistantMode::Auto, Some(&model)).await;
    for _ in 0..7 {
        ask(&app).await;
    }
    assert_eq!(model.requests().len(), 5);
    let (entry, _) = ask(&app).await;
    assert!(entry.reason.unwrap().contains("left alone"));
    model.says(|_| Says::Json(good()));
    app.advance(SignedDuration::from_secs(30));
    assert_eq!(ask(&app).await.0.reason, None);
    assert_eq!(ask(&app).await.0.reason, None);
    assert_eq!(model.requests().len(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_model_may_cost_has_an_end() {
    let model = ScriptedModel::saying(Says::Json(good())).await;
    let limits = Limits { daily_budget: 4, ticket_budget: 2, ..Limits::default() };
    let app = App::with_limits(AssistantMode::Auto, limits, Some(&model)).await;
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    let ticket = carl.opens("Archive", QUESTION).await;
    for _ in 0..3 {
        app.quiet().await;
        carl.comments(&ticket, QUESTION).await;
    }
    app.quiet().await;
    assert_eq!(model.requests().len(), 2);
    assert!(root.ledger().await[0].reason.as_deref().unwrap().contains("ticket's budget"));
    assert_eq!(carl.is_answered(&ticket).await.len(), 4, "it quotes from then on");
    for _ in 0..2 {
        assert_eq!(ask(&app).await.0.reason, None);
    }
    assert!(ask(&app).await.0.reason.unwrap().contains("day's budget"));
    assert_eq!(model.requests().len(), 4);
    app.advance(SignedDuration::from_hours(24));
    assert_eq!(ask(&app).await.0.reason, None, "a new day");
}
