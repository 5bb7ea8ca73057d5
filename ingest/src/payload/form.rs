//! A body of type `application/x-www-form-urlencoded`, which holds the payload in its field `payload`.
//!
//! Strict where a lenient reader would guess: a `%` without two hexadecimal digits, or two payloads, could be read as
//! something else than what the sender meant. Other fields are passed over, whatever they hold.

use thiserror::Error;

/// Why a form has no payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FormError {
    /// No field of that name.
    #[error("the form has no field payload")]
    Missing,
    /// More than one.
    #[error("the form has the field payload more than once")]
    Repeated,
    /// `%` is not followed by two hexadecimal digits.
    #[error("the form's field payload has a broken % escape")]
    Escape,
    /// Decoded bytes that are no text.
    #[error("the form's field payload is not UTF-8")]
    NotUtf8,
}

/// The decoded text of the one field `payload`.
pub(super) fn payload(body: &[u8]) -> Result<String, FormError> {
    let mut found = None;
    for field in body.split(|byte| *byte == b'&') {
        let (name, value) = match field.iter().position(|byte| *byte == b'=') {
            Some(at) => (&field[..at], &field[at + 1..]),
            None => (field, &b""[..]),
        };
        if decode(name).is_ok_and(|name| name == b"payload") && found.replace(value).is_some() {
            return Err(FormError::Repeated);
        }
    }
    let value = decode(found.ok_or(FormError::Missing)?)?;
    String::from_utf8(value).map_err(|_| FormError::NotUtf8)
}

/// `+` is a space, `%` and two hexadecimal digits a byte.
fn decode(text: &[u8]) -> Result<Vec<u8>, FormError> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(*bytes.next()?).to_digit(16);
                let (high, low) = (digit(), digit());
                (high.ok_or(FormError::Escape)? * 16 + low.ok_or(FormError::Escape)?) as u8
            }
            byte => *byte,
        });
    }
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_payload_is_decoded() {
        assert_eq!(payload(b"payload=%7B%22a%22%3A+%22%C3%A9%2B%22%7D").as_deref(), Ok("{\"a\": \"é+\"}"));
        assert_eq!(payload(b"x=%zz&payload={}&y").as_deref(), Ok("{}"), "other fields may be odd");
        assert_eq!(payload(b"%70ayload={}").as_deref(), Ok("{}"), "names are decoded too");
        assert_eq!(payload(b"payload=a=b").as_deref(), Ok("a=b"));
        assert_eq!(payload(b"payload").as_deref(), Ok(""), "empty; what reads it says so");
    }

    #[test]
    fn none_several_or_undecodable_ones_are_refused() {
        assert_eq!(payload(b""), Err(FormError::Missing));
        assert_eq!(payload(b"Payload={}&payloads={}"), Err(FormError::Missing));
        assert_eq!(payload(b"payload={}&payload={}"), Err(FormError::Repeated));
        assert_eq!(payload(b"payload={}&p%61yload="), Err(FormError::Repeated));
        for broken in [&b"payload=%"[..], b"payload=%4", b"payload=%4g", b"payload=%+1", b"payload=100%"] {
            assert_eq!(payload(broken), Err(FormError::Escape), "{broken:?}");
        }
        assert_eq!(payload(b"payload=%ff"), Err(FormError::NotUtf8));
        assert_eq!(payload(b"payload=\xff"), Err(FormError::NotUtf8));
    }
}
