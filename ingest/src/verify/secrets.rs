//! The secrets of a hook, and whether a body was signed with one of them.
//!
//! GitHub knows one secret for a hook and has no overlap when it is changed, so a hook here has several: the current one
//! first, then those that may still be in use. All are tried, whichever holds. A hook that does not exist is verified
//! like one that does, with a secret that nobody has, so that the time of an answer does not tell.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use thiserror::Error;

use super::Signature;

/// More active secrets than this are refused: each costs one digest of every body.
pub const MAX_SECRETS: usize = 8;

/// The active secrets of one hook, at least one, none of them empty. Holds keyed digests, not the secrets themselves.
#[derive(Clone)]
pub struct Secrets(Vec<Hmac<Sha256>>);

/// Why secrets cannot be used. Fits "failed to ...".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SecretsError {
    /// There is none.
    #[error("use the webhook secret: none is given")]
    None,
    /// One is empty or blank: anybody could sign with it.
    #[error("use the webhook secret: number {0} is empty or blank, and anybody could sign with it")]
    Empty(usize),
    /// Too many to try them all.
    #[error("use the webhook secrets: {0} are given, and at most {MAX_SECRETS} can be active")]
    TooMany(usize),
}

impl Secrets {
    /// The current one first. Bytes are taken as they are, spaces at the ends included.
    ///
    /// # Errors
    ///
    /// No secret, an empty or blank one, or more than [`MAX_SECRETS`].
    pub fn new<S: AsRef<[u8]>>(secrets: &[S]) -> Result<Self, SecretsError> {
        if secrets.is_empty() {
            return Err(SecretsError::None);
        }
        if secrets.len() > MAX_SECRETS {
            return Err(SecretsError::TooMany(secrets.len()));
        }
        let mut keyed = Vec::with_capacity(secrets.len());
        for (number, secret) in (1..).zip(secrets) {
            if secret.as_ref().trim_ascii().is_empty() {
                return Err(SecretsError::Empty(number));
            }
            keyed.push(key(secret.as_ref()));
        }
        Ok(Self(keyed))
    }

    /// Begins to verify a body that arrives in pieces.
    pub fn begin(&self) -> Verification {
        Verification { digests: self.0.clone(), known: true }
    }

    /// Whether these are the same, in the same order: then a body that was not signed with one of them was not signed with
    /// one of the others. Told by what each makes of nothing.
    pub fn is_same(&self, others: &Self) -> bool {
        let same = |(one, other): (&Hmac<Sha256>, &Hmac<Sha256>)| {
            one.clone().verify(&other.clone().finalize().into_bytes()).is_ok()
        };
        self.0.len() == others.0.len()
            && self.0.iter().zip(&others.0).map(same).fold(true, |all, one| all & one)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

/// A digest that begins with this key.
fn key(secret: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret).expect("HMAC takes a key of any length")
}

/// The hook that a delivery came in by.
#[derive(Clone, Copy, Debug)]
pub enum Hook<'a> {
    /// One of ours, with its secrets.
    Known(&'a Secrets),
    /// No hook of ours. It costs as much as a hook with one secret, and never holds.
    Unknown,
}

impl Hook<'_> {
    /// Begins to verify a body that arrives in pieces.
    pub fn begin(&self) -> Verification {
        match self {
            Self::Known(secrets) => secrets.begin(),
            Self::Unknown => Verification { digests: vec![key(b"nobody signs with this")], known: false },
        }
    }
}

/// A body on its way in: each piece is digested as it comes.
#[derive(Clone)]
pub struct Verification {
    digests: Vec<Hmac<Sha256>>,
    known: bool,
}

impl fmt::Debug for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verification(..)")
    }
}

impl Verification {
    /// The next bytes of the body.
    pub fn update(&mut self, piece: &[u8]) {
        for digest in &mut self.digests {
            digest.update(piece);
        }
    }

    /// Whether the whole body was signed with one of the secrets. Compares in constant time, and with every secret
    /// although one has held.
    pub fn holds(self, signature: &Signature) -> bool {
        let one_holds = self
            .digests
            .into_iter()
            .fold(false, |before, digest| before | digest.verify_slice(signature.as_bytes()).is_ok());
        one_holds & self.known
    }
}

/// Whether `body`, byte for byte as received, was signed with one of the secrets.
pub fn verify(secrets: &Secrets, body: &[u8], signature: &Signature) -> bool {
    let mut verification = secrets.begin();
    verification.update(body);
    verification.holds(signature)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// From GitHub's documentation of webhooks.
    const SECRET: &str = "It's a Secret to Everybody";
    const BODY: &[u8] = b"Hello, World!";
    const HEADER: &[u8] = b"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    fn sign(secret: &[u8], body: &[u8]) -> Signature {
        let mut digest = key(secret);
        digest.update(body);
        let hex: String = digest.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        Signature::from_header(format!("sha256={hex}").as_bytes()).unwrap()
    }

    #[test]
    fn the_documented_example_holds() {
        let signature = Signature::from_header(HEADER).unwrap();
        let secrets = Secrets::new(&[SECRET]).unwrap();
        assert!(verify(&secrets, BODY, &signature));
        for body in [&b"Hello, World!\n"[..], b"\xef\xbb\xbfHello, World!", b"Hello, World", b""] {
            assert!(!verify(&secrets, body, &signature), "{body:?}");
        }
    }

    #[test]
    fn the_previous_secret_holds_as_long_as_it_is_active() {
        let signature = sign(b"old", BODY);
        assert!(verify(&Secrets::new(&["new", "old"]).unwrap(), BODY, &signature));
        assert!(verify(&Secrets::new(&["old", "new"]).unwrap(), BODY, &signature));
        assert!(!verify(&Secrets::new(&["new"]).unwrap(), BODY, &signature));
    }

    #[test]
    fn an_empty_secret_refuses_to_be_made() {
        let made = |secrets: &[&str]| Secrets::new(secrets).map(|_| ());
        assert_eq!(made(&[]), Err(SecretsError::None));
        assert_eq!(made(&[""]), Err(SecretsError::Empty(1)));
        assert_eq!(made(&["good", " \t"]), Err(SecretsError::Empty(2)));
        assert_eq!(made(&["s"; 9]), Err(SecretsError::TooMany(9)));
        insta::assert_snapshot!(SecretsError::Empty(2), @"use the webhook secret: number 2 is empty or blank, and anybody could sign with it");
    }

    #[test]
    fn an_unknown_hook_never_holds() {
        let mut verification = Hook::Unknown.begin();
        verification.update(BODY);
        assert!(!verification.holds(&sign(b"nobody signs with this", BODY)));
    }

    #[test]
    fn secrets_are_the_same_as_others_where_each_is() {
        let secrets = |secrets: &[&str]| Secrets::new(secrets).unwrap();
        let some = secrets(&["new", "old"]);
        assert!(some.is_same(&secrets(&["new", "old"])));
        for others in [&["new"][..], &["old", "new"], &["new", "other"], &["newer", "new", "old"]] {
            assert!(!some.is_same(&secrets(others)), "{others:?}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        assert_eq!(format!("{:?}", Secrets::new(&["one", "two"]).unwrap()), "Secrets(2)");
    }

    proptest! {
        #[test]
        fn one_flipped_bit_anywhere_fails(
            secret in prop::collection::vec(1_u8.., 1..80),
            body in prop::collection::vec(any::<u8>(), 1..300),
            at in any::<prop::sample::Index>(),
            bit in 0_u8..8,
        ) {
            prop_assume!(!secret.trim_ascii().is_empty());
            let signature = sign(&secret, &body);
            let flip = |bytes: &[u8]| {
                let mut bytes = bytes.to_vec();
                let place = at.index(bytes.len());
                bytes[place] ^= 1 << bit;
                bytes
            };
            let secrets = Secrets::new(&[&secret]).unwrap();
            prop_assert!(verify(&secrets, &body, &signature));
            prop_assert!(!verify(&secrets, &flip(&body), &signature), "in the body");
            let mut digest: [u8; 32] = *signature.as_bytes();
            digest[at.index(32)] ^= 1 << bit;
            let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            let other = Signature::from_header(format!("sha256={hex}").as_bytes()).unwrap();
            prop_assert!(!verify(&secrets, &body, &other), "in the signature");
            if let Ok(other) = Secrets::new(&[flip(&secret)]) {
                prop_assert!(!verify(&other, &body, &signature), "in the secret");
            }
        }

        #[test]
        fn pieces_make_the_whole(body in prop::collection::vec(any::<u8>(), 0..300), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..5)) {
            let secrets = Secrets::new(&["other", SECRET]).unwrap();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
            cuts.sort_unstable();
            let mut verification = secrets.begin();
            let mut done = 0;
            for cut in cuts.into_iter().chain([body.len()]) {
                verification.update(&body[done..cut]);
                done = cut;
            }
            prop_assert!(verification.holds(&sign(SECRET.as_bytes(), &body)));
        }
    }
}
