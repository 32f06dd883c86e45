// Written by `cargo xtask generate` from a migrated database.

diesel::table! {
    activity (id) {
        id -> Int8,
        kind -> Text,
        actor_id -> Nullable<Uuid>,
        ticket_id -> Nullable<Uuid>,
        comment_id -> Nullable<Uuid>,
        person_id -> Nullable<Uuid>,
        at -> Timestamptz,
        idempotency_key -> Nullable<Text>,
        request_hash -> Nullable<Bytea>,
    }
}

diesel::table! {
    attachments (id) {
        id -> Uuid,
        storage_key -> Uuid,
        uploader_id -> Uuid,
        comment_id -> Nullable<Uuid>,
        position -> Nullable<Int2>,
        filename -> Text,
        content_type -> Text,
        size -> Int8,
        sha256 -> Bytea,
        thumbnail_type -> Nullable<Text>,
        thumbnail_width -> Nullable<Int4>,
        thumbnail_height -> Nullable<Int4>,
        created_at -> Timestamptz,
        idempotency_key -> Nullable<Text>,
    }
}

diesel::table! {
    comments (id) {
        id -> Uuid,
        ticket_id -> Uuid,
        author_id -> Uuid,
        author_kind -> Text,
        internal -> Bool,
        body_markdown -> Text,
        body_html -> Text,
        created_at -> Timestamptz,
        attachments -> Int2,
    }
}

diesel::table! {
    jobs (id) {
        id -> Int8,
        kind -> Text,
        payload -> Jsonb,
        run_at -> Timestamptz,
        attempts -> Int4,
        leased_until -> Nullable<Timestamptz>,
        fence -> Int8,
        last_error -> Nullable<Text>,
        dead_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    mail_tokens (hash) {
        hash -> Bytea,
        mail_id -> Uuid,
        purpose -> Text,
        person_id -> Nullable<Uuid>,
        registration_id -> Nullable<Uuid>,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    people (id) {
        id -> Uuid,
        name -> Text,
        email -> Text,
        password_hash -> Nullable<Text>,
        role -> Text,
        locale -> Text,
        preferences -> Jsonb,
        token_version -> Int4,
        disabled_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Bytea,
        session_id -> Uuid,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    registrations (id) {
        id -> Uuid,
        name -> Text,
        email -> Text,
        password_hash -> Text,
        browser_hash -> Bytea,
        locale -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    search_buckets (bucket) {
        bucket -> Int4,
        starts_at -> Timestamptz,
        tickets -> Int4,
    }
}

diesel::table! {
    search_words (word) {
        word -> Text,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        person_id -> Uuid,
        created_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    throttles (key) {
        key -> Text,
        window_start -> Timestamptz,
        hits -> Int4,
    }
}

diesel::table! {
    tickets (id) {
        id -> Uuid,
        number -> Int8,
        title -> Text,
        creator_id -> Uuid,
        assignee_id -> Nullable<Uuid>,
        stage -> Text,
        status -> Text,
        priority -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        first_reply_at -> Nullable<Timestamptz>,
        proposed_at -> Nullable<Timestamptz>,
        hold_reason -> Nullable<Text>,
        hold_until -> Nullable<Timestamptz>,
        resolved_at -> Nullable<Timestamptz>,
        archived_at -> Nullable<Timestamptz>,
        follows_id -> Nullable<Uuid>,
        version -> Int4,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    activity,
    attachments,
    comments,
    jobs,
    mail_tokens,
    people,
    refresh_tokens,
    registrations,
    search_buckets,
    search_words,
    sessions,
    throttles,
    tickets,
);
