alter table comments drop column attachments;
drop table attachments;
