//! Notifications: what happened on the tickets that somebody watches, and that what they asked for is ready.
//!
//! Invariant: one per person and change, and none for one's own doing.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    comments::CommentId,
    error::{FieldCode, broken},
    people::PersonRef,
    sla::SlaTargetKind,
    tickets::{TicketId, TicketRef},
    time::Timestamp,
};

id! {
    /// A notification.
    NotificationId
}

wire_enum! {
    /// What a notification tells.
    NotificationKind {
        /// The team or the assistant answered on the creator's ticket.
        Response = "response",
        /// The team asks the creator to resolve.
        ResolutionProposed = "resolution_proposed",
        /// The creator wrote on a ticket, to its assignee.
        CustomerComment = "customer_comment",
        /// Somebody gave a ticket to this person.
        Assigned = "assigned",
        /// The creator resolved a ticket, to its assignee.
        Resolved = "resolved",
        /// A new ticket, to the people of its department, or to the team.
        TicketCreated = "ticket_created",
        /// A creator asked for a person instead of the assistant, to the assignee, or to the team if there is none.
        PersonWanted = "person_wanted",
        /// Three quarters of a target's time are spent, to the assignee, or to the team if there is none.
        SlaWarning = "sla_warning",
        /// A target's time is up, to the assignee, or to the team if there is none.
        SlaBreach = "sla_breach",
        /// Somebody moved a ticket to a department, to its people.
        TicketMoved = "ticket_moved",
        /// The file with somebody's data is ready, to whoever asked for it.
        ExportReady = "export_ready",
    }
}

/// Where a person wants to be told of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Channels {
    pub bell: bool,
    pub mail: bool,
}

const BOTH: Channels = Channels { bell: true, mail: true };
const BELL: Channels = Channels { bell: true, mail: false };

/// Where a person wants to be told, kind by kind. What is absent has its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotifyPreferences {
    pub response: Channels,
    pub resolution_proposed: Channels,
    pub customer_comment: Channels,
    pub assigned: Channels,
    pub resolved: Channels,
    pub ticket_created: Channels,
    pub person_wanted: Channels,
    pub sla_warning: Channels,
    pub sla_breach: Channels,
    pub ticket_moved: Channels,
}

impl Default for NotifyPreferences {
    fn default() -> Self {
        Self {
            response: BOTH,
            resolution_proposed: BOTH,
            customer_comment: BOTH,
            assigned: BOTH,
            resolved: BELL,
            ticket_created: BELL,
            person_wanted: BOTH,
            sla_warning: BELL,
            sla_breach: BOTH,
            ticket_moved: BOTH,
        }
    }
}

impl NotifyPreferences {
    /// The channels of one kind. What somebody asked for is always in the bell; its mail is no notification's.
    pub fn of(&self, kind: NotificationKind) -> Channels {
        match kind {
            NotificationKind::Response => self.response,
            NotificationKind::ResolutionProposed => self.resolution_proposed,
            NotificationKind::CustomerComment => self.customer_comment,
            NotificationKind::Assigned => self.assigned,
            NotificationKind::Resolved => self.resolved,
            NotificationKind::TicketCreated => self.ticket_created,
            NotificationKind::PersonWanted => self.person_wanted,
            NotificationKind::SlaWarning => self.sla_warning,
            NotificationKind::SlaBreach => self.sla_breach,
            NotificationKind::TicketMoved => self.ticket_moved,
            NotificationKind::ExportReady => BELL,
        }
    }

    /// The channels of one kind, to change them; none where there is nothing to choose.
    pub fn of_mut(&mut self, kind: NotificationKind) -> Option<&mut Channels> {
        Some(match kind {
            NotificationKind::Response => &mut self.response,
            NotificationKind::ResolutionProposed => &mut self.resolution_proposed,
            NotificationKind::CustomerComment => &mut self.customer_comment,
            NotificationKind::Assigned => &mut self.assigned,
            NotificationKind::Resolved => &mut self.resolved,
            NotificationKind::TicketCreated => &mut self.ticket_created,
            NotificationKind::PersonWanted => &mut self.person_wanted,
            NotificationKind::SlaWarning => &mut self.sla_warning,
            NotificationKind::SlaBreach => &mut self.sla_breach,
            NotificationKind::TicketMoved => &mut self.ticket_moved,
            NotificationKind::ExportReady => return None,
        })
    }
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationView {
    pub id: NotificationId,
    pub kind: NotificationKind,
    /// Absent where it is of no ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketRef>,
    /// Whose data is ready, for `export_ready`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonRef>,
    /// The name of who did it; absent when nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<CommentId>,
    /// What is promised that is at risk, or was not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sla_target: Option<SlaTargetKind>,
    pub read: bool,
    pub created_at: Timestamp,
}

/// `GET /notifications`: newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notifications {
    pub items: Vec<NotificationView>,
    /// Of all pages. Counting stops at 100, which means "100 or more".
    pub unread_count: u32,
    /// Pass it as `after` to get the next page; absent when this is the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// `POST /notifications/read`: which ones were seen. Exactly one of the three.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(custom(exactly_one))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationsRead {
    /// All of one ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub ticket_id: Option<TicketId>,
    /// At most 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(max = 100))]
    pub ids: Option<Vec<NotificationId>>,
    /// True: every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub all: Option<bool>,
}

fn exactly_one(read: &NotificationsRead, (): &()) -> garde::Result {
    let given = [read.ticket_id.is_some(), read.ids.is_some(), read.all == Some(true)];
    if given.into_iter().filter(|given| *given).count() == 1 {
        Ok(())
    } else {
        Err(broken(FieldCode::NotPossible, "Send exactly one of `ticket_id`, `ids` and `all: true`."))
    }
}
