create extension if not exists unaccent;
create extension if not exists pg_trgm;
create extension if not exists btree_gin;

-- Tickets mix English and French, so both lists of stop words apply to every text and every query. They
-- stand before unaccent because the lists are written with their accents.
create text search dictionary waggle_english_stop (template = simple, stopwords = english, accept = false);
create text search dictionary waggle_french_stop (template = simple, stopwords = french, accept = false);

create text search configuration waggle_en (copy = english);
alter text search configuration waggle_en
    alter mapping for asciiword, word, hword, hword_part, asciihword, hword_asciipart
    with waggle_english_stop, waggle_french_stop, unaccent, english_stem;

create text search configuration waggle_fr (copy = french);
alter text search configuration waggle_fr
    alter mapping for asciiword, word, hword, hword_part, asciihword, hword_asciipart
    with waggle_english_stop, waggle_french_stop, unaccent, french_stem;

-- Whole words without accents, for typing help.
create text search configuration waggle_words (copy = simple);
alter text search configuration waggle_words
    alter mapping for asciiword, word, hword, hword_part, asciihword, hword_asciipart
    with waggle_english_stop, waggle_french_stop, unaccent, simple;

-- English and French stems of the same text, so that a reader of either language finds it. A tsvector
-- holds 1 MB at most, and a ticket's holds two of these: what a longer thread says after 100,000 characters is
-- not indexed, or after 50,000 where characters take several bytes.
create function search_document(body text) returns tsvector
    language sql stable parallel safe
    return to_tsvector('waggle_en', left(body, case when octet_length(left(body, 100000)) > 150000 then 50000 else 100000 end))
        || to_tsvector('waggle_fr', left(body, case when octet_length(left(body, 100000)) > 150000 then 50000 else 100000 end));
