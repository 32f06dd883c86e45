drop index person_exports_waiting;
delete from person_exports where ready_at is null;
create unique index person_exports_waiting on person_exports (person_id) where ready_at is null;

delete from notifications where kind = 'export_ready';
drop index notifications_of_people;
alter table notifications
    drop constraint notifications_of_ticket_check,
    drop column about_id,
    alter column ticket_id set not null,
    drop constraint notifications_kind_check,
    add constraint notifications_kind_check check (kind in (
        'response', 'resolution_proposed', 'customer_comment', 'assigned', 'resolved', 'ticket_created', 'person_wanted',
        'sla_warning', 'sla_breach', 'ticket_moved'
    ));
