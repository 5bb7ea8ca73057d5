//! The header `X-Hub-Signature-256`: `sha256=` and 64 hexadecimal digits.
//!
//! Read strictly, so that one text means one signature: no spaces, no second one after a comma, no other algorithm.

use std::fmt;

/// A digest that a sender claims. Not secret by itself, but never shown: logs are read by many.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 32]);

impl Signature {
    /// Exactly `sha256=` in lower case and 64 hexadecimal digits in either case; anything else is none.
    pub fn from_header(value: &[u8]) -> Option<Self> {
        let digits = value.strip_prefix(b"sha256=")?;
        let (pairs, []) = digits.as_chunks::<2>() else { return None };
        let pairs: &[[u8; 2]; 32] = pairs.try_into().ok()?;
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(pairs) {
            let [high, low] = pair.map(|digit| char::from(digit).to_digit(16));
            *byte = (high? * 16 + low?) as u8;
        }
        Some(Self(bytes))
    }

    /// The digest's bytes.
    pub(super) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEX: &str = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    #[test]
    fn either_case_of_digits_is_read() {
        let lower = Signature::from_header(format!("sha256={HEX}").as_bytes()).unwrap();
        let upper = Signature::from_header(format!("sha256={}", HEX.to_uppercase()).as_bytes()).unwrap();
        assert_eq!(lower, upper);
        assert_eq!(lower.as_bytes()[..3], [0x75, 0x71, 0x07]);
        assert_eq!(format!("{lower:?}"), "Signature(..)");
    }

    #[test]
    fn everything_else_is_none() {
        let odd = [
            String::new(),
            "sha256=".to_owned(),
            HEX.to_owned(),
            format!("sha256={}", &HEX[1..]),
            format!("sha256={HEX}0"),
            format!("sha256={HEX}00"),
            format!("sha256={}g", &HEX[1..]),
            format!("sha256=+{}", &HEX[1..]),
            format!("SHA256={HEX}"),
            format!("sha1={}", &HEX[..40]),
            format!("sha1={HEX}"),
            format!("sha512={HEX}{HEX}"),
            format!(" sha256={HEX}"),
            format!("sha256= {HEX}"),
            format!("sha256={HEX} "),
            format!("sha256={HEX}\n"),
            format!("sha256={HEX},sha256={HEX}"),
            format!("sha256={HEX}, sha256={HEX}"),
            format!("sha256=0x{}", &HEX[2..]),
            format!("sha256={}é", &HEX[2..]),
        ];
        for value in odd {
            assert_eq!(Signature::from_header(value.as_bytes()), None, "{value:?}");
        }
        assert_eq!(Signature::from_header(&[b"sha256=".as_slice(), &[0xff; 64]].concat()), None);
    }

    proptest! {
        #[test]
        fn no_header_panics_and_what_is_read_has_the_one_form(value in prop::collection::vec(any::<u8>(), 0..90)) {
            if Signature::from_header(&value).is_some() {
                prop_assert_eq!(value.len(), 71);
            }
        }
    }
}
