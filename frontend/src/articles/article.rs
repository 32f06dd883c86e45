//! An article as it is read: its text, its contents, and the passage that the reader came for.

use api_types::{
    articles::{ArticleView, Section},
    people::Locale,
};
use leptos::{html, prelude::*};

use super::{
    passage,
    words::{CONTENTS, ENGLISH, FRENCH, ONLY_ENGLISH, ONLY_FRENCH, UPDATED},
};
use crate::{erased::effect, i18n, i18n::Words, ui::Day};

pub fn language(locale: Locale) -> Words {
    match locale {
        Locale::English => ENGLISH,
        Locale::French => FRENCH,
    }
}

/// The text. `place` says the heading and the words to bring into view, again whenever they change.
pub fn body(html: String, locale: Locale, place: impl Fn() -> (String, String) + 'static) -> AnyView {
    let node = NodeRef::<html::Div>::new();
    effect(move || {
        let (anchor, quote) = place();
        if let Some(node) = node.get() {
            request_animation_frame(move || passage::show(&node, &anchor, &quote));
        }
    });
    view! { <div class="prose article-body" lang=locale.as_str() node_ref=node inner_html=html></div> }.into_any()
}

/// When the text was published, and that it exists in the other language only.
pub fn about(article: &ArticleView) -> AnyView {
    let at = article.updated_at;
    let foreign = (!article.locales.contains(&i18n::locale())).then_some(match article.locale {
        Locale::English => ONLY_ENGLISH,
        Locale::French => ONLY_FRENCH,
    });
    view! {
        <p class="article-about">
            {UPDATED} " " <Day at />
            {foreign.map(|words| view! { <span>" · " {words}</span> })}
        </p>
    }
    .into_any()
}

/// The headings, when there is more than one to choose from.
pub fn contents(path: &str, sections: &[Section]) -> Option<AnyView> {
    let shown: Vec<&Section> = sections.iter().filter(|section| section.level <= 3).collect();
    (shown.len() > 1).then(|| {
        let lines: Vec<AnyView> = shown
            .iter()
            .map(|section| {
                let href = format!("{path}#{}", String::from(js_sys::encode_uri_component(&section.anchor)));
                view! {
                    <li data-level=section.level.to_string()>
                        <a href=href>{section.title.clone()}</a>
                    </li>
                }
                .into_any()
            })
            .collect();
        view! {
            <nav class="contents" aria-label=CONTENTS>
                <p aria-hidden="true">{CONTENTS}</p>
                <ul class="contents-list">{lines}</ul>
            </nav>
        }
        .into_any()
    })
}
