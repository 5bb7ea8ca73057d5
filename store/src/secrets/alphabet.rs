//! Bytes as text: hex and base64 for keys, base32 for tokens. One loop does all three, and strictly.
//!
//! What holds bits that no byte needs is refused: two texts never mean the same bytes, so the hash of a token's text is
//! the hash of the token.

use zeroize::Zeroizing;

/// A way to write bytes, some bits a symbol.
pub(super) struct Alphabet {
    bits: u32,
    symbols: &'static [u8],
    value: fn(u8) -> Option<u8>,
}

/// Written in lower case, read in either.
pub(super) const HEX: Alphabet = Alphabet {
    bits: 4,
    symbols: b"0123456789abcdef",
    value: |symbol| char::from(symbol).to_digit(16).map(|value| value as u8),
};

/// The standard alphabet and the one for URLs, as RFC 4648 has them, without padding.
pub(super) const BASE64: Alphabet = Alphabet {
    bits: 6,
    symbols: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    value: |symbol| {
        Some(match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        })
    },
};

/// Crockford's, in lower case alone: no `i`, `l`, `o` or `u`, so that nothing looks like something else.
pub(super) const BASE32: Alphabet = Alphabet {
    bits: 5,
    symbols: b"0123456789abcdefghjkmnpqrstvwxyz",
    value: |symbol| BASE32.symbols.iter().position(|one| *one == symbol).map(|value| value as u8),
};

impl Alphabet {
    /// Adds the bytes to `text`. Give it room beforehand: growing leaves copies behind.
    pub(super) fn write(&self, bytes: &[u8], text: &mut String) {
        let symbol = |value: u32| char::from(self.symbols[value as usize]);
        let (mut held, mut count) = (0_u32, 0);
        for byte in bytes {
            held = held << 8 | u32::from(*byte);
            count += 8;
            while count >= self.bits {
                count -= self.bits;
                text.push(symbol(held >> count));
                held &= (1 << count) - 1;
            }
        }
        if count > 0 {
            text.push(symbol(held << (self.bits - count)));
        }
    }

    /// The bytes of a text; nothing if it is not written in this alphabet.
    pub(super) fn read(&self, text: &str) -> Option<Zeroizing<Vec<u8>>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
        let (mut held, mut count) = (0_u32, 0);
        for symbol in text.bytes() {
            held = held << self.bits | u32::from((self.value)(symbol)?);
            count += self.bits;
            if count >= 8 {
                count -= 8;
                bytes.push((held >> count) as u8);
                held &= (1 << count) - 1;
            }
        }
        (count < self.bits && held == 0).then_some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(alphabet: &Alphabet, bytes: &[u8]) -> String {
        let mut text = String::new();
        alphabet.write(bytes, &mut text);
        text
    }

    #[test]
    fn the_example_of_rfc_4648() {
        let written = [&HEX, &BASE64, &BASE32].map(|alphabet| written(alphabet, b"foobar"));
        assert_eq!(written, ["666f6f626172", "Zm9vYmFy", "csqpyrk1e8"]);
        assert_eq!(BASE64.read("Zm9vYg").as_deref().map(Vec::as_slice), Some(&b"foob"[..]));
        assert_eq!(BASE64.read("-_8"), BASE64.read("+/8"));
    }

    #[test]
    fn bits_that_no_byte_needs_are_refused() {
        assert!(HEX.read("666").is_none(), "half a byte");
        assert!(BASE64.read("Zm9vYh").is_none(), "other bits at the end");
        assert!(BASE64.read("Zm9vY").is_none(), "a symbol too many");
        assert!(BASE32.read("CSQPYRK1E8").is_none() && BASE32.read("csqpyrkle8").is_none());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            for alphabet in [&HEX, &BASE64, &BASE32] {
                let read = alphabet.read(&written(alphabet, &bytes));
                prop_assert_eq!(read.as_deref(), Some(&bytes));
            }
        }

        #[test]
        fn no_two_texts_mean_the_same(text in "[0-9a-z]{0,60}") {
            if let Some(bytes) = BASE32.read(&text) {
                prop_assert_eq!(written(&BASE32, &bytes), text);
            }
        }
    }
}
