drop table former_article_slugs;
