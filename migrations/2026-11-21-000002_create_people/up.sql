create table people (
    id uuid primary key,
    name text not null,
    email text not null constraint people_email_key unique,
    -- Absent for somebody who signs in by mailed links only.
    password_hash text,
    role text not null check (role in ('customer', 'agent', 'admin')),
    locale text not null check (locale in ('en', 'fr')),
    preferences jsonb not null default '{}',
    -- Every access token made for an earlier version is refused.
    token_version integer not null default 0,
    disabled_at timestamptz,
    created_at timestamptz not null
);

create index people_by_creation on people (created_at desc, id desc);
create index people_by_role on people (role, created_at desc, id desc);
create index people_words on people using gin ((name || ' ' || email) gin_trgm_ops);

-- Somebody who has not yet shown that the address is theirs. A person is made only then, so nobody can
-- hold an account in somebody else's name.
create table registrations (
    id uuid primary key,
    name text not null,
    email text not null,
    password_hash text not null,
    -- SHA-256 of the cookie of the browser that registered. Only there does confirming bring the password
    -- into force: whoever registers somebody else's address never knows that account's password.
    browser_hash bytea not null,
    locale text not null,
    created_at timestamptz not null
);

create table mail_tokens (
    -- SHA-256 of the secret in the mail.
    hash bytea primary key,
    -- The link and the code of one mail: using either spends both.
    mail_id uuid not null,
    purpose text not null check (purpose in ('register', 'sign_in', 'reset')),
    person_id uuid references people on delete cascade,
    registration_id uuid references registrations on delete cascade,
    expires_at timestamptz not null,
    check (num_nonnulls(person_id, registration_id) = 1)
);

create index mail_tokens_by_mail on mail_tokens (mail_id);
create index mail_tokens_by_person on mail_tokens (person_id);
create index mail_tokens_by_registration on mail_tokens (registration_id);

create table sessions (
    id uuid primary key,
    person_id uuid not null references people on delete cascade,
    created_at timestamptz not null,
    revoked_at timestamptz
);

create index sessions_by_person on sessions (person_id);

-- One row per refresh token ever handed out in a session. A token that comes back after its grace was
-- copied, and ends the session.
create table refresh_tokens (
    -- SHA-256 of the secret in the cookie.
    hash bytea primary key,
    session_id uuid not null references sessions on delete cascade,
    expires_at timestamptz not null,
    used_at timestamptz
);

create index refresh_tokens_by_session on refresh_tokens (session_id);

create table throttles (
    key text primary key,
    window_start timestamptz not null,
    hits integer not null
);

create index throttles_by_start on throttles (window_start);
