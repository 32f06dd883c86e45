delete from notifications where kind = 'ticket_moved';
alter table notifications
    drop constraint notifications_kind_check,
    add constraint notifications_kind_check check (kind in (
        'response', 'resolution_proposed', 'customer_comment', 'assigned', 'resolved', 'ticket_created', 'person_wanted',
        'sla_warning', 'sla_breach'
    ));

alter table pending_tickets drop column department_id;
alter table tickets drop column department_id;
drop table department_people;
drop table departments;
