-- What somebody asked for is of a person, not of a ticket.
alter table notifications
    alter column ticket_id drop not null,
    -- Whose data is ready.
    add column about_id uuid references people on delete cascade,
    drop constraint notifications_kind_check,
    add constraint notifications_kind_check check (kind in (
        'response', 'resolution_proposed', 'customer_comment', 'assigned', 'resolved', 'ticket_created', 'person_wanted',
        'sla_warning', 'sla_breach', 'ticket_moved', 'export_ready'
    )),
    add constraint notifications_of_ticket_check check ((ticket_id is null) = (kind = 'export_ready')),
    add constraint notifications_about_check check ((about_id is not null) = (kind = 'export_ready'));

create index notifications_of_people on notifications (person_id, created_at desc, id desc) where in_bell and ticket_id is null;
create index notifications_about on notifications (about_id) where about_id is not null;

-- Whoever asks for somebody's data while another does gets a file of their own.
drop index person_exports_waiting;
create unique index person_exports_waiting on person_exports (person_id, asked_by) where ready_at is null;
