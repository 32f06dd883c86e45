create table departments (
    id uuid primary key,
    name_en text not null,
    name_fr text not null,
    position integer not null,
    -- No new ticket can be for it; those that were go on showing its name.
    retired_at timestamptz
);

create table department_people (
    department_id uuid not null references departments,
    person_id uuid not null references people on delete cascade,
    primary key (department_id, person_id)
);

create index department_people_by_person on department_people (person_id);

alter table tickets add column department_id uuid references departments;
alter table pending_tickets add column department_id uuid references departments;

-- Like those of the assignee, and empty on a desk without departments.
create index tickets_by_department on tickets (department_id, created_at desc, id desc)
    where archived_at is null and department_id is not null;
create index tickets_by_department_status on tickets (department_id, status, created_at desc, id desc)
    where archived_at is null and department_id is not null;
-- Of its own, because `is null` does not keep the order of an index on the department.
create index tickets_without_department on tickets (created_at desc, id desc)
    where archived_at is null and department_id is null;

alter table notifications
    drop constraint notifications_kind_check,
    add constraint notifications_kind_check check (kind in (
        'response', 'resolution_proposed', 'customer_comment', 'assigned', 'resolved', 'ticket_created', 'person_wanted',
        'sla_warning', 'sla_breach', 'ticket_moved'
    ));
