-- What requests with an `Idempotency-Key` were answered, so that the same request is carried out once.
create table kept_answers (
    person_id uuid not null references people (id) on delete cascade,
    key text not null,
    -- SHA-256 of the operation and its body.
    request_hash bytea not null,
    -- Written by the same transaction as the row, which is seen by others only with it.
    answer jsonb,
    made_at timestamptz not null,
    primary key (person_id, key)
);

create index kept_answers_by_time on kept_answers (made_at);
