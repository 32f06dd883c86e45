-- Answers to captchas that were used, so that none is used twice.
create table captcha_answers (
    -- SHA-256 of the answer.
    hash bytea primary key,
    -- The request that it was used for, if it may be sent again.
    used_for bytea,
    used_at timestamptz not null
);

create index captcha_answers_by_time on captcha_answers (used_at);
