//! Secrets that we make: 256 random bits in letters that survive being pasted.

use std::fmt::Write as _;

use muster_store::{NoRandomness, Secret, SecureRandom};

/// A new secret for a webhook: 64 hexadecimal digits.
pub fn new_secret(random: &dyn SecureRandom) -> Result<Secret, NoRandomness> {
    let mut bytes = [0; 32];
    random.fill(&mut bytes)?;
    let mut text = String::with_capacity(64);
    for byte in bytes {
        // Writing to a text cannot fail.
        _ = write!(text, "{byte:02x}");
    }
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use muster_store::SystemRandom;

    use super::*;

    #[test]
    fn two_are_never_the_same() {
        let [one, other] = [(); 2].map(|()| new_secret(&SystemRandom).unwrap());
        assert_ne!(one.expose(), other.expose());
        assert!(one.expose().len() == 64 && one.expose().iter().all(u8::is_ascii_hexdigit));
    }
}
