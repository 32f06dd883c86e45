//! Moving an account to another address.

use api_types::{
    auth::Session,
    error::{ErrorCode, FieldCode},
    people::Me,
};
use reqwest::Method;
use serde_json::json;

use crate::{
    registration::{named, registers, token, verify_in},
    support::{Actor, App},
};

/// The password of everybody in these tests.
const PASSWORD: &str = "a long enough one";

/// Somebody who has registered with a password.
async fn eve(app: &App) -> Session {
    let visitor = app.visitor();
    let cookie = registers(&visitor, named("Eve", "eve@example.org")).await;
    app.run_jobs().await;
    verify_in(&visitor, &token(&app.mailbox()[0]), &cookie).await.is(200).ok()
}

/// Asks to be moved; answers the cookie that the browser keeps.
async fn asks(app: &App, session: &Session, email: &str) -> String {
    let body = json!({ "email": email, "current_password": PASSWORD });
    let caller = app.visitor().with_token(session.access_token.clone());
    let answer = caller.put("/me/email", body).await.is(202);
    answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_moves_once_the_new_address_is_proved() {
    let app = App::start().await;
    let session = eve(&app).await;
    let caller = app.visitor().with_token(session.access_token.clone());
    let cookie = asks(&app, &session, "Eve@New.example.org").await;
    app.run_jobs().await;
    let mail = app.mailbox().pop().unwrap();
    assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("eve@new.example.org", "Confirm your new address"));
    assert!(!mail.text.contains("Eve"), "a first mail holds no text of a visitor: {}", mail.text);
    let me: Me = caller.get("/me").await.is(200).ok();
    assert_eq!(me.email, "eve@example.org", "until then it stays where it is");

    // Whoever owns a mistyped address does not come into the account.
    app.visitor().post("/auth/verify", json!({ "token": token(&mail) })).await.is(410).refused(ErrorCode::LinkExpired);
    let moved: Session = verify_in(&app.visitor(), &token(&mail), &cookie).await.is(200).ok();
    assert_eq!((moved.user.email.as_str(), moved.user.id), ("eve@new.example.org", session.user.id));
    app.run_jobs().await;
    let farewell = app.mailbox().pop().unwrap();
    assert_eq!(
        (farewell.to.as_str(), farewell.subject.as_str()),
        ("eve@example.org", "Your account has another address")
    );
    assert!(!farewell.text.contains("new.example.org") && !farewell.text.contains("token="), "{}", farewell.text);
    let login = |email: &str| json!({ "email": email, "password": PASSWORD });
    app.visitor().post("/auth/login", login("eve@new.example.org")).await.is(200);
    app.visitor().post("/auth/login", login("eve@example.org")).await.is(401);
    verify_in(&app.visitor(), &token(&mail), &cookie).await.is(410);
    // The old address is free for somebody else.
    eve(&App::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_whether_an_address_has_an_account() {
    let app = App::start().await;
    let (session, carl) = (eve(&app).await, app.customer("carl").await);
    let cookie = asks(&app, &session, &carl.me.email).await;
    app.run_jobs().await;
    let mail = app.mailbox().pop().unwrap();
    assert_eq!((mail.to.as_str(), mail.subject.as_str()), (carl.me.email.as_str(), "You already have an account"));
    let signed_in: Session = verify_in(&app.visitor(), &token(&mail), &cookie).await.is(200).ok();
    assert_eq!(signed_in.user.id, carl.id(), "its owner is signed in, as themselves");

    // An account that is made meanwhile keeps its address.
    let cookie = asks(&app, &session, "dora@example.org").await;
    app.run_jobs().await;
    let mail = app.mailbox().pop().unwrap();
    app.customer("dora").await;
    verify_in(&app.visitor(), &token(&mail), &cookie).await.is(410).refused(ErrorCode::LinkExpired);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_takes_the_password_and_a_desk_that_lets_one() {
    let app = App::start().await;
    let (session, root): (Session, Actor) = (eve(&app).await, app.admin("root").await);
    let caller = app.visitor().with_token(session.access_token);
    let wrong = json!({ "email": "eve@new.example.org", "current_password": "not the password" });
    caller.put("/me/email", wrong).await.is(422).refused_field("/current_password", FieldCode::WrongPassword);
    let none = json!({ "email": "not an address" });
    caller.put("/me/email", none).await.is(422).refused_field("/email", FieldCode::NotAnEmail);
    let registration = json!({ "mode": "required", "entry": "sign_in", "profile_editing": false });
    root.send(Method::PATCH, "/admin/settings", |request| request.json(&json!({ "registration": registration })))
        .await
        .is(200);
    let right = json!({ "email": "eve@new.example.org", "current_password": PASSWORD });
    caller.put("/me/email", right).await.is(422).refused_field("/email", FieldCode::NotPossible);
    app.run_jobs().await;
    assert_eq!(app.mailbox().len(), 1, "none but the registration's");
}
