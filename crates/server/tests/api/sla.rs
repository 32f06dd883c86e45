//! The SLA: how tickets stand, what is recorded of it and who is told, and that no list pays for it.

use std::ops::Deref;

use api_types::{
    error::{ErrorCode, FieldCode},
    notifications::{NotificationKind, Notifications},
    people::PersonId,
    sla::{SlaPreview, SlaSegmentKind, SlaState, SlaTargetKind, SlaView},
    tickets::{Priority, Stage, TicketView},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::{Actor, Answer, App, app::Setup, at};

use SlaState::{AtRisk, Met, Missed, OnTrack, Overdue, Paused};
use SlaTargetKind::{FirstResponse, NextResponse, Resolution};

/// Minutes for each priority.
fn targets() -> Value {
    json!({
        "medium": { "first_response": 60, "next_response": 40, "resolution": 240 },
        "high": { "first_response": 20, "resolution": 120 },
    })
}

/// A desk that promises something, with its people's names for each time they come back: sessions end while hours pass.
struct Desk {
    app: App,
    carl: PersonId,
    ana: PersonId,
    bob: PersonId,
    root: PersonId,
}

impl Deref for Desk {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

/// Settings that promise this.
pub fn promising(calendar: &Value) -> Setup {
    let mut setup = Setup::default();
    setup.settings.sla = serde_json::from_value(json!({ "targets": targets(), "calendar": calendar })).unwrap();
    setup
}

impl Desk {
    async fn start(setup: Setup) -> Self {
        let app = App::start_with(setup).await;
        let (carl, ana) = (app.customer("carl").await.id(), app.agent("ana").await.id());
        let (bob, root) = (app.agent("bob").await.id(), app.admin("root").await.id());
        Self { app, carl, ana, bob, root }
    }

    async fn always_open() -> Self {
        Self::start(promising(&json!({}))).await
    }

    async fn carl(&self) -> Actor {
        self.sign_in(self.carl).await
    }

    async fn ana(&self) -> Actor {
        self.sign_in(self.ana).await
    }

    async fn set(&self, sla: Value) -> Answer {
        self.sign_in(self.root).await.patch("/admin/settings", json!({ "sla": sla })).await
    }

    /// Lets so many minutes pass.
    fn wait(&self, minutes: i64) {
        self.advance(SignedDuration::from_mins(minutes));
    }

    async fn stages(&self, ticket: &TicketView, stage: &str) {
        let reason = (stage == "on_hold").then_some("the secret reason");
        let body = json!({ "stage": stage, "reason": reason });
        self.ana().await.put(&format!("{}/stage", at(ticket)), body).await.is(200);
    }

    /// How a ticket stands for everybody, in a list and on its page: state, minutes spent, minutes to when it is due.
    async fn stands(&self, ticket: &TicketView, kind: SlaTargetKind) -> Option<(SlaState, i64, Option<i64>)> {
        let mut seen = Vec::new();
        for reader in [self.carl().await, self.ana().await] {
            seen.push(reader.sees(ticket).await.summary.sla.targets);
            let rows = reader.lists("").await.items;
            seen.push(rows.into_iter().find(|row| row.id == ticket.summary.id).unwrap().sla.targets);
            let view: SlaView = reader.get(&format!("{}/sla", at(ticket))).await.is(200).ok();
            seen.push(view.targets.iter().map(|account| account.target).collect());
        }
        assert!(seen.windows(2).all(|two| two[0] == two[1]), "{seen:#?}");
        let target = seen.remove(0).into_iter().find(|target| target.kind == kind)?;
        let due = target.due_at.map(|due| due.duration_since(self.now()).as_mins());
        Some((target.state, target.spent_seconds / 60, due))
    }

    /// What was recorded of a ticket, and when.
    async fn recorded(&self, ticket: &TicketView) -> Vec<(String, String, Timestamp)> {
        let sql = "select kind, sla_target, (extract(epoch from at) * 1000000)::bigint from activity
            where ticket_id = $1 and kind like 'sla.%' order by id";
        let rows = self.database.connect().await.query(sql, &[&ticket.summary.id.0]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1), Timestamp::from_microsecond(row.get(2)).unwrap())).collect()
    }

    async fn told(&self, person: PersonId) -> Vec<(NotificationKind, SlaTargetKind)> {
        let bell: Notifications = self.sign_in(person).await.get("/notifications").await.is(200).ok();
        bell.items.into_iter().rev().filter_map(|item| Some((item.kind, item.sla_target?))).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_target_goes_through_its_states() {
    let desk = Desk::always_open().await;
    let ticket = desk.carl().await.opens("Hive", "Help").await;
    assert_eq!(ticket.summary.sla.targets.len(), 2, "there is no next response yet");
    assert_eq!(desk.stands(&ticket, FirstResponse).await, Some((OnTrack, 0, Some(60))));
    desk.wait(45);
    assert_eq!(desk.stands(&ticket, FirstResponse).await, Some((AtRisk, 45, Some(15))));
    desk.wait(15);
    assert_eq!(desk.stands(&ticket, FirstResponse).await, Some((Overdue, 60, Some(0))));
    desk.ana().await.notes(&ticket, "Hm").await;
    assert_eq!(desk.stands(&ticket, FirstResponse).await, Some((Overdue, 60, Some(0))), "a note is no answer");
    desk.wait(5);
    desk.ana().await.comments(&ticket, "Looking").await;
    desk.wait(5);
    assert_eq!(desk.stands(&ticket, FirstResponse).await, Some((Missed, 65, Some(-10))));
    assert_eq!(desk.stands(&ticket, NextResponse).await, None);

    desk.carl().await.comments(&ticket, "And?").await;
    desk.wait(29);
    desk.carl().await.comments(&ticket, "Still there?").await;
    assert_eq!(desk.stands(&ticket, NextResponse).await, Some((OnTrack, 29, Some(11))), "from the oldest");
    desk.wait(1);
    assert_eq!(desk.stands(&ticket, NextResponse).await, Some((AtRisk, 30, Some(10))));
    desk.ana().await.comments(&ticket, "Here").await;
    desk.wait(10);
    assert_eq!(desk.stands(&ticket, NextResponse).await, Some((Met, 30, None)));
    desk.carl().await.comments(&ticket, "More").await;
    desk.wait(40);
    assert_eq!(desk.stands(&ticket, NextResponse).await, Some((Overdue, 40, Some(0))));
    desk.ana().await.comments(&ticket, "Yes").await;
    assert_eq!(desk.stands(&ticket, NextResponse).await, Some((Missed, 40, Some(0))));

    // 150 minutes have passed.
    assert_eq!(desk.stands(&ticket, Resolution).await, Some((OnTrack, 150, Some(90))));
    desk.stages(&ticket, "on_hold").await;
    desk.wait(1000);
    assert_eq!(desk.stands(&ticket, Resolution).await, Some((Paused, 150, None)));
    desk.stages(&ticket, "waiting_customer").await;
    desk.wait(1000);
    assert_eq!(desk.stands(&ticket, Resolution).await, Some((Paused, 150, None)));
    desk.carl().await.comments(&ticket, "It still hums").await;
    desk.wait(30);
    assert_eq!(desk.stands(&ticket, Resolution).await, Some((AtRisk, 180, Some(60))), "a customer ends the pause");
    desk.carl().await.resolves(&ticket).await;
    desk.wait(1000);
    assert_eq!(desk.stands(&ticket, Resolution).await, Some((Met, 180, None)));
    assert_eq!(desk.stands(&ticket, NextResponse).await, Some((Met, 30, None)), "nobody waits any more");
    assert_eq!(desk.stands(&ticket, FirstResponse).await, Some((Missed, 65, Some(-3120))));

    let late = desk.carl().await.opens("Late", "Help").await;
    desk.ana().await.comments(&late, "Looking").await;
    assert_eq!(desk.stands(&late, FirstResponse).await, Some((Met, 0, None)));
    desk.wait(250);
    assert_eq!(desk.stands(&late, Resolution).await, Some((Overdue, 250, Some(-10))));
    desk.stages(&late, "on_hold").await;
    assert_eq!(desk.stands(&late, Resolution).await, Some((Overdue, 250, Some(-10))), "no pause undoes it");
    desk.carl().await.resolves(&late).await;
    assert_eq!(desk.stands(&late, Resolution).await, Some((Missed, 250, Some(-10))));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_priority_counts_from_the_same_start() {
    let desk = Desk::always_open().await;
    let ticket = desk.carl().await.opens("Hive", "Help").await;
    desk.wait(30);
    let path = format!("{}/priority", at(&ticket));
    desk.ana().await.put(&path, json!({ "priority": "high" })).await.is(200);
    assert_eq!(desk.stands(&ticket, FirstResponse).await, Some((Overdue, 30, Some(-10))));
    assert_eq!(desk.stands(&ticket, Resolution).await, Some((OnTrack, 30, Some(90))));
    desk.run_jobs().await;
    let opened = ticket.summary.created_at;
    let breach =
        |minutes| ("sla.breached".to_owned(), "first_response".to_owned(), opened + SignedDuration::from_mins(minutes));
    assert_eq!(desk.recorded(&ticket).await, [breach(20)], "when it was due, not when it was seen");
    desk.ana().await.put(&path, json!({ "priority": "medium" })).await.is(200);
    assert_eq!(desk.stands(&ticket, FirstResponse).await, Some((OnTrack, 30, Some(30))));
    desk.wait(60);
    desk.run_jobs().await;
    assert_eq!(desk.recorded(&ticket).await, [breach(20)], "it is recorded once");
    desk.ana().await.put(&path, json!({ "priority": "low" })).await.is(200);
    assert_eq!(desk.ana().await.sees(&ticket).await.summary.sla.targets, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn why_it_stands_so_is_told_to_everybody_as_far_as_they_may_know() {
    let day = json!([{ "from": "09:00", "to": "12:00" }, { "from": "13:00", "to": "17:00" }]);
    let calendar = json!({
        "time_zone": "Europe/Paris",
        "hours": { "monday": day, "tuesday": day, "wednesday": day },
        "holidays": [{ "date": "2026-03-03", "name": "Bee day" }],
    });
    let desk = Desk::start(promising(&calendar)).await;
    // Monday, 10:00 in Paris.
    let ticket = desk.carl().await.opens("Hive", "Help").await;
    desk.stages(&ticket, "on_hold").await;
    desk.wait(60);
    desk.stages(&ticket, "waiting_customer").await;
    desk.wait(30);
    desk.carl().await.comments(&ticket, "Here").await;
    // Wednesday, 09:30.
    desk.wait(46 * 60);
    let account = async |reader: Actor| {
        let answer = reader.get(&format!("{}/sla", at(&ticket))).await.is(200);
        let text = answer.text();
        let view: SlaView = answer.ok();
        let resolution = view.targets.into_iter().find(|account| account.target.kind == Resolution).unwrap();
        assert_eq!(
            (view.time_zone.as_str(), resolution.since, resolution.earlier),
            ("Europe/Paris", ticket.summary.created_at, None)
        );
        assert_eq!((resolution.target.state, resolution.target.spent_seconds), (Overdue, 300 * 60));
        (text, resolution.segments)
    };
    let (_, segments) = account(desk.ana().await).await;
    let told: Vec<_> = segments.iter().map(|it| (it.kind, it.seconds / 60, it.stage, it.holiday.as_deref())).collect();
    use SlaSegmentKind::{Counted, Holiday, OutOfHours};
    assert_eq!(
        told,
        [
            (SlaSegmentKind::Paused, 60, Some(Stage::OnHold), None),
            (SlaSegmentKind::Paused, 30, Some(Stage::WaitingCustomer), None),
            (Counted, 30, None, None),
            (OutOfHours, 60, None, None),
            (Counted, 240, None, None),
            (OutOfHours, 420, None, None),
            (Holiday, 1440, None, Some("Bee day")),
            (OutOfHours, 540, None, None),
            (Counted, 30, None, None),
        ]
    );
    let (text, segments) = account(desk.carl().await).await;
    assert!(!text.contains("on_hold") && !text.contains("secret"), "{text}");
    assert_eq!((segments[0].kind, segments[0].stage), (SlaSegmentKind::Paused, None));
    assert_eq!(segments[1].stage, Some(Stage::WaitingCustomer));
    assert!(!desk.carl().await.get("/tickets").await.is(200).text().contains("on_hold"));
}

#[tokio::test(flavor = "multi_thread")]
async fn warnings_and_breaches_are_recorded_once_by_however_many_workers() {
    let desk = Desk::start(Setup::default()).await;
    let second = desk.second_process();
    desk.set(json!({ "targets": targets() })).await.is(200);
    second.state.settings.reload(&mut second.state.db().await.unwrap()).await.unwrap();
    let ticket = desk.carl().await.opens("Hive", "Help").await;
    let opened = ticket.summary.created_at;
    let record = |kind: &str, target: &str, minutes| {
        (kind.to_owned(), target.to_owned(), opened + SignedDuration::from_mins(minutes))
    };
    let both = async || {
        tokio::join!(desk.run_jobs(), second.run_jobs());
        tokio::join!(desk.run_jobs(), second.run_jobs());
    };
    desk.wait(44);
    both().await;
    assert_eq!(desk.recorded(&ticket).await, []);
    desk.wait(1);
    both().await;
    let mut expected = vec![record("sla.warned", "first_response", 45)];
    assert_eq!(desk.recorded(&ticket).await, expected);
    desk.wait(20);
    both().await;
    expected.push(record("sla.breached", "first_response", 60));
    assert_eq!(desk.recorded(&ticket).await, expected);
    let told = [(NotificationKind::SlaWarning, FirstResponse), (NotificationKind::SlaBreach, FirstResponse)];
    for person in [desk.ana, desk.bob, desk.root] {
        assert_eq!(desk.told(person).await, told, "nobody has it, so everybody is told");
    }
    assert_eq!(desk.told(desk.carl).await, []);

    desk.ana().await.put(&format!("{}/assignee", at(&ticket)), json!({ "person_id": desk.bob })).await.is(200);
    desk.wait(200);
    both().await;
    expected.push(record("sla.breached", "resolution", 240));
    assert_eq!(desk.recorded(&ticket).await, expected, "a warning that comes after the breach is none");
    assert_eq!(desk.told(desk.bob).await.last(), Some(&(NotificationKind::SlaBreach, Resolution)));
    assert_eq!(desk.told(desk.ana).await, told, "somebody has it");
    // The mails of what was told wait for a moment, to be one.
    desk.wait(10);
    both().await;
    let mails: Vec<_> = [desk.mailbox(), second.mailbox()].concat();
    let of = |person: &str| {
        let mine = mails.iter().filter(|mail| mail.to.starts_with(person));
        mine.map(|mail| mail.text.clone()).collect::<Vec<_>>().join("\n")
    };
    assert!(of("ana").contains("The time for the first response is up."), "{}", of("ana"));
    assert!(of("bob").contains("The time for the resolution is up."), "{}", of("bob"));
    assert!(mails.iter().all(|mail| !mail.text.contains("Three quarters")), "a warning is for the bell");
    assert!(!of("carl").contains("is up"), "it is the team's business");
    let other = desk.carl().await.opens("Other", "Help").await;
    desk.ana().await.put(&format!("{}/assignee", at(&other)), json!({ "person_id": desk.bob })).await.is(200);
    let root = desk.sign_in(desk.root).await;
    root.patch(&format!("/admin/people/{}", desk.bob), json!({ "disabled": true })).await.is(200);
    desk.wait(50);
    both().await;
    assert_eq!(desk.told(desk.ana).await.len(), 3, "somebody who left has nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fell_due_while_nobody_looked_is_recorded_late_with_its_time() {
    let desk = Desk::always_open().await;
    let ticket = desk.carl().await.opens("Hive", "Help").await;
    let opened = ticket.summary.created_at;
    let breach = |target: &str, minutes| {
        ("sla.breached".to_owned(), target.to_owned(), opened + SignedDuration::from_mins(minutes))
    };
    desk.wait(70);
    desk.ana().await.comments(&ticket, "Looking").await;
    // Two rounds, the first too late, before anybody looks.
    desk.carl().await.comments(&ticket, "And?").await;
    desk.wait(50);
    desk.ana().await.comments(&ticket, "Here").await;
    desk.carl().await.comments(&ticket, "More").await;
    desk.ana().await.comments(&ticket, "At once").await;
    desk.carl().await.comments(&ticket, "Thanks").await;
    desk.wait(300);
    desk.run_jobs().await;
    let expected = [
        breach("first_response", 60),
        breach("next_response", 110),
        breach("next_response", 160),
        breach("resolution", 240),
    ];
    assert_eq!(desk.recorded(&ticket).await, expected);
    let told: Vec<_> = desk.told(desk.ana).await.into_iter().map(|(_, target)| target).collect();
    assert_eq!(told, [FirstResponse, NextResponse, NextResponse, Resolution]);
    desk.wait(300);
    desk.run_jobs().await;
    assert_eq!(desk.recorded(&ticket).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_passes_while_nobody_looks_still_ends_its_pause_then() {
    let desk = Desk::always_open().await;
    let ticket = desk.carl().await.opens("Hive", "Help").await;
    desk.ana().await.comments(&ticket, "Looking").await;
    let until = desk.now() + SignedDuration::from_mins(100);
    let hold = json!({ "stage": "on_hold", "reason": "parts", "until": until });
    desk.ana().await.put(&format!("{}/stage", at(&ticket)), hold).await.is(200);
    desk.wait(150);
    desk.run_jobs().await;
    assert_eq!(desk.stands(&ticket, Resolution).await, Some((OnTrack, 50, Some(190))));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_settings_are_other_moments_and_break_no_promise_of_yesterday() {
    let desk = Desk::start(Setup::default()).await;
    let (old, waits) = (desk.carl().await.opens("Old", "Help").await, desk.carl().await.opens("Waits", "Help").await);
    assert_eq!(old.summary.sla.targets, []);
    desk.ana().await.comments(&waits, "Looking").await;
    desk.carl().await.comments(&waits, "And?").await;
    desk.wait(100);
    let fresh = desk.carl().await.opens("Fresh", "Help").await;
    desk.set(json!({ "targets": targets() })).await.is(200);
    desk.run_jobs().await;
    assert_eq!(desk.stands(&old, FirstResponse).await, Some((Overdue, 100, Some(-40))), "it is shown");
    assert_eq!((desk.recorded(&old).await, desk.recorded(&waits).await), (vec![], vec![]), "but told to nobody");
    for minutes in [45, 15] {
        desk.wait(minutes);
        desk.run_jobs().await;
    }
    assert_eq!(desk.recorded(&fresh).await.len(), 2, "the next that is due is");
    desk.wait(100);
    desk.run_jobs().await;
    let kinds: Vec<_> = desk.recorded(&old).await.into_iter().map(|(kind, target, _)| (kind, target)).collect();
    assert_eq!(
        kinds,
        [("sla.breached".to_owned(), "resolution".to_owned())],
        "a warning that comes after the breach is none"
    );
    let mut later = targets();
    later["medium"]["first_response"] = json!(400);
    desk.set(json!({ "targets": later })).await.is(200);
    desk.run_jobs().await;
    desk.wait(200);
    desk.run_jobs().await;
    let (kind, target, at) = desk.recorded(&old).await.pop().unwrap();
    let due = old.summary.created_at + SignedDuration::from_mins(400);
    assert_eq!(
        (kind.as_str(), target.as_str(), at),
        ("sla.breached", "first_response", due),
        "a new promise was broken"
    );
    desk.set(json!({})).await.is(200);
    desk.run_jobs().await;
    desk.wait(1000);
    desk.run_jobs().await;
    assert_eq!(desk.recorded(&old).await.len(), 2, "nothing is promised any more");
    let waiting: i64 =
        desk.database.connect().await.query_one("select count(sla_due_at) from tickets", &[]).await.unwrap().get(0);
    assert_eq!(waiting, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_cannot_be_are_refused_at_their_fields() {
    let desk = Desk::start(Setup::default()).await;
    let root = desk.sign_in(desk.root).await;
    let refused = async |sla: Value| {
        let problem = root.patch("/admin/settings", json!({ "sla": sla })).await.is(422).refused(ErrorCode::Invalid);
        let mut found: Vec<_> = problem.errors.into_iter().map(|error| (error.pointer, error.code)).collect();
        found.sort();
        found
    };
    let fault = |pointer: &str| (format!("/sla{pointer}"), FieldCode::NotPossible);
    for zone in ["Europe/Atlantis", "Etc/Unknown", "local", "../etc/passwd", "Europe/Paris "] {
        let found = refused(
            json!({ "targets": targets(), "calendar": { "time_zone": zone.replace(' ', "\u{0}"), "hours": {} } }),
        )
        .await;
        assert_eq!(found, [fault("/calendar/hours"), fault("/calendar/time_zone")], "{zone}");
    }
    let night = json!({ "monday": [{ "from": "22:00", "to": "06:00" }] });
    assert_eq!(refused(json!({ "calendar": { "hours": night } })).await, [fault("/calendar/hours/monday")]);
    assert_eq!(refused(json!({ "targets": { "low": { "resolution": 0 } } })).await, [fault("/targets/low/resolution")]);
    for wrong in [json!("9:00"), json!("25:00"), json!(540)] {
        let hours = json!({ "monday": [{ "from": wrong, "to": "17:00" }] });
        let found = refused(json!({ "calendar": { "hours": hours } })).await;
        assert_eq!(found, [("/sla/calendar/hours/monday/0/from".to_owned(), FieldCode::WrongType)]);
    }
    let holiday = json!({ "calendar": { "holidays": [{ "date": "2026-02-29" }] } });
    assert_eq!(refused(holiday).await, [("/sla/calendar/holidays/0/date".to_owned(), FieldCode::WrongType)]);
    let many: Vec<_> = (0..401)
        .map(|day| json!({ "date": (jiff::civil::date(2026, 1, 1) + jiff::Span::new().days(day)).to_string() }))
        .collect();
    assert_eq!(
        refused(json!({ "calendar": { "holidays": many } })).await,
        [("/sla/calendar/holidays".to_owned(), FieldCode::TooLong)]
    );
    let none = json!({ "sla": { "targets": {}, "calendar": { "time_zone": "europe/paris", "hours": {} } } });
    root.patch("/admin/settings", none).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_comes_from_before_knows_as_much_as_can_be_told() {
    let desk = Desk::always_open().await;
    let propose = async |ticket: &TicketView| {
        desk.ana().await.call(&format!("{}/resolution_proposal", at(ticket))).await.is(200);
    };
    let talk = async |title: &str, turns: &[bool]| {
        let ticket = desk.carl().await.opens(title, "Help").await;
        for by_team in turns {
            desk.wait(1);
            let speaker = if *by_team { desk.ana().await } else { desk.carl().await };
            speaker.comments(&ticket, "Hm").await;
        }
        desk.ana().await.notes(&ticket, "Hm").await;
        ticket
    };
    talk("Unanswered", &[false, false]).await;
    talk("Answered", &[true, true]).await;
    talk("Asks", &[true, false, false]).await;
    talk("Asked", &[true, false, false, true, true]).await;
    talk("Asks again", &[true, false, true, false, false]).await;
    let proposed = talk("Proposed", &[true]).await;
    propose(&proposed).await;
    desk.wait(5);
    desk.carl().await.comments(&proposed, "No").await;
    desk.wait(5);
    propose(&proposed).await;
    let held = talk("Held", &[true]).await;
    let until = desk.now() + SignedDuration::from_mins(5);
    desk.ana()
        .await
        .put(&format!("{}/stage", at(&held)), json!({ "stage": "on_hold", "reason": "parts", "until": until }))
        .await
        .is(200);
    desk.advance(SignedDuration::from_mins(5));
    desk.run_jobs().await;
    let settled = talk("Settled", &[true, false]).await;
    propose(&settled).await;
    desk.wait(5);
    desk.carl().await.resolves(&settled).await;
    desk.stages(&talk("Waits", &[true]).await, "waiting_customer").await;
    let database = desk.database.connect().await;
    let ledgers = async || {
        let sql = "select title, coalesce(sla -> 'round' ->> 'asked_at', '')::text, coalesce(sla -> 'round' ->> 'answered_at', ''),
            coalesce((select string_agg(concat_ws(' ', p ->> 'stage', (p ->> 'from')::timestamptz, (p ->> 'to')::timestamptz), ', ')
                from jsonb_array_elements(sla -> 'pauses') p), '')
            from tickets order by number";
        let rows = database.query(sql, &[]).await.unwrap();
        let moment = |text: String| (!text.is_empty()).then(|| text.parse::<Timestamp>().unwrap());
        rows.iter()
            .map(|row| (row.get::<_, String>(0), moment(row.get(1)), moment(row.get(2)), row.get::<_, String>(3)))
            .collect::<Vec<_>>()
    };
    let kept = ledgers().await;
    assert!(kept.iter().filter(|(_, asked, _, _)| asked.is_some()).count() > 3, "{kept:#?}");
    let migration = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/2026-11-21-000016_add_sla_to_tickets");
    for way in ["down.sql", "up.sql"] {
        database.batch_execute(&std::fs::read_to_string(format!("{migration}/{way}")).unwrap()).await.unwrap();
    }
    assert_eq!(ledgers().await, kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_targets_would_mean_is_told_before_they_hold() {
    let desk = Desk::start(Setup::default()).await;
    let root = desk.sign_in(desk.root).await;
    let office = json!([{ "from": "09:00", "to": "18:00" }]);
    let sla = json!({
        "targets": { "medium": { "first_response": 60, "resolution": 540 }, "high": { "next_response": 5 } },
        "calendar": {
            "time_zone": "America/New_York",
            "hours": { "monday": office, "tuesday": office, "friday": office },
        },
    });
    let preview: SlaPreview = root.post("/admin/sla/preview", sla.clone()).await.is(200).ok();
    let there = |at: Timestamp| at.to_zoned(jiff::tz::TimeZone::get("America/New_York").unwrap());
    assert!(preview.written_at > desk.now());
    assert_eq!(there(preview.written_at).strftime("%A %H:%M").to_string(), "Friday 17:50");
    let due: Vec<_> = preview
        .due
        .iter()
        .map(|it| (it.priority, it.kind, there(it.due_at).strftime("%A %H:%M").to_string()))
        .collect();
    assert_eq!(
        due,
        [
            (Priority::Medium, FirstResponse, "Monday 09:50".to_owned()),
            (Priority::Medium, Resolution, "Monday 17:50".to_owned()),
            (Priority::High, NextResponse, "Friday 17:55".to_owned()),
        ]
    );
    // Nothing of it holds.
    let ticket = desk.carl().await.opens("Hive", "Help").await;
    assert_eq!(ticket.summary.sla.targets, []);

    let mut nowhere = sla;
    nowhere["calendar"]["time_zone"] = json!("Europe/Atlantis");
    root.post("/admin/sla/preview", nowhere).await.is(422).refused_field("/calendar/time_zone", FieldCode::NotPossible);
    let closed = json!({ "targets": { "low": { "resolution": 1 } }, "calendar": { "hours": {} } });
    root.post("/admin/sla/preview", closed).await.is(422).refused_field("/calendar/hours", FieldCode::NotPossible);
}
