delete from mails where kind = 'export_ready';
alter table mails
    drop constraint mails_kind_check,
    add constraint mails_kind_check check (
        kind in (
            'register', 'sign_in', 'reset', 'confirm_ticket', 'ticket_opened', 'notification', 'address_changed',
            'webhook_disabled'
        )
    );
drop table imported_tickets;
drop table person_exports;
drop table erasures;
alter table people drop column erased_at;
