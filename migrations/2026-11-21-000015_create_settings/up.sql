-- Topics that an admin has set; the others have their defaults.
create table settings (
    topic text primary key,
    value jsonb not null
);

-- Who changed what, from and to.
create table settings_changes (
    id uuid primary key,
    topic text not null,
    before jsonb not null,
    after jsonb not null,
    author_id uuid not null references people,
    created_at timestamptz not null
);

create index settings_changes_by_time on settings_changes (created_at desc, id desc);
create index settings_changes_by_author on settings_changes (author_id);

-- Where the archiving by age looks. Not by the last change, which every write of a ticket would have to note here.
create index tickets_to_archive on tickets (resolved_at, id) where resolved_at is not null and archived_at is null;

-- Somebody is welcomed once, whatever becomes of their first ticket.
alter table people add column welcomed_at timestamptz;
update people set welcomed_at = created_at where exists (select from tickets where tickets.creator_id = people.id);
-- What its creator was told, as it stood then, rendered and cleaned.
alter table tickets add column welcome_html text;
