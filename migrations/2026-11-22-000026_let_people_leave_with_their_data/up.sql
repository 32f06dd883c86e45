-- From then on nobody finds the person; the row goes when nothing speaks of it any more. One row stays for all who were
-- erased, as the author of what they wrote in the team's name.
alter table people add column erased_at timestamptz;

-- What shows that somebody was erased, and why. It holds nothing that tells whom.
create table erasures (
    id uuid primary key,
    reason text not null,
    erased_by uuid not null,
    erased_at timestamptz not null,
    -- How much there was of what.
    counts jsonb not null
);

-- Somebody's data in one file, until it is swept.
create table person_exports (
    id uuid primary key,
    person_id uuid not null references people on delete cascade,
    asked_by uuid not null,
    asked_at timestamptz not null,
    -- Absent while it is being made.
    storage_key uuid constraint person_exports_storage_key_key unique,
    size bigint,
    ready_at timestamptz,
    check (num_nonnulls(storage_key, size, ready_at) in (0, 3))
);

create unique index person_exports_waiting on person_exports (person_id) where ready_at is null;
create index person_exports_by_person on person_exports (person_id, asked_at desc);
create index person_exports_by_time on person_exports (ready_at) where ready_at is not null;

-- Tickets that came from elsewhere, so that a second import finds them again.
create table imported_tickets (
    -- SHA-256 of what the ticket was called there.
    key bytea primary key,
    -- Absent once the ticket was erased, so that no import brings it back.
    ticket_id uuid references tickets on delete set null
);

create index imported_tickets_by_ticket on imported_tickets (ticket_id) where ticket_id is not null;

alter table mails
    drop constraint mails_kind_check,
    add constraint mails_kind_check check (kind in (
        'register', 'sign_in', 'reset', 'confirm_ticket', 'ticket_opened', 'notification', 'address_changed',
        'webhook_disabled', 'export_ready'
    ));
