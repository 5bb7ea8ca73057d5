//! The one encryption of this program: a version, a nonce, the ciphertext, its tag.
//!
//! ChaCha20-Poly1305 (RFC 8439) with a random nonce of 96 bits. Random nonces need no counter that a restored backup
//! would set back; the price is a bound: after 2^32 messages of one key two have shared a nonce with a chance of 2^-33.
//! A tenant's key seals a few secrets a day. Should two ever share one, this cipher gives away these two; AES-GCM, the
//! other candidate, would give away the means to forge all.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use super::key_bytes::KeyBytes;
use super::random::{NoRandomness, SecureRandom};
use super::secret::Secret;

/// The only version there is. Another cipher or layout gets another number, and this one stays readable.
const VERSION: u8 = 1;
/// What stands before the ciphertext.
const HEAD: usize = 1 + NONCE_LEN;

/// Why something does not open.
pub(super) enum Refusal {
    /// It has a version that is not known here.
    Version(u8),
    /// Key, context and bytes do not belong together.
    Damaged,
}

/// Encrypts: 29 bytes longer than `plain`, and opened by the same key with the same context alone.
pub(super) fn close(
    key: &KeyBytes,
    context: &[u8],
    plain: &[u8],
    random: &dyn SecureRandom,
) -> Result<Vec<u8>, NoRandomness> {
    let mut nonce = [0; NONCE_LEN];
    random.fill(&mut nonce)?;
    // All the room at once: a vector that grows leaves plain text behind.
    let mut sealed = Vec::with_capacity(HEAD + plain.len() + CHACHA20_POLY1305.tag_len());
    sealed.push(VERSION);
    sealed.extend(nonce);
    sealed.extend(plain);
    let tag = cipher(key)
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(authenticated(VERSION, context)),
            &mut sealed[HEAD..],
        )
        .expect("the cipher takes 256 GiB, and memory holds less");
    sealed.extend(tag.as_ref());
    Ok(sealed)
}

/// Decrypts what [`close`] gave. The tag is compared in constant time, and nothing is given back unless it is right.
pub(super) fn open(key: &KeyBytes, context: &[u8], sealed: &[u8]) -> Result<Secret, Refusal> {
    let (version, rest) = sealed.split_first().ok_or(Refusal::Damaged)?;
    if *version != VERSION {
        return Err(Refusal::Version(*version));
    }
    let (nonce, rest) = rest.split_first_chunk::<NONCE_LEN>().ok_or(Refusal::Damaged)?;
    let mut opened = Zeroizing::new(rest.to_vec());
    let length = cipher(key)
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(authenticated(*version, context)),
            &mut opened,
        )
        .map_err(|_| Refusal::Damaged)?
        .len();
    opened.truncate(length);
    Ok(Secret(opened))
}

/// The version too is authenticated: a later one can trust that nobody turned it into this.
fn authenticated(version: u8, context: &[u8]) -> Vec<u8> {
    [&[version], context].concat()
}

fn cipher(key: &KeyBytes) -> LessSafeKey {
    let key =
        UnboundKey::new(&CHACHA20_POLY1305, key.expose()).expect("a key has 32 bytes, as the cipher asks");
    LessSafeKey::new(key)
}
