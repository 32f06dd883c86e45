//! Words that mean the same to the search of articles.

use api_types::articles::Synonyms;
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    words::{SAVE, SYNONYMS, SYNONYMS_GROUPS, SYNONYMS_LEAD, SYNONYMS_SAVED},
};
use crate::{
    erased::{on, when},
    ui::{CANCEL, Dialog, Form, FormFailure, SubmitButton, TextArea, draw, fetched, toast},
};

#[component]
pub fn SynonymsDialog(open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open id="synonyms" title=SYNONYMS>
            {when(move || open.get(), move || {
                fetched(move || {
                    Box::pin(async move {
                        let text = written(&api::synonyms().await?.groups);
                        Ok(draw(move || view! { <Groups text=text.clone() open /> }.into_any()))
                    })
                })
            })}
        </Dialog>
    }
}

#[component]
fn Groups(text: String, open: RwSignal<bool>) -> impl IntoView {
    let groups = RwSignal::new(text);
    let form = Form::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let synonyms = Synonyms { groups: read(&groups.get_untracked()) };
        form.run(api::keep_synonyms(synonyms), move |_| {
            open.set(false);
            toast::say(SYNONYMS_SAVED);
        });
    };
    view! {
        <form novalidate node_ref=form.node on:submit=on(submit)>
            <TextArea form name="groups" label=SYNONYMS_GROUPS hint=SYNONYMS_LEAD value=groups />
            <FormFailure form />
            <div class="dialog-actions">
                <button class="button" type="button" on:click=on(move |_| open.set(false))>
                    {CANCEL}
                </button>
                <SubmitButton form label=SAVE />
            </div>
        </form>
    }
}

fn written(groups: &[Vec<String>]) -> String {
    groups.iter().map(|group| group.join(", ")).collect::<Vec<_>>().join("\n")
}

fn read(text: &str) -> Vec<Vec<String>> {
    let group = |line: &str| -> Vec<String> {
        line.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
    };
    text.lines().map(group).filter(|group| !group.is_empty()).collect()
}
