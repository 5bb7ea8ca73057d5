//! The headers of a delivery: those that are checked, and those that are kept with it.
//!
//! Kept is what says something about the delivery, by name. A list of what to leave out would one day keep a signature,
//! a cookie or a proxy's token.

use std::collections::BTreeMap;

use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, Method};

use crate::verify::{Checked, HeaderValues, Refusal, check};

const SIGNATURE: &str = "x-hub-signature-256";
/// Begin like this: the event, the delivery, the hook, what the hook belongs to.
const GITHUB: &str = "x-github-";

/// Checks the headers; gives the declared length as well.
pub(super) fn check_headers(method: &Method, headers: &HeaderMap) -> Result<(Checked, Option<u64>), Refusal> {
    let all =
        |name: &str| -> Vec<&[u8]> { headers.get_all(name).iter().map(|value| value.as_bytes()).collect() };
    // hyper has refused what is no number, or several that differ.
    let content_length =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.trim().parse().ok());
    let checked = check(&HeaderValues {
        method: method.as_str(),
        content_length,
        content_encoding: &all(CONTENT_ENCODING.as_str()),
        content_type: &all(CONTENT_TYPE.as_str()),
        signature: &all(SIGNATURE),
        event: &all("x-github-event"),
        delivery: &all("x-github-delivery"),
    })?;
    Ok((checked, content_length))
}

/// The word under which a refusal for its headers is noted. A webhook without a secret signs nothing, which is another
/// mistake than another secret; the sender is told of neither.
pub(super) fn noted_as(refusal: Refusal, headers: &HeaderMap) -> &'static str {
    match refusal {
        Refusal::Unauthorized if headers.contains_key(SIGNATURE) => "signature_malformed",
        Refusal::Unauthorized => "signature_missing",
        other => other.code(),
    }
}

/// What is kept, as a JSON object. Of a header that is repeated the first.
pub(super) fn kept(headers: &HeaderMap) -> String {
    let is_kept =
        |name: &HeaderName| *name == CONTENT_TYPE || *name == USER_AGENT || name.as_str().starts_with(GITHUB);
    let names = headers.keys().filter(|name| is_kept(name));
    let kept: BTreeMap<&str, _> = names
        .filter_map(|name| Some((name.as_str(), String::from_utf8_lossy(headers.get(name)?.as_bytes()))))
        .collect();
    serde_json::to_string(&kept).expect("text can always be written as JSON")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn what_is_kept_says_something_and_is_no_secret() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("X-GitHub-Event", &b"push"[..]),
            ("X-GitHub-Hook-ID", b"42"),
            ("User-Agent", b"GitHub-Hookshot/\xff\"1"),
            ("Content-Type", b"application/json"),
            ("X-Hub-Signature-256", b"sha256=00"),
            ("X-Hub-Signature", b"sha1=00"),
            ("Authorization", b"Bearer x"),
            ("Cookie", b"a=b"),
            ("X-Forwarded-For", b"10.0.0.1"),
        ] {
            headers.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_bytes(value).unwrap(),
            );
        }
        insta::assert_snapshot!(kept(&headers), @r#"{"content-type":"application/json","user-agent":"GitHub-Hookshot/�\"1","x-github-event":"push","x-github-hook-id":"42"}"#);
    }
}
