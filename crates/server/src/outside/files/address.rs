//! Addresses of the folder store: signed, and good for an hour.
//!
//! Invariant: an address that differs in one byte from a signed one is refused.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::{Digest, Sha256, Sha512};
use uuid::Uuid;

/// What is fetched, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// To be shown, if it is a picture.
    Inline,
    /// To be saved under its name.
    Download,
    /// The small picture.
    Thumbnail,
}

impl Form {
    pub const ALL: [Self; 3] = [Self::Inline, Self::Download, Self::Thumbnail];

    pub fn word(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Download => "download",
            Self::Thumbnail => "thumbnail",
        }
    }
}

/// The key that signs addresses.
#[derive(Clone)]
pub struct Keys(Arc<Hmac<Sha256>>);

impl Keys {
    /// Derives the key from the installation's secret.
    pub fn new(secret: &[u8]) -> Self {
        // As long as a block of the hash, which is the key's natural length.
        let key = Sha512::new().chain_update(b"waggle file address").chain_update(secret).finalize();
        // Cloned for each address: taking in the key costs as much as a signature.
        Self(Arc::new(Hmac::new(&key)))
    }

    /// The address, relative to the desk.
    pub fn sign(&self, attachment: Uuid, form: Form, expires: Timestamp) -> String {
        let expires = expires.as_second();
        let signature = self.mac(attachment, form, expires).finalize().into_bytes();
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature);
        format!("/files/{attachment}/{}?expires={expires}&signature={signature}", form.word())
    }

    /// Compares in constant time.
    pub fn verify(&self, attachment: Uuid, form: Form, expires: i64, signature: &str) -> bool {
        BASE64_URL_SAFE_NO_PAD
            .decode(signature)
            .is_ok_and(|signature| self.mac(attachment, form, expires).verify_slice(&signature).is_ok())
    }

    fn mac(&self, attachment: Uuid, form: Form, expires: i64) -> Hmac<Sha256> {
        let mut mac = self.0.as_ref().clone();
        // Of fixed lengths but for the word at the end, so that no two addresses sign the same bytes.
        mac.update(attachment.as_bytes());
        mac.update(&expires.to_be_bytes());
        mac.update(form.word().as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_signed_is_good() {
        let keys = Keys::new(b"one");
        let (id, expires) = (Uuid::now_v7(), Timestamp::from_second(1_000_000).unwrap());
        let address = keys.sign(id, Form::Inline, expires);
        let signature = address.rsplit_once('=').unwrap().1;
        assert!(keys.verify(id, Form::Inline, 1_000_000, signature));
        assert!(!keys.verify(id, Form::Inline, 1_000_001, signature));
        assert!(!keys.verify(id, Form::Download, 1_000_000, signature));
        assert!(!keys.verify(Uuid::now_v7(), Form::Inline, 1_000_000, signature));
        assert!(!keys.verify(id, Form::Inline, 1_000_000, ""));
        assert!(!keys.verify(id, Form::Inline, 1_000_000, &signature[1..]));
        assert!(!Keys::new(b"two").verify(id, Form::Inline, 1_000_000, signature));
    }
}
