//! What messages are signed with.
//!
//! Invariant: the database holds how many secrets a webhook had and none of them: each follows from the installation's
//! secret, the webhook and its number.

use api_types::webhooks::WebhookId;
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use standardwebhooks::Webhook;

use crate::error::{AppError, Result};

/// Makes the secrets, and signs with them.
#[derive(Clone)]
pub struct Secrets(Vec<u8>);

impl Secrets {
    /// From the installation's secret.
    pub fn new(secret: &[u8]) -> Self {
        Self(secret.to_vec())
    }

    fn key(&self, webhook: WebhookId, number: i32) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("any length will do"));
        mac.update(b"webhook secret ");
        mac.update(webhook.0.as_bytes());
        mac.update(&number.to_be_bytes());
        mac.finalize().into_bytes().to_vec()
    }

    /// The secret with this number, as it is told to an admin.
    pub fn of(&self, webhook: WebhookId, number: i32) -> String {
        format!("whsec_{}", BASE64_STANDARD.encode(self.key(webhook, number)))
    }

    /// Signs by the secret with this number, and with `twice` by the one before it as well.
    pub fn sign(
        &self,
        (webhook, number, twice): (WebhookId, i32, bool),
        id: &str,
        timestamp: i64,
        body: &str,
    ) -> Result<String> {
        let by = |number| {
            let signer = Webhook::from_bytes(self.key(webhook, number)).map_err(AppError::internal)?;
            signer.sign(id, timestamp, body.as_bytes()).map_err(AppError::internal)
        };
        let signature = by(number)?;
        if twice { Ok(format!("{signature} {}", by(number - 1)?)) } else { Ok(signature) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_webhook_and_each_number_has_its_own() {
        let (secrets, one, other) = (Secrets::new(b"one"), WebhookId::new(), WebhookId::new());
        assert_eq!(secrets.of(one, 1), secrets.of(one, 1));
        assert_eq!(BASE64_STANDARD.decode(&secrets.of(one, 1)["whsec_".len()..]).unwrap().len(), 32);
        assert_ne!(secrets.of(one, 1), secrets.of(one, 2));
        assert_ne!(secrets.of(one, 1), secrets.of(other, 1));
        assert_ne!(secrets.of(one, 1), Secrets::new(b"two").of(one, 1));
    }
}
