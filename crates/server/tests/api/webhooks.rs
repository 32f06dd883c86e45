//! Webhooks: what programs are told, how often, and where they may be.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use api_types::{
    error::{ErrorCode, FieldCode},
    page::Page,
    settings::SettingsChangeView,
    webhooks::{
        DeliveryId, DeliveryOutcome, DeliveryState, DeliveryView, DisabledBecause, WebhookEvent, WebhookSecret,
        WebhookView, Webhooks,
    },
};
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use serde_json::{Value, json};
use server::{
    outside::webhook::{Courier, Net, Refusal},
    webhooks, worker,
};
use sha2::Sha256;
use tokio::io::AsyncWriteExt;

use crate::support::{
    Actor, App, Heard, Receiver, Replies,
    app::{Setup, this_machine},
    at,
};

impl Actor {
    async fn hooks(&self, url: &str, events: Option<&[&str]>) -> WebhookView {
        self.post("/webhooks", json!({ "url": url, "events": events })).await.is(201).ok()
    }

    async fn hook(&self, webhook: &WebhookView) -> WebhookView {
        self.get(&format!("/webhooks/{}", webhook.id)).await.is(200).ok()
    }

    async fn log(&self, webhook: &WebhookView) -> Vec<DeliveryView> {
        let path = format!("/webhooks/{}/deliveries?limit=100", webhook.id);
        self.get(&path).await.is(200).ok::<Page<DeliveryView>>().items
    }

    async fn tests(&self, webhook: &WebhookView) -> DeliveryView {
        self.call(&format!("/webhooks/{}/test", webhook.id)).await.is(201).ok()
    }

    async fn sends_again(&self, webhook: &WebhookView, delivery: DeliveryId) -> DeliveryView {
        self.call(&format!("/webhooks/{}/deliveries/{delivery}/redelivery", webhook.id)).await.is(200).ok()
    }
}

/// What a message has to be signed with, by the words of the standard alone.
fn signature(secret: &str, heard: &Heard) -> String {
    let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret says what it is")).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(heard.header("webhook-id").as_bytes());
    mac.update(b".");
    mac.update(heard.header("webhook-timestamp").as_bytes());
    mac.update(b".");
    mac.update(heard.body.as_bytes());
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

/// A desk whose names mean what `lookup` says, without an exception for this machine.
fn guarded(lookup: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static) -> Setup {
    Setup { net: Net::StandIn { lookup: Arc::new(lookup), this_machine: false }, ..Setup::default() }
}

/// The address of somebody who is asked for TLS and knows nothing of it.
async fn no_tls() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.ok();
            open.push(stream);
        }
    });
    url
}

const PUBLIC: &str = "93.184.216.34";

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_told_what_happens() {
    let app = App::start().await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let receiver = Receiver::start(Replies::Status(200)).await;
    let before = carl.opens("Before", "Not told").await;
    app.run_jobs().await;
    let webhook = root.hooks(&receiver.url(), None).await;
    let secret = webhook.secret.clone().expect("it is told once");
    assert_eq!(root.hook(&webhook).await, WebhookView { secret: None, ..webhook.clone() });

    let ticket = carl.opens("Where are my bees?", "They flew at http://localhost/secret").await;
    app.run_jobs().await;
    let heard = receiver.heard();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(heard[0].path, "/hook?key=1");
    assert_eq!(heard[0].header("content-type"), "application/json");
    assert_eq!(heard[0].header("user-agent"), "Waggle");
    assert_eq!(heard[0].header("webhook-timestamp"), app.now().as_second().to_string());
    assert_eq!(heard[0].header("webhook-signature"), signature(&secret, &heard[0]));
    let expected = json!({
        "type": "ticket.created",
        "timestamp": ticket.summary.created_at,
        "data": { "ticket": {
            "id": ticket.summary.id, "number": ticket.summary.number, "title": "Where are my bees?", "status": "open",
            "priority": "medium", "archived": false, "creator_id": carl.id(), "assignee_id": null, "department_id": null,
            "created_at": ticket.summary.created_at,
        } },
    });
    assert_eq!(heard[0].json(), expected);

    let log = root.log(&webhook).await;
    assert_eq!(log.len(), 1, "{log:?}");
    assert_eq!(log[0].id.to_string(), heard[0].header("webhook-id"));
    assert_eq!(log[0].payload, expected);
    assert_eq!((log[0].event, log[0].attempts), (WebhookEvent::TicketCreated, 1));
    assert_eq!((log[0].state, log[0].outcome), (DeliveryState::Delivered, Some(DeliveryOutcome::Taken)));
    assert_eq!((log[0].attempted_at, log[0].next_attempt_at), (Some(app.now()), None));
    let last = root.hook(&webhook).await.last_delivery.expect("there is one");
    assert_eq!((last.state, last.outcome), (DeliveryState::Delivered, Some(DeliveryOutcome::Taken)));

    let comment = root.comments(&before, "Found them").await;
    app.run_jobs().await;
    let told: Value = receiver.last().json();
    assert_eq!(told["type"], "comment.created");
    assert_eq!(told["data"]["comment_id"], json!(comment.id));
    assert_eq!((&told["data"]["author_kind"], &told["data"]["author_id"]), (&json!("admin"), &json!(root.id())));
    assert_eq!(told["data"]["ticket"]["status"], "in_progress");
    let answer = app.ai_comment(&ticket).await;
    carl.post(&format!("/comments/{answer}/feedback"), json!({ "helpful": true })).await.is(204);
    app.run_jobs().await;
    let told: Value = receiver.last().json();
    assert_eq!((&told["type"], &told["data"]["comment_id"]), (&json!("comment.rated"), &json!(answer)), "{told}");
    assert_eq!(receiver.connections(), 1, "the connection is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_asked_for_and_public_is_told() {
    let app = App::start().await;
    let (root, carl, ana) = (app.admin("root").await, app.customer("carl").await, app.agent("ana").await);
    let (all, some) = (Receiver::start(Replies::Status(200)).await, Receiver::start(Replies::Status(200)).await);
    let everything = root.hooks(&all.url(), None).await;
    let filtered = root.hooks(&some.url(), Some(&["comment.created", "ticket.resolved"])).await;
    let file = carl.uploads("swarm.txt", b"canary of a file").await.id;
    let ticket = carl.opens_with("Hive", "canary of a message", &[file]).await;
    app.draft(&ticket).await;
    ana.notes(&ticket, "canary of a note").await;
    ana.comments(&ticket, "canary of an answer").await;
    ana.put(&format!("{}/assignee", at(&ticket)), json!({ "person_id": ana.id() })).await.is(200);
    let hold = json!({ "stage": "on_hold", "reason": "canary of a reason" });
    ana.put(&format!("{}/stage", at(&ticket)), hold).await.is(200);
    carl.resolves(&ticket).await;
    root.patch(&format!("/admin/people/{}", carl.id()), json!({ "role": "agent" })).await.is(200);
    app.run_jobs().await;

    // Messages travel side by side, in no order.
    let mut told = some.events();
    told.sort_unstable();
    assert_eq!(told, ["comment.created", "ticket.resolved"]);
    let events = all.events();
    let expected =
        ["ticket.created", "comment.created", "ticket.assigned", "ticket.staged", "ticket.resolved", "person.changed"];
    for event in expected {
        assert_eq!(events.iter().filter(|told| *told == event).count(), 1, "{event} in {events:?}");
    }
    assert_eq!(events.len(), expected.len(), "{events:?}");
    for heard in all.heard() {
        let text = format!("{heard:?}");
        for secret in ["canary", "note_created", "draft", "/files/", "signature=", "carl", "ana", "on_hold"] {
            assert!(!heard.body.contains(secret), "{secret} in {text}");
        }
    }
    let log = serde_json::to_string(&root.log(&everything).await).unwrap();
    assert!(!log.contains("canary"), "{log}");

    let path = format!("/webhooks/{}", filtered.id);
    root.patch(&path, json!({ "events": ["ticket.created"] })).await.is(200);
    let other = app.customer("dora").await.opens("Another", "Help").await;
    ana.comments(&other, "Here").await;
    app.run_jobs().await;
    assert_eq!(some.events()[2..], ["ticket.created"]);
    assert_eq!(root.patch(&path, json!({ "events": null })).await.is(200).ok::<WebhookView>().events, None);
    ana.comments(&other, "There").await;
    app.run_jobs().await;
    assert_eq!(some.events()[3..], ["comment.created"]);
    for events in [json!([]), json!(["webhook.test"]), json!(["ticket.created", "comment.note_created"])] {
        root.patch(&path, json!({ "events": events })).await.is(422);
        root.post("/webhooks", json!({ "url": some.url(), "events": events })).await.is(422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_ticket_leaves_its_id_and_nothing_else() {
    let app = App::start().await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let receiver = Receiver::start(Replies::Status(500)).await;
    let webhook = root.hooks(&receiver.url(), None).await;
    let ticket = carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    assert_eq!(root.log(&webhook).await.len(), 1);
    // Neither told nor kept: what waits is gone with the ticket, and so is what was never written down.
    carl.comments(&ticket, "One more").await;
    carl.delete(&at(&ticket)).await.is(204);
    receiver.replies(Replies::Status(200));
    app.advance(SignedDuration::from_secs(10));
    app.run_jobs().await;
    assert_eq!(receiver.events(), ["ticket.created", "ticket.deleted"]);
    assert_eq!(receiver.last().json()["data"], json!({ "ticket_id": ticket.summary.id }));
    let log = root.log(&webhook).await;
    assert_eq!(log.iter().map(|delivery| delivery.event).collect::<Vec<_>>(), [WebhookEvent::TicketDeleted]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_is_told_again_under_the_same_id() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let receiver = Receiver::start(Replies::Status(500)).await;
    let webhook = root.hooks(&receiver.url(), None).await;
    let secret = webhook.secret.clone().unwrap();
    let sent = root.tests(&webhook).await;
    assert_eq!((sent.state, sent.attempts, sent.next_attempt_at), (DeliveryState::Waiting, 0, Some(app.now())));
    app.run_jobs().await;
    let failed = &root.log(&webhook).await[0];
    assert_eq!((failed.state, failed.outcome), (DeliveryState::Waiting, Some(DeliveryOutcome::Broken)));
    let pause = failed.next_attempt_at.expect("it is tried again").duration_since(app.now());
    assert!((5..6).contains(&pause.as_secs()), "{pause}");
    assert_eq!(root.hook(&webhook).await.failing_since, Some(app.now()));
    app.advance(SignedDuration::from_secs(4));
    app.run_jobs().await;
    assert_eq!(receiver.heard().len(), 1, "too early");
    app.advance(SignedDuration::from_secs(2));
    receiver.replies(Replies::Status(200));
    app.run_jobs().await;
    let heard = receiver.heard();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].header("webhook-id"), heard[1].header("webhook-id"));
    assert_eq!(heard[0].body, heard[1].body);
    assert_ne!(heard[0].header("webhook-timestamp"), heard[1].header("webhook-timestamp"));
    for heard in &heard {
        assert_eq!(heard.header("webhook-signature"), signature(&secret, heard));
    }
    let taken = &root.log(&webhook).await[0];
    assert_eq!((taken.state, taken.attempts), (DeliveryState::Delivered, 2));
    assert_eq!(root.hook(&webhook).await.failing_since, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_takes_nothing_for_three_days_is_switched_off() {
    let app = App::start().await;
    let (mut root, carl, _ana) = (app.admin("root").await, app.customer("carl").await, app.agent("ana").await);
    let receiver = Receiver::start(Replies::Status(503)).await;
    let webhook = root.hooks(&receiver.url(), None).await;
    root.tests(&webhook).await;
    app.run_jobs().await;
    let began = app.now();
    for attempt in 2..=11 {
        let waiting = root.log(&webhook).await.remove(0);
        assert_eq!((waiting.state, waiting.attempts), (DeliveryState::Waiting, attempt - 1));
        let next = waiting.next_attempt_at.unwrap();
        app.advance(next.duration_since(app.now()));
        app.run_jobs().await;
        root = app.sign_in(root.id()).await;
    }
    let carl = app.sign_in(carl.id()).await;
    let hours = app.now().duration_since(began).as_hours();
    assert!((72..80).contains(&hours), "{hours}");
    assert_eq!(receiver.heard().len(), 11);
    assert_eq!(root.log(&webhook).await[0].state, DeliveryState::Failed);
    let off = root.hook(&webhook).await.disabled.expect("it is off");
    assert_eq!((off.because, off.at), (DisabledBecause::Failing, app.now()));
    let mails = app.mailbox();
    let notices: Vec<_> = mails.iter().filter(|mail| mail.subject == "A webhook was switched off").collect();
    assert_eq!(notices.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["root@example.org"]);
    assert!(notices[0].text.contains("http://localhost:8080/admin/settings/webhooks"), "{}", notices[0].text);

    // While it is off nothing is told, nor written down.
    carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    root.call(&format!("/webhooks/{}/test", webhook.id)).await.is(409).refused(ErrorCode::WebhookDisabled);
    let failed = root.log(&webhook).await;
    assert_eq!(failed.len(), 1);
    let again = format!("/webhooks/{}/deliveries/{}/redelivery", webhook.id, failed[0].id);
    root.call(&again).await.is(409).refused(ErrorCode::WebhookDisabled);

    receiver.replies(Replies::Status(200));
    let on: WebhookView =
        root.patch(&format!("/webhooks/{}", webhook.id), json!({ "enabled": true })).await.is(200).ok();
    assert_eq!((on.disabled, on.failing_since), (None, None));
    root.sends_again(&webhook, failed[0].id).await;
    app.run_jobs().await;
    let taken = root.log(&webhook).await.remove(0);
    assert_eq!((taken.state, taken.attempts), (DeliveryState::Delivered, 12));
    assert_eq!(receiver.last().header("webhook-id"), taken.id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_took_something_meanwhile_stays_on() {
    let app = App::start().await;
    let mut root = app.admin("root").await;
    let receiver = Receiver::start(Replies::Status(503)).await;
    let webhook = root.hooks(&receiver.url(), None).await;
    let doomed = root.tests(&webhook).await;
    for attempt in 1..=11 {
        app.run_jobs().await;
        let waiting = root.log(&webhook).await.into_iter().find(|delivery| delivery.id == doomed.id).unwrap();
        assert_eq!(waiting.attempts, attempt);
        if attempt == 6 {
            receiver.replies(Replies::Status(200));
            root.tests(&webhook).await;
            app.run_jobs().await;
            receiver.replies(Replies::Status(503));
        }
        if let Some(next) = waiting.next_attempt_at {
            app.advance(next.duration_since(app.now()));
            root = app.sign_in(root.id()).await;
        }
    }
    let states: Vec<_> = root.log(&webhook).await.iter().map(|delivery| delivery.state).collect();
    assert_eq!(states, [DeliveryState::Delivered, DeliveryState::Failed]);
    assert_eq!(root.hook(&webhook).await.disabled, None);
    assert!(app.mailbox().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_gone_is_switched_off_at_once() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let receiver = Receiver::start(Replies::Status(410)).await;
    let webhook = root.hooks(&receiver.url(), None).await;
    root.tests(&webhook).await;
    app.run_jobs().await;
    let delivery = root.log(&webhook).await.remove(0);
    assert_eq!((delivery.state, delivery.outcome), (DeliveryState::Failed, Some(DeliveryOutcome::Refused)));
    assert_eq!(root.hook(&webhook).await.disabled.map(|off| off.because), Some(DisabledBecause::Gone));
    assert_eq!(app.mailbox().len(), 1);
    // An admin who switches it off as well changes nothing of why it is off.
    let path = format!("/webhooks/{}", webhook.id);
    let off: WebhookView = root.patch(&path, json!({ "enabled": false })).await.is(200).ok();
    assert_eq!(off.disabled.map(|off| off.because), Some(DisabledBecause::Gone));
    let on: WebhookView = root.patch(&path, json!({ "enabled": true })).await.is(200).ok();
    assert_eq!(on.disabled, None);
    let off: WebhookView = root.patch(&path, json!({ "enabled": false })).await.is(200).ok();
    assert_eq!(off.disabled.map(|off| off.because), Some(DisabledBecause::SwitchedOff));
    assert_eq!(app.mailbox().len(), 1, "an admin who did it need not be told");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_goes_out_when_it_is_switched_on_again() {
    let app = App::start().await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let receiver = Receiver::start(Replies::Status(200)).await;
    let webhook = root.hooks(&receiver.url(), None).await;
    let path = format!("/webhooks/{}", webhook.id);
    root.tests(&webhook).await;
    root.patch(&path, json!({ "enabled": false })).await.is(200);
    carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    assert!(receiver.heard().is_empty());
    root.patch(&path, json!({ "enabled": true })).await.is(200);
    app.run_jobs().await;
    assert_eq!(receiver.events(), ["webhook.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_secrets_sign_for_a_day() {
    let app = App::start().await;
    let mut root = app.admin("root").await;
    let receiver = Receiver::start(Replies::Status(200)).await;
    let webhook = root.hooks(&receiver.url(), None).await;
    let first = webhook.secret.clone().unwrap();
    let renewed: WebhookSecret = root.call(&format!("/webhooks/{}/secret", webhook.id)).await.is(201).ok();
    assert_ne!(renewed.secret, first);
    assert_eq!(renewed.former_secret_until, app.now() + SignedDuration::from_hours(24));
    assert_eq!(root.hook(&webhook).await.former_secret_until, Some(renewed.former_secret_until));
    for both in [true, true, false] {
        root.tests(&webhook).await;
        app.run_jobs().await;
        let heard = receiver.last();
        let expected = if both {
            format!("{} {}", signature(&renewed.secret, &heard), signature(&first, &heard))
        } else {
            signature(&renewed.secret, &heard)
        };
        assert_eq!(heard.header("webhook-signature"), expected);
        app.advance(SignedDuration::from_hours(if both { 12 } else { 0 }));
        root = app.sign_in(root.id()).await;
    }
    assert_eq!(root.hook(&webhook).await.former_secret_until, None);
    let other = root.hooks(&receiver.url(), None).await;
    assert_ne!(other.secret, Some(renewed.secret));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_says_what_came_of_each_attempt() {
    let app =
        App::start_with(Setup { net: this_machine(), webhook_patience: Duration::from_secs(3), ..Setup::default() })
            .await;
    let root = app.admin("root").await;
    let elsewhere = Receiver::start(Replies::Status(200)).await;
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    let mut expected = Vec::new();
    for (replies, outcome) in [
        (Replies::Status(200), DeliveryOutcome::Taken),
        (Replies::Status(299), DeliveryOutcome::Taken),
        (Replies::Status(302), DeliveryOutcome::Redirected),
        (Replies::Redirect(elsewhere.url()), DeliveryOutcome::Redirected),
        (Replies::Status(404), DeliveryOutcome::Refused),
        (Replies::Status(429), DeliveryOutcome::Refused),
        (Replies::Status(500), DeliveryOutcome::Broken),
        (Replies::Status(700), DeliveryOutcome::NoAnswer),
        (Replies::Huge, DeliveryOutcome::Taken),
        (Replies::Silence, DeliveryOutcome::TimedOut),
        (Replies::Hangup, DeliveryOutcome::NoAnswer),
        (Replies::Noise, DeliveryOutcome::NoAnswer),
    ] {
        let receiver = Receiver::start(replies).await;
        expected.push((root.hooks(&receiver.url(), None).await, Some(receiver), outcome));
    }
    let plain = no_tls().await;
    for (url, outcome) in [(nobody, DeliveryOutcome::NoConnection), (plain, DeliveryOutcome::TlsFailed)] {
        expected.push((root.hooks(&url, None).await, None, outcome));
    }
    for (webhook, ..) in &expected {
        root.tests(webhook).await;
    }
    app.run_jobs().await;
    for (webhook, receiver, outcome) in &expected {
        let delivery = root.log(webhook).await.remove(0);
        assert_eq!(delivery.outcome, Some(*outcome), "{}", webhook.url);
        let taken = *outcome == DeliveryOutcome::Taken;
        assert_eq!(delivery.state == DeliveryState::Delivered, taken, "{outcome}");
        assert_eq!(delivery.next_attempt_at.is_none(), taken, "{outcome}");
        assert!(!serde_json::to_string(&delivery).unwrap().contains("body"), "{delivery:?}");
        if let Some(receiver) = receiver {
            assert_eq!(receiver.heard().len(), 1, "{outcome}");
            // What the sockets of both sides hold is on its way; the rest was never asked for.
            assert!(receiver.sent() < 64 * 1024 * 1024, "{}", receiver.sent());
        }
    }
    assert_eq!(elsewhere.connections(), 0, "a redirect is not followed");
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_are_not_public_are_refused_at_their_field() {
    let app = App::start_with(guarded(|name| {
        let addresses: &[&str] = match name {
            "public.example" => &[PUBLIC, "2606:4700:4700::1111"],
            "local.example" | "localhost" | "localhost." => &["127.0.0.1"],
            "cloud.example" => &["169.254.169.254"],
            "lan.example" => &["192.168.1.20"],
            "half.example" => &[PUBLIC, "10.0.0.1"],
            "mapped.example" => &["::ffff:127.0.0.1"],
            "translated.example" => &["64:ff9b::a00:1"],
            _ => &[],
        };
        addresses.iter().map(|address| address.parse().unwrap()).collect()
    }))
    .await;
    let root = app.admin("root").await;
    let kept = root.hooks("https://public.example:8443/hook?a=1", None).await;
    let path = format!("/webhooks/{}", kept.id);
    for (url, why) in [
        ("https://localhost/", Refusal::NotPublic),
        ("https://localhost./", Refusal::NotPublic),
        ("https://local.example/", Refusal::NotPublic),
        ("https://cloud.example/latest/meta-data", Refusal::NotPublic),
        ("https://lan.example/", Refusal::NotPublic),
        ("https://half.example/", Refusal::NotPublic),
        ("https://mapped.example/", Refusal::NotPublic),
        ("https://translated.example/", Refusal::NotPublic),
        ("https://127.0.0.1/", Refusal::NotPublic),
        ("https://127.1/", Refusal::NotPublic),
        ("https://2130706433/", Refusal::NotPublic),
        ("https://0x7f000001/", Refusal::NotPublic),
        ("https://0177.0.0.1/", Refusal::NotPublic),
        ("https://0/", Refusal::NotPublic),
        ("https://0.0.0.0:5432/", Refusal::NotPublic),
        ("https://10.1.2.3/", Refusal::NotPublic),
        ("https://100.64.0.1/", Refusal::NotPublic),
        ("https://169.254.169.254/latest", Refusal::NotPublic),
        ("https://172.20.0.1/", Refusal::NotPublic),
        ("https://192.168.0.1/", Refusal::NotPublic),
        ("https://198.51.100.1/", Refusal::NotPublic),
        ("https://224.0.0.1/", Refusal::NotPublic),
        ("https://255.255.255.255/", Refusal::NotPublic),
        ("https://[::1]/", Refusal::NotPublic),
        ("https://[::]/", Refusal::NotPublic),
        ("https://[::ffff:127.0.0.1]/", Refusal::NotPublic),
        ("https://[::ffff:7f00:1]/", Refusal::NotPublic),
        ("https://[::127.0.0.1]/", Refusal::NotPublic),
        ("https://[64:ff9b::7f00:1]/", Refusal::NotPublic),
        ("https://[2002:7f00:1::]/", Refusal::NotPublic),
        ("https://[2001::1]/", Refusal::NotPublic),
        ("https://[2001:db8::1]/", Refusal::NotPublic),
        ("https://[fe80::1]/", Refusal::NotPublic),
        ("https://[fd00::1]/", Refusal::NotPublic),
        ("https://[ff02::1]/", Refusal::NotPublic),
        ("https://１２７.0.0.1/", Refusal::NotPublic),
        ("https://nowhere.example/", Refusal::UnknownHost),
        ("http://public.example/", Refusal::NotHttps),
        ("https://user@public.example/", Refusal::Credentials),
        ("https://user:password@public.example/", Refusal::Credentials),
        ("https://public.example/#part", Refusal::Fragment),
        ("ftp://public.example/", Refusal::NotAnAddress),
        ("file:///etc/passwd", Refusal::NotAnAddress),
        ("gopher://public.example/", Refusal::NotAnAddress),
        ("public.example", Refusal::NotAnAddress),
        ("https://", Refusal::NotAnAddress),
        ("https://public.example:99999/", Refusal::NotAnAddress),
        ("//public.example/", Refusal::NotAnAddress),
        ("javascript:alert(1)", Refusal::NotAnAddress),
    ] {
        for answer in
            [root.post("/webhooks", json!({ "url": url })).await, root.patch(&path, json!({ "url": url })).await]
        {
            let problem = answer.is(422).refused(ErrorCode::Invalid);
            let found = &problem.errors[0];
            assert_eq!((found.pointer.as_str(), found.code), ("/url", FieldCode::NotPossible), "{url}");
            assert_eq!(found.message, why.to_string(), "{url}");
        }
    }
    root.post("/webhooks", json!({ "url": "" })).await.is(422).refused_field("/url", FieldCode::Required);
    let long = format!("https://public.example/{}", "a".repeat(2000));
    root.post("/webhooks", json!({ "url": long })).await.is(422).refused_field("/url", FieldCode::TooLong);
    root.post("/webhooks", json!({ "url": "https://public.example/a\nb" }))
        .await
        .is(422)
        .refused_field("/url", FieldCode::ForbiddenCharacter);
    let all: Webhooks = root.get("/webhooks").await.is(200).ok();
    assert_eq!(all.items.iter().map(|webhook| webhook.url.as_str()).collect::<Vec<_>>(), [kept.url]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_moves_behind_the_guard_is_not_followed() {
    let moved = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&moved);
    let app = App::start_with(guarded(move |name| {
        let address = match (name, seen.load(Ordering::SeqCst)) {
            (_, false) => PUBLIC,
            ("mapped.example", true) => "::ffff:127.0.0.1",
            (_, true) => "127.0.0.1",
        };
        // A public address beside it makes it no better.
        vec![PUBLIC.parse().unwrap(), address.parse().unwrap()]
    }))
    .await;
    let root = app.admin("root").await;
    let receiver = Receiver::start(Replies::Status(200)).await;
    let mut webhooks = Vec::new();
    for name in ["rebound.example", "mapped.example"] {
        webhooks.push(root.hooks(&format!("https://{name}:{}/", receiver.port), None).await);
    }
    // As if an address had been saved by a desk that judged otherwise.
    let numbers = root.hooks("https://numbers.example/", None).await;
    let stale = format!("https://127.0.0.1:{}/", receiver.port);
    let sql = format!("update webhooks set url = '{stale}' where id = '{}'", numbers.id);
    app.database.connect().await.batch_execute(&sql).await.unwrap();
    webhooks.push(numbers);
    moved.store(true, Ordering::SeqCst);
    for webhook in &webhooks {
        root.tests(webhook).await;
    }
    app.run_jobs().await;
    for webhook in &webhooks {
        let delivery = root.log(webhook).await.remove(0);
        assert_eq!(delivery.outcome, Some(DeliveryOutcome::ForbiddenAddress), "{}", webhook.url);
        assert_eq!(delivery.state, DeliveryState::Waiting);
    }
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_connection_goes_to_the_address_that_was_judged() {
    let looks = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&looks);
    let lookup = move |name: &str| {
        counted.fetch_add(1, Ordering::SeqCst);
        if name == "receiver.example" { vec!["127.0.0.1".parse().unwrap()] } else { Vec::new() }
    };
    let net = Net::StandIn { lookup: Arc::new(lookup), this_machine: true };
    let app = App::start_with(Setup { net, ..Setup::default() }).await;
    let root = app.admin("root").await;
    let receiver = Receiver::start(Replies::Status(200)).await;
    let url = format!("http://receiver.example:{}/", receiver.port);
    let webhook = root.hooks(&url, None).await;
    assert_eq!(looks.load(Ordering::SeqCst), 1, "at save");
    root.tests(&webhook).await;
    app.run_jobs().await;
    assert_eq!(looks.load(Ordering::SeqCst), 2, "the one of the connection itself");
    assert_eq!(receiver.last().header("host"), format!("receiver.example:{}", receiver.port));
    let gone = "update webhooks set url = replace(url, 'receiver.example', 'gone.example')";
    app.database.connect().await.batch_execute(gone).await.unwrap();
    root.tests(&webhook).await;
    app.run_jobs().await;
    assert_eq!(root.log(&webhook).await[0].outcome, Some(DeliveryOutcome::UnknownHost));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_internet_itself_is_guarded_alike() {
    let courier = Courier::new(Net::Real, Duration::from_secs(5)).unwrap();
    let receiver = Receiver::start(Replies::Status(200)).await;
    for host in ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"] {
        assert_eq!(
            courier.judge(&format!("https://{host}:{}/", receiver.port)).await,
            Err(Refusal::NotPublic),
            "{host}"
        );
    }
    assert_eq!(courier.judge(&receiver.url()).await, Err(Refusal::NotHttps));
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_keeps_its_visitors_waiting_keeps_no_others() {
    let app =
        App::start_with(Setup { net: this_machine(), webhook_patience: Duration::from_secs(8), ..Setup::default() })
            .await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let (quick, stuck) = (Receiver::start(Replies::Status(200)).await, Receiver::start(Replies::Silence).await);
    let slow = root.hooks(&stuck.url(), None).await;
    root.hooks(&quick.url(), None).await;
    let ticket = carl.opens("Hive", "Help").await;
    for number in 0..59 {
        carl.comments(&ticket, &format!("Comment {number}")).await;
    }
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let state = app.state.clone();
    let working = tokio::spawn(async move {
        worker::work(state, async {
            stopped.await.ok();
        })
        .await;
    });
    quick.hears(60).await;
    let log = root.log(&slow).await;
    assert_eq!(log.len(), 60);
    let under_way = log.iter().filter(|delivery| delivery.attempts > 0).count();
    assert!(under_way <= 32, "{under_way} attempts to one webhook");
    assert!(log.iter().all(|delivery| delivery.outcome.is_none()), "nothing of it has ended yet");
    stop.send(()).unwrap();
    working.await.unwrap();
    let ids: std::collections::BTreeSet<_> =
        quick.heard().iter().map(|heard| heard.header("webhook-id").to_owned()).collect();
    assert_eq!((ids.len(), quick.heard().len()), (60, 60), "each once");
    let ended = root.log(&slow).await.iter().filter(|delivery| delivery.outcome.is_some()).count();
    assert!((1..=32).contains(&ended), "{ended}");
    root.delete(&format!("/webhooks/{}", slow.id)).await.is(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_workers_share_what_is_due() {
    let app = App::start().await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let receiver = Receiver::start(Replies::Status(200)).await;
    root.hooks(&receiver.url(), None).await;
    let ticket = carl.opens("Hive", "Help").await;
    for _ in 0..39 {
        carl.comments(&ticket, "More").await;
    }
    app.run_jobs().await;
    app.database
        .connect()
        .await
        .batch_execute("update webhook_deliveries set state = 'waiting', next_at = created_at")
        .await
        .unwrap();
    let other = app.second_process();
    let work = async |app: &App| while webhooks::deliver_due(&app.state).await.unwrap() > 0 {};
    tokio::join!(work(&app), work(&app), work(&other));
    assert_eq!(receiver.heard().len(), 80, "each once more");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_worker_had_taken_is_told_by_another() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let receiver = Receiver::start(Replies::Status(200)).await;
    let webhook = root.hooks(&receiver.url(), None).await;
    let sent = root.tests(&webhook).await;
    let database = app.database.connect().await;
    // As a worker leaves it that takes it and dies.
    let lease = "update webhook_deliveries set attempts = 1, step = 1, attempted_at = next_at, next_at = next_at + interval '60 s'";
    database.batch_execute(lease).await.unwrap();
    let taken = root.log(&webhook).await.remove(0);
    assert_eq!((taken.state, taken.next_attempt_at), (DeliveryState::Waiting, None), "it is under way");
    assert_eq!(root.sends_again(&webhook, sent.id).await, taken, "which is left alone");
    app.run_jobs().await;
    assert!(receiver.heard().is_empty());
    app.advance(SignedDuration::from_secs(61));
    app.run_jobs().await;
    assert_eq!(receiver.last().header("webhook-id"), sent.id.to_string());
    assert_eq!(root.log(&webhook).await[0].attempts, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_told_once_however_often_its_reactions_run() {
    let app = App::start().await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let receiver = Receiver::start(Replies::Status(200)).await;
    let webhook = root.hooks(&receiver.url(), None).await;
    carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    let rows = app.database.connect().await.query("select id from activity", &[]).await.unwrap();
    let ids: Vec<i64> = rows.into_iter().map(|row| row.get(0)).collect();
    webhooks::tell(&app.state, &mut app.state.db().await.unwrap(), &ids).await.unwrap();
    app.run_jobs().await;
    assert_eq!((receiver.heard().len(), root.log(&webhook).await.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_read_page_by_page_and_forgotten_after_30_days() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let receiver = Receiver::start(Replies::Status(200)).await;
    let webhook = root.hooks(&receiver.url(), None).await;
    let mut sent = Vec::new();
    for _ in 0..5 {
        sent.insert(0, root.tests(&webhook).await.id);
    }
    app.run_jobs().await;
    let path = format!("/webhooks/{}/deliveries?limit=2", webhook.id);
    let mut page: Page<DeliveryView> = root.get(&path).await.is(200).ok();
    let mut found: Vec<_> = page.items.iter().map(|delivery| delivery.id).collect();
    while let Some(after) = page.next_cursor {
        page = root.get(&format!("{path}&after={after}")).await.is(200).ok();
        found.extend(page.items.iter().map(|delivery| delivery.id));
    }
    assert_eq!(found, sent);
    // What was taken is sent again as well, under the same id.
    let again = root.sends_again(&webhook, sent[2]).await;
    assert_eq!((again.state, again.attempts), (DeliveryState::Waiting, 1));
    app.run_jobs().await;
    assert_eq!((receiver.heard().len(), receiver.last().header("webhook-id")), (6, sent[2].to_string().as_str()));

    let other = root.hooks(&receiver.url(), None).await;
    let stranger = format!("/webhooks/{}/deliveries/{}/redelivery", other.id, sent[0]);
    root.call(&stranger).await.is(404);
    root.get(&format!("/webhooks/{}/deliveries?limit=0", webhook.id)).await.is(422);

    for (days, left) in [(30, 5), (1, 0)] {
        app.advance(SignedDuration::from_hours(24 * days));
        webhooks::sweep(&mut app.state.db().await.unwrap(), app.now()).await.unwrap();
        let root = app.sign_in(root.id()).await;
        assert_eq!(root.log(&webhook).await.len(), left);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_changed_recorded_and_removed() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let receiver = Receiver::start(Replies::Status(500)).await;
    let webhook = root.hooks(&receiver.url(), None).await;
    let path = format!("/webhooks/{}", webhook.id);
    root.tests(&webhook).await;
    app.run_jobs().await;
    let change = json!({ "url": receiver.url().replace("key=1", "key=2"), "description": "  For the bees  " });
    let changed: WebhookView = root.patch(&path, change).await.is(200).ok();
    assert_eq!((changed.description.as_str(), changed.failing_since), ("For the bees", None));
    app.advance(SignedDuration::from_secs(6));
    app.run_jobs().await;
    assert_eq!(receiver.last().path, "/hook?key=2", "what waits goes to the new address");
    // What came of messages changes nothing of what an admin may have read and changed.
    let tag = root.get(&path).await.is(200).header("etag").to_owned();
    root.tests(&webhook).await;
    app.run_jobs().await;
    assert_eq!(root.get(&path).await.header("etag"), tag);
    root.patch(&path, json!({ "secret": "mine" })).await.is(422);
    root.patch(&path, json!({ "description": "a".repeat(201) }))
        .await
        .is(422)
        .refused_field("/description", FieldCode::TooLong);
    root.call(&format!("{path}/secret")).await.is(201);
    root.delete(&path).await.is(204);
    for answer in [root.get(&path).await, root.delete(&path).await, root.patch(&path, json!({})).await] {
        answer.is(404);
    }
    for part in ["secret", "test"] {
        root.call(&format!("{path}/{part}")).await.is(404);
    }
    root.get(&format!("{path}/deliveries")).await.is(404);
    let history: Page<SettingsChangeView> = root.get("/admin/settings/changes").await.is(200).ok();
    let recorded: Vec<_> = history.items.iter().map(|change| (change.topic.as_str(), change.after.clone())).collect();
    assert_eq!(recorded.len(), 4, "{recorded:?}");
    assert!(recorded.iter().all(|(topic, _)| *topic == "webhooks"));
    assert_eq!(recorded[0].1, json!({}));
    assert_eq!((&recorded[1].1["secret"], &recorded[2].1["description"]), (&json!(2), &json!("For the bees")));
    assert!(!format!("{recorded:?}").contains("whsec_"));

    for _ in 0..50 {
        root.hooks(&receiver.url(), Some(&["ticket.created"])).await;
    }
    root.post("/webhooks", json!({ "url": receiver.url() })).await.is(422).refused_field("/", FieldCode::NotPossible);
}
