alter table people drop column unproved;
alter table activity drop column api_key_id;
drop table api_keys;
