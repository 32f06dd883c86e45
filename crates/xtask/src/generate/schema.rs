//! Diesel's `table!` blocks, read from a database.
//!
//! Invariant: the order is that of names for tables and of the table itself for columns. A table with a
//! column of a type that Diesel does not know is left out; its SQL is written by hand.

use std::{collections::BTreeMap, fmt::Write};

use anyhow::{Context, Result};

use crate::cluster::Cluster;

/// Every column with its type, whether it may be null, and its place in the primary key.
const COLUMNS: &str = "
    select t.relname, c.attname, y.typname, c.attnotnull,
           coalesce(array_position(k.conkey, c.attnum), 0)
    from pg_class t
    join pg_attribute c on c.attrelid = t.oid and c.attnum > 0 and not c.attisdropped
    join pg_type y on y.oid = c.atttypid
    join pg_constraint k on k.conrelid = t.oid and k.contype = 'p'
    where t.relkind = 'r' and t.relnamespace = 'public'::regnamespace and t.relname <> '__diesel_schema_migrations'
    order by t.relname, c.attnum";

#[derive(Default)]
struct Table {
    key: BTreeMap<u32, String>,
    columns: Vec<String>,
    is_foreign: bool,
}

pub fn describe(cluster: &Cluster, database: &str) -> Result<String> {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for row in cluster.query(database, COLUMNS)?.lines() {
        let fields: Vec<&str> = row.split('|').collect();
        let [table, column, kind, not_null, key] = fields.as_slice() else {
            continue;
        };
        let table = tables.entry((*table).to_owned()).or_default();
        match sql_type(kind) {
            Some(kind) if *not_null == "t" => table.columns.push(format!("{column} -> {kind}")),
            Some(kind) => table.columns.push(format!("{column} -> Nullable<{kind}>")),
            None => table.is_foreign = true,
        }
        let place: u32 = key.parse().context("the place in the primary key")?;
        if place > 0 {
            table.key.insert(place, (*column).to_owned());
        }
    }
    tables.retain(|_, table| !table.is_foreign);

    let mut text = String::from("// Written by `cargo xtask generate` from a migrated database.\n\n");
    for (name, table) in &tables {
        let key: Vec<&str> = table.key.values().map(String::as_str).collect();
        writeln!(text, "diesel::table! {{\n    {name} ({}) {{", key.join(", "))?;
        for column in &table.columns {
            writeln!(text, "        {column},")?;
        }
        text.push_str("    }\n}\n\n");
    }
    text.push_str("diesel::allow_tables_to_appear_in_same_query!(\n");
    for name in tables.keys() {
        writeln!(text, "    {name},")?;
    }
    text.push_str(");\n");
    Ok(text)
}

fn sql_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "bool" => "Bool",
        "bytea" => "Bytea",
        "date" => "Date",
        "float8" => "Float8",
        "int2" => "Int2",
        "int4" => "Int4",
        "int8" => "Int8",
        "jsonb" => "Jsonb",
        "text" => "Text",
        "timestamptz" => "Timestamptz",
        "uuid" => "Uuid",
        "_text" => "Array<Nullable<Text>>",
        "_uuid" => "Array<Nullable<Uuid>>",
        _ => return None,
    })
}
