//! Telling the worker that there may be something to do.
//!
//! Invariant: nothing depends on it. Whoever is not woken finds the work by looking.

use tokio::sync::watch;

/// Tells the worker of this process that there may be work. Workers of other processes find it by polling.
#[derive(Clone)]
pub struct Wake {
    pub(super) all: watch::Sender<()>,
    /// Few writes ask for an answer, and its lane need not look after each.
    pub(super) answers: watch::Sender<()>,
    webhooks: watch::Sender<()>,
}

impl Default for Wake {
    fn default() -> Self {
        Self { all: watch::Sender::new(()), answers: watch::Sender::new(()), webhooks: watch::Sender::new(()) }
    }
}

impl Wake {
    pub fn poke(&self) {
        self.all.send_replace(());
    }

    /// There is an answer to write, soon.
    pub fn poke_answers(&self) {
        self.answers.send_replace(());
    }

    /// There is something to tell webhooks.
    pub fn poke_webhooks(&self) {
        self.webhooks.send_replace(());
    }

    /// Hears of it.
    pub fn webhooks(&self) -> watch::Receiver<()> {
        self.webhooks.subscribe()
    }
}
