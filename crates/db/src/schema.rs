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
        sla_target -> Nullable<Text>,
        api_key_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    answers (id) {
        id -> Uuid,
        ticket_id -> Uuid,
        question_id -> Uuid,
        comment_id -> Nullable<Uuid>,
        state -> Text,
        outcome -> Nullable<Text>,
        body_markdown -> Nullable<Text>,
        sources -> Nullable<Jsonb>,
        model -> Nullable<Text>,
        prompt_hash -> Nullable<Bytea>,
        passages -> Jsonb,
        sentences -> Int2,
        supported -> Int2,
        prompt_tokens -> Int4,
        completion_tokens -> Int4,
        latency_ms -> Int4,
        reason -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Uuid,
        hash -> Bytea,
        prefix -> Text,
        name -> Text,
        kind -> Text,
        owner_id -> Uuid,
        role -> Text,
        scopes -> Array<Nullable<Text>>,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    article_categories (id) {
        id -> Uuid,
        slug -> Text,
        name_en -> Text,
        name_fr -> Text,
        position -> Int4,
    }
}

diesel::table! {
    article_revisions (id) {
        id -> Uuid,
        article_id -> Uuid,
        locale -> Text,
        number -> Int4,
        title -> Text,
        body_markdown -> Text,
        body_html -> Text,
        sections -> Jsonb,
        summary -> Text,
        author_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    article_spellings (locale, stem, word) {
        locale -> Text,
        stem -> Text,
        word -> Text,
    }
}

diesel::table! {
    article_synonyms (id) {
        id -> Int8,
        words -> Array<Nullable<Text>>,
    }
}

diesel::table! {
    article_texts (article_id, locale) {
        article_id -> Uuid,
        locale -> Text,
        newest_id -> Uuid,
        published_id -> Nullable<Uuid>,
        published_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    article_word_counts (locale, stem) {
        locale -> Text,
        stem -> Text,
        passages -> Int4,
    }
}

diesel::table! {
    articles (id) {
        id -> Uuid,
        slug -> Text,
        category_id -> Nullable<Uuid>,
        position -> Int4,
        created_at -> Timestamptz,
        imported_from -> Nullable<Text>,
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
    captcha_answers (hash) {
        hash -> Bytea,
        used_for -> Nullable<Bytea>,
        used_at -> Timestamptz,
    }
}

diesel::table! {
    comments (id) {
        id -> Uuid,
        ticket_id -> Uuid,
        author_id -> Nullable<Uuid>,
        author_kind -> Text,
        internal -> Bool,
        body_markdown -> Text,
        body_html -> Text,
        created_at -> Timestamptz,
        attachments -> Int2,
        ai -> Nullable<Jsonb>,
        helpful -> Nullable<Bool>,
    }
}

diesel::table! {
    department_people (department_id, person_id) {
        department_id -> Uuid,
        person_id -> Uuid,
    }
}

diesel::table! {
    departments (id) {
        id -> Uuid,
        name_en -> Text,
        name_fr -> Text,
        position -> Int4,
        retired_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    erasures (id) {
        id -> Uuid,
        reason -> Text,
        erased_by -> Uuid,
        erased_at -> Timestamptz,
        counts -> Jsonb,
    }
}

diesel::table! {
    fields (id) {
        id -> Uuid,
        key -> Text,
        definition -> Jsonb,
    }
}

diesel::table! {
    former_article_slugs (slug) {
        slug -> Text,
        article_id -> Uuid,
    }
}

diesel::table! {
    host_tokens (hash) {
        hash -> Bytea,
        ends_at -> Timestamptz,
    }
}

diesel::table! {
    imported_tickets (key) {
        key -> Bytea,
        ticket_id -> Nullable<Uuid>,
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
        answers_ticket_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    kept_answers (person_id, key) {
        person_id -> Uuid,
        key -> Text,
        request_hash -> Bytea,
        answer -> Nullable<Jsonb>,
        made_at -> Timestamptz,
    }
}

diesel::table! {
    logos (id) {
        id -> Uuid,
        picture -> Bytea,
        content_type -> Text,
        unused_since -> Timestamptz,
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
        ticket_id -> Nullable<Uuid>,
        spent_at -> Nullable<Timestamptz>,
        pending_ticket_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    mails (id) {
        id -> Uuid,
        kind -> Text,
        state -> Text,
        person_id -> Nullable<Uuid>,
        registration_id -> Nullable<Uuid>,
        pending_ticket_id -> Nullable<Uuid>,
        ticket_id -> Nullable<Uuid>,
        attempts -> Int4,
        last_error -> Nullable<Text>,
        created_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    notifications (id) {
        id -> Uuid,
        person_id -> Uuid,
        ticket_id -> Nullable<Uuid>,
        activity_id -> Int8,
        kind -> Text,
        actor_id -> Nullable<Uuid>,
        comment_id -> Nullable<Uuid>,
        in_bell -> Bool,
        created_at -> Timestamptz,
        read_at -> Nullable<Timestamptz>,
        mail_id -> Nullable<Uuid>,
        to_mail -> Bool,
        sla_target -> Nullable<Text>,
        about_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    pending_tickets (id) {
        id -> Uuid,
        name -> Text,
        email -> Text,
        locale -> Text,
        title -> Text,
        message -> Text,
        priority -> Nullable<Text>,
        created_at -> Timestamptz,
        department_id -> Nullable<Uuid>,
        custom_fields -> Jsonb,
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
        welcomed_at -> Nullable<Timestamptz>,
        unproved -> Bool,
        erased_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    person_exports (id) {
        id -> Uuid,
        person_id -> Uuid,
        asked_by -> Uuid,
        asked_at -> Timestamptz,
        storage_key -> Nullable<Uuid>,
        size -> Nullable<Int8>,
        ready_at -> Nullable<Timestamptz>,
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
        password_hash -> Nullable<Text>,
        browser_hash -> Bytea,
        locale -> Text,
        created_at -> Timestamptz,
        person_id -> Nullable<Uuid>,
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
    settings (topic) {
        topic -> Text,
        value -> Jsonb,
    }
}

diesel::table! {
    settings_changes (id) {
        id -> Uuid,
        topic -> Text,
        before -> Jsonb,
        after -> Jsonb,
        author_id -> Uuid,
        created_at -> Timestamptz,
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
        assistant_mode -> Nullable<Text>,
        assistant_muted_by -> Nullable<Text>,
        person_wanted_at -> Nullable<Timestamptz>,
        welcome_html -> Nullable<Text>,
        sla -> Jsonb,
        sla_due_at -> Nullable<Timestamptz>,
        department_id -> Nullable<Uuid>,
        custom_fields -> Jsonb,
    }
}

diesel::table! {
    webhook_deliveries (id) {
        id -> Uuid,
        webhook_id -> Uuid,
        activity_id -> Nullable<Int8>,
        ticket_id -> Nullable<Uuid>,
        event -> Text,
        payload -> Text,
        state -> Text,
        attempts -> Int4,
        step -> Int4,
        created_at -> Timestamptz,
        next_at -> Nullable<Timestamptz>,
        attempted_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    webhooks (id) {
        id -> Uuid,
        url -> Text,
        description -> Text,
        events -> Nullable<Array<Nullable<Text>>>,
        secret_number -> Int4,
        former_secret_until -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        disabled_at -> Nullable<Timestamptz>,
        disabled_because -> Nullable<Text>,
        failing_since -> Nullable<Timestamptz>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    activity,
    answers,
    api_keys,
    article_categories,
    article_revisions,
    article_spellings,
    article_synonyms,
    article_texts,
    article_word_counts,
    articles,
    attachments,
    captcha_answers,
    comments,
    department_people,
    departments,
    erasures,
    fields,
    former_article_slugs,
    host_tokens,
    imported_tickets,
    jobs,
    kept_answers,
    logos,
    mail_tokens,
    mails,
    notifications,
    pending_tickets,
    people,
    person_exports,
    refresh_tokens,
    registrations,
    search_buckets,
    search_words,
    sessions,
    settings,
    settings_changes,
    throttles,
    tickets,
    webhook_deliveries,
    webhooks,
);
