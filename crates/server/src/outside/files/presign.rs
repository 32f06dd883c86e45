//! Addresses of a bucket's objects, signed as S3 asks (Signature Version 4).
//!
//! Invariant: every address is for one object, to be read, with its type and its name, until it expires. The
//! parts are the library's; its own way to join them reads its settings and parses the address anew for each,
//! which took ten times as long.

use std::{
    fmt::Write,
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use anyhow::Result;
use hmac::{Hmac, KeyInit, Mac};
use s3::{Bucket, Region, signing};
use sha2::Sha256;
use time::{Date, OffsetDateTime};

use super::{ADDRESS_LIFETIME, Wrapping};

/// What signs for one bucket.
pub struct Signer {
    /// Where browsers reach the bucket.
    pub origin: String,
    host: String,
    /// What stands before an object's name.
    folder: String,
    region: Region,
    access_key: String,
    secret_key: String,
    /// The key of a day.
    key: Mutex<Option<(Date, Hmac<Sha256>)>>,
}

impl Signer {
    pub fn new(bucket: &Bucket, region: Region, access_key: String, secret_key: String) -> Self {
        let (scheme, host) = (bucket.scheme(), bucket.host());
        // Browsers leave out the usual port, and the host is signed.
        let usual = if scheme == "https" { ":443" } else { ":80" };
        let host = host.strip_suffix(usual).unwrap_or(&host).to_owned();
        let folder = if bucket.is_path_style() { format!("/{}/", bucket.name()) } else { "/".to_owned() };
        Self {
            origin: format!("{scheme}://{host}"),
            host,
            folder,
            region,
            access_key,
            secret_key,
            key: Mutex::default(),
        }
    }

    pub fn sign(&self, at: SystemTime, name: &str, wrapping: &Wrapping<'_>) -> Result<String> {
        let at = OffsetDateTime::from(at);
        let path = signing::uri_encode(&format!("{}{name}", self.folder), false);
        let scope = signing::scope_string(&at, &self.region)?;
        // In the order of their names, which is the order that is signed.
        let query = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={}&X-Amz-Date={:04}{:02}{:02}T{:02}{:02}{:02}Z\
             &X-Amz-Expires={}&X-Amz-SignedHeaders=host&response-content-disposition={}&response-content-type={}",
            signing::uri_encode(&format!("{}/{scope}", self.access_key), true),
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
            ADDRESS_LIFETIME.as_secs(),
            signing::uri_encode(&wrapping.disposition, true),
            signing::uri_encode(wrapping.content_type, true),
        );
        let request = format!("GET\n{path}\n{query}\nhost:{}\n\nhost\nUNSIGNED-PAYLOAD", self.host);
        let mut mac = self.key(&at)?;
        mac.update(signing::string_to_sign(&at, &self.region, &request)?.as_bytes());
        let mut address = format!("{}{path}?{query}&X-Amz-Signature=", self.origin);
        for byte in mac.finalize().into_bytes() {
            write!(address, "{byte:02x}")?;
        }
        Ok(address)
    }

    fn key(&self, at: &OffsetDateTime) -> Result<Hmac<Sha256>> {
        let mut kept = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((day, key)) if *day == at.date() => Ok(key.clone()),
            _ => {
                let bytes = signing::signing_key(at, &self.secret_key, &self.region, "s3")?;
                let key = Hmac::new_from_slice(&bytes)?;
                *kept = Some((at.date(), key.clone()));
                Ok(key)
            }
        }
    }
}
