//! How a declared detector reads one field: by a path of keys, or by a regular expression.
//!
//! Expressions match bytes, not Unicode classes, and see the first 64 KiB of a file: `\w` alone would otherwise
//! compile to more than the whole size that an expression is allowed.

use regex::bytes::{Regex, RegexBuilder};
use serde_json::Value;

/// What an expression may compile to, in bytes.
const MAX_REGEX_BYTES: usize = 1 << 14;

/// How much of a file an expression sees, in bytes.
const MAX_SEARCHED_BYTES: usize = 1 << 16;

/// Where a field stands.
#[derive(Debug)]
pub(crate) enum Field {
    /// Keys from the top of the document; digits index lists.
    Keys(Vec<String>),
    /// The group `value`, else the first group, else the whole match.
    Regex(Box<Regex>),
}

impl Field {
    /// From `"a.b"`, `["a", "b.c"]` or `{ regex = "..." }`. The error is a sentence fragment.
    pub(super) fn parse(value: &Value) -> Result<Self, String> {
        match value {
            Value::String(dotted) => Ok(Self::Keys(dotted.split('.').map(str::to_owned).collect())),
            Value::Array(keys) => {
                let keys: Option<Vec<String>> =
                    keys.iter().map(|key| key.as_str().map(str::to_owned)).collect();
                keys.map(Self::Keys).ok_or_else(|| "is a list of something that is not text".to_owned())
            }
            Value::Object(table) => match (table.get("regex").and_then(Value::as_str), table.len()) {
                (Some(text), 1) => expression(text).map(|regex| Self::Regex(Box::new(regex))),
                _ => Err("is neither text, a list of keys nor { regex = \"...\" }".to_owned()),
            },
            _ => Err("is neither text, a list of keys nor { regex = \"...\" }".to_owned()),
        }
    }

    /// True where the file has to be parsed first.
    pub(super) fn needs_document(&self) -> bool {
        matches!(self, Self::Keys(_))
    }

    /// The field's text, trimmed; `None` where it is missing, blank or no plain value.
    pub(super) fn read(&self, document: &Value, content: &[u8]) -> Option<String> {
        let text = match self {
            Self::Keys(keys) => {
                let value = keys.iter().try_fold(document, |at, key| match at {
                    Value::Array(list) => list.get(key.parse::<usize>().ok()?),
                    other => other.get(key),
                })?;
                match value {
                    Value::String(text) => text.clone(),
                    Value::Number(number) => number.to_string(),
                    _ => return None,
                }
            }
            Self::Regex(regex) => {
                let captures = regex.captures(&content[..content.len().min(MAX_SEARCHED_BYTES)])?;
                let found = captures.name("value").or_else(|| captures.get(1)).or_else(|| captures.get(0))?;
                String::from_utf8_lossy(found.as_bytes()).into_owned()
            }
        };
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}

fn expression(text: &str) -> Result<Regex, String> {
    RegexBuilder::new(text)
        .unicode(false)
        .multi_line(true)
        .size_limit(MAX_REGEX_BYTES)
        .dfa_size_limit(1 << 20)
        .nest_limit(32)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "has an expression that is too large".to_owned(),
            _ => "has an expression that is not valid".to_owned(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_and_expressions_read_text() {
        let document = json!({"a": {"b.c": ["x", 7]}, "v": true});
        let read =
            |value: Value, content: &str| Field::parse(&value).unwrap().read(&document, content.as_bytes());
        assert_eq!(read(json!(["a", "b.c", "1"]), ""), Some("7".into()));
        assert_eq!(read(json!("v"), ""), None);
        assert_eq!(read(json!("a.b"), ""), None);
        assert_eq!(read(json!({"regex": r#"^version: (\S+)"#}), "x\nversion: 1.2\n"), Some("1.2".into()));
        assert_eq!(read(json!({"regex": r"n=(\d)?(?P<value>\w+)"}), "n=ab"), Some("ab".into()));
        assert_eq!(read(json!({"regex": "é+"}), "aéé"), Some("éé".into()));
    }

    #[test]
    fn expressions_are_bounded() {
        for text in ["a{1000}{1000}", "(", &"(".repeat(100_000), r"\p{L}"] {
            assert!(Field::parse(&json!({ "regex": text })).is_err(), "{text:.20}");
        }
        let slow = Field::parse(&json!({"regex": "(a|aa)*b"})).unwrap();
        assert_eq!(slow.read(&Value::Null, "a".repeat(1 << 20).as_bytes()), None);
    }
}
