create table comments (
    id uuid constraint comments_pkey primary key,
    ticket_id uuid not null references tickets on delete cascade,
    author_id uuid not null references people,
    -- What the author was when they wrote: a later change of role does not rewrite the thread.
    author_kind text not null check (author_kind in ('user', 'admin')),
    internal boolean not null,
    body_markdown text not null,
    -- Rendered and cleaned when written, so that opening a thread costs no Markdown.
    body_html text not null,
    created_at timestamptz not null,
    check (not internal or author_kind = 'admin')
);

create index comments_by_ticket on comments (ticket_id, created_at, id);
