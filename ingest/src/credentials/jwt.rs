//! How an App says who it is: a JSON Web Token (RFC 7519), signed with its private key (RS256).
//!
//! By hand, because it is three lines of JSON and one signature that ring makes; what signs tokens of every kind brings a
//! second library of cryptography along.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use muster_store::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::json;
use thiserror::Error;

/// GitHub takes tokens of ten minutes at most; clocks differ by some seconds, so it begins in the past.
const BEFORE: i64 = 60;
const BEHIND: i64 = 8 * 60;

/// The private key of an App. `Debug` shows nothing of it.
pub struct AppKey(RsaKeyPair);

/// Why a text is no such key. Never repeats it. Fits "failed to ...".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AppKeyError {
    /// Not PEM, or no private key in it.
    #[error("read the App's private key: it is no PEM file with a private key; GitHub gives one to download")]
    NotPem,
    /// Another kind of key, or a broken one.
    #[error("read the App's private key: it is no RSA key of 2,048 bits or more")]
    NotRsa,
    /// No signature can be made.
    #[error("sign with the App's private key")]
    Signing,
}

impl AppKey {
    /// The key of a PEM file, in either of the two forms that are in use.
    pub fn from_pem(pem: &[u8]) -> Result<Self, AppKeyError> {
        let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| AppKeyError::NotPem)?;
        let pair = match &key {
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
            PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
            _ => return Err(AppKeyError::NotRsa),
        };
        pair.map(Self).map_err(|_| AppKeyError::NotRsa)
    }

    /// The token with which the App of this number says who it is, from a minute ago on and for some minutes.
    pub(super) fn token(&self, app: u64, now: Timestamp) -> Result<String, AppKeyError> {
        let seconds = now.0.div_euclid(1000);
        let claims =
            json!({ "iat": seconds - BEFORE, "exp": seconds + BEHIND, "iss": app.to_string() }).to_string();
        let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","typ":"JWT"}"#);
        let mut token = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims));
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), token.as_bytes(), &mut signature)
            .map_err(|_| AppKeyError::Signing)?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

impl std::fmt::Debug for AppKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AppKey(..)")
    }
}
