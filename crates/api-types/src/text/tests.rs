//! What each text takes, and what it refuses.

use super::*;
use garde::Validate;

#[test]
fn text_is_trimmed_and_measured_in_characters() {
    assert_eq!(Title::from("  Ruche nº 3 \n".to_owned()).as_str(), "Ruche nº 3");
    assert!(Title::from("é".repeat(200)).validate().is_ok());
    assert!(Title::from("é".repeat(201)).validate().is_err());
    assert!(Title::from("   ".to_owned()).validate().is_err());
}

#[test]
fn what_could_hide_or_reorder_is_refused() {
    for text in ["a\0b", "a\nb", "a\u{202E}b", "a\u{200B}b", "a\u{2066}b", "a\u{7}b"] {
        assert!(Title::from(text.to_owned()).validate().is_err(), "{text:?}");
    }
    assert!(Message::from("one\n\ttwo".to_owned()).validate().is_ok());
    assert!(Message::from("one\0".to_owned()).validate().is_err());
    assert!(PersonName::from("[admin:Eve]".to_owned()).validate().is_err());
}

#[test]
fn addresses() {
    for good in ["a@b.co", "Léa".replace('é', "e").as_str(), "x+y.z@sub.example.org"] {
        assert_eq!(EmailAddress::from(good.to_owned()).validate().is_ok(), good.contains('@'), "{good}");
    }
    for bad in ["", "a", "@b.co", "a@", "a@b", "a b@c.de", "a@b..co", "a@-b.co", "a\r\nBcc: x@y.z@b.co", "a..b@c.de"] {
        assert!(EmailAddress::from(bad.to_owned()).validate().is_err(), "{bad:?}");
    }
}

#[test]
fn days_are_those_of_the_calendar() {
    for good in ["2026-03-02", "2024-02-29", "2000-02-29", "1000-01-01", "9999-12-31"] {
        assert!(CalendarDay::from(good.to_owned()).validate().is_ok(), "{good}");
    }
    for bad in [
        "",
        "2026-3-2",
        "2026-02-29",
        "1900-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-04-31",
        "0999-01-01",
        "2026-03-02T00",
        "+026-03-02",
        "2026/03/02",
        "2026-03-\u{e9}",
    ] {
        assert!(CalendarDay::from(bad.to_owned()).validate().is_err(), "{bad}");
    }
}

#[test]
fn keys_are_plain() {
    for good in ["plan", "hive-number", "a_1", "7"] {
        assert!(FieldKey::from(good.to_owned()).validate().is_ok(), "{good}");
    }
    for bad in ["", "Plan", "a--b", "-a", "a_", "a.b", "a/b", "caf\u{e9}", "a:b"] {
        assert!(FieldKey::from(bad.to_owned()).validate().is_err(), "{bad}");
    }
}

#[test]
fn white_words_can_be_read_on_an_accent() {
    for good in ["#4f4dd6", "#000000", "#B3261E", "#767676"] {
        assert!(Accent::from(good.to_owned()).validate().is_ok(), "{good}");
    }
    for bad in ["#777777", "#f5b72e", "#ffffff", "4f4dd6", "#4f4", "#4f4dd6ff", "#+f4dd6", "#é4dd6", "red"] {
        assert!(Accent::from(bad.to_owned()).validate().is_err(), "{bad}");
    }
}

#[test]
fn an_origin_is_a_scheme_a_host_and_perhaps_a_port() {
    let is_good = |text: &str| WebOrigin::from(text.to_owned()).validate().is_ok();
    for good in
        ["https://example.com", "https://a-b.example.com:8443", "http://localhost:3000", "http://shop.localhost"]
    {
        assert!(is_good(good), "{good}");
    }
    let bad = [
        "example.com",
        "http://example.com",
        "https://example.com/",
        "https://*.example.com",
        "https://",
        "https://a..b",
        "https://example.com:0",
        "https://example.com:99999",
        "https://Example.com",
        "https://u@example.com",
        "https://example.com; script-src *",
        "javascript://x",
        "https://-a.com",
        "https://é.fr",
    ];
    for bad in bad {
        assert!(!is_good(bad), "{bad}");
    }
}

#[test]
fn a_password_never_prints() {
    assert_eq!(format!("{:?}", Password::from("correct horse battery".to_owned())), "Password(..)");
}
