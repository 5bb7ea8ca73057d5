//! Reading fields of a parsed manifest: what is of the wrong shape is a problem, and the rest is kept.

use serde_json::{Map, Value};

/// The text of a field, trimmed; `None` where it is missing, null or blank. Anything but text is a problem, said
/// with the name that `shown` gives.
pub(crate) fn text_at(
    table: &Map<String, Value>,
    key: &str,
    shown: &str,
    problems: &mut Vec<String>,
) -> Option<String> {
    match table.get(key)? {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned),
        Value::Null => None,
        _ => {
            problems.push(format!("`{shown}` is not text"));
            None
        }
    }
}

/// The table at a chain of keys (`["tool", "poetry"]`).
pub(crate) fn object_at<'v>(table: &'v Map<String, Value>, keys: &[&str]) -> Option<&'v Map<String, Value>> {
    keys.iter().try_fold(table, |table, key| table.get(*key)?.as_object())
}

/// The texts of a list; `None` where it is missing. Anything but a list of texts is a problem.
pub(crate) fn text_list(
    value: Option<&Value>,
    shown: &str,
    problems: &mut Vec<String>,
) -> Option<Vec<String>> {
    let value = value.filter(|value| !value.is_null())?;
    let Some(list) = value.as_array() else {
        problems.push(format!("`{shown}` is not a list"));
        return None;
    };
    let texts: Vec<String> = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if texts.len() < list.len() {
        problems.push(format!("`{shown}` holds something that is not text"));
    }
    Some(texts)
}
