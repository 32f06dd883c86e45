//! The way to a Postgres on another machine.
//!
//! Invariant: with `sslmode=require` in the address nothing is sent before the server has shown a
//! certificate for its name that this machine trusts.

use std::sync::{Arc, OnceLock};

use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Trusts what the system trusts, or the file that `SSL_CERT_FILE` names.
pub fn connector() -> Result<MakeRustlsConnect, String> {
    static TRUST: OnceLock<Result<Arc<ClientConfig>, String>> = OnceLock::new();
    let config = TRUST.get_or_init(|| trust().map(Arc::new)).clone()?;
    Ok(MakeRustlsConnect::new(ClientConfig::clone(&config)))
}

fn trust() -> Result<ClientConfig, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        let why = found.errors.first().map(ToString::to_string).unwrap_or_default();
        return Err(format!("this machine trusts no certificate authority, install ca-certificates: {why}"));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
