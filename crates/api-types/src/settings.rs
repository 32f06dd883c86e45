//! Settings: how this desk differs from others, one struct per topic.
//!
//! Invariant: every topic has a default that is a desk which works. What is impossible is refused at its field.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    assistant::AssistantMode,
    captcha::{Captcha, CaptchaTopic},
    departments::{DepartmentId, DepartmentRef, TeamTopic},
    error::{FieldCode, broken},
    fields::Field,
    panel::PanelTopic,
    people::{Locale, PersonRef},
    sla::SlaSettings,
    text::{Accent, DeskName, Label, Message, PersonName},
    time::Timestamp,
};

id! {
    /// A change of settings.
    SettingsChangeId
}

id! {
    /// A picture that stands for the desk.
    LogoId
}

wire_enum! {
    /// Who may open a ticket.
    RegistrationMode {
        /// People with an account, which everybody can make.
        Required = "required",
        /// Everybody with an address, which a mailed link confirms.
        Passwordless = "passwordless",
        /// People with an account, which an admin makes.
        Closed = "closed",
    }
}

wire_enum! {
    /// Where a visitor is sent who has to have an account.
    Entry {
        SignIn = "sign_in",
        Register = "register",
    }
}

wire_enum! {
    /// Whether a form asks for something.
    Need {
        /// It does not, and the API refuses it.
        Off = "off",
        Optional = "optional",
        Required = "required",
    }
}

/// What the desk is called and looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Brand {
    #[garde(dive)]
    pub name: DeskName,
    /// The colour of what can be pressed; absent for the ordinary one. White words on it have a contrast of 4.5 at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub accent: Option<Accent>,
    /// The picture before the name, as `POST /admin/logos` answered it; absent for Waggle's. It is read at `/logos/{id}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub logo: Option<LogoId>,
}

/// `POST /admin/logos`: a picture for the brand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Logo {
    pub id: LogoId,
    /// Where anybody reads it, without the host.
    pub url: String,
}

/// The assistant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssistantTopic {
    #[garde(skip)]
    pub mode: AssistantMode,
    /// Its comments are signed with it.
    #[garde(dive)]
    pub name: PersonName,
}

/// Words in both languages; absent for the ordinary ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Labels {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub en: Option<Label>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub fr: Option<Label>,
}

impl Labels {
    /// The words in a language, where there are any.
    pub fn of(&self, locale: Locale) -> Option<&str> {
        let label = match locale {
            Locale::English => &self.en,
            Locale::French => &self.fr,
        };
        label.as_ref().map(Label::as_str)
    }
}

/// What the form for a new ticket asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketForm {
    /// What "Title" is called.
    #[serde(default)]
    #[garde(dive)]
    pub title: Labels,
    /// What "Message" is called.
    #[serde(default)]
    #[garde(dive)]
    pub message: Labels,
    #[garde(skip)]
    pub priority: Need,
    /// With a default department, a ticket that names none is for that one and never refused.
    #[serde(default = "off")]
    #[garde(skip)]
    pub department: Need,
    /// Where a new ticket goes that names no department, whether or not the form asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub default_department: Option<DepartmentId>,
}

impl Default for TicketForm {
    fn default() -> Self {
        Self {
            title: Labels::default(),
            message: Labels::default(),
            priority: Need::Optional,
            department: Need::Off,
            default_department: None,
        }
    }
}

fn off() -> Need {
    Need::Off
}

/// Who may come in, and what they may change of themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegistrationTopic {
    #[garde(skip)]
    pub mode: RegistrationMode,
    /// With `required`.
    #[garde(custom(possible_entry(&self.mode)))]
    pub entry: Entry,
    /// Customers may change their name.
    #[garde(skip)]
    pub profile_editing: bool,
}

fn possible_entry(mode: &RegistrationMode) -> impl FnOnce(&Entry, &()) -> garde::Result + '_ {
    move |entry, ()| {
        if *mode == RegistrationMode::Closed && *entry == Entry::Register {
            return Err(broken(FieldCode::NotPossible, "Nobody can register while registration is closed."));
        }
        Ok(())
    }
}

/// What the support page shows, and how it behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageTopic {
    /// The three cards with the counts.
    pub cards: bool,
    /// Suggested articles beside the form and the ticket.
    pub articles: bool,
    /// The pane with the ticket's details.
    pub details: bool,
    pub bell: bool,
    /// The list shows the customer's name as a ticket's title.
    pub name_as_title: bool,
    /// Enter sends, and Shift with Enter begins a new line, for whoever has not chosen otherwise.
    pub enter_sends: bool,
}

impl Default for PageTopic {
    fn default() -> Self {
        Self { cards: true, articles: true, details: true, bell: true, name_as_title: false, enter_sends: false }
    }
}

/// What a person reads on their first ticket, once. Without a text in their language they read the other; without
/// any, nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Welcome {
    /// Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub en: Option<Message>,
    /// Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub fr: Option<Message>,
}

impl Welcome {
    /// The words for a reader of this language.
    pub fn to(&self, locale: Locale) -> Option<&Message> {
        match locale {
            Locale::English => self.en.as_ref().or(self.fr.as_ref()),
            Locale::French => self.fr.as_ref().or(self.en.as_ref()),
        }
    }
}

/// What becomes of resolved tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Archiving {
    /// Days after its resolution that a ticket is archived, 1 to 3,650; absent for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(custom(days)))]
    pub after_days: Option<u16>,
}

fn days(days: &u16, (): &()) -> garde::Result {
    if (1..=3650).contains(days) { Ok(()) } else { Err(broken(FieldCode::NotPossible, "1 to 3,650 days.")) }
}

/// `GET /admin/settings`: all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    pub brand: Brand,
    pub assistant: AssistantTopic,
    pub form: TicketForm,
    pub registration: RegistrationTopic,
    pub page: PageTopic,
    pub welcome: Welcome,
    pub archiving: Archiving,
    pub captcha: CaptchaTopic,
    pub sla: SlaSettings,
    pub panel: PanelTopic,
    pub team: TeamTopic,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            brand: Brand { name: DeskName::from("Waggle".to_owned()), accent: None, logo: None },
            assistant: AssistantTopic { mode: AssistantMode::Auto, name: PersonName::from("Waggle".to_owned()) },
            form: TicketForm::default(),
            registration: RegistrationTopic {
                mode: RegistrationMode::Required,
                entry: Entry::SignIn,
                profile_editing: true,
            },
            page: PageTopic::default(),
            welcome: Welcome::default(),
            archiving: Archiving::default(),
            captcha: CaptchaTopic::default(),
            sla: SlaSettings::default(),
            panel: PanelTopic::default(),
            team: TeamTopic::default(),
        }
    }
}

/// `PATCH /admin/settings`: whole topics; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SettingsChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub brand: Option<Brand>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub assistant: Option<AssistantTopic>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub form: Option<TicketForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub registration: Option<RegistrationTopic>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub page: Option<PageTopic>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub welcome: Option<Welcome>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub archiving: Option<Archiving>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub captcha: Option<CaptchaTopic>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub sla: Option<SlaSettings>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub panel: Option<PanelTopic>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub team: Option<TeamTopic>,
}

/// One entry of `GET /admin/settings/changes`: a topic, a department or a field before and after. Before a department or
/// a field was made, it is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SettingsChangeView {
    pub id: SettingsChangeId,
    /// The field of [`Settings`] that changed, or `departments`, `fields`, `panel_secret` or
    /// `webhooks`.
    pub topic: String,
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::HashMap<String, serde_json::Value>))]
    pub before: serde_json::Value,
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::HashMap<String, serde_json::Value>))]
    pub after: serde_json::Value,
    /// Who changed it.
    pub author: PersonRef,
    pub created_at: Timestamp,
}

/// `GET /settings`: what the page needs to know before anybody has signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicSettings {
    pub brand: Brand,
    pub registration: RegistrationMode,
    pub entry: Entry,
    pub profile_editing: bool,
    pub form: TicketForm,
    /// Those that a new ticket can be for, in order.
    #[serde(default)]
    pub departments: Vec<DepartmentRef>,
    /// Those that are asked for, in order, with the choices that there are.
    #[serde(default)]
    pub fields: Vec<Field>,
    pub page: PageTopic,
    pub assistant_name: String,
    pub assistant_mode: AssistantMode,
    pub captcha: Captcha,
}
