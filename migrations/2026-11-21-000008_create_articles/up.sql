create table article_categories (
    id uuid primary key,
    slug text not null constraint article_categories_slug_key unique,
    name_en text not null,
    name_fr text not null,
    position integer not null
);

create table articles (
    id uuid primary key,
    slug text not null constraint articles_slug_key unique,
    category_id uuid references article_categories on delete set null,
    position integer not null default 0,
    created_at timestamptz not null,
    -- The folder that a command brought it from; absent when somebody wrote it here.
    imported_from text
);

create index articles_by_category on articles (category_id, position, id);

-- Every state that a text ever had. Answers name the one that they quoted.
create table article_revisions (
    id uuid primary key,
    article_id uuid not null references articles on delete cascade,
    locale text not null check (locale in ('en', 'fr')),
    number integer not null,
    title text not null,
    body_markdown text not null,
    -- Rendered and cleaned when written, with an id on every heading.
    body_html text not null,
    -- `[{anchor, title, level}]`, found while rendering.
    sections jsonb not null,
    -- How the text begins, without its formatting.
    summary text not null default '',
    -- Absent when a command wrote it.
    author_id uuid references people,
    created_at timestamptz not null,
    constraint article_revisions_number_key unique (article_id, locale, number)
);

-- An article in one language: its newest revision, and the one that readers see.
create table article_texts (
    article_id uuid not null references articles on delete cascade,
    locale text not null check (locale in ('en', 'fr')),
    newest_id uuid not null references article_revisions,
    published_id uuid references article_revisions,
    published_at timestamptz,
    primary key (article_id, locale),
    check ((published_id is null) = (published_at is null))
);

create index article_texts_by_published on article_texts (published_id) where published_id is not null;

-- What readers see, cut by heading and size. Written anew, in the same transaction, whenever a text is published
-- or taken back.
create table article_passages (
    id bigint generated always as identity primary key,
    article_id uuid not null references articles on delete cascade,
    revision_id uuid not null references article_revisions on delete cascade,
    locale text not null check (locale in ('en', 'fr')),
    position integer not null,
    -- Absent before the first heading.
    heading text,
    anchor text,
    -- Without its formatting; quotes are looked for in it.
    body text not null,
    -- One number per dimension, by the model named; absent until it was asked.
    embedding real[],
    embedding_model text,
    check ((embedding is null) = (embedding_model is null))
);

create index article_passages_by_article on article_passages (article_id, locale, position);
create index article_passages_by_revision on article_passages (revision_id);

-- Words that mean the same to the search of articles, by the team's own list.
create table article_synonyms (
    id bigint generated always as identity primary key,
    words text[] not null check (cardinality(words) between 2 and 20)
);
