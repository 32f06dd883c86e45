-- Which words stand in which passage, and how much each tells of it: the part of BM25F that is known when a text
-- is published. A question then costs one walk along the key.
create table article_words (
    locale text not null check (locale in ('en', 'fr')),
    stem text not null,
    passage_id bigint not null references article_passages on delete cascade,
    weight real not null,
    primary key (locale, stem, passage_id) include (weight)
);

create index article_words_by_passage on article_words (passage_id);

-- In how many passages of a language each word stands. The empty word counts the passages.
create table article_word_counts (
    locale text not null check (locale in ('en', 'fr')),
    stem text not null,
    passages integer not null,
    primary key (locale, stem)
);

-- The words as they are written, for questions that misspell them.
create table article_spellings (
    locale text not null,
    stem text not null,
    word text not null,
    primary key (locale, stem, word),
    foreign key (locale, stem) references article_word_counts on delete cascade
);

create index article_spellings_similar on article_spellings using gin (word gin_trgm_ops);
