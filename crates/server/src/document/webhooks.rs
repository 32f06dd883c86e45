//! What a webhook is told: one message for each event.
//!
//! Invariant: an event that is told is described here, because it has no words otherwise.

use api_types::webhooks::WebhookEvent;
use utoipa::openapi::{
    ContentBuilder, HttpMethod, ObjectBuilder, OpenApi, PathItem, PathsBuilder, Ref, Required, ResponseBuilder, Type,
    path::{OperationBuilder, ParameterBuilder, ParameterIn},
    request_body::RequestBodyBuilder,
};

pub fn describe(document: &mut OpenApi) {
    let all = WebhookEvent::ALL.iter();
    let section = all.fold(PathsBuilder::new(), |section, event| section.path(event.as_str(), item(*event)));
    document.webhooks = Some(section.build());
}

fn item(event: WebhookEvent) -> PathItem {
    let (data, words) = told(event);
    let schema = Ref::from_schema_name(format!("WebhookPayload_{data}"));
    let body = RequestBodyBuilder::new()
        .content("application/json", ContentBuilder::new().schema(Some(schema)).build())
        .required(Some(Required::True));
    let answers = [
        ("2XX", "Taken. It is not told again."),
        (
            "default",
            "Anything else, and no answer within ten seconds: it is told again, for three days. With 410 never again: the webhook is switched off.",
        ),
    ];
    let header = |name: &str, words: &str| {
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some(words))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
    };
    let mut operation = OperationBuilder::new()
        .tag("webhooks")
        .operation_id(Some(format!("on_{}", event.as_str().replace('.', "_"))))
        .summary(Some(words))
        .description(Some(
            "Sent as Standard Webhooks has it. Check the signature before anything else, and answer at once.",
        ))
        .parameter(header("webhook-id", "The same in every attempt: what came before is not done twice."))
        .parameter(header("webhook-timestamp", "When it was sent, in seconds since 1970."))
        .parameter(header(
            "webhook-signature",
            "`v1,` and the signature in base64; two of them, divided by a space, while a secret is renewed.",
        ))
        .request_body(Some(body.build()))
        .securities(Some([]));
    for (status, words) in answers {
        operation = operation.response(status, ResponseBuilder::new().description(words).build());
    }
    PathItem::new(HttpMethod::Post, operation)
}

/// The type of its data, and what happened.
fn told(event: WebhookEvent) -> (&'static str, &'static str) {
    const TICKET: &str = "TicketEventData";
    match event {
        WebhookEvent::TicketCreated => (TICKET, "A ticket was opened"),
        WebhookEvent::TicketAssigned => (TICKET, "A ticket was given to somebody, or back to the queue"),
        WebhookEvent::TicketPrioritised => (TICKET, "A ticket's priority changed"),
        WebhookEvent::TicketStaged => (TICKET, "The team took a ticket up, asked its creator, or parked it"),
        WebhookEvent::TicketMoved => (TICKET, "A ticket came to another department"),
        WebhookEvent::TicketFieldsChanged => (TICKET, "A ticket's custom fields changed"),
        WebhookEvent::TicketResumed => (TICKET, "A ticket was parked until a date, which has come"),
        WebhookEvent::TicketResolutionProposed => (TICKET, "The team asks whether a ticket is resolved"),
        WebhookEvent::TicketResolved => (TICKET, "A ticket was resolved by its creator"),
        WebhookEvent::TicketArchived => (TICKET, "A ticket was hidden from the lists"),
        WebhookEvent::TicketUnarchived => (TICKET, "A ticket is in the lists again"),
        WebhookEvent::TicketDeleted => ("DeletedTicketData", "A ticket was erased by its creator"),
        WebhookEvent::TicketPersonWanted => (TICKET, "A ticket's creator asks for a person"),
        WebhookEvent::CommentCreated => ("CommentData", "Somebody wrote on a ticket"),
        WebhookEvent::CommentRated => ("CommentData", "An answer of the assistant was rated"),
        WebhookEvent::PersonRegistered => ("PersonData", "Somebody has a new account"),
        WebhookEvent::PersonChanged => ("PersonData", "An account's role changed, or it was closed or opened again"),
        WebhookEvent::SlaWarned => ("SlaData", "A promised time draws near"),
        WebhookEvent::SlaBreached => ("SlaData", "A promised time has passed"),
        WebhookEvent::Test => ("TestData", "An admin asked for a test"),
    }
}
