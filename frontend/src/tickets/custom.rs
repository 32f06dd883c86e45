//! The desk's own fields, as the form needs them.
//!
//! Invariant: what cannot be read is not asked, and the server then says what is missing.

use api_types::{
    fields::{Choice, Field, FieldId, FieldRules},
    text::{CalendarDay, FieldKey, HelpText, Label},
};
use uuid::Uuid;

use crate::{said::Said, settings};

/// Those that a ticket for this department has, in order; follows the settings.
pub fn fields(department: &str) -> Vec<Field> {
    let mut fields = all();
    fields.retain(|field| field.belongs_to(department.parse().ok()));
    fields
}

/// Those of every department, in order; follows the settings.
pub fn all() -> Vec<Field> {
    let list = settings::part("fields");
    list.iter().flat_map(Said::entries).filter_map(|it| read(&it)).collect()
}

fn read(said: &Said) -> Option<Field> {
    let rules = said.part("rules")?;
    let help = |name: &str| said.word(name).map(HelpText::from);
    let day = |name: &str| rules.word(name).map(CalendarDay::from);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the server keeps lengths in 32 bits")]
    let length = |name: &str| rules.number(name).map(|length| length as u32);
    Some(Field {
        // It goes by its key.
        id: FieldId(Uuid::nil()),
        key: FieldKey::from(said.word("key")?),
        kind: said.meant("kind")?,
        label_en: Label::from(said.word("label_en")?),
        label_fr: Label::from(said.word("label_fr")?),
        help_en: help("help_en"),
        help_fr: help("help_fr"),
        required: said.holds("required"),
        departments: said.list("departments").filter_map(|id| id.meaning()).collect(),
        rules: FieldRules {
            min_length: length("min_length"),
            max_length: length("max_length"),
            min: rules.number("min"),
            max: rules.number("max"),
            earliest: day("earliest"),
            latest: day("latest"),
        },
        choices: said.list("choices").filter_map(|it| choice(&it)).collect(),
        in_queue: false,
        position: 0,
        retired: false,
    })
}

fn choice(said: &Said) -> Option<Choice> {
    Some(Choice {
        key: FieldKey::from(said.word("key")?),
        en: Label::from(said.word("en")?),
        fr: Label::from(said.word("fr")?),
        retired: false,
    })
}
