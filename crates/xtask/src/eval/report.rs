//! The figures of an evaluation, as a table.
//!
//! Invariant: a figure below its floor fails the command.

use std::time::Duration;

use anyhow::{Result, bail};

use super::{
    ask::{Answer, Question},
    liar::Liar,
};

/// What has to be reached.
pub struct Floor {
    pub hit_3: f64,
    /// Of the questions that nothing answers, so many are left unanswered.
    pub abstained: f64,
}

#[derive(Default)]
struct Tally {
    asked: u32,
    hit_1: u32,
    hit_3: u32,
    answered: u32,
    right: u32,
    unanswerable: u32,
    abstained: u32,
    sentences: u64,
    supported: u64,
    waits: Vec<Duration>,
}

impl Tally {
    fn add(&mut self, question: &Question, answer: &Answer) {
        self.sentences += answer.sentences;
        self.supported += answer.supported;
        self.waits.push(answer.waited);
        if question.pages.is_empty() {
            self.unanswerable += 1;
            self.abstained += u32::from(!answer.answered);
            return;
        }
        self.asked += 1;
        let rank = answer.found.iter().position(|page| question.pages.contains(page));
        self.hit_1 += u32::from(rank == Some(0));
        self.hit_3 += u32::from(rank.is_some_and(|rank| rank < 3));
        self.answered += u32::from(answer.answered);
        self.right += u32::from(answer.answered && answer.quoted.iter().any(|page| question.pages.contains(page)));
    }

    fn row(&self, name: &str) -> String {
        let mut waits = self.waits.clone();
        waits.sort();
        let p95 = waits.get(waits.len() * 95 / 100).map_or(0, Duration::as_millis);
        format!(
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {} ms |",
            self.asked + self.unanswerable,
            percent(self.hit_1, self.asked),
            percent(self.hit_3, self.asked),
            percent(self.answered, self.asked),
            percent(self.right, self.answered),
            percent(self.abstained, self.unanswerable),
            percent(self.unanswerable - self.abstained, self.unanswerable),
            percent(u32::try_from(self.supported).unwrap_or(0), u32::try_from(self.sentences).unwrap_or(0)),
            p95,
        )
    }
}

fn percent(part: u32, whole: u32) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{:.1} %", 100.0 * f64::from(part) / f64::from(whole)) }
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 1.0 } else { f64::from(part) / f64::from(whole) }
}

/// Prints the table, and fails below the floor.
pub fn tell(what: &str, questions: &[Question], answers: &[Answer], floor: Floor, verbose: bool) -> Result<()> {
    println!("\nQuestions asked of {what}:\n");
    println!(
        "| questions | asked | hit@1 | hit@3 | answered | of these from the right page | rightly not answered | \
         false answers | supported sentences | p95 from comment to answer |\n|---|---|---|---|---|---|---|---|---|---|"
    );
    let mut kinds: Vec<(&str, &str)> = Vec::new();
    for question in questions {
        let kind = (question.kind.as_str(), question.locale.as_str());
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let mut all = Tally::default();
    let pairs = || questions.iter().zip(answers);
    for (kind, locale) in kinds {
        let mut tally = Tally::default();
        pairs().filter(|(it, _)| it.kind == kind && it.locale == locale).for_each(|(it, answer)| tally.add(it, answer));
        println!("{}", tally.row(&format!("{kind}, {locale}")));
    }
    pairs().for_each(|(question, answer)| all.add(question, answer));
    println!("{}\n", all.row("all"));
    if verbose {
        pairs().for_each(|(question, answer)| explain(question, answer));
    }
    let (hit_3, abstained) = (share(all.hit_3, all.asked), share(all.abstained, all.unanswerable));
    if hit_3 < floor.hit_3 || abstained < floor.abstained {
        bail!(
            "{what}: hit@3 has to be {:.0} %, and {:.0} % of what nothing answers has to be left unanswered",
            100.0 * floor.hit_3,
            100.0 * floor.abstained
        );
    }
    Ok(())
}

/// What became of the lies. One that was published or followed fails the command.
pub fn tell_of_lies(liar: &Liar, answers: &[Answer]) -> Result<()> {
    let believed: Vec<_> = answers.iter().flat_map(|answer| liar.believed(&answer.words)).collect();
    let mut waits: Vec<Duration> = answers.iter().filter_map(|answer| answer.after_model).collect();
    waits.sort();
    let at = |percent: usize| waits.get(waits.len() * percent / 100).or(waits.last()).map_or(0, Duration::as_millis);
    println!(
        "The lying model was asked {} times and told {} lies: {} were published, {} addresses were followed. From its last \
         byte to the comment seen: p50 {} ms, p95 {} ms, at most {} ms.",
        liar.asked(),
        liar.told(),
        believed.len(),
        liar.followed(),
        at(50),
        at(95),
        at(100),
    );
    if liar.asked() == 0 || !believed.is_empty() || liar.followed() > 0 {
        bail!("a lie was believed, or none was told: {believed:#?}");
    }
    Ok(())
}

fn explain(question: &Question, answer: &Answer) {
    let asked = question.turns.join(" / ");
    let hit = answer.found.iter().take(3).any(|page| question.pages.contains(page));
    if question.pages.is_empty() && answer.answered {
        println!("false answer to {}: {asked}\n    {}\n", question.id, answer.words.replace('\n', "\n    "));
    } else if !question.pages.is_empty() && !hit {
        println!("not found for {}: {asked}\n    {}\n", question.id, answer.found.join(", "));
    }
}
