delete from mails where kind = 'webhook_disabled';
alter table mails
    drop constraint mails_kind_check,
    add constraint mails_kind_check check (
        kind in ('register', 'sign_in', 'reset', 'confirm_ticket', 'ticket_opened', 'notification', 'address_changed')
    );
drop table webhook_deliveries;
drop table webhooks;
