//! What an answer rests on: the quotes, each with the way to its page.

use api_types::assistant::{Outcome, Source};
use leptos::prelude::*;

use super::words::{NEAREST, NOT_COVERED, SOURCES};
use crate::{
    articles::{self, Place},
    erased::on,
    ui::{Glyph, Icon},
};

/// `said` is the answer's own text: what already stands in it, a quote or a nearest page, is not shown twice.
pub fn sources(outcome: Outcome, sources: &[Source], said: &str) -> AnyView {
    let lines: Vec<AnyView> = sources
        .iter()
        .filter(|source| outcome == Outcome::Answered || !said.contains(&source.url))
        .map(|source| line(source, said))
        .collect();
    let heading = match outcome {
        Outcome::Answered => SOURCES,
        Outcome::NotCovered => NEAREST,
    };
    view! {
        {(outcome == Outcome::NotCovered)
            .then(|| {
                view! {
                    <p class="not-covered">
                        <Icon glyph=Glyph::Alert />
                        {NOT_COVERED}
                    </p>
                }
            })}
        {(!lines.is_empty())
            .then(|| {
                view! {
                    <p class="sources-title">{heading}</p>
                    <ol class="sources">{lines}</ol>
                }
            })}
    }
    .into_any()
}

fn line(source: &Source, said: &str) -> AnyView {
    let place = Place::from(source);
    let href = place.href();
    let opened = move |event: leptos::ev::MouseEvent| {
        // The link alone does not carry the words to be marked.
        if event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            articles::read(place.clone());
        }
    };
    let quote = (!articles::says(said, &source.quote)).then(|| {
        view! { <q lang=source.locale.as_str()>{source.quote.clone()}</q> }
    });
    view! {
        <li>
            <a href=href lang=source.locale.as_str() on:click=on(opened)>
                <Icon glyph=Glyph::File />
                <span>{source.title.clone()}</span>
            </a>
            {quote}
        </li>
    }
    .into_any()
}
