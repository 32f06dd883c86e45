-- Pictures that stand for the desk. The brand names the one in use; another one is dropped after a day.
create table logos (
    id uuid primary key,
    -- Drawn by the server, so the type is what it says.
    picture bytea not null,
    content_type text not null,
    -- Since it was uploaded, or replaced.
    unused_since timestamptz not null
);
