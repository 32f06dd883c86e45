//! Tickets: their states, lists and views.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    assistant::AssistantView,
    attachments::{AttachmentId, AttachmentView, claimable},
    comments::CommentView,
    departments::{DepartmentFilter, DepartmentId, DepartmentName},
    fields::{Answers, FieldAnswer, FieldFilter},
    page::Page,
    people::{Locale, PersonId, PersonRef},
    sla::Sla,
    text::{EmailAddress, HoldReason, Message, PersonName, Title},
    time::Timestamp,
};

id! {
    /// A ticket.
    TicketId
}

wire_enum! {
    /// What everybody sees of a ticket's state.
    TicketStatus {
        /// Waiting to be processed.
        Open = "open",
        /// Handled by the team.
        InProgress = "in_progress",
        /// Closed by its creator, for good.
        Resolved = "resolved",
    }
}

wire_enum! {
    /// What the team sees of a ticket's state.
    Stage {
        /// Nobody has taken it yet.
        New = "new",
        /// The team's turn.
        Working = "working",
        /// The customer's turn.
        WaitingCustomer = "waiting_customer",
        /// Parked, with a reason.
        OnHold = "on_hold",
        /// Closed by its creator, for good.
        Resolved = "resolved",
    }
}

impl Stage {
    /// The public status that goes with a stage.
    pub fn status(self) -> TicketStatus {
        match self {
            Self::New => TicketStatus::Open,
            Self::Working | Self::WaitingCustomer | Self::OnHold => TicketStatus::InProgress,
            Self::Resolved => TicketStatus::Resolved,
        }
    }
}

wire_enum! {
    /// How urgent a ticket is.
    Priority {
        Low = "low",
        Medium = "medium",
        High = "high",
    }
}

/// Somebody without an account, who opens a ticket where the desk allows it.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Visitor {
    #[garde(dive)]
    pub name: PersonName,
    #[garde(dive)]
    pub email: EmailAddress,
    /// The language of the mails and of the account that the link makes.
    #[garde(skip)]
    pub locale: Locale,
}

/// `POST /tickets`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewTicket {
    #[garde(dive)]
    pub title: Title,
    /// Markdown; it becomes the first comment.
    #[garde(dive)]
    pub message: Message,
    /// Medium when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub priority: Option<Priority>,
    /// When absent, that of the ticket which this one goes on from, or else the desk's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub department_id: Option<DepartmentId>,
    /// Answers to the desk's custom fields, by their keys.
    #[serde(default, skip_serializing_if = "Answers::is_empty")]
    #[garde(skip)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::HashMap<String, crate::fields::FieldValue>))]
    pub custom_fields: Answers,
    /// Only without signing in: who asks. The answer is 202, and the ticket is opened when the link in the mail
    /// that follows is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub visitor: Option<Visitor>,
    /// The answer to the captcha, where the desk asks a visitor for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(max = 8192))]
    #[cfg_attr(feature = "openapi", schema(max_length = 8192))]
    pub captcha: Option<String>,
    /// The caller's own resolved ticket that this one goes on from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub follows: Option<TicketId>,
    /// Files that the caller has uploaded, for the opening message; at most ten.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(custom(claimable))]
    #[cfg_attr(feature = "openapi", schema(max_items = 10))]
    pub attachment_ids: Vec<AttachmentId>,
}

wire_enum! {
    /// The order of a list of tickets.
    TicketSort {
        Newest = "newest",
        Oldest = "oldest",
    }
}

/// Which tickets to list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct TicketFilter {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<TicketStatus>,
    /// Words to find in the title, the thread or what was answered to fields of text. English and French stems, accents ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<crate::openapi::Search>, inline))]
    pub q: Option<String>,
    /// True lists the archived tickets, which are otherwise left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// Team only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Team only: a person's id, or `none` for what nobody has taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<crate::openapi::IdOrNone>, inline))]
    pub assignee: Option<AssigneeFilter>,
    /// Team only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Team only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<PersonId>,
    /// Team only: a department's id, or `none` for what is in no department.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<crate::openapi::IdOrNone>, inline))]
    pub department: Option<DepartmentFilter>,
    /// Team only: `key:value` lists the tickets with this answer to a custom field; of a select or a multi-select the
    /// key of a choice, of a checkbox `true` or `false`. A page may end early, and then says where to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<crate::openapi::KeyAndValue>, inline))]
    pub field: Option<FieldFilter>,
    /// Team only: true lists the tickets whose creators asked for a person and have had no answer of the team since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_wanted: Option<bool>,
    /// Team only: newest first when absent. A search is always newest first.
    #[cfg_attr(feature = "openapi", param(inline))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<TicketSort>,
    /// Page size, 1 to 100; 25 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u8>,
    /// The `next_cursor` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<crate::openapi::Cursor>, inline))]
    pub after: Option<String>,
}

/// Whose tickets: one person's, or nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AssigneeFilter {
    Nobody,
    Person(PersonId),
}

impl TryFrom<String> for AssigneeFilter {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.as_str() {
            "none" => Ok(Self::Nobody),
            id => id.parse().map(Self::Person).map_err(|_| "expected a person's id or `none`".to_owned()),
        }
    }
}

impl From<AssigneeFilter> for String {
    fn from(filter: AssigneeFilter) -> Self {
        match filter {
            AssigneeFilter::Nobody => "none".to_owned(),
            AssigneeFilter::Person(id) => id.to_string(),
        }
    }
}

/// A page of tickets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketPage {
    pub items: Vec<TicketSummary>,
    /// Pass it as `after` to get the next page; absent when this is the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// When a search finds nothing: the same search with its words corrected to ones that occur.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub did_you_mean: Option<String>,
}

/// `GET /tickets/summary`: how many tickets the caller has in each status, archived ones left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketCounts {
    pub open: u32,
    pub in_progress: u32,
    pub resolved: u32,
    /// Counting stops at this number: a count equal to it means "this many or more". Absent for a
    /// customer, whose counts are exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketSummary {
    pub id: TicketId,
    /// A short number for people, unique in this installation.
    pub number: i64,
    pub title: String,
    pub status: TicketStatus,
    /// Team only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The team has asked something and waits for the customer.
    pub your_turn: bool,
    pub priority: Priority,
    pub creator: PersonRef,
    /// Team only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<PersonRef>,
    pub created_at: Timestamp,
    /// The last change that this viewer may know of: for a customer, internal notes do not count.
    pub updated_at: Timestamp,
    pub archived: bool,
    /// Team only: the creator asked for a person, and nobody of the team has answered since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub person_wanted: bool,
    /// Absent in no department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentName>,
    /// What was answered, in the fields' order. In a list: to the team, where the field is shown there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom_fields: Vec<FieldAnswer>,
    pub sla: Sla,
}

/// What the caller may do with a ticket now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Can {
    pub resolve: bool,
    pub delete: bool,
    pub reply: bool,
    /// Open a ticket that goes on from this resolved one.
    pub follow_up: bool,
    /// Assign, prioritise, park, archive, write internal notes.
    pub manage: bool,
    /// Ask the creator to resolve.
    pub propose: bool,
}

/// Another ticket, to link to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketRef {
    pub id: TicketId,
    pub number: i64,
    pub title: String,
}

/// Why a ticket is parked, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hold {
    pub reason: String,
    /// When it goes back to work by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// One ticket with the first page of its thread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "FlatTicketView")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketView {
    #[serde(flatten)]
    pub summary: TicketSummary,
    pub can: Can,
    /// Team only, while the ticket is on hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// The team thinks the matter is settled and asks the creator to say so.
    pub resolution_proposed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
    /// The resolved ticket that this one goes on from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<TicketRef>,
    /// The ticket that goes on from this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followed_by: Option<TicketRef>,
    /// The files of the opening message.
    pub attachments: Vec<AttachmentView>,
    pub assistant: AssistantView,
    /// To its creator, on their first ticket: the desk's welcome, rendered and cleaned by the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub welcome_html: Option<String>,
    /// Oldest first; the opening message is the first.
    pub comments: Page<CommentView>,
}

/// A [`TicketView`] as it is read. Reading it with `flatten` would compile every type inside it twice, which
/// the page's download cannot afford.
#[derive(Deserialize)]
struct FlatTicketView {
    id: TicketId,
    number: i64,
    title: String,
    status: TicketStatus,
    stage: Option<Stage>,
    your_turn: bool,
    priority: Priority,
    creator: PersonRef,
    assignee: Option<PersonRef>,
    created_at: Timestamp,
    updated_at: Timestamp,
    archived: bool,
    #[serde(default)]
    person_wanted: bool,
    department: Option<DepartmentName>,
    #[serde(default)]
    custom_fields: Vec<FieldAnswer>,
    sla: Sla,
    can: Can,
    hold: Option<Hold>,
    resolution_proposed: bool,
    resolved_at: Option<Timestamp>,
    follows: Option<TicketRef>,
    followed_by: Option<TicketRef>,
    attachments: Vec<AttachmentView>,
    assistant: AssistantView,
    welcome_html: Option<String>,
    comments: Page<CommentView>,
}

impl From<FlatTicketView> for TicketView {
    fn from(flat: FlatTicketView) -> Self {
        Self {
            summary: TicketSummary {
                id: flat.id,
                number: flat.number,
                title: flat.title,
                status: flat.status,
                stage: flat.stage,
                your_turn: flat.your_turn,
                priority: flat.priority,
                creator: flat.creator,
                assignee: flat.assignee,
                created_at: flat.created_at,
                updated_at: flat.updated_at,
                archived: flat.archived,
                person_wanted: flat.person_wanted,
                department: flat.department,
                custom_fields: flat.custom_fields,
                sla: flat.sla,
            },
            can: flat.can,
            hold: flat.hold,
            resolution_proposed: flat.resolution_proposed,
            resolved_at: flat.resolved_at,
            follows: flat.follows,
            followed_by: flat.followed_by,
            attachments: flat.attachments,
            assistant: flat.assistant,
            welcome_html: flat.welcome_html,
            comments: flat.comments,
        }
    }
}

/// `PUT /tickets/{id}/assignee`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assignment {
    /// A team member; null gives the ticket back to the queue.
    #[garde(skip)]
    pub person_id: Option<PersonId>,
}

/// `PUT /tickets/{id}/priority`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriorityChange {
    #[garde(skip)]
    pub priority: Priority,
}

/// `PUT /tickets/{id}/department`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketMove {
    /// One that is not retired; null for none.
    #[garde(skip)]
    pub department_id: Option<DepartmentId>,
}

/// `PUT /tickets/{id}/custom_fields`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewAnswers {
    /// All answers, by the keys of the fields: what is left out is taken back. Answers that nobody is asked for any
    /// more stay as they are.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::HashMap<String, crate::fields::FieldValue>))]
    pub custom_fields: Answers,
}

wire_enum! {
    /// The stages that the team sets by hand.
    TeamStage {
        Working = "working",
        WaitingCustomer = "waiting_customer",
        OnHold = "on_hold",
    }
}

/// `PUT /tickets/{id}/stage`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StageChange {
    #[garde(skip)]
    pub stage: TeamStage,
    /// Why it is parked; required with `on_hold`, refused otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub reason: Option<HoldReason>,
    /// When it goes back to work by itself; only with `on_hold`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub until: Option<Timestamp>,
}
