//! The headers of a delivery, checked in one order: method, length, encoding and type, signature, event and delivery.
//!
//! The last two are read with the rest but told only after the signature has held: [`Checked`] keeps them, and
//! [`Checked::verify`] alone gives them out. So no caller can answer 400 to somebody who signed nothing.

use std::fmt;

use super::{Hook, Refusal, Signature, Verification};

/// The largest body, in bytes: GitHub sends at most 25 MB.
pub const MAX_BODY: u64 = 25 * 1024 * 1024;

/// What the checks look at. A header that may be repeated is given with all its values, in order.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeaderValues<'a> {
    /// `POST`, if all is well.
    pub method: &'a str,
    /// `Content-Length`, where it is declared.
    pub content_length: Option<u64>,
    /// `Content-Encoding`.
    pub content_encoding: &'a [&'a [u8]],
    /// `Content-Type`.
    pub content_type: &'a [&'a [u8]],
    /// `X-Hub-Signature-256`. `X-Hub-Signature` (SHA-1) is not looked at.
    pub signature: &'a [&'a [u8]],
    /// `X-GitHub-Event`.
    pub event: &'a [&'a [u8]],
    /// `X-GitHub-Delivery`.
    pub delivery: &'a [&'a [u8]],
}

/// How a body holds its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// It is the payload.
    Json,
    /// A form with the payload in its field `payload`.
    Form,
}

impl BodyKind {
    /// By the value of `Content-Type`; `None` for what is neither.
    pub fn of(content_type: &[u8]) -> Option<Self> {
        body_kind(content_type)
    }
}

/// The name of an event: `[a-z0-9_]{1,64}`. Digits occur: `projects_v2_item`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EventName(String);

impl EventName {
    /// `None` for anything that is not `[a-z0-9_]{1,64}`.
    pub fn new(name: &[u8]) -> Option<Self> {
        let fits = (1..=64).contains(&name.len())
            && name.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        fits.then(|| Self(String::from_utf8_lossy(name).into_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The GUID of a delivery, the same again when it is redelivered. With the hook it is the delivery's key, so it is kept in
/// one spelling: lower case, with hyphens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeliveryGuid(String);

impl DeliveryGuid {
    /// `None` for anything but 8-4-4-4-12 hexadecimal digits.
    pub fn new(guid: &[u8]) -> Option<Self> {
        let hyphen_at = |place: usize| matches!(place, 8 | 13 | 18 | 23);
        let fits = guid.len() == 36
            && guid.iter().enumerate().all(|(place, byte)| match hyphen_at(place) {
                true => *byte == b'-',
                false => byte.is_ascii_hexdigit(),
            });
        fits.then(|| Self(String::from_utf8_lossy(guid).to_ascii_lowercase()))
    }

    /// In lower case, with hyphens.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeliveryGuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A delivery whose headers are well-formed as far as a stranger may know. Its body may be read.
#[derive(Clone, Debug)]
pub struct Checked {
    signature: Signature,
    body: BodyKind,
    names: Result<(EventName, DeliveryGuid), Refusal>,
}

/// A delivery that was signed with a secret of its hook.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// What happened.
    pub event: EventName,
    /// Which delivery this is.
    pub guid: DeliveryGuid,
    /// How to read the body.
    pub body: BodyKind,
}

/// Checks what can be checked before the body is read.
///
/// # Errors
///
/// The first check that fails: method, declared length, encoding, type, form of the signature.
pub fn check(headers: &HeaderValues<'_>) -> Result<Checked, Refusal> {
    if headers.method != "POST" {
        return Err(Refusal::Method);
    }
    if headers.content_length.is_some_and(|length| length > MAX_BODY) {
        return Err(Refusal::TooLarge);
    }
    if !headers.content_encoding.is_empty() {
        return Err(Refusal::Encoding);
    }
    let body = only(headers.content_type).and_then(body_kind).ok_or(Refusal::ContentType)?;
    let signature = only(headers.signature).and_then(Signature::from_header).ok_or(Refusal::Unauthorized)?;
    let event = only(headers.event).and_then(EventName::new).ok_or(Refusal::Event);
    let guid = only(headers.delivery).and_then(DeliveryGuid::new).ok_or(Refusal::Delivery);
    let names = event.and_then(|event| Ok((event, guid?)));
    Ok(Checked { signature, body, names })
}

impl Checked {
    /// Settles the rest once the body is there, given the verification that has seen all of it.
    ///
    /// # Errors
    ///
    /// The signature does not hold; then, the event's or the delivery's header is not well-formed.
    pub fn verify(self, body: Verification) -> Result<Verified, Refusal> {
        if !body.holds(&self.signature) {
            return Err(Refusal::Unauthorized);
        }
        let (event, guid) = self.names?;
        Ok(Verified { event, guid, body: self.body })
    }

    /// The same, for a body that is there as a whole.
    ///
    /// # Errors
    ///
    /// The body is too long; otherwise as [`Self::verify`].
    pub fn verify_whole(self, hook: Hook<'_>, body: &[u8]) -> Result<Verified, Refusal> {
        if body.len() as u64 > MAX_BODY {
            return Err(Refusal::TooLarge);
        }
        let mut verification = hook.begin();
        verification.update(body);
        self.verify(verification)
    }
}

/// The one value of a header; none if it is missing or repeated.
fn only<'a>(values: &[&'a [u8]]) -> Option<&'a [u8]> {
    match values {
        [value] => Some(value),
        _ => None,
    }
}

/// By the media type alone, in any case. Parameters such as a charset are passed over: that the body is UTF-8 is
/// looked at where it is read.
fn body_kind(content_type: &[u8]) -> Option<BodyKind> {
    let media_type = content_type.split(|byte| *byte == b';').next()?.trim_ascii();
    if media_type.eq_ignore_ascii_case(b"application/json") {
        Some(BodyKind::Json)
    } else if media_type.eq_ignore_ascii_case(b"application/x-www-form-urlencoded") {
        Some(BodyKind::Form)
    } else {
        None
    }
}

#[cfg(test)]
#[path = "head_tests.rs"]
mod tests;
