alter table tickets
    -- Absent: the desk's mode.
    add column assistant_mode text check (assistant_mode in ('off', 'draft', 'auto')),
    add column assistant_muted_by text check (assistant_muted_by in ('team', 'creator')),
    -- The creator asked for a person; cleared by the team's next public comment.
    add column person_wanted_at timestamptz;

create index tickets_person_wanted on tickets (created_at desc, id desc) where archived_at is null and person_wanted_at is not null;

-- The assistant has no account: nobody can sign in as it, and no name of a person can be taken for its own.
alter table comments
    alter column author_id drop not null,
    drop constraint comments_author_kind_check,
    add constraint comments_author_kind_check check (author_kind in ('user', 'admin', 'ai')),
    add constraint comments_author_id_check check ((author_kind = 'ai') = (author_id is null)),
    -- Outcome and sources of an assistant's comment, as they are shown.
    add column ai jsonb,
    add column helpful boolean,
    add constraint comments_ai_check check ((author_kind = 'ai') = (ai is not null)),
    add constraint comments_helpful_check check (helpful is null or author_kind = 'ai');

-- The assistant's ledger: one row per turn, with none of the customer's words but those of a waiting draft.
create table answers (
    id uuid primary key,
    ticket_id uuid not null references tickets on delete cascade,
    -- The creator's comment that it answers.
    question_id uuid not null references comments on delete cascade,
    comment_id uuid references comments on delete set null,
    state text not null check (state in ('drafted', 'published', 'edited', 'dropped', 'discarded', 'failed')),
    outcome text check (outcome in ('answered', 'not_covered')),
    -- The words and sources of a draft, until it is settled.
    body_markdown text,
    sources jsonb,
    model text,
    prompt_hash bytea,
    passages jsonb not null,
    sentences smallint not null,
    supported smallint not null,
    prompt_tokens integer not null,
    completion_tokens integer not null,
    latency_ms integer not null,
    reason text,
    created_at timestamptz not null,
    check ((state = 'drafted') = (body_markdown is not null)),
    check ((state = 'drafted') = (sources is not null))
);

create index answers_by_time on answers (created_at desc, id desc);
create index answers_by_state on answers (state, created_at desc, id desc);
create index answers_by_ticket on answers (ticket_id, created_at desc, id desc);
create unique index answers_drafted on answers (ticket_id) where state = 'drafted';

-- The ticket that a job is to answer, once: of a burst of comments the last one moves the job, and takes it from a worker
-- that has begun.
alter table jobs add column answers_ticket_id uuid;
create unique index jobs_answers on jobs (answers_ticket_id) where answers_ticket_id is not null;

-- Deleting a ticket looks here for each of its comments.
create index answers_by_question on answers (question_id);
create index answers_by_comment on answers (comment_id) where comment_id is not null;
