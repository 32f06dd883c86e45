drop table jobs;
drop table activity;
