-- What programs sign in with. A key that was revoked stays, so that the activity that names it can be read.
create table api_keys (
    id uuid primary key,
    -- SHA-256 of the token, which is told once.
    hash bytea not null constraint api_keys_hash_key unique,
    -- How the token begins, to recognise it by.
    prefix text not null,
    name text not null,
    kind text not null check (kind in ('desk', 'personal')),
    owner_id uuid not null references people on delete cascade,
    -- What the owner was when it was made: the key is never more, whatever the owner becomes.
    role text not null check (role in ('customer', 'agent', 'admin')),
    scopes text[] not null check (cardinality(scopes) > 0),
    created_at timestamptz not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    check (kind = 'personal' or role = 'admin')
);

create index api_keys_by_owner on api_keys (owner_id, created_at desc, id desc) where revoked_at is null;
create index api_keys_recent on api_keys (created_at desc, id desc) where revoked_at is null;

-- The key that a change was made with, or the one that was made or revoked. `actor_id` is in whose name.
alter table activity add column api_key_id uuid;

-- Nobody has shown yet that the address is theirs: a program named it, and gets mails without anybody's words.
alter table people add column unproved boolean not null default false;
