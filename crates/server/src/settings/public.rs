//! What everybody may know.
//!
//! Invariant: what is answered here is public.

use api_types::{
    fields::{Choice, Field},
    settings::{PublicSettings, Settings},
};

use crate::{captcha, departments::Department};

pub fn of(settings: &Settings, departments: &[Department], fields: &[Field]) -> PublicSettings {
    let open = departments.iter().filter(|department| !department.retired);
    let asked = fields.iter().filter(|field| !field.retired);
    PublicSettings {
        brand: settings.brand.clone(),
        registration: settings.registration.mode,
        entry: settings.registration.entry,
        profile_editing: settings.registration.profile_editing,
        form: settings.form.clone(),
        departments: open.map(|department| department.names.clone()).collect(),
        fields: asked.map(with_open_choices).collect(),
        page: settings.page,
        assistant_name: settings.assistant.name.to_string(),
        assistant_mode: settings.assistant.mode,
        captcha: captcha::of(settings),
    }
}

fn with_open_choices(field: &Field) -> Field {
    let choices: Vec<Choice> = field.choices.iter().filter(|choice| !choice.retired).cloned().collect();
    Field { choices, ..field.clone() }
}
