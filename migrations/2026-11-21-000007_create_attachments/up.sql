create table attachments (
    id uuid primary key,
    -- Names the object in the store. Random: nothing about the file can be read from it.
    storage_key uuid not null constraint attachments_storage_key_key unique,
    uploader_id uuid not null references people,
    -- Absent until the uploader sends a comment or a ticket with the file; set once and for good.
    comment_id uuid references comments on delete cascade,
    -- The place among the comment's files.
    position smallint,
    filename text not null,
    -- Found in the bytes.
    content_type text not null,
    size bigint not null check (size > 0),
    sha256 bytea not null,
    -- A second object in the store, made from a picture that could be read.
    thumbnail_type text,
    thumbnail_width integer,
    thumbnail_height integer,
    created_at timestamptz not null,
    idempotency_key text,
    check ((comment_id is null) = (position is null)),
    check (num_nonnulls(thumbnail_type, thumbnail_width, thumbnail_height) in (0, 3))
);

create index attachments_by_comment on attachments (comment_id, position) where comment_id is not null;
-- What a person has stored, and what of it is still waiting, without touching the rows.
create index attachments_by_uploader on attachments (uploader_id) include (size, comment_id);
create index attachments_pending on attachments (created_at) where comment_id is null;
create unique index attachments_idempotency_key on attachments (uploader_id, idempotency_key) where idempotency_key is not null;

-- How many files a comment carries, so that a thread without any costs no look for them.
alter table comments add column attachments smallint not null default 0;
