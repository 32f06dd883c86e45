delete from jobs where kind = 'refresh_sla';

delete from notifications where kind in ('sla_warning', 'sla_breach');
alter table notifications
    drop constraint notifications_of_sla_check,
    drop column sla_target,
    drop constraint notifications_kind_check,
    add constraint notifications_kind_check check (kind in ('response', 'resolution_proposed', 'customer_comment', 'assigned', 'resolved', 'ticket_created', 'person_wanted'));

delete from activity where kind in ('sla.warned', 'sla.breached');
alter table activity drop column sla_target;

alter table tickets drop column sla, drop column sla_due_at;
