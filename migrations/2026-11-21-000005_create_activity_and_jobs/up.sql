-- The spine: one row per change. Reactions read it; nothing else tells them what happened.
create table activity (
    id bigint generated always as identity primary key,
    kind text not null,
    -- Absent when nobody did it: a date came.
    actor_id uuid,
    -- No foreign keys: the row outlives what it speaks of, and holds none of its words.
    ticket_id uuid,
    comment_id uuid,
    person_id uuid,
    at timestamptz not null,
    idempotency_key text,
    -- SHA-256 of the request that carried the key.
    request_hash bytea,
    check ((idempotency_key is null) = (request_hash is null))
);

create unique index activity_idempotency_key on activity (actor_id, idempotency_key) where idempotency_key is not null;
create index activity_by_ticket on activity (ticket_id, id) where ticket_id is not null;

create table jobs (
    id bigint generated always as identity primary key,
    kind text not null,
    -- Identifiers only; the handler reads the rest again when it runs.
    payload jsonb not null,
    run_at timestamptz not null,
    attempts integer not null default 0,
    -- Until when a worker holds the job; afterwards any other may take it.
    leased_until timestamptz,
    -- Counts the leases. A worker whose lease ran out holds an old number and can finish nothing.
    fence bigint not null default 0,
    last_error text,
    -- Given up: kept to be looked at.
    dead_at timestamptz
);

create index jobs_due on jobs (kind, run_at, id) where dead_at is null;
create index jobs_dead on jobs (dead_at) where dead_at is not null;
