//! The head of a chain, as somebody writes it down outside the database: `42:<64 hex digits>`.
//!
//! A chain shows what was changed inside it. That its end was cut off, or that all of it was written anew, shows only
//! beside a head from an earlier day that whoever did it could not reach.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use thiserror::Error;

use super::chain::BEFORE_THE_FIRST;
use crate::AuditSeq;

/// The last entry of a log and its hash. Entry 0 and zeros where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// Which entry.
    pub seq: AuditSeq,
    /// Its hash: SHA-256.
    pub hash: [u8; 32],
}

impl AuditHead {
    /// The head of an empty log.
    pub const EMPTY: Self = Self { seq: AuditSeq(0), hash: BEFORE_THE_FIRST };

    /// The hash in 64 hexadecimal digits.
    pub fn hash_text(&self) -> String {
        self.hash.iter().fold(String::with_capacity(64), |mut text, byte| {
            _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// A text that is no head. Fits "failed to ...".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("read the head of an audit log: expected SEQ:HASH, the line that `muster audit verify` prints")]
pub struct NotAHead;

impl fmt::Display for AuditHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash_text())
    }
}

impl FromStr for AuditHead {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let (seq, digits) = text.trim().split_once(':').ok_or(NotAHead)?;
        let seq = seq.parse().ok().filter(|seq| *seq >= 0).ok_or(NotAHead)?;
        if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(NotAHead);
        }
        let mut hash = [0; 32];
        for (at, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).map_err(|_| NotAHead)?;
        }
        Ok(Self { seq: AuditSeq(seq), hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read() {
        let mut hash = [0xab; 32];
        hash[0] = 7;
        for head in [AuditHead { seq: AuditSeq(42), hash }, AuditHead::EMPTY] {
            assert_eq!(format!(" {head}\n").parse(), Ok(head));
        }
        let zeros = "0".repeat(64);
        for text in
            ["", "42", ":", "-1:00", &format!("x:{zeros}"), &format!("1:{zeros}0"), &format!("-1:{zeros}")]
        {
            assert_eq!(text.parse::<AuditHead>(), Err(NotAHead), "{text}");
        }
        assert_eq!(format!("1:{}", "é".repeat(32)).parse::<AuditHead>(), Err(NotAHead));
    }
}
