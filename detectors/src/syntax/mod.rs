//! JSON, TOML and YAML into one shape, with errors that name the line and column.
//!
//! All three become `serde_json::Value`, so that a detector and a declared detector read fields in one way. Each
//! parser is bounded in depth (serde_json 128, toml 80 a construct, YAML by budget): nesting is an error, never a
//! stack overflow.

mod value;
mod yaml;

pub(crate) use value::{object_at, text_at, text_list};
pub(crate) use yaml::parse as parse_yaml;

use serde_json::Value;

/// The text of a file: UTF-8, a byte-order mark left out. The error says where it is not UTF-8.
pub(crate) fn decode(content: &[u8]) -> Result<&str, String> {
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    std::str::from_utf8(content).map_err(|error| {
        let (line, column) = position(content, error.valid_up_to());
        format!("not UTF-8 at line {line}, column {column}")
    })
}

/// Parses JSON. Of duplicate keys the last wins. An empty file is an error.
pub(crate) fn parse_json(content: &[u8]) -> Result<Value, String> {
    let text = decode(content)?;
    if text.trim().is_empty() {
        return Err("the file is empty".to_owned());
    }
    serde_json::from_str(text).map_err(|error| {
        let whole = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let message = whole.strip_suffix(&place).unwrap_or(&whole);
        format!("not valid JSON: {message} (line {}, column {})", error.line(), error.column())
    })
}

/// Parses TOML. An empty file is an empty table.
pub(crate) fn parse_toml(content: &[u8]) -> Result<Value, String> {
    let text = decode(content)?;
    toml::from_str::<Value>(text).map_err(|error| {
        let (line, column) = position(text.as_bytes(), error.span().map_or(0, |span| span.start));
        format!("not valid TOML: {} (line {line}, column {column})", one_line(error.message()))
    })
}

/// The line and column, both from 1, of a byte offset; columns count characters where the text is UTF-8.
fn position(content: &[u8], offset: usize) -> (usize, usize) {
    let before = &content[..offset.min(content.len())];
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    (line, String::from_utf8_lossy(&before[start..]).chars().count() + 1)
}

/// A parser's message on one line and of bounded length: it may quote the file.
pub(super) fn one_line(message: &str) -> String {
    let mut line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = line.char_indices().nth(200) {
        line.truncate(cut);
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest stack that a thread of a pool is given: 2 MiB.
    fn on_small_stack(check: fn()) {
        std::thread::Builder::new().stack_size(2 << 20).spawn(check).unwrap().join().unwrap();
    }

    #[test]
    fn errors_say_where() {
        insta::assert_snapshot!(parse_json(b"{\n  // no\n}").unwrap_err(),
            @"not valid JSON: key must be a string (line 2, column 3)");
        insta::assert_snapshot!(parse_json(b"\xEF\xBB\xBF \n").unwrap_err(), @"the file is empty");
        insta::assert_snapshot!(parse_toml(b"a = 1\nb = = 2\n").unwrap_err(), @"not valid TOML: extra `=`, expected nothing (line 2, column 5)");
        insta::assert_snapshot!(parse_yaml(b"a: [1\nb: 2\n").unwrap_err(), @"not valid YAML: illegal placement of ':' indicator (line 2, column 2)");
        insta::assert_snapshot!(parse_json(b"{\"a\": \"\xFF\"}").unwrap_err(), @"not UTF-8 at line 1, column 8");
    }

    #[test]
    fn the_last_of_duplicate_keys_wins_and_a_mark_is_ignored() {
        assert_eq!(parse_json(b"\xEF\xBB\xBF{\"a\":1,\"a\":2}").unwrap()["a"], 2);
        assert_eq!(parse_toml(b"\xEF\xBB\xBFa = 1").unwrap()["a"], 1);
    }

    #[test]
    fn depth_is_an_error() {
        on_small_stack(|| {
            let deep = 100_000;
            assert!(parse_json("[".repeat(deep).as_bytes()).is_err());
            assert!(
                parse_json(format!("{}1{}", "{\"a\":".repeat(deep), "}".repeat(deep)).as_bytes()).is_err()
            );
            assert!(parse_toml(format!("a = {}{}", "[".repeat(deep), "]".repeat(deep)).as_bytes()).is_err());
            assert!(
                parse_toml(format!("a = {}1{}", "{b=".repeat(deep), "}".repeat(deep)).as_bytes()).is_err()
            );
            assert!(parse_toml(format!("{}a = 1", "a.".repeat(deep)).as_bytes()).is_err());
            assert!(parse_toml(format!("[{}a]", "a.".repeat(deep)).as_bytes()).is_err());
            assert!(parse_yaml(format!("a: {}{}", "[".repeat(deep), "]".repeat(deep)).as_bytes()).is_err());
            assert!(parse_yaml("- ".repeat(deep).as_bytes()).is_err());
            assert!(parse_yaml("a: &a [*a, *a]".as_bytes()).is_err());
        });
    }

    #[test]
    fn the_deepest_that_parses_fits_the_stack() {
        on_small_stack(|| {
            let deepest = (1..=200).rev().find_map(|deep| {
                let head = format!("[{}a]\n", "a.".repeat(70));
                let value = format!("{}b = {}1{}", "b.".repeat(70), "{c=".repeat(deep), "}".repeat(deep));
                parse_toml((head + &value).as_bytes()).ok()
            });
            assert!(deepest.is_some());
            let deepest = (1..=200).rev().find(|deep| {
                parse_yaml(format!("a: {}{}", "[".repeat(*deep), "]".repeat(*deep)).as_bytes()).is_ok()
            });
            assert!(deepest.is_some());
        });
    }

    #[test]
    fn aliases_do_not_multiply() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let row = vec![format!("*a{}", level - 1); 9].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{row}]\n"));
        }
        assert!(parse_yaml(bomb.as_bytes()).is_err());
    }
}
