drop table search_words;
drop table ticket_search;
drop table search_buckets;
