//! What small topics do, shown beside their forms.

use api_types::time::Timestamp;
use leptos::prelude::*;
use serde_json::Value;

use super::{
    draft::Draft,
    json,
    words::{
        AI, ARCHIVED_NEVER, ARCHIVED_ON, ASSISTANT_SAYS, CAPTCHA_ALTCHA, CAPTCHA_ELSEWHERE, CAPTCHA_NOBODY,
        CAPTCHA_SECRET, CAPTCHA_USUAL, DOES_AUTO, DOES_DRAFT, DOES_OFF, IN_API, MEETS_CLOSED, MEETS_LINK, MEETS_MAIL,
        MEETS_NAME_FIXED, MEETS_NAME_OWN, MEETS_REGISTER, MEETS_SIGN_IN, MEETS_TICKET, SEES_ASSIGNED, SEES_HIDDEN,
        SEES_NONE, SEES_OTHERS, SEES_OWN, SEES_VISIBLE, SEES_WHAT, SEES_WHO, SKETCH_ARTICLES, SKETCH_CARDS,
        SKETCH_DETAILS, SKETCH_ENTER, SKETCH_HEADER, SKETCH_LIST, SKETCH_NAME, SKETCH_SHIFT, SKETCH_TICKET,
        SKETCH_TITLE, WHO_ADMINS,
    },
};
use crate::{
    erased::{dynamic, when},
    i18n::{self, Words},
    pulse,
    ui::{Glyph, Icon},
};

/// Steps, one after the other.
fn steps(words: Vec<Words>) -> AnyView {
    let steps: Vec<AnyView> = words.into_iter().map(|words| view! { <li>{words}</li> }.into_any()).collect();
    view! { <ol class="look-steps">{steps}</ol> }.into_any()
}

pub fn assistant(draft: Draft) -> AnyView {
    let does = move || match draft.text("/mode").as_str() {
        "auto" => DOES_AUTO,
        "draft" => DOES_DRAFT,
        _ => DOES_OFF,
    };
    view! {
        <p>{move || does().get()}</p>
        {when(move || draft.text("/mode") != "off", move || view! {
            <div class="look-card">
                <p class="author">
                    <span class="author-name">{move || draft.text("/name")}</span>
                    <span class="badge" data-author="ai">{AI}</span>
                </p>
                <p>{ASSISTANT_SAYS}</p>
                <p class="field-hint">{move || IN_API.with(&draft.text("/name"))}</p>
            </div>
        })}
    }
    .into_any()
}

pub fn team(draft: Draft) -> AnyView {
    let own = move || draft.text("/agents_see") == "own";
    let row = move |what: Words, limited: bool| {
        view! {
            <tr>
                <th scope="row">{what}</th>
                <td>
                    {dynamic(move || {
                        let (glyph, words, tone) = if limited && own() {
                            (Glyph::Lock, SEES_HIDDEN, "")
                        } else {
                            (Glyph::Check, SEES_VISIBLE, "resolved")
                        };
                        view! { <span class="chip" data-status=tone><Icon glyph /> {words}</span> }
                    })}
                </td>
            </tr>
        }
        .into_any()
    };
    view! {
        <table class="look-table">
            <thead>
                <tr>
                    <th scope="col">{SEES_WHAT}</th>
                    <th scope="col">{SEES_WHO}</th>
                </tr>
            </thead>
            <tbody>
                {row(SEES_OWN, false)}
                {row(SEES_ASSIGNED, false)}
                {row(SEES_NONE, false)}
                {row(SEES_OTHERS, true)}
            </tbody>
        </table>
        <p class="quiet">{WHO_ADMINS}</p>
    }
    .into_any()
}

pub fn archiving(draft: Draft) -> AnyView {
    let sentence = move || {
        let days = draft.read("/after_days").as_f64().filter(|days| (1.0..=3650.0).contains(days));
        let Some(days) = days else { return ARCHIVED_NEVER.get().to_owned() };
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of the next ten years")]
        let then = (pulse::now() + days * 86_400_000.0) as i64;
        Timestamp::from_millisecond(then).map(|then| ARCHIVED_ON.with(&i18n::day(then))).unwrap_or_default()
    };
    view! { <p>{sentence}</p> }.into_any()
}

pub fn registration(draft: Draft) -> AnyView {
    dynamic(move || {
        let registers = draft.text("/entry") == "register";
        let mut words = match draft.text("/mode").as_str() {
            "passwordless" => vec![MEETS_TICKET, MEETS_MAIL, MEETS_LINK],
            "closed" => vec![MEETS_SIGN_IN, MEETS_CLOSED],
            _ if registers => vec![MEETS_REGISTER, MEETS_LINK],
            _ => vec![MEETS_SIGN_IN, MEETS_LINK],
        };
        words.push(if draft.flag("/profile_editing") { MEETS_NAME_OWN } else { MEETS_NAME_FIXED });
        steps(words)
    })
}

/// Whether a program of somebody else tells people from programs.
pub fn judged_elsewhere(captcha: &Value) -> bool {
    !matches!(json::word(captcha, "/provider"), "" | "off" | "altcha")
}

pub fn captcha(draft: Draft) -> AnyView {
    dynamic(move || {
        let elsewhere = draft.now.with(judged_elsewhere);
        let words = match draft.text("/provider").as_str() {
            "" => CAPTCHA_USUAL,
            "off" => CAPTCHA_NOBODY,
            "altcha" => CAPTCHA_ALTCHA,
            _ => CAPTCHA_ELSEWHERE,
        };
        view! {
            <p>{words}</p>
            {elsewhere.then(|| view! {
                <div class="notice">
                    <Icon glyph=Glyph::Lock />
                    <p>{CAPTCHA_SECRET}</p>
                </div>
                <pre class="code-line"><code>"WAGGLE_CAPTCHA_SECRET=…"</code></pre>
            })}
        }
    })
}

/// A small support page.
pub fn page(draft: Draft) -> AnyView {
    let part = move |at: &'static str, area: &'static str, words: Words| {
        when(move || draft.flag(at), move || view! { <div class="sketch-part" data-area=area>{words}</div> })
    };
    let title = move || if draft.flag("/name_as_title") { SKETCH_NAME.get() } else { SKETCH_TITLE.get() };
    let key = move || if draft.flag("/enter_sends") { SKETCH_ENTER.get() } else { SKETCH_SHIFT.get() };
    view! {
        <div class="sketch">
            <div class="sketch-part" data-area="header">
                <span>{SKETCH_HEADER}</span>
                {when(move || draft.flag("/bell"), || view! { <Icon glyph=Glyph::Bell /> })}
            </div>
            {part("/cards", "cards", SKETCH_CARDS)}
            <div class="sketch-part" data-area="list">
                <span class="quiet">{SKETCH_LIST}</span>
                <strong>{title}</strong>
            </div>
            <div class="sketch-part" data-area="ticket">
                <span class="quiet">{SKETCH_TICKET}</span>
                <span>{key}</span>
            </div>
            {part("/details", "details", SKETCH_DETAILS)}
            {part("/articles", "articles", SKETCH_ARTICLES)}
        </div>
    }
    .into_any()
}
