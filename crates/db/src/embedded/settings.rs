//! The files that Postgres reads at its start.
//!
//! Invariant: they are written anew at every start, so what runs is what stands here. An admin's own
//! settings go into `custom.conf` beside them, which is left alone.

use std::path::Path;

use super::Durability;

/// The one locale that sorts alike everywhere and knows upper from lower case in every language.
pub(super) const LOCALE: &str = "C.UTF-8";

/// One statement a line, as single-user mode reads them.
pub(super) const FIRST_STATEMENTS: &str = "\
create role waggle login nosuperuser nocreatedb nocreaterole
create database waggle owner waggle template template0
revoke connect on database waggle from public
";

/// An empty place for the admin's own settings.
pub(super) const CUSTOM_CONF: &str = "# Your own settings of this Postgres. They are read last.\n";

/// Who may connect: the system users of `pg_ident.conf`, which the kernel vouches for, and nobody else.
pub(super) const PG_HBA_CONF: &str = "local all all peer map=waggle\n";

/// Root and the user that Postgres runs as may be either role.
pub(super) fn pg_ident_conf(user: &str) -> String {
    let mut text = String::new();
    for name in ["root", user] {
        for role in ["postgres", "waggle"] {
            text.push_str(&format!("waggle {name:?} {role}\n"));
        }
    }
    text
}

pub(super) fn postgresql_conf(socket: &Path, durability: Durability) -> String {
    let socket = quoted(&format!("\"{}\"", socket.to_string_lossy().replace('"', "\"\"")));
    let rest = match durability {
        Durability::Full => FULL,
        Durability::None => NONE,
    };
    format!("{COMMON}unix_socket_directories = {socket}\n{rest}include_if_exists = 'custom.conf'\n")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

const COMMON: &str = "\
# Written anew at every start. Your own settings belong into custom.conf, in this directory.
listen_addresses = ''
port = 5432
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'
jit = off
";

/// Seven files of log, one for each day of the week, so that they never fill the disk.
const FULL: &str = "\
fsync = on
synchronous_commit = on
full_page_writes = on
# After a crash the files are flushed by one call instead of one each, which takes seconds on a busy disk.
recovery_init_sync_method = syncfs
logging_collector = on
log_filename = 'postgres-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
";

/// Tests make many databases and count statements.
const NONE: &str = "\
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
max_connections = 400
autovacuum = off
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track = all
# Each of hundreds of databases has its own, and those that are counted must not be dropped for others.
pg_stat_statements.max = 50000
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_quotes_and_commas_stays_one_path() {
        let conf = postgresql_conf(Path::new(r#"/o'ne, "two"\three"#), Durability::Full);
        assert!(conf.contains(r#"unix_socket_directories = '"/o''ne, ""two""\\three"'"#), "{conf}");
    }
}
