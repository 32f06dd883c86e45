create table fields (
    id uuid primary key,
    key text not null constraint fields_key_key unique,
    -- All of it, the key and the id too.
    definition jsonb not null
);

-- Answers by the keys of the fields.
alter table tickets add column custom_fields jsonb not null default '{}';
alter table pending_tickets add column custom_fields jsonb not null default '{}';

-- Weeks since 1970.
create function week_of(at timestamptz) returns integer
    language sql immutable parallel safe
    return ((at at time zone 'UTC')::date - date '1970-01-01') / 7;

-- Tickets with a certain answer are looked for week by week: an answer that every second ticket gives then costs no
-- more than one that is rare.
create index tickets_by_answer
    on tickets using gin ((archived_at is not null), week_of(created_at), custom_fields jsonb_path_ops)
    with (fastupdate = off) where custom_fields <> '{}';
-- Where to begin, and where to stop.
create index tickets_with_answers on tickets (created_at) where custom_fields <> '{}';
