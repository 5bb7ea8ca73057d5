//! The lines of an export: a head, a row a line, an end.
//!
//! ```text
//! {"muster_export":1,"schema":16,"engine":"sqlite","tenant_id":"...","subdomain":"acme","exported_at":"..."}
//! {"table":"users","id":1,"email":"ada@example.com",...}
//! {"end":{"rows":1,"tables":{"users":1},"sha256":"..."}}
//! ```
//!
//! Bytes are hexadecimal. No row says whose it is: the head does, for all of them, and who imports decides.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::record::{Cell, Record};
use super::table::{Column, Table};
use super::tables::TABLES;

/// The version of this format.
pub(crate) const FORMAT: u32 = 1;

/// What the first line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportHead {
    /// The version of the format.
    pub muster_export: u32,
    /// The number of the schema that the rows fit.
    pub schema: i64,
    /// The engine that they come from: `sqlite` or `postgres`.
    pub engine: String,
    /// Whose they are: a UUID.
    pub tenant_id: String,
    /// The tenant's short name.
    pub subdomain: String,
    /// When they were read, as RFC 3339 has it.
    pub exported_at: String,
}

/// What the last line says of the lines before it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct End {
    pub(crate) rows: u64,
    /// Rows by table; tables without rows are left out.
    pub(crate) tables: BTreeMap<String, u64>,
    /// SHA-256 of every byte in front of this line, in hexadecimal.
    pub(crate) sha256: String,
}

#[derive(Serialize)]
struct EndLine<'a> {
    end: &'a End,
}

/// A line that is not the first.
pub(crate) enum Line {
    /// A row, and the place of its table in the order.
    Row(usize, Record),
    End(End),
}

fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("texts, numbers and maps of them can be written as JSON")
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(b"0123456789abcdef"[usize::from(byte >> 4)]));
        text.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
    }
    text
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some((digit(*high)? << 4 | digit(*low)?) as u8));
    if rest.is_empty() { bytes.collect() } else { None }
}

pub(crate) fn head_line(head: &ExportHead) -> String {
    json(head) + "\n"
}

pub(crate) fn end_line(end: &End) -> String {
    json(&EndLine { end }) + "\n"
}

/// Writes a row's line behind what the text holds already.
pub(crate) fn write_row(table: &Table, record: &Record, line: &mut String) {
    _ = write!(line, "{{\"table\":\"{}\"", table.name);
    for (column, cell) in table.columns.iter().zip(record) {
        _ = write!(line, ",\"{}\":", column.name);
        match cell {
            Cell::Null => line.push_str("null"),
            Cell::Int(number) => _ = write!(line, "{number}"),
            Cell::Flag(flag) => _ = write!(line, "{flag}"),
            Cell::Text(text) => line.push_str(&json(text)),
            Cell::Bytes(bytes) => _ = write!(line, "\"{}\"", hex(bytes)),
        }
    }
    line.push_str("}\n");
}

/// The first line; `None` where it is none.
pub(crate) fn read_head(line: &[u8]) -> Option<ExportHead> {
    serde_json::from_slice(line).ok()
}

/// A line behind the first; what is wrong with it, otherwise.
pub(crate) fn read_line(line: &[u8]) -> Result<Line, String> {
    let mut members: Map<String, Value> =
        serde_json::from_slice(line).map_err(|_| "it is no JSON object".to_owned())?;
    if let (Some(end), 1) = (members.get("end"), members.len()) {
        return match End::deserialize(end) {
            Ok(end) => Ok(Line::End(end)),
            Err(_) => Err("it begins like the last line and is not one".to_owned()),
        };
    }
    let Some(Value::String(name)) = members.remove("table") else {
        return Err("it names no table".to_owned());
    };
    let place = super::tables::place_of(&name).ok_or_else(|| format!("there is no table {name}"))?;
    let columns = TABLES[place].columns;
    let record = columns.iter().map(|column| cell(column, members.remove(column.name)));
    let record = record.collect::<Result<Record, String>>()?;
    match members.keys().next() {
        Some(other) => Err(format!("{name} has no column {other}")),
        None => Ok(Line::Row(place, record)),
    }
}

fn cell(column: &Column, value: Option<Value>) -> Result<Cell, String> {
    let kind = column.kind;
    let fits = match value {
        None => return Err(format!("{} is missing", column.name)),
        Some(Value::Null) => kind.is_nullable().then_some(Cell::Null),
        Some(Value::Bool(flag)) => (kind.word() == "flag").then_some(Cell::Flag(flag)),
        Some(Value::Number(number)) if kind.word() == "number" => number.as_i64().map(Cell::Int),
        Some(Value::String(text)) if kind.word() == "text" => Some(Cell::Text(text)),
        Some(Value::String(text)) if kind.word() == "bytes" => unhex(&text).map(Cell::Bytes),
        Some(_) => None,
    };
    fits.ok_or_else(|| format!("{} does not hold what it should: {}", column.name, kind.word()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::moving::table::Kind;

    fn any_cell(kind: Kind) -> BoxedStrategy<Cell> {
        let plain = match kind {
            Kind::Int | Kind::MaybeInt => any::<i64>().prop_map(Cell::Int).boxed(),
            Kind::Flag | Kind::MaybeFlag => any::<bool>().prop_map(Cell::Flag).boxed(),
            Kind::Text | Kind::MaybeText => any::<String>().prop_map(Cell::Text).boxed(),
            Kind::Bytes | Kind::MaybeBytes => any::<Vec<u8>>().prop_map(Cell::Bytes).boxed(),
        };
        if kind.is_nullable() { prop_oneof![plain, Just(Cell::Null)].boxed() } else { plain }
    }

    proptest! {
        #[test]
        fn every_row_comes_back(
            (place, record) in (0..TABLES.len()).prop_flat_map(|place| {
                let cells: Vec<_> = TABLES[place].columns.iter().map(|column| any_cell(column.kind)).collect();
                (Just(place), cells)
            })
        ) {
            let mut line = String::new();
            write_row(&TABLES[place], &record, &mut line);
            prop_assert_eq!(line.matches('\n').count(), 1);
            let Ok(Line::Row(at, back)) = read_line(line.as_bytes()) else { panic!("{line}") };
            prop_assert_eq!((at, back), (place, record));
        }

        #[test]
        fn no_line_breaks_the_reader(line in any::<Vec<u8>>()) {
            _ = read_line(&line);
            _ = read_head(&line);
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |line: &str| match read_line(line.as_bytes()) {
            Ok(_) => String::new(),
            Err(reason) => reason,
        };
        assert_eq!(wrong("[1]"), "it is no JSON object");
        assert_eq!(wrong(r#"{"id":1}"#), "it names no table");
        assert_eq!(wrong(r#"{"table":"pg_authid"}"#), "there is no table pg_authid");
        assert_eq!(wrong(r#"{"table":"commit_paths","commit_id":1}"#), "path_id is missing");
        assert_eq!(
            wrong(r#"{"table":"commit_paths","commit_id":1,"path_id":2,"tenant_id":"x"}"#),
            "commit_paths has no column tenant_id"
        );
        for value in ["null", "1.5", "9223372036854775808", "true", "\"1\"", "[1]"] {
            let line = format!(r#"{{"table":"commit_paths","commit_id":1,"path_id":{value}}}"#);
            assert_eq!(wrong(&line), "path_id does not hold what it should: number");
        }
        for value in ["\"abc\"", "\"zz\"", "7"] {
            let line = format!(r#"{{"table":"paths","id":1,"repository_id":1,"bytes":{value}}}"#);
            assert_eq!(wrong(&line), "bytes does not hold what it should: bytes");
        }
        assert_eq!(wrong(r#"{"end":1}"#), "it begins like the last line and is not one");
        assert!(wrong(&"[".repeat(100_000)).contains("no JSON"));
    }
}
