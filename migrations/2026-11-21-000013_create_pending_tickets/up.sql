-- A ticket of somebody without an account. Nobody sees it until the link that was mailed to the address is opened.
create table pending_tickets (
    id uuid primary key,
    name text not null,
    email text not null,
    locale text not null check (locale in ('en', 'fr')),
    title text not null,
    message text not null,
    priority text check (priority in ('low', 'medium', 'high')),
    created_at timestamptz not null
);

create index pending_tickets_by_email on pending_tickets (email, created_at);
create index pending_tickets_by_time on pending_tickets (created_at);

alter table mails add constraint mails_pending_ticket_id_fkey foreign key (pending_ticket_id) references pending_tickets on delete cascade;
create index mails_by_pending_ticket on mails (pending_ticket_id) where pending_ticket_id is not null;

alter table mail_tokens
    add column pending_ticket_id uuid references pending_tickets on delete cascade,
    drop constraint mail_tokens_check,
    add constraint mail_tokens_check check (num_nonnulls(person_id, registration_id, pending_ticket_id) = 1);
create index mail_tokens_by_pending_ticket on mail_tokens (pending_ticket_id) where pending_ticket_id is not null;
