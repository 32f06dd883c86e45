//! The program's own commands, on a database that is given to it.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

use crate::support::{App, contract, database::Database};

/// Runs the program with nothing of our environment, and this on its standard input.
fn waggle(url: &str, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waggle"));
    command.env_clear().args(arguments).args(["--data-dir", env!("CARGO_TARGET_TMPDIR")]);
    command.env("DATABASE_URL", url).env("WAGGLE_SECRET_KEY", "a secret of thirty-two characters");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that refuses its arguments reads no input.
    child.stdin.take().unwrap().write_all(input.as_bytes()).ok();
    child.wait_with_output().unwrap()
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_added_with_a_password_that_works() {
    let app = App::start().await;
    let url = app.database.url();
    let create = |email: &str, password: &str| {
        let arguments = ["user", "create", "--role", "admin", "--email", email, "--name", "Root", "--password-stdin"];
        waggle(&url, &arguments, &format!("{password}\n"))
    };
    let done = create("Root@example.org", "a long enough one");
    assert!(done.status.success(), "{}", words(&done));
    let login = json!({ "email": "root@example.org", "password": "a long enough one" });
    app.visitor().post("/auth/login", login).await.is(200);
    for (email, password, why) in [
        ("root@example.org", "another long one", "account already"),
        ("nonsense", "another long one", "email"),
        ("two@example.org", "short", "password"),
        ("two@example.org", "password1234", "password"),
    ] {
        let refused = create(email, password);
        assert!(!refused.status.success(), "{email}");
        assert!(words(&refused).to_lowercase().contains(why), "{}", words(&refused));
        assert!(!words(&refused).contains("another long one"), "a password is never printed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_database_is_migrated_and_emptied() {
    let database = Database::create_empty().await;
    for arguments in [&["migrate"][..], &["migrate"][..], &["migrate", "--revert"][..]] {
        let done = waggle(&database.url(), arguments, "");
        assert!(done.status.success(), "{}", words(&done));
    }
    database.remove().await;
}

#[test]
fn the_document_is_printed() {
    let done = waggle("postgres://nobody@localhost/nothing", &["openapi"], "");
    assert!(done.status.success(), "{}", words(&done));
    let printed: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(printed, *contract::DOCUMENT);
}

#[test]
fn all_wrong_settings_are_named_at_once_and_no_secret_is_shown() {
    let arguments = [
        "migrate",
        "--public-url",
        "help.example.org/path",
        "--secret-key",
        "hunter2",
        "--smtp-url",
        "nonsense",
        "--workers",
        "0",
        "--assistant-name",
        "[admin:Eve]",
        "--ai-model",
        "some",
        "--ai-api-key",
        "hunter2",
    ];
    let refused = waggle("nonsense://user:hunter2@x", &arguments, "");
    assert!(!refused.status.success());
    for name in [
        "DATABASE_URL",
        "WAGGLE_PUBLIC_URL",
        "WAGGLE_SECRET_KEY",
        "WAGGLE_SMTP_URL",
        "WAGGLE_WORKERS",
        "WAGGLE_ASSISTANT_NAME",
        "WAGGLE_AI_BASE_URL",
    ] {
        assert!(words(&refused).contains(name), "{name} in {}", words(&refused));
    }
    assert!(!words(&refused).contains("hunter2"), "{}", words(&refused));
}
