delete from jobs where answers_ticket_id is not null;
alter table jobs drop column answers_ticket_id;

drop table answers;

delete from comments where author_kind = 'ai';
alter table comments
    drop constraint comments_helpful_check,
    drop constraint comments_ai_check,
    drop constraint comments_author_id_check,
    drop constraint comments_author_kind_check,
    drop column helpful,
    drop column ai,
    add constraint comments_author_kind_check check (author_kind in ('user', 'admin')),
    alter column author_id set not null;

alter table tickets
    drop column person_wanted_at,
    drop column assistant_muted_by,
    drop column assistant_mode;
