//! A secret in the open: bytes that are wiped when they are dropped, and that nothing prints by accident.

use std::fmt;

use zeroize::Zeroizing;

/// The bytes of a secret. `Debug` shows none of them, not even how many there are.
pub struct Secret(pub(super) Zeroizing<Vec<u8>>);

impl Secret {
    /// The bytes themselves. Whoever asks for them takes care of where they go.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Secret {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
