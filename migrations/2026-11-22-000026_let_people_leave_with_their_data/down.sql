drop table imported_tickets;
drop table person_exports;
drop table erasures;
alter table people drop column erased_at;
