//! Help articles: what is published, how it is found, and how the team writes it.
//!
//! Invariant: an article is one slug with at most one text per language. Readers see the published
//! revision of a text; the team also sees what came after it.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    people::{Locale, PersonRef},
    text::{ArticleBody, CategoryName, Slug, Title},
    time::Timestamp,
};

id! {
    /// A category of articles.
    CategoryId
}

id! {
    /// One state of an article's text in one language. It is never changed.
    RevisionId
}

/// Which articles to list, in the order of their categories and of their places in them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ArticleFilter {
    /// The reader's language; English when absent. An article that has no text in it is shown in the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    /// Words to find, best first; at most 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<crate::openapi::Search>, inline))]
    pub q: Option<String>,
    /// The slug of a category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Team only: true lists what has no published text as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drafts: Option<bool>,
    /// Page size, 1 to 100; 25 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u8>,
    /// The `next_cursor` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<crate::openapi::Place>, inline))]
    pub after: Option<String>,
}

/// Which language to read in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ReaderLocale {
    /// English when absent. What has no text in it is shown in the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
}

/// A category, to link to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryRef {
    pub slug: String,
    /// In the reader's language.
    pub name: String,
}

/// One article of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleSummary {
    pub slug: String,
    pub title: String,
    /// The language of the title and the summary.
    pub locale: Locale,
    /// The beginning of the text, without its formatting. In a search: what surrounds the words.
    pub summary: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryRef>,
    pub updated_at: Timestamp,
    /// Team only, and with `drafts`: how far each language is that has a text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<TextStanding>,
}

/// How far an article is in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TextStanding {
    pub locale: Locale,
    pub state: TextState,
}

wire_enum! {
    /// How far an article's text in one language is.
    TextState {
        /// Never published, or taken back.
        Draft = "draft",
        /// What readers see is the newest revision.
        Published = "published",
        /// Readers see an older revision than the newest.
        Changed = "changed",
    }
}

/// A heading of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Section {
    /// The heading's `id` in `body_html`.
    pub anchor: String,
    pub title: String,
    /// 2 to 4.
    pub level: u8,
}

/// `GET /articles/{slug}`: a published article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleView {
    pub slug: String,
    pub title: String,
    pub locale: Locale,
    /// The languages that it is published in.
    pub locales: Vec<Locale>,
    pub revision_id: RevisionId,
    /// Rendered and cleaned by the server. Headings carry an `id`.
    pub body_html: String,
    pub sections: Vec<Section>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryRef>,
    /// When this text was published.
    pub updated_at: Timestamp,
    /// The caller is of the team, and may write.
    pub can_edit: bool,
}

/// What somebody is writing, to find articles for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct SuggestionQuery {
    /// A title, a message, or both. Only its first 2,000 characters are read; fewer than three words find nothing.
    pub text: String,
    /// The reader's language; English when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
}

/// `GET /articles/suggest`: at most five, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestions {
    pub items: Vec<Suggestion>,
}

/// An article that may answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestion {
    pub slug: String,
    pub locale: Locale,
    /// The article's title.
    pub title: String,
    /// The heading above the passage; absent when it stands before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// That heading's `id`; absent with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// The beginning of the passage, without its formatting.
    pub excerpt: String,
}

/// `POST /articles`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewArticle {
    /// Made from the title when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub slug: Option<Slug>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub category_id: Option<CategoryId>,
    #[garde(skip)]
    pub locale: Locale,
    #[garde(dive)]
    pub title: Title,
    /// Markdown.
    #[garde(dive)]
    pub body_markdown: ArticleBody,
    /// Readers see it at once.
    #[serde(default)]
    #[garde(skip)]
    pub publish: bool,
}

/// `PATCH /articles/{slug}`: what is absent stays. Links to a former slug lead to the article, until another one takes it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub slug: Option<Slug>,
    /// Null takes the article out of its category.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::given")]
    #[garde(skip)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<CategoryId>))]
    pub category_id: Option<Option<CategoryId>>,
    /// Its place in its category, smallest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub position: Option<i32>,
}

/// `PUT /articles/{slug}/texts/{locale}`: saves a new revision.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TextChange {
    #[garde(dive)]
    pub title: Title,
    /// Markdown.
    #[garde(dive)]
    pub body_markdown: ArticleBody,
    /// The revision that was edited; absent for a language's first text. Refused with `text_changed` when there is a
    /// newer one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub based_on: Option<RevisionId>,
    /// Readers see it at once.
    #[serde(default)]
    #[garde(skip)]
    pub publish: bool,
}

/// `GET /articles/{slug}/source`, for the team: an article as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleSource {
    pub slug: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<CategoryId>,
    pub position: i32,
    /// One per language that has a text.
    pub texts: Vec<ArticleText>,
}

/// The newest revision of an article's text in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleText {
    pub locale: Locale,
    pub state: TextState,
    pub revision: RevisionView,
}

/// One state of an article's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevisionView {
    pub id: RevisionId,
    /// 1 for a language's first text.
    pub number: i32,
    pub title: String,
    pub body_markdown: String,
    /// Absent when a command wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<PersonRef>,
    pub created_at: Timestamp,
    /// The one that readers see.
    pub published: bool,
}

/// `POST /articles/preview`, for the team.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleDraft {
    /// Markdown.
    #[garde(dive)]
    pub body_markdown: ArticleBody,
}

/// An article's text as readers would see it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticlePreview {
    pub body_html: String,
    pub sections: Vec<Section>,
}

/// `POST /categories`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewCategory {
    /// Made from the English name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub slug: Option<Slug>,
    #[garde(dive)]
    pub name_en: CategoryName,
    #[garde(dive)]
    pub name_fr: CategoryName,
}

/// `PATCH /categories/{id}`: what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub name_en: Option<CategoryName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub name_fr: Option<CategoryName>,
    /// Its place, smallest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub position: Option<i32>,
}

/// A category of the help centre.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryView {
    pub id: CategoryId,
    pub slug: String,
    pub name_en: String,
    pub name_fr: String,
    pub position: i32,
    /// How many published articles it holds.
    pub articles: i64,
}

/// `GET /categories`: all of them, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Categories {
    pub items: Vec<CategoryView>,
}

/// `GET, PUT /articles/synonyms`, for the team: words that mean the same to the search of articles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Synonyms {
    /// At most 500 groups of 2 to 20 words or short phrases of at most 60 characters each.
    #[garde(custom(groups_of_words))]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::groups_of_words))]
    pub groups: Vec<Vec<String>>,
}

fn groups_of_words(groups: &[Vec<String>], (): &()) -> garde::Result {
    use crate::error::{FieldCode, broken};
    let fits = |word: &String| (1..=60).contains(&word.trim().chars().count()) && !word.chars().any(char::is_control);
    if groups.len() > 500 || groups.iter().any(|group| !(2..=20).contains(&group.len())) {
        return Err(broken(FieldCode::NotPossible, "At most 500 groups of 2 to 20 words."));
    }
    if groups.iter().flatten().all(fits) {
        Ok(())
    } else {
        Err(broken(FieldCode::NotPossible, "A word or phrase has 1 to 60 characters, on one line."))
    }
}
