alter table tickets drop column welcome_html;
drop index tickets_to_archive;
alter table people drop column welcomed_at;
drop table settings_changes;
drop table settings;
