create table tickets (
    id uuid primary key,
    number bigint generated always as identity constraint tickets_number_key unique,
    title text not null,
    creator_id uuid not null references people,
    assignee_id uuid references people,
    stage text not null check (stage in ('new', 'working', 'waiting_customer', 'on_hold', 'resolved')),
    -- What everybody sees of the stage; computed, so that the two cannot disagree.
    status text not null generated always as (
        case stage when 'new' then 'open' when 'resolved' then 'resolved' else 'in_progress' end
    ) stored,
    priority text not null check (priority in ('low', 'medium', 'high')),
    created_at timestamptz not null,
    -- The last change that the creator may know of.
    updated_at timestamptz not null,
    -- The first public comment of the team. Until then the creator cannot resolve.
    first_reply_at timestamptz,
    -- The team asks the creator to resolve.
    proposed_at timestamptz,
    hold_reason text,
    hold_until timestamptz,
    resolved_at timestamptz,
    archived_at timestamptz,
    follows_id uuid references tickets on delete set null,
    -- Counts the writes: a write names the version it read, so that two at once cannot mix.
    version integer not null default 0,
    check ((stage = 'resolved') = (resolved_at is not null)),
    check ((stage = 'on_hold') = (hold_reason is not null)),
    check (hold_until is null or stage = 'on_hold'),
    check (archived_at is null or stage = 'resolved')
);

-- One index per way to list, each in the order of the list and ending in its cursor.
create index tickets_by_creator on tickets (creator_id, created_at desc, id desc) where archived_at is null;
create index tickets_by_creator_status on tickets (creator_id, status, created_at desc, id desc) where archived_at is null;
-- `number > 0` is always so, and only the list without filters asks for it. A page with filters would otherwise
-- be planned as a walk through all tickets, which never ends when few of them pass.
create index tickets_recent on tickets (created_at desc, id desc) where archived_at is null and number > 0;
-- Of its own, because `is null` does not keep the order of an index on the assignee.
create index tickets_unassigned on tickets (created_at desc, id desc) where archived_at is null and assignee_id is null;
create index tickets_by_status on tickets (status, created_at desc, id desc) where archived_at is null;
create index tickets_by_stage on tickets (stage, created_at desc, id desc) where archived_at is null;
create index tickets_by_assignee on tickets (assignee_id, created_at desc, id desc) where archived_at is null;
create index tickets_by_assignee_status on tickets (assignee_id, status, created_at desc, id desc) where archived_at is null;
create index tickets_by_priority on tickets (priority, created_at desc, id desc) where archived_at is null;
create index tickets_archived on tickets (created_at desc, id desc) where archived_at is not null;
create index tickets_archived_by_creator on tickets (creator_id, created_at desc, id desc) where archived_at is not null;
create index tickets_by_followed on tickets (follows_id) where follows_id is not null;
