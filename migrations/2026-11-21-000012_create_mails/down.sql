delete from mail_tokens where purpose in ('confirm_ticket', 'ticket');
alter table mail_tokens
    drop constraint mail_tokens_purpose_check,
    add constraint mail_tokens_purpose_check check (purpose in ('register', 'sign_in', 'reset')),
    drop column spent_at,
    drop column ticket_id;

alter table notifications drop column mail_id, drop column to_mail;
drop table mails;
