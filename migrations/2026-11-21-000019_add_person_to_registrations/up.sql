-- An address may also be confirmed for somebody who has an account and moves it there, with its password.
alter table registrations
    add column person_id uuid references people on delete cascade,
    alter column password_hash drop not null,
    add check ((person_id is null) = (password_hash is not null));
create index registrations_by_person on registrations (person_id) where person_id is not null;

alter table mails
    drop constraint mails_kind_check,
    add constraint mails_kind_check check (
        kind in ('register', 'sign_in', 'reset', 'confirm_ticket', 'ticket_opened', 'notification', 'address_changed')
    );
