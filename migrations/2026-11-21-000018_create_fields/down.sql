drop index tickets_with_answers;
drop index tickets_by_answer;
drop function week_of;
alter table pending_tickets drop column custom_fields;
alter table tickets drop column custom_fields;
drop table fields;
