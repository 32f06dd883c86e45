//! The migrations: up, down, and up again to the same.

use crate::support::database::Database;

/// Everything that the migrations made, as text.
async fn shape(database: &Database) -> Vec<String> {
    let sql = "
        select 'column ' || concat_ws(' ', table_name, column_name, data_type, column_default, is_nullable)
            from information_schema.columns where table_schema = 'public'
        union all select 'index ' || indexdef from pg_indexes where schemaname = 'public'
        union all select 'constraint ' || concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
            from pg_constraint where connamespace = 'public'::regnamespace
        union all select 'extension ' || extname from pg_extension
        union all select 'function ' || p.oid::regprocedure::text from pg_proc p
            where pronamespace = 'public'::regnamespace
            and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
        union all select 'search ' || cfgname from pg_ts_config where cfgnamespace = 'public'::regnamespace
        union all select 'dictionary ' || dictname from pg_ts_dict d where dictnamespace = 'public'::regnamespace
            and not exists (select from pg_depend e where e.objid = d.oid and e.deptype = 'e')
        order by 1";
    database.connect().await.query(sql, &[]).await.unwrap().into_iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn they_go_up_and_down_and_up_again() {
    let database = Database::create_empty().await;
    let url = database.url();
    let bare = shape(&database).await;
    let count = db::migrations::run(&url).await.unwrap();
    assert!(count > 0);
    let up = shape(&database).await;
    assert_eq!(db::migrations::run(&url).await.unwrap(), 0, "there is nothing left to do");
    assert_eq!(db::migrations::revert(&url).await.unwrap(), count);
    let left: Vec<_> =
        shape(&database).await.into_iter().filter(|line| !bare.contains(line) && !line.contains("__diesel")).collect();
    assert_eq!(left, Vec::<String>::new(), "nothing is left behind");
    assert_eq!(db::migrations::run(&url).await.unwrap(), count);
    assert_eq!(shape(&database).await, up);
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_together_migrate_once() {
    let database = Database::create_empty().await;
    let url = database.url();
    let mut starts = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let url = url.clone();
        starts.spawn(async move { db::migrations::run(&url).await.unwrap() });
    }
    let mut counts = starts.join_all().await;
    counts.sort_unstable();
    assert!(matches!(counts[..], [0, 0, last] if last > 0), "{counts:?}");
    database.remove().await;
}
