//! When an installation may ask again: GitHub says so in the headers of its refusal.
//!
//! <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>: `retry-after` in seconds, else
//! `x-ratelimit-reset` where `x-ratelimit-remaining` is 0, else a minute.

use axum::http::{HeaderMap, StatusCode};
use muster_store::Timestamp;

/// Whoever is told to wait longer than this asks again all the same.
const LONGEST: i64 = 6 * 60 * 60 * 1000;
/// Where nothing is said.
const USUAL: i64 = 60 * 1000;

fn number(headers: &HeaderMap, name: &str) -> Option<i64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// Until when to wait; `None` where this is no limit.
pub(super) fn until(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    if status != StatusCode::FORBIDDEN && status != StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    let after = number(headers, "retry-after").map(|seconds| seconds.saturating_mul(1000));
    let is_used_up = number(headers, "x-ratelimit-remaining") == Some(0);
    let reset = number(headers, "x-ratelimit-reset").filter(|_| is_used_up);
    let reset = reset.map(|seconds| seconds.saturating_mul(1000).saturating_sub(now.0));
    let usual = (status == StatusCode::TOO_MANY_REQUESTS || is_used_up).then_some(USUAL);
    let wait = after.or(reset).or(usual)?;
    Some(Timestamp(now.0 + wait.clamp(1000, LONGEST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headers_say_when() {
        let now = Timestamp(1_000_000);
        let of = |status: u16, headers: &[(&'static str, &str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, value.parse().unwrap());
            }
            until(StatusCode::from_u16(status).unwrap(), &map, now).map(|until| until.0 - now.0)
        };
        let used_up = ("x-ratelimit-remaining", "0");
        assert_eq!(of(429, &[("retry-after", "30")]), Some(30_000));
        assert_eq!(of(403, &[("retry-after", "30"), used_up]), Some(30_000));
        assert_eq!(of(403, &[used_up, ("x-ratelimit-reset", "1090")]), Some(90_000));
        assert_eq!(of(403, &[("x-ratelimit-remaining", "9"), ("x-ratelimit-reset", "1090")]), None);
        assert_eq!(of(429, &[]), Some(USUAL));
        assert_eq!(of(429, &[("retry-after", "soon")]), Some(USUAL));
        assert_eq!(of(429, &[("retry-after", "99999999999")]), Some(LONGEST));
        assert_eq!(of(429, &[("retry-after", "-5")]), Some(1000));
        assert_eq!((of(403, &[]), of(500, &[("retry-after", "1")]), of(200, &[used_up])), (None, None, None));
    }
}
