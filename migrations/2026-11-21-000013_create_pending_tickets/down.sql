delete from mail_tokens where pending_ticket_id is not null;
alter table mail_tokens
    drop constraint mail_tokens_check,
    drop column pending_ticket_id,
    add constraint mail_tokens_check check (num_nonnulls(person_id, registration_id) = 1);
alter table mails drop column pending_ticket_id;
drop table pending_tickets;
