//! Passages found by what they mean, with a scripted model for a dictionary.
//!
//! Invariant: the words of question and article have nothing in common, so that words alone find nothing.

use api_types::assistant::{AssistantMode, Outcome};
use serde_json::{Value, json};
use server::{
    assistant::Limits,
    outside::model::{ModelSettings, Prefixes},
};

use crate::support::{
    App, Says, ScriptedModel,
    app::Setup,
    assistant::{ARCHIVE, SCALE},
};

/// What each concept is called.
const CONCEPTS: [&[&str]; 2] = [&["archiv", "ranger"], &["batter", "pile"]];

/// A vector for each text, or an answer in chat. What it was asked lies in its requests.
fn embeds(request: &Value) -> Says {
    let Some(texts) = request["input"].as_array() else {
        return Says::Json(json!({ "covered": true, "sentences": [] }));
    };
    let vector = |text: &Value| -> Vec<f32> {
        let text = text.as_str().unwrap().to_lowercase();
        let told = |words: &&[&str]| if words.iter().any(|word| text.contains(word)) { 1.0 } else { 0.0 };
        CONCEPTS.iter().map(told).chain([0.1]).collect()
    };
    let data: Vec<Value> =
        texts.iter().enumerate().map(|(index, text)| json!({ "index": index, "embedding": vector(text) })).collect();
    Says::Raw(200, json!({ "data": data }).to_string())
}

async fn desk(model: &ScriptedModel, settings: ModelSettings, limits: Limits) -> App {
    let mut setup = Setup { limits, model: Some(settings), ..Setup::default() };
    setup.settings.assistant.mode = AssistantMode::Auto;
    let app = App::start_with(setup).await;
    let writer = app.agent("writer").await;
    writer.puts_up("archive", "Archive tickets", ARCHIVE).await;
    writer.puts_up("scale", "The hive scale", SCALE).await;
    app.run_jobs().await;
    assert!(!inputs(model).is_empty(), "the passages were embedded");
    app
}

fn embedding(model: &ScriptedModel) -> ModelSettings {
    let prefixes = Prefixes { question: "query: ".to_owned(), passage: "passage: ".to_owned() };
    ModelSettings { chat: None, embedding: Some("dictionary".to_owned()), prefixes, ..model.settings() }
}

fn inputs(model: &ScriptedModel) -> Vec<String> {
    let requests = model.requests();
    let texts = requests.iter().filter_map(|request| request["input"].as_array()).flatten();
    texts.map(|text| text.as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_french_question_finds_an_english_article() {
    let model = ScriptedModel::start(embeds).await;
    let app = desk(&model, embedding(&model), Limits::default()).await;
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    for (question, page) in [("Où ranger ce dossier terminé ?", "archive"), ("Quelles piles faut-il ?", "scale")] {
        let ticket = carl.opens("Demande", question).await;
        app.quiet().await;
        let said = carl.is_answered(&ticket).await.pop().unwrap();
        assert_eq!(said.ai.unwrap().outcome, Outcome::NotCovered, "meaning alone proves nothing");
        assert!(said.body_markdown.contains(&format!("/help/{page}?lang=en")), "{}", said.body_markdown);
        let entry = root.ledger().await.remove(0);
        assert_eq!(entry.passages.first().unwrap().slug, page);
        assert_eq!(entry.model.as_deref(), Some("dictionary"), "what is asked is entered, and counts");
    }
    let (questions, passages): (Vec<_>, Vec<_>) = inputs(&model).into_iter().partition(|text| text.contains("Demande"));
    assert!(questions.iter().all(|text| text.starts_with("query: ")) && questions.len() == 2, "{questions:?}");
    assert!(passages.iter().all(|text| text.starts_with("passage: ")) && passages.len() >= 6, "{passages:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn embeddings_that_fail_leave_the_chat_alone() {
    let model = ScriptedModel::start(embeds).await;
    let settings = ModelSettings { chat: Some("scripted".to_owned()), ..embedding(&model) };
    let app = desk(&model, settings, Limits::default()).await;
    let carl = app.customer("carl").await;
    model.says(|request| if request["input"].is_array() { Says::Raw(500, String::new()) } else { embeds(request) });
    let before = model.requests().len();
    for _ in 0..8 {
        carl.opens("Archive", "How can I archive a resolved ticket?").await;
        app.quiet().await;
    }
    let since = model.requests().split_off(before);
    let chats = since.iter().filter(|request| request["messages"].is_array()).count();
    assert_eq!((chats, since.len() - chats), (8, 5), "the embeddings' breaker opened, and the chat's did not");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_budget_covers_embeddings() {
    let model = ScriptedModel::start(embeds).await;
    let app = desk(&model, embedding(&model), Limits { daily_budget: 2, ..Limits::default() }).await;
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    let before = inputs(&model).len();
    for _ in 0..3 {
        carl.opens("Archive", "How can I archive a resolved ticket?").await;
        app.quiet().await;
    }
    assert_eq!(inputs(&model).len() - before, 2);
    assert!(root.ledger().await[0].reason.as_deref().unwrap().contains("day's budget"));
}
