drop table throttles;
drop table refresh_tokens;
drop table sessions;
drop table mail_tokens;
drop table registrations;
drop table people;
