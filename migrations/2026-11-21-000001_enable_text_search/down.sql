drop function search_document;
drop text search configuration waggle_words;
drop text search configuration waggle_fr;
drop text search configuration waggle_en;
drop text search dictionary waggle_french_stop;
drop text search dictionary waggle_english_stop;
drop extension btree_gin;
drop extension pg_trgm;
drop extension unaccent;
