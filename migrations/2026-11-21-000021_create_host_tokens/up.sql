-- The tokens by which websites signed their people in: each is good once.
create table host_tokens (
    -- SHA-256 of what tells it from every other.
    hash bytea primary key,
    -- From then on it is refused for its age.
    ends_at timestamptz not null
);

create index host_tokens_by_end on host_tokens (ends_at);
