-- A program may write anything into its keys, the address of somebody who is erased later too.
update activity
set idempotency_key = encode(sha256(convert_to(coalesce(api_key_id::text || ' ', '') || idempotency_key, 'UTF8')), 'hex')
where idempotency_key is not null;
-- Which program sent these is not kept: a retry of one from before is not recognised.
update attachments set idempotency_key = encode(sha256(convert_to(idempotency_key, 'UTF8')), 'hex')
where idempotency_key is not null;
update kept_answers set key = encode(sha256(convert_to(key, 'UTF8')), 'hex');
