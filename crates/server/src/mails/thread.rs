//! Mails about a ticket: that it was opened, and what happened on it since.
//!
//! Invariant: a mail says what its reader may see on the ticket's page at that moment and has not seen there:
//! no internal note, no signed address of a file. To an address that nobody has shown to be theirs, it says none of it.

use api_types::{
    departments::AgentsSee,
    mails::MailKind,
    notifications::NotificationKind,
    people::{Locale, Role},
    sla::SlaTargetKind,
};
use askama::Template;
use db::{
    AsyncPgConnection, prepared,
    schema::{department_people, people, tickets},
};
use diesel::{
    dsl::exists,
    prelude::*,
    sql_types::{Bool, Nullable, SmallInt, Text as SqlText, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    layout::{self, Slots},
    link,
    outbox::{MailRow, To},
};
use crate::{
    auth::links::{self, Purpose},
    error::{AppError, Result},
    outside::mail::{Mail, one_line},
    state::State,
};

/// The words of all mails about tickets, in one language.
struct Words {
    greeting: &'static str,
    lead: &'static str,
    files: &'static str,
    button: &'static str,
    /// French sets a space before it.
    colon: &'static str,
    expiry: &'static str,
    preferences: &'static str,
}

/// Something that happened.
#[derive(QueryableByName)]
struct Event {
    /// Absent: the ticket was opened by the reader.
    #[diesel(sql_type = Nullable<SqlText>)]
    kind: Option<NotificationKind>,
    #[diesel(sql_type = Nullable<SqlText>)]
    sla_target: Option<SlaTargetKind>,
    #[diesel(sql_type = Nullable<SqlText>)]
    actor: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    markdown: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    html: Option<String>,
    #[diesel(sql_type = SmallInt)]
    files: i16,
}

/// What one event looks like.
struct Item {
    line: String,
    markdown: String,
    html: Option<String>,
    files: i16,
}

impl Item {
    /// Each is set behind a mark, so that nobody writes what looks like our own words.
    fn lines(&self) -> std::str::Lines<'_> {
        self.markdown.lines()
    }
}

#[derive(Template)]
#[template(path = "mails/thread.txt", escape = "none")]
struct Text<'a> {
    words: &'a Words,
    number: i64,
    title: &'a str,
    items: &'a [Item],
    url: &'a str,
    by_token: bool,
    preferences: &'a str,
    home: &'a str,
}

#[derive(Template)]
#[template(path = "mails/thread.html")]
struct Before<'a> {
    words: &'a Words,
    number: i64,
    title: &'a str,
    items: &'a [Item],
}

#[derive(Template)]
#[template(path = "mails/thread_after.html")]
struct After<'a> {
    words: &'a Words,
    by_token: bool,
    preferences: &'a str,
}

/// Who reads it.
#[derive(Queryable)]
struct Reader {
    email: String,
    locale: Locale,
    role: Role,
    unproved: bool,
}

/// Writes the mail. Nothing when its reader may not see the ticket any more, or has seen everything there.
pub async fn compose(
    state: &State,
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    row: &MailRow,
) -> Result<Option<Mail>> {
    let (Some(person), Some(ticket)) = (row.person_id, row.ticket_id) else {
        return Ok(None);
    };
    let own = department_people::table
        .filter(department_people::person_id.eq(people::id))
        .filter(department_people::department_id.nullable().eq(tickets::department_id));
    let theirs = tickets::department_id
        .is_null()
        .or(tickets::assignee_id.is_not_distinct_from(people::id.nullable()))
        .or(exists(own));
    let all = state.settings.now().settings.team.agents_see == AgentsSee::All;
    let found = people::table
        .inner_join(tickets::table.on(tickets::id.eq(ticket)))
        .filter(people::id.eq(person))
        .filter(people::disabled_at.is_null())
        .filter(
            tickets::creator_id
                .eq(people::id)
                .or(people::role.eq(Role::Admin))
                .or(people::role.eq(Role::Agent).and(theirs.or(all.into_sql::<Bool>()))),
        )
        .select(((people::email, people::locale, people::role, people::unproved), tickets::number, tickets::title))
        .first::<(Reader, i64, String)>(conn)
        .await
        .optional()?;
    let Some((reader, number, title)) = found else {
        return Ok(None);
    };
    if reader.unproved {
        return link::compose_first(state, conn, now, row, person, reader.email, reader.locale).await;
    }
    let title = one_line(&title);
    let events = events(conn, row).await?;
    if events.is_empty() {
        return Ok(None);
    }
    let (home, is_opening) = (state.public_url.as_str(), row.kind == MailKind::TicketOpened);
    // A mail that lies about for a week is no key to the whole desk.
    let by_token = !reader.role.is_team();
    let url = if by_token {
        let link = links::make(conn, now, row.id, Purpose::Ticket, To::Person(person), Some(ticket)).await?;
        format!("{home}/verify#token={}", link.token)
    } else {
        format!("{home}/admin?ticket={ticket}#reply")
    };
    let preferences = format!("{home}/account#notifications");
    let words = words(reader.locale, is_opening);
    let items: Vec<Item> = events.into_iter().map(|event| event.show(reader.locale)).collect();
    let (words, items, title, preferences_url) = (&words, items.as_slice(), title.as_str(), preferences.as_str());
    let text = Text { words, number, title, items, url: &url, by_token, preferences: preferences_url, home };
    let html = layout::page(&Slots {
        lang: reader.locale.as_str(),
        title: words.lead,
        before: &Before { words, number, title, items }.render().map_err(AppError::internal)?,
        url: &url,
        button: words.button,
        after: &After { words, by_token, preferences: preferences_url }.render().map_err(AppError::internal)?,
        home,
    })?;
    Ok(Some(Mail {
        to: reader.email,
        subject: format!("{}[#{number}] {title}", if is_opening { "" } else { "Re: " }),
        text: text.render().map_err(AppError::internal)?,
        html,
        thread: Some(format!("ticket-{ticket}")),
        preferences: Some(preferences),
    }))
}

/// What the mail tells, oldest first: its notifications that were not read meanwhile, or the opening message.
async fn events(conn: &mut AsyncPgConnection, row: &MailRow) -> QueryResult<Vec<Event>> {
    prepared(
        "(select n.kind, n.sla_target, case when c.author_kind = 'ai' then c.ai ->> 'name' else p.name end as actor,
             c.body_markdown as markdown, c.body_html as html, coalesce(c.attachments, 0::smallint) as files
         from notifications n
         left join comments c on c.id = n.comment_id and not c.internal
         left join people p on p.id = n.actor_id
         where n.mail_id = $1 and n.read_at is null and not $2
         order by n.created_at, n.id limit 50)
         union all
         (select null, null, null, c.body_markdown, c.body_html, c.attachments
         from comments c
         where $2 and c.ticket_id = $3 and not c.internal
         order by c.created_at, c.id limit 1)",
    )
    .bind::<SqlUuid, _>(row.id)
    .bind::<Bool, _>(row.kind == MailKind::TicketOpened)
    .bind::<Nullable<SqlUuid>, _>(row.ticket_id)
    .load(conn)
    .await
}

impl Event {
    fn show(self, locale: Locale) -> Item {
        let line = match self.sla_target {
            Some(target) => due(locale, self.kind == Some(NotificationKind::SlaBreach), target),
            None => line(self.kind, locale, self.actor.as_deref()),
        };
        Item { line, markdown: self.markdown.unwrap_or_default(), html: self.html, files: self.files }
    }
}

/// What of the SLA fell due. Nobody did that.
fn due(locale: Locale, is_breach: bool, target: SlaTargetKind) -> String {
    let what = match (locale, target) {
        (Locale::English, SlaTargetKind::FirstResponse) => "first response",
        (Locale::English, SlaTargetKind::NextResponse) => "next response",
        (Locale::English, SlaTargetKind::Resolution) => "resolution",
        (Locale::French, SlaTargetKind::FirstResponse) => "première réponse",
        (Locale::French, SlaTargetKind::NextResponse) => "prochaine réponse",
        (Locale::French, SlaTargetKind::Resolution) => "résolution",
    };
    match (locale, is_breach) {
        (Locale::English, false) => format!("Three quarters of the time for the {what} are gone."),
        (Locale::English, true) => format!("The time for the {what} is up."),
        (Locale::French, false) => format!("Les trois quarts du délai de {what} sont écoulés."),
        (Locale::French, true) => format!("Le délai de {what} est dépassé."),
    }
}

fn line(kind: Option<NotificationKind>, locale: Locale, actor: Option<&str>) -> String {
    let who = actor.unwrap_or(match locale {
        Locale::English => "Somebody",
        Locale::French => "Quelqu’un",
    });
    let did = match (locale, kind) {
        (Locale::English, None) => return "You wrote:".to_owned(),
        (Locale::English, Some(NotificationKind::Response)) => "answered:",
        (Locale::English, Some(NotificationKind::ResolutionProposed)) => {
            "thinks that this is settled. If so, mark the ticket as resolved."
        }
        (Locale::English, Some(NotificationKind::CustomerComment)) => "wrote:",
        (Locale::English, Some(NotificationKind::Assigned)) => "gave you this ticket.",
        (Locale::English, Some(NotificationKind::Resolved)) => "marked the ticket as resolved.",
        (Locale::English, Some(NotificationKind::TicketCreated)) => "opened the ticket:",
        (Locale::English, Some(NotificationKind::PersonWanted)) => "asks for a person instead of the assistant.",
        (Locale::English, Some(NotificationKind::TicketMoved)) => "moved the ticket to your department.",
        (Locale::French, None) => return "Vous avez écrit :".to_owned(),
        (Locale::French, Some(NotificationKind::Response)) => "a répondu :",
        (Locale::French, Some(NotificationKind::ResolutionProposed)) => {
            "pense que c’est réglé. Si c’est le cas, marquez le ticket comme résolu."
        }
        (Locale::French, Some(NotificationKind::CustomerComment)) => "a écrit :",
        (Locale::French, Some(NotificationKind::Assigned)) => "vous a confié ce ticket.",
        (Locale::French, Some(NotificationKind::Resolved)) => "a marqué le ticket comme résolu.",
        (Locale::French, Some(NotificationKind::TicketCreated)) => "a ouvert le ticket :",
        (Locale::French, Some(NotificationKind::PersonWanted)) => "demande une personne à la place de l’assistant.",
        // Those have a target and their own words, and that one a mail of its own.
        (_, Some(NotificationKind::SlaWarning | NotificationKind::SlaBreach | NotificationKind::ExportReady)) => "",
        (Locale::French, Some(NotificationKind::TicketMoved)) => "a transféré le ticket à votre service.",
    };
    format!("{} {did}", one_line(who))
}

fn words(locale: Locale, is_opening: bool) -> Words {
    match locale {
        Locale::English => Words {
            greeting: "Hello,",
            lead: if is_opening {
                "Your ticket is open, and the team has it:"
            } else {
                "There is news on this ticket:"
            },
            files: "Attached files, to be seen on the ticket’s page:",
            button: "Open the ticket and reply",
            colon: ":",
            expiry: "The link is for you alone: it signs you in, once, within 7 days. Whoever gets this mail from you could use it.",
            preferences: "Choose what we write to you about",
        },
        Locale::French => Words {
            greeting: "Bonjour,",
            lead: if is_opening {
                "Votre ticket est ouvert, et l’équipe l’a reçu :"
            } else {
                "Il y a du nouveau sur ce ticket :"
            },
            files: "Fichiers joints, à voir sur la page du ticket :",
            button: "Ouvrir le ticket et répondre",
            colon: " :",
            expiry: "Ce lien n’est que pour vous : il vous connecte, une seule fois, pendant 7 jours. Ne transférez pas ce message.",
            preferences: "Choisir ce dont nous vous écrivons",
        },
    }
}
