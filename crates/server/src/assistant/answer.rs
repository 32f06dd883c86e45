//! The job: one turn of the assistant.
//!
//! Invariant: it may run twice, and posts once. No connection is held while a model is asked, and whatever goes wrong
//! there ends in an answer that needs no model.

use api_types::{
    assistant::{AiAnswer, AnswerState},
    tickets::TicketId,
};
use db::AsyncPgConnection;
use diesel_async::AsyncConnection;

use super::{
    case::{self, Case},
    compose::Answer,
    ledger::{self, Fate, Making},
    notice, prompt,
    reading::{self, Reading},
    turn::{Overtaken, Turn, Way},
    verify::{self, Reply},
};
use crate::{
    activity::{self, Actor, Kind, Record},
    articles::{
        self,
        retrieve::{self, Passage},
    },
    comments::CommentRow,
    error::{AppError, Result},
    outside::model::{Model, read_json},
    state::State,
    tickets::{Ticket, With},
};

/// So many passages are read.
const PASSAGES: usize = 8;

/// So often an answer is begun anew because its articles changed.
const MOST_RETRIES: i64 = 3;

/// Answers a ticket, if it is the assistant's turn.
pub async fn answer(state: &State, ticket: TicketId) -> Result<()> {
    let started = state.clock.now();
    let case = Case::load(&mut *state.db().await?, &state.assistant(), started, ticket).await?;
    let Some((case, turn)) = case.and_then(|case| case.scene.turn().map(|turn| (case, turn))) else {
        return Ok(());
    };
    let mut making = Making::default();
    let written = write(state, &case, &mut making).await;
    making.latency_ms = i32::try_from(state.clock.now().duration_since(started).as_millis()).unwrap_or(i32::MAX);
    let mut conn = state.db().await?;
    match written {
        Ok(answer) => conn.transaction(async |conn| settle(state, conn, ticket, turn, &making, answer).await).await,
        Err(error) => {
            making.reason = Some(format!("it could not be written: {}", error.code()));
            note_failure(state, &mut conn, ticket, turn, &making).await?;
            Err(error)
        }
    }
}

/// Writes the answer and tells how it came about.
async fn write(state: &State, case: &Case, making: &mut Making) -> Result<Answer> {
    // The budget covers whatever is asked of the model's endpoint.
    let model = state.model.as_ref().filter(|_| case.spent.is_none());
    if state.model.is_some() {
        making.reason = case.spent.map(str::to_owned);
    }
    let meaning = articles::meaning(model, &case.question).await;
    if meaning.is_some() {
        making.model = model.map(|model| model.embedding_name().to_owned());
    }
    let passages = retrieve::by_meaning(&mut *state.db().await?, meaning.as_ref(), &case.question, PASSAGES).await?;
    making.passages = passages.iter().map(ledger::passage_entry).collect();
    let name = &state.assistant().name;
    if passages.is_empty() {
        return Ok(Answer::not_covered(name, case.locale, &passages));
    }
    if let Some(model) = model.filter(|model| model.chat_name().is_some())
        && let Some(answer) = ask(model, name, case, &passages, making).await
    {
        return Ok(answer);
    }
    Ok(match reading::read(&case.question, &passages) {
        Reading::Answers(quotes) => Answer::of_quotes(name, case.locale, &quotes, &passages),
        Reading::NotCovered => Answer::not_covered(name, case.locale, &passages),
    })
}

/// Asks the model and checks what it says. Nothing when it says nothing that can be read.
async fn ask(model: &Model, name: &str, case: &Case, passages: &[Passage], making: &mut Making) -> Option<Answer> {
    let prompt = prompt::prompt(&case.history, passages, case.locale);
    making.model = model.chat_name().map(str::to_owned);
    making.prompt_hash = Some(prompt::hash(&prompt));
    let said = match model.chat(&prompt).await {
        Ok(said) => said,
        Err(silence) => {
            tracing::warn!(error = %silence, "the model gave no answer");
            making.reason = Some(silence.to_string());
            return None;
        }
    };
    (making.prompt_tokens, making.completion_tokens) = (said.prompt_tokens.max(0), said.completion_tokens.max(0));
    let Some(reply) = read_json::<Reply>(&said.text) else {
        making.reason = Some("the model's answer could not be read".to_owned());
        return None;
    };
    let headings: Vec<String> = passages
        .iter()
        .map(|passage| format!("{}\n{}", passage.title, passage.heading.as_deref().unwrap_or_default()))
        .collect();
    let texts: Vec<_> = passages
        .iter()
        .zip(&headings)
        .map(|(passage, headings)| verify::Passage { locale: passage.locale, headings, body: &passage.body })
        .collect();
    let (supported, verification) = verify::verify(&reply, &texts);
    making.verification = verification;
    // A text with more holes than words misleads.
    let enough =
        verification.supported > 0 && u32::from(verification.supported) * 2 >= u32::from(verification.sentences);
    if reply.covered && enough {
        return Some(Answer::of_sentences(name, case.locale, &supported, passages));
    }
    if reply.covered && verification.sentences > 0 {
        making.reason = Some("too little of the model's answer could be verified".to_owned());
    }
    Some(Answer::not_covered(name, case.locale, passages))
}

/// Sends the answer if its turn would still be taken, and enters it in the ledger in any case.
///
/// It must be part of a transaction.
async fn settle(
    state: &State,
    conn: &mut AsyncPgConnection,
    id: TicketId,
    turn: Turn,
    making: &Making,
    answer: Answer,
) -> Result<()> {
    let now = state.clock.now();
    // From here on nobody comments, mutes or deletes.
    let Some(ticket) = Ticket::lock_for_job_unscoped(conn, id).await? else {
        return Ok(());
    };
    let scene = case::scene(conn, &state.assistant(), &ticket).await?;
    let stand = articles::still_published(conn, &answer.revisions()).await?;
    let mut fate = Fate { state: AnswerState::Discarded, outcome: Some(answer.outcome), comment: None, draft: None };
    if let Some(overtaken) = scene.overtakes(turn, stand) {
        let making = Making { reason: Some(overtaken.reason().to_owned()), ..making.clone() };
        ledger::enter(conn, now, (id, turn.question), &making, fate).await?;
        if overtaken == Overtaken::ByArticle && case::overtaken_by_articles(conn, turn.question).await? < MOST_RETRIES {
            notice::ask_again(conn, now, id).await?;
            state.wake.poke_answers();
        }
        return Ok(());
    }
    ledger::discard_draft(conn, id, Overtaken::ByThread.reason()).await?;
    match turn.way {
        Way::Draft => {
            fate.state = AnswerState::Drafted;
            fate.draft = Some((answer.markdown, answer.sources));
            activity::record(conn, Record::of_ticket(Kind::DraftChanged, Actor::NOBODY, id, now)).await?;
            state.wake.poke();
        }
        Way::Publish => {
            let ai = AiAnswer { outcome: answer.outcome, sources: answer.sources, helpful: None };
            let row = CommentRow::of_assistant(now, &state.assistant().name, id, answer.markdown, ai)?;
            let record = Record::of_ticket(Kind::CommentCreated, Actor::NOBODY, id, now).with_comment(row.id);
            let in_force = state.settings.now();
            let with = With { comment: Some((&row, &[])), ..With::only(&record, &in_force.sla) };
            let written = ticket.answered(now).save(conn, &with).await?;
            written.ok_or_else(|| AppError::internal(anyhow::anyhow!("a locked ticket changed")))?;
            fate.state = AnswerState::Published;
            fate.comment = Some(row.id);
            state.wake.poke();
        }
    }
    ledger::enter(conn, now, (id, turn.question), making, fate).await?;
    Ok(())
}

/// The queue tries again by itself; the ledger has it once.
async fn note_failure(
    state: &State,
    conn: &mut AsyncPgConnection,
    id: TicketId,
    turn: Turn,
    making: &Making,
) -> Result<()> {
    conn.transaction(async |conn| {
        if Ticket::lock_for_job_unscoped(conn, id).await?.is_none() || ledger::has_failed(conn, turn.question).await? {
            return Ok(());
        }
        let fate = Fate { state: AnswerState::Failed, outcome: None, comment: None, draft: None };
        ledger::enter(conn, state.clock.now(), (id, turn.question), making, fate).await?;
        Ok(())
    })
    .await
}
