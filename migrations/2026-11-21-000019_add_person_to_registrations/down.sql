delete from mails where kind = 'address_changed';
alter table mails
    drop constraint mails_kind_check,
    add constraint mails_kind_check check (
        kind in ('register', 'sign_in', 'reset', 'confirm_ticket', 'ticket_opened', 'notification')
    );
delete from registrations where person_id is not null;
alter table registrations drop column person_id, alter column password_hash set not null;
