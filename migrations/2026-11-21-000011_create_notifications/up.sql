create table notifications (
    id uuid primary key,
    person_id uuid not null references people on delete cascade,
    ticket_id uuid not null references tickets on delete cascade,
    -- The change that it tells of. A reaction that runs twice writes one.
    activity_id bigint not null,
    kind text not null check (kind in ('response', 'resolution_proposed', 'customer_comment', 'assigned', 'resolved', 'ticket_created', 'person_wanted')),
    -- Absent when nobody did it, or the assistant.
    actor_id uuid references people on delete set null,
    comment_id uuid references comments on delete set null,
    -- Whether the bell shows it; the others wait for their mail only.
    in_bell boolean not null,
    created_at timestamptz not null,
    read_at timestamptz,
    constraint notifications_once unique (person_id, activity_id)
);

create index notifications_by_person on notifications (person_id, created_at desc, id desc) where in_bell;
create index notifications_unread on notifications (person_id, ticket_id) where read_at is null and in_bell;
create index notifications_by_ticket on notifications (ticket_id);
-- Erasing a ticket erases its comments one by one.
create index notifications_by_comment on notifications (comment_id) where comment_id is not null;
