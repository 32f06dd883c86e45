//! Whose turn it is: when the assistant speaks, and when what it has written is not sent.
//!
//! Invariant: an answer is sent exactly if the turn that it was written for would still be taken. Everything here is
//! decided from what is given, so that it can be tried with every order of events.

use api_types::{assistant::AssistantMode, comments::CommentId};

/// Who speaks on a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    Creator,
    /// The team, and everybody else who is not the creator.
    Other,
    Assistant,
}

/// What is known of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scene {
    /// The ticket's own mode or else the desk's.
    pub mode: AssistantMode,
    pub muted: bool,
    /// Resolved or archived: nobody waits for an answer.
    pub closed: bool,
    /// The newest public comment.
    pub newest: Option<(CommentId, Speaker)>,
    /// That comment has had its turn: an answer is drafted, or was sent or dropped.
    pub had_its_turn: bool,
}

/// How an answer goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It waits for the team.
    Draft,
    Publish,
}

/// An answer to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The newest of the comments that it answers.
    pub question: CommentId,
    pub way: Way,
}

impl Scene {
    /// The turn that is to be taken now, if any.
    pub fn turn(&self) -> Option<Turn> {
        let way = match self.mode {
            AssistantMode::Off => return None,
            AssistantMode::Draft => Way::Draft,
            AssistantMode::Auto => Way::Publish,
        };
        if self.muted || self.closed || self.had_its_turn {
            return None;
        }
        match self.newest {
            Some((question, Speaker::Creator)) => Some(Turn { question, way }),
            Some((_, Speaker::Other | Speaker::Assistant)) | None => None,
        }
    }

    /// Why an answer that was written for a turn is not sent any more; nothing if it is. `sources_stand` tells that
    /// every revision it quotes is still published.
    pub fn overtakes(&self, turn: Turn, sources_stand: bool) -> Option<Overtaken> {
        match self.turn() {
            Some(now) if now == turn => (!sources_stand).then_some(Overtaken::ByArticle),
            Some(_) => Some(Overtaken::ByThread),
            None if self.mode == AssistantMode::Off || self.muted => Some(Overtaken::BySwitch),
            None => Some(Overtaken::ByThread),
        }
    }
}

/// Why an answer is discarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overtaken {
    /// Somebody said more, or the ticket is closed.
    ByThread,
    /// It was muted or switched off, or its mode changed.
    BySwitch,
    /// An article that it quotes was changed or taken back. The question is still open.
    ByArticle,
}

impl Overtaken {
    /// For the ledger.
    pub fn reason(self) -> &'static str {
        match self {
            Self::ByThread => "the ticket went on while it was written",
            Self::BySwitch => "the assistant was silenced while it was written",
            Self::ByArticle => "an article that it quotes was changed while it was written",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What may happen to a ticket and its assistant, in any order.
    #[derive(Clone, Copy, Debug)]
    enum Event {
        CreatorSpeaks,
        TeamSpeaks,
        CreatorWantsPerson,
        TeamUnmutes,
        ModeChanges(AssistantMode),
        Resolved,
        Deleted,
        ArticleChanges,
        /// A worker takes the job that waits, or takes it once more because a lease ran out.
        WorkerBegins,
        WorkerEnds,
        TeamSettlesDraft,
    }

    /// A ticket as the events leave it, with the workers that write for it.
    struct World {
        mode: AssistantMode,
        muted: bool,
        closed: bool,
        deleted: bool,
        thread: Vec<(CommentId, Speaker)>,
        had_turns: Vec<CommentId>,
        articles: u32,
        job: bool,
        writing: Vec<(Turn, u32)>,
        drafts: Vec<CommentId>,
    }

    impl World {
        fn new() -> Self {
            Self {
                mode: AssistantMode::Auto,
                muted: false,
                closed: false,
                deleted: false,
                thread: vec![(CommentId::new(), Speaker::Creator)],
                had_turns: Vec::new(),
                articles: 0,
                job: true,
                writing: Vec::new(),
                drafts: Vec::new(),
            }
        }

        fn scene(&self) -> Scene {
            let newest = self.thread.last().copied();
            Scene {
                mode: self.mode,
                muted: self.muted,
                closed: self.closed,
                newest,
                had_its_turn: newest.is_some_and(|(id, _)| self.had_turns.contains(&id)),
            }
        }

        fn says(&mut self, speaker: Speaker) {
            if !self.closed && !self.deleted {
                self.thread.push((CommentId::new(), speaker));
                self.drafts.clear();
                self.job |= speaker == Speaker::Creator;
                self.muted |= speaker == Speaker::Other;
            }
        }

        fn happens(&mut self, event: Event) {
            match event {
                Event::CreatorSpeaks => self.says(Speaker::Creator),
                Event::TeamSpeaks => self.says(Speaker::Other),
                Event::CreatorWantsPerson => self.muted = true,
                Event::TeamUnmutes => self.muted = false,
                Event::ModeChanges(mode) => self.mode = mode,
                Event::Resolved => self.closed = true,
                Event::Deleted => self.deleted = true,
                Event::ArticleChanges => self.articles += 1,
                Event::WorkerBegins => {
                    if !self.deleted
                        && let Some(turn) = self.scene().turn()
                    {
                        self.writing.push((turn, self.articles));
                    }
                    self.job = false;
                }
                Event::WorkerEnds => self.ends(),
                Event::TeamSettlesDraft => drop(self.drafts.pop()),
            }
        }

        fn ends(&mut self) {
            let Some((turn, articles)) = self.writing.pop() else {
                return;
            };
            if self.deleted {
                return;
            }
            match self.scene().overtakes(turn, articles == self.articles) {
                Some(Overtaken::ByArticle) => self.job = true,
                Some(_) => {}
                None => {
                    self.had_turns.push(turn.question);
                    match turn.way {
                        Way::Draft => self.drafts.push(turn.question),
                        Way::Publish => self.publishes(turn),
                    }
                }
            }
        }

        fn publishes(&mut self, turn: Turn) {
            assert_eq!(self.mode, AssistantMode::Auto);
            assert!(!self.muted && !self.closed && !self.deleted);
            assert_eq!(self.thread.last(), Some(&(turn.question, Speaker::Creator)), "it answers the newest words");
            self.thread.push((CommentId::new(), Speaker::Assistant));
        }
    }

    fn events() -> impl Strategy<Value = Vec<Event>> {
        let mode = prop::sample::select(AssistantMode::ALL);
        let event = prop_oneof![
            4 => Just(Event::CreatorSpeaks),
            1 => Just(Event::TeamSpeaks),
            1 => Just(Event::CreatorWantsPerson),
            2 => Just(Event::TeamUnmutes),
            2 => mode.prop_map(Event::ModeChanges),
            1 => Just(Event::ArticleChanges),
            6 => Just(Event::WorkerBegins),
            6 => Just(Event::WorkerEnds),
            1 => Just(Event::TeamSettlesDraft),
        ];
        // What ends everything comes once, if at all.
        let ending = prop_oneof![3 => Just(None), 1 => Just(Some(Event::Resolved)), 1 => Just(Some(Event::Deleted))];
        (prop::collection::vec(event, 0..60), ending, 0..60_usize).prop_map(|(mut events, ending, at)| {
            if let Some(ending) = ending {
                events.insert(at.min(events.len()), ending);
            }
            events
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_never_speaks_out_of_turn(events in events()) {
            let mut world = World::new();
            for event in events {
                world.happens(event);
            }
            for pair in world.thread.windows(2) {
                if let [(_, before), (_, Speaker::Assistant)] = pair {
                    prop_assert_eq!(*before, Speaker::Creator, "never to itself, nor to the team");
                }
            }
            let mut once = world.had_turns.clone();
            once.dedup();
            prop_assert_eq!(&once, &world.had_turns, "one turn per question, however often the job runs");
            prop_assert!(world.drafts.len() <= 1);
        }

        #[test]
        fn a_question_is_never_left_without_its_turn(events in events()) {
            let mut world = World::new();
            for event in events {
                world.happens(event);
            }
            // Whatever lies behind: a comment of the creator with nobody in the way is answered.
            world.happens(Event::ModeChanges(AssistantMode::Auto));
            world.happens(Event::TeamUnmutes);
            world.happens(Event::CreatorSpeaks);
            while world.job || !world.writing.is_empty() {
                if world.job {
                    world.happens(Event::WorkerBegins);
                }
                world.happens(Event::WorkerEnds);
            }
            if !world.closed && !world.deleted {
                prop_assert_eq!(world.thread.last().map(|(_, speaker)| *speaker), Some(Speaker::Assistant));
            }
        }

        #[test]
        fn a_burst_is_one_turn(comments in 1..20_usize) {
            let mut world = World::new();
            for _ in 0..comments {
                world.happens(Event::CreatorSpeaks);
                world.happens(Event::WorkerBegins);
            }
            for _ in 0..=comments {
                world.happens(Event::WorkerEnds);
            }
            let answers = world.thread.iter().filter(|(_, speaker)| *speaker == Speaker::Assistant).count();
            prop_assert_eq!(answers, 1);
        }
    }
}
