-- What the keys were is not known any more: whoever sends one again is not recognised.
update activity set idempotency_key = null, request_hash = null where idempotency_key is not null;
update attachments set idempotency_key = null where idempotency_key is not null;
delete from kept_answers;
