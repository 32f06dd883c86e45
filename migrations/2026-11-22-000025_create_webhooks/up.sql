-- Addresses of programs that are told what happens on the desk.
create table webhooks (
    id uuid primary key,
    url text not null,
    description text not null,
    -- What it is told of; absent for everything.
    events text[],
    -- How many secrets it has had. Each follows from the installation's secret and its number; none is kept here.
    secret_number integer not null,
    -- Until then the secret before signs as well.
    former_secret_until timestamptz,
    created_at timestamptz not null,
    -- Since when it is told nothing, and why.
    disabled_at timestamptz,
    disabled_because text check (disabled_because in ('switched_off', 'gone', 'failing')),
    -- When it first took nothing, since it last took something.
    failing_since timestamptz,
    check ((disabled_at is null) = (disabled_because is null))
);

-- What each of them is told, or is to be told. A row is its own job: whoever delivers it leases it by `next_at`.
create table webhook_deliveries (
    id uuid primary key,
    webhook_id uuid not null references webhooks on delete cascade,
    -- The change that it tells of; absent for a test.
    activity_id bigint,
    -- What was told of a ticket goes with the ticket.
    ticket_id uuid references tickets on delete cascade,
    event text not null,
    -- As it is sent, byte for byte.
    payload text not null,
    state text not null check (state in ('waiting', 'delivered', 'failed')),
    -- All of them. An attempt that is no longer the last has nothing to say.
    attempts integer not null default 0,
    -- How far it is in the schedule of attempts, which begins anew when it is sent again.
    step integer not null default 0,
    created_at timestamptz not null,
    -- When it is tried, or when the attempt under way is taken for lost.
    next_at timestamptz,
    attempted_at timestamptz,
    -- Of the last attempt; absent before the first and while one is under way.
    outcome text,
    check ((state = 'waiting') = (next_at is not null))
);

-- A change is told once, however often its reactions run.
create unique index webhook_deliveries_once on webhook_deliveries (webhook_id, activity_id);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_at, id) where state = 'waiting';
create index webhook_deliveries_by_time on webhook_deliveries (webhook_id, created_at desc, id desc);
create index webhook_deliveries_by_ticket on webhook_deliveries (ticket_id) where ticket_id is not null;

alter table mails
    drop constraint mails_kind_check,
    add constraint mails_kind_check check (
        kind in (
            'register', 'sign_in', 'reset', 'confirm_ticket', 'ticket_opened', 'notification', 'address_changed',
            'webhook_disabled'
        )
    );
