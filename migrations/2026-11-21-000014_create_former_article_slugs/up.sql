-- Addresses that an article had before: links to them still lead to it, until another article takes the address.
create table former_article_slugs (
    slug text primary key,
    article_id uuid not null references articles on delete cascade
);

create index former_article_slugs_by_article on former_article_slugs (article_id);
