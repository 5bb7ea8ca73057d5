//! Every way to refuse a delivery, and what each is answered with.
//!
//! In one place, because the statuses are a contract: GitHub shows them to the owner of the hook, and whoever is not the
//! owner sees them too. Whatever is wrong about a signature is one refusal, without a hint which: 401, although GitHub's
//! own examples answer 403, for it is who the sender is that is not known.

use thiserror::Error;

/// Why a delivery is not taken. Nothing is written for any of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub enum Refusal {
    /// Anything but POST.
    #[error("a delivery comes by POST")]
    Method,
    /// More than [`super::MAX_BODY`] bytes, declared or sent.
    #[error("a delivery has at most 25 MiB")]
    TooLarge,
    /// Any `Content-Encoding` at all: GitHub sends none, and what unpacks can be a bomb.
    #[error("a delivery is sent as it is, without Content-Encoding")]
    Encoding,
    /// A `Content-Type` that is neither JSON nor a form, or none, or several.
    #[error("a delivery is application/json or application/x-www-form-urlencoded")]
    ContentType,
    /// No such hook, no signature, several, one that is malformed, or one that does not hold.
    #[error("the signature does not hold")]
    Unauthorized,
    /// `X-GitHub-Event` is missing, repeated or not `[a-z0-9_]{1,64}`.
    #[error("X-GitHub-Event is missing or is no event's name")]
    Event,
    /// `X-GitHub-Delivery` is missing, repeated or no GUID.
    #[error("X-GitHub-Delivery is missing or is no GUID")]
    Delivery,
}

impl Refusal {
    /// All of them, in the order of the checks.
    pub const ALL: [Self; 7] = [
        Self::Method,
        Self::TooLarge,
        Self::Encoding,
        Self::ContentType,
        Self::Unauthorized,
        Self::Event,
        Self::Delivery,
    ];

    /// The status of the answer.
    pub fn status(self) -> u16 {
        match self {
            Self::Method => 405,
            Self::TooLarge => 413,
            Self::Encoding | Self::ContentType => 415,
            Self::Unauthorized => 401,
            Self::Event | Self::Delivery => 400,
        }
    }

    /// A stable word for programs and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::Method => "method_not_allowed",
            Self::TooLarge => "body_too_large",
            Self::Encoding => "content_encoding_refused",
            Self::ContentType => "content_type_refused",
            Self::Unauthorized => "signature_refused",
            Self::Event => "event_header_refused",
            Self::Delivery => "delivery_header_refused",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_each_refusal_is_answered_with() {
        let table: Vec<String> = Refusal::ALL
            .iter()
            .map(|refusal| format!("{} {} ({refusal})", refusal.status(), refusal.code()))
            .collect();
        insta::assert_snapshot!(table.join("\n"), @"
        405 method_not_allowed (a delivery comes by POST)
        413 body_too_large (a delivery has at most 25 MiB)
        415 content_encoding_refused (a delivery is sent as it is, without Content-Encoding)
        415 content_type_refused (a delivery is application/json or application/x-www-form-urlencoded)
        401 signature_refused (the signature does not hold)
        400 event_header_refused (X-GitHub-Event is missing or is no event's name)
        400 delivery_header_refused (X-GitHub-Delivery is missing or is no GUID)
        ");
    }
}
