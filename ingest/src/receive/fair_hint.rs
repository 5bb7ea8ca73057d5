//! The installation that a body speaks of, found without reading the body as JSON.
//!
//! It decides whose turn it is among deliveries whose tenant is not known yet, and nothing else: a body that lies
//! about it changes the order of work. So a search for bytes is enough, and one that finds nothing is fine.

use memchr::memmem;

/// The number after `"installation":{"id":`, blanks in between allowed.
pub(super) fn fair_hint(body: &[u8]) -> Option<i64> {
    memmem::find_iter(body, b"\"installation\"")
        .find_map(|at| number(&body[at + b"\"installation\"".len()..]))
}

fn number(rest: &[u8]) -> Option<i64> {
    let mut rest = rest;
    for token in [&b":"[..], b"{", b"\"id\"", b":"] {
        rest = rest.trim_ascii_start().strip_prefix(token)?;
    }
    let rest = rest.trim_ascii_start();
    let digits = rest.iter().take(20).take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn found_where_it_is_and_nowhere_else() {
        let cases = [
            (r#"{"action":"x","installation":{"id":5000000000,"node_id":"a"}}"#, Some(5_000_000_000)),
            ("{\"installation\" :\n\t{ \"id\" : 7 }}", Some(7)),
            (r#"{"a":"installation","b":"\"installation\"","installation":{"id":8}}"#, Some(8)),
            (r#"{"installation":{"node_id":"a","id":7}}"#, None),
            (r#"{"installation":{"id":"7"}}"#, None),
            (r#"{"installation":{"id":-7}}"#, None),
            (r#"{"installation":{"id":99999999999999999999}}"#, None),
            (r#"{"installation":null}"#, None),
            (r#"{"installation":{"id":"#, None),
            ("payload=%7B%22installation%22%3A%7B%22id%22%3A7%7D%7D", None),
        ];
        for (body, wanted) in cases {
            assert_eq!(fair_hint(body.as_bytes()), wanted, "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_number_is_found_in_any_json(id in 0..i64::MAX, text: String, before in any::<bool>()) {
            let other = serde_json::json!({ "installation": text }).to_string();
            let installation = serde_json::json!({ "installation": { "id": id } }).to_string();
            let body = if before { format!("[{other},{installation}]") } else { format!("[{installation},{other}]") };
            prop_assert_eq!(fair_hint(body.as_bytes()), Some(id));
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            _ = fair_hint(&bytes);
            _ = fair_hint(&[b"\"installation\":{\"id\":", &bytes[..]].concat());
        }
    }
}
