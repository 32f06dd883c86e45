drop table article_synonyms, article_passages, article_texts, article_revisions, articles, article_categories;
