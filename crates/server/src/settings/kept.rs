//! The settings in force, as one process knows them.
//!
//! Invariant: whoever holds a copy sees one state of all settings, never half of a change.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use actix_web::web::Bytes;
use api_types::{fields::Field, settings::Settings};
use db::AsyncPgConnection;
use tokio::{sync::Mutex, time::timeout};

use super::{public, topics};
use crate::{
    departments::{self, Department},
    error::{AppError, Result},
    fields, panel, sla,
    state::State,
};

/// Where a change is announced to the other processes.
pub const CHANNEL: &str = "waggle_settings";

const EVERY: Duration = Duration::from_secs(3);

/// So long the database may take to tell them.
const PATIENCE: Duration = Duration::from_secs(10);

/// One state of all settings.
#[derive(Debug)]
pub struct InForce {
    pub settings: Settings,
    /// In order, the retired ones too.
    pub departments: Vec<Department>,
    /// In order, the retired ones too.
    pub fields: Vec<Field>,
    /// The number of the secret that websites sign with, once there is one.
    pub panel_secret: Option<i64>,
    /// What `GET /settings` answers.
    pub public: Bytes,
    /// What is promised, made ready for the clock.
    pub sla: sla::Policy,
}

impl InForce {
    fn new(settings: Settings, departments: Vec<Department>, fields: Vec<Field>, panel_secret: Option<i64>) -> Self {
        let public = serde_json::to_vec(&public::of(&settings, &departments, &fields)).unwrap_or_default().into();
        let sla = sla::Policy::or_in_utc(&settings.sla);
        Self { settings, departments, fields, panel_secret, public, sla }
    }
}

/// What a process keeps of the settings.
#[derive(Debug)]
pub struct Kept {
    /// What holds for topics that no admin has set.
    defaults: Settings,
    now: RwLock<Arc<InForce>>,
    /// Of two who read at once, the one who read earlier could write later.
    reading: Mutex<()>,
}

impl Kept {
    /// With these defaults, until the database has been read.
    pub fn new(defaults: Settings) -> Self {
        let now = RwLock::new(Arc::new(InForce::new(defaults.clone(), Vec::new(), Vec::new(), None)));
        Self { defaults, now, reading: Mutex::default() }
    }

    pub fn defaults(&self) -> &Settings {
        &self.defaults
    }

    /// The settings in force.
    pub fn now(&self) -> Arc<InForce> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads them anew.
    pub async fn reload(&self, conn: &mut AsyncPgConnection) -> Result<()> {
        let _turn = self.reading.lock().await;
        let mut transaction = conn.build_transaction().read_only().repeatable_read();
        let read = transaction.run(async |conn| {
            let settings = topics::load(conn, &self.defaults).await?;
            let (departments, fields) = (departments::all(conn).await?, fields::all(conn).await?);
            Ok::<_, AppError>((settings, departments, fields, panel::generation(conn).await?))
        });
        // A connection that has gone silent keeps nobody else from reading.
        let read = timeout(PATIENCE, read).await.map_err(AppError::unavailable)?;
        let (settings, departments, fields, panel_secret) = read?;
        let now = self.now();
        let read = (&settings, &departments, &fields, panel_secret);
        if (&now.settings, &now.departments, &now.fields, now.panel_secret) != read {
            let next = Arc::new(InForce::new(settings, departments, fields, panel_secret));
            *self.now.write().unwrap_or_else(PoisonError::into_inner) = next;
        }
        Ok(())
    }
}

/// Reads the settings every few seconds, in a process that listens to nobody.
pub async fn follow(state: &State) {
    loop {
        tokio::time::sleep(EVERY).await;
        let read = async { state.settings.reload(&mut *state.db().await?).await };
        if let Err(error) = read.await {
            tracing::warn!(%error, "the settings could not be read; the last ones hold");
        }
    }
}
