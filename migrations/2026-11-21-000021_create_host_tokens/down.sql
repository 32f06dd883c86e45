drop table host_tokens;
delete from settings where topic = 'panel_secret';
