drop table article_spellings, article_word_counts, article_words;
delete from article_synonyms;
