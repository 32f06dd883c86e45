-- Some 32,000 tickets that follow each other in time. A search walks the buckets newest first and stops
-- at a full page, so that a word in every ticket costs no more than a rare one.
create table search_buckets (
    bucket integer primary key,
    starts_at timestamptz not null unique,
    -- How many tickets it holds.
    tickets integer not null default 0
);

insert into search_buckets (bucket, starts_at) values (0, '-infinity');

-- One document per ticket: A title, B public words, D internal notes.
create table ticket_search (
    ticket_id uuid primary key references tickets on delete cascade,
    creator_id uuid not null,
    created_at timestamptz not null,
    bucket integer not null,
    -- How many comments the document holds: an older reading of the thread cannot replace a newer one.
    comments integer not null,
    document tsvector not null
);

alter table ticket_search alter column document set compression lz4;

-- No b-tree on bucket, ever: it tempts the planner away from the words.
create index ticket_search_words on ticket_search using gin (creator_id, bucket, document) with (fastupdate = off);

-- Words as they are written, for "did you mean".
create table search_words (
    word text primary key
);

create index search_words_similar on search_words using gin (word gin_trgm_ops);
