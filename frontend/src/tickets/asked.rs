//! What the form for a new ticket asks for, as the desk has set it, and the request that the answers make.
//!
//! Invariant: what is asked here is what the server wants of a ticket for the same department, and both decide on an
//! answer by the same code.

use api_types::{
    departments::DepartmentRef,
    error::{FieldCode, FieldError},
    fields::{Answers, Field, FieldKind, FieldValue},
    people::Locale,
    settings::Need,
    tickets::{NewTicket, Priority},
};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{
    chips::priority_words,
    custom::fields,
    draft::Draft,
    words::{AT_LEAST, AT_MOST, DEPARTMENT, EARLIEST, LATEST, MESSAGE, MESSAGE_HINT, PRIORITY, TITLE, TITLE_HINT},
};
use crate::{
    i18n::{self, Words, locale},
    settings,
};

/// One thing that is asked.
pub struct Question {
    /// Where the request has its answer, and the draft.
    pub name: String,
    pub kind: FieldKind,
    pub label: String,
    pub help: String,
    /// Between what the answer has to be, in words.
    pub within: String,
    pub required: bool,
    /// What holds until something is answered.
    pub standing: String,
    /// What can be chosen, and what it is called.
    pub choices: Vec<(String, String)>,
    /// Of a date.
    pub bounds: [String; 2],
}

impl Question {
    fn new(name: &str, kind: FieldKind, label: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            label: label.to_owned(),
            help: String::new(),
            within: String::new(),
            required: true,
            standing: String::new(),
            choices: Vec::new(),
            bounds: Default::default(),
        }
    }
}

/// Where the request has the answers to the desk's own fields.
pub const PLACE: &str = "custom_fields/";
const TITLE_AT: &str = "title";
const MESSAGE_AT: &str = "message";
const DEPARTMENT_AT: &str = "department_id";
const PRIORITY_AT: &str = "priority";

fn need(of: &str) -> Need {
    settings::part("form").and_then(|form| form.meant(of)).unwrap_or(Need::Off)
}

/// What every ticket of this desk is asked; follows the language and the settings.
pub fn of_every_ticket(draft: Draft) -> Vec<Question> {
    let mut questions = vec![
        words(TITLE_AT, FieldKind::Text, TITLE, TITLE_HINT),
        words(MESSAGE_AT, FieldKind::LongText, MESSAGE, MESSAGE_HINT),
    ];
    if let Some(choices) = departments_asked() {
        questions.push(Question {
            required: need("department") == Need::Required,
            standing: standing_department(draft, &choices),
            choices: choices.iter().map(|it| (it.id.to_string(), it.name(locale()).to_owned())).collect(),
            ..Question::new(DEPARTMENT_AT, FieldKind::Select, DEPARTMENT.get())
        });
    }
    let priority = need("priority");
    if priority != Need::Off {
        let is_required = priority == Need::Required;
        let choices = Priority::ALL.iter().map(|it| (it.to_string(), priority_words(*it).get().to_owned()));
        questions.push(Question {
            required: is_required,
            standing: if is_required { String::new() } else { Priority::Medium.to_string() },
            choices: choices.collect(),
            ..Question::new(PRIORITY_AT, FieldKind::Select, PRIORITY.get())
        });
    }
    questions
}

/// A desk's own words say by themselves what is meant.
fn words(name: &str, kind: FieldKind, ordinary: Words, hint: Words) -> Question {
    let own = settings::part("form").and_then(|form| form.part(name)?.word(locale().as_str()));
    match own {
        Some(label) => Question::new(name, kind, &label),
        None => Question { help: hint.get().to_owned(), ..Question::new(name, kind, ordinary.get()) },
    }
}

/// Those that a ticket can be for, in order; follows the settings.
pub fn departments() -> Vec<DepartmentRef> {
    let list = settings::part("departments");
    let read = list.iter().flat_map(|list| list.entries()).filter_map(|it| {
        Some(DepartmentRef { id: it.meant("id")?, name_en: it.word("name_en")?, name_fr: it.word("name_fr")? })
    });
    read.collect()
}

/// Where there is only one, there is nothing to choose.
fn departments_asked() -> Option<Vec<DepartmentRef>> {
    Some(departments()).filter(|all| all.len() > 1 && need("department") != Need::Off)
}

/// The id of the department of the ticket that this one goes on from, of the desk's default, or of the only one that
/// there is; empty without.
fn standing_department(draft: Draft, all: &[DepartmentRef]) -> String {
    let inherited = draft.inherited.get();
    let default = settings::part("form").and_then(|form| form.word("default_department")).unwrap_or_default();
    let only = if all.len() == 1 && need("department") != Need::Off { all.first() } else { None };
    let named = |id: &str| all.iter().find(|it| it.id.to_string() == id);
    let found = named(&inherited).or_else(|| named(&default)).or(only);
    found.map(|it| it.id.to_string()).unwrap_or_default()
}

/// The id of the department that the ticket will be for; empty for none.
pub fn department(draft: Draft) -> String {
    let all = departments();
    let chosen = draft.answer(DEPARTMENT_AT);
    if departments_asked().is_some() && all.iter().any(|it| it.id.to_string() == chosen) {
        chosen
    } else {
        standing_department(draft, &all)
    }
}

/// What the tickets of this department are asked besides.
pub fn of_department(department: &str) -> Vec<Question> {
    fields(department).iter().map(question).collect()
}

fn question(field: &Field) -> Question {
    let locale = locale();
    let (help, other) = match locale {
        Locale::English => (&field.help_en, &field.help_fr),
        Locale::French => (&field.help_fr, &field.help_en),
    };
    let help = help.as_ref().or(other.as_ref()).map(ToString::to_string).unwrap_or_default();
    let bounds = [&field.rules.earliest, &field.rules.latest].map(|day| day.as_ref().map(ToString::to_string));
    Question {
        help,
        within: limits(field, &bounds),
        required: field.required,
        choices: field.choices.iter().map(|it| (it.key.to_string(), it.label(locale).to_owned())).collect(),
        bounds: bounds.map(Option::unwrap_or_default),
        ..Question::new(&at(field), field.kind, field.label(locale))
    }
}

/// "At least 1. At most 50."
fn limits(field: &Field, days: &[Option<String>; 2]) -> String {
    let number = |value: Option<f64>| value.map(i18n::number);
    let day = |day: &Option<String>| day.as_deref().map(i18n::calendar_day);
    let ([least, most], [first, last]) =
        ([field.rules.min, field.rules.max].map(number), [&days[0], &days[1]].map(day));
    let said = [(AT_LEAST, least), (AT_MOST, most), (EARLIEST, first), (LATEST, last)];
    let sentences = said.into_iter().filter_map(|(words, value)| Some(words.with(&value?)));
    sentences.collect::<Vec<_>>().join(" ")
}

/// Where the request has the answer to a field.
pub fn at(field: &Field) -> String {
    format!("{PLACE}{}", field.key)
}

/// The ticket as it is to be sent, and the faults of its answers that its own rules do not name.
pub fn request(draft: Draft) -> (NewTicket, Vec<FieldError>) {
    untrack(|| {
        let department = department(draft);
        let mut faults = Vec::new();
        let mut custom_fields = Answers::new();
        if department.is_empty() && need("department") == Need::Required {
            faults.push(missing(DEPARTMENT_AT));
        }
        let priority = draft.answer(PRIORITY_AT).parse().ok().filter(|_| need("priority") != Need::Off);
        if priority.is_none() && need("priority") == Need::Required {
            faults.push(missing(PRIORITY_AT));
        }
        for field in fields(&department) {
            match field.accept(value(&field, draft.answer(&at(&field))).as_ref()) {
                Ok(Some(answer)) => drop(custom_fields.insert(field.key.to_string(), answer)),
                Ok(None) => {}
                Err((code, message)) => faults.push(FieldError { pointer: format!("/{}", at(&field)), code, message }),
            }
        }
        let request = NewTicket {
            title: draft.answer(TITLE_AT).into(),
            message: draft.answer(MESSAGE_AT).into(),
            priority,
            department_id: department.parse().ok().filter(|_| need("department") != Need::Off),
            custom_fields,
            visitor: None,
            captcha: None,
            follows: draft.follows,
            attachment_ids: draft.uploads.ids(),
        };
        (request, faults)
    })
}

fn missing(name: &str) -> FieldError {
    FieldError { pointer: format!("/{name}"), code: FieldCode::Required, message: String::new() }
}

/// What was typed or chosen, as the kind of answer that the field takes.
pub fn value(field: &Field, text: String) -> Option<FieldValue> {
    let value = match field.kind {
        FieldKind::Checkbox => FieldValue::Flag(text == "true"),
        FieldKind::MultiSelect => {
            // The draft may hold one that nobody can choose any more.
            let is_there = |key: &&str| field.choices.iter().any(|it| it.key.as_str() == *key);
            FieldValue::Keys(text.split(',').filter(is_there).map(str::to_owned).collect())
        }
        _ if text.trim().is_empty() => return None,
        FieldKind::Number => {
            let number = number(&text);
            if number.is_finite() { FieldValue::Number(number) } else { FieldValue::Text(text) }
        }
        _ => FieldValue::Text(text),
    };
    Some(value)
}

/// As people write numbers: "1,500" is a large one in English and a small one in French, and "12,5" is the same in both.
fn number(text: &str) -> f64 {
    let plain: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let groups = || plain.split('.').next().unwrap_or_default().split(',').skip(1);
    let is_grouped = locale() == Locale::English && groups().all(|group| group.len() == 3);
    JsValue::from(plain.replace(',', if is_grouped { "" } else { "." })).unchecked_into_f64()
}

/// What the suggestions go by; follows what is written.
pub fn written(draft: Draft) -> String {
    format!("{}\n{}", draft.answer(TITLE_AT), draft.answer(MESSAGE_AT))
}
