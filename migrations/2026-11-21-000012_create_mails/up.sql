-- One row per mail, from the moment it is asked for. Its id is its Message-ID: a mail that is sent twice because
-- somebody died in between is the same mail.
create table mails (
    id uuid primary key,
    kind text not null check (kind in ('register', 'sign_in', 'reset', 'confirm_ticket', 'ticket_opened', 'notification')),
    state text not null check (state in ('queued', 'sent', 'skipped', 'dead')),
    -- Where it goes: to a person, or to an address that nobody has confirmed yet.
    person_id uuid references people on delete cascade,
    registration_id uuid references registrations on delete cascade,
    pending_ticket_id uuid,
    ticket_id uuid references tickets on delete cascade,
    attempts integer not null default 0,
    last_error text,
    created_at timestamptz not null,
    sent_at timestamptz,
    check ((state = 'sent') = (sent_at is not null))
);

create index mails_by_time on mails (created_at desc, id desc);
create index mails_by_state on mails (state, created_at desc, id desc);
-- At most one waits per person and ticket: what happens meanwhile goes into it.
create unique index mails_waiting on mails (person_id, ticket_id) where state = 'queued' and kind = 'notification';
create index mails_by_ticket on mails (ticket_id) where ticket_id is not null;
create index mails_by_person on mails (person_id) where person_id is not null;
create index mails_by_registration on mails (registration_id) where registration_id is not null;

-- Which mail told of a notification; absent while none has.
alter table notifications add column mail_id uuid references mails on delete set null, add column to_mail boolean not null default false;
create index notifications_to_mail on notifications (person_id, ticket_id) where to_mail and mail_id is null;
create index notifications_by_mail on notifications (mail_id) where mail_id is not null;

alter table mail_tokens
    drop constraint mail_tokens_purpose_check,
    add constraint mail_tokens_purpose_check check (purpose in ('register', 'sign_in', 'reset', 'confirm_ticket', 'ticket')),
    -- The ticket that the link opens.
    add column ticket_id uuid references tickets on delete cascade,
    -- A spent link is kept until it expires, so that whoever follows it again can be sent a new one.
    add column spent_at timestamptz;
create index mail_tokens_by_ticket on mail_tokens (ticket_id) where ticket_id is not null;
