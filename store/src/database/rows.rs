//! Many rows in one statement: one JSON text for SQLite, one array a column for PostgreSQL (`unnest`).
//!
//! Measured beside multi-row `values` of the same rows in `benches/save`. Rows are described once, column by column,
//! in the order of the statement's columns.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::query::{PostgresQuery, SqliteQuery};
use super::{Value, text};

enum Column<'a> {
    Ints(Vec<Option<i64>>),
    Flags(Vec<Option<bool>>),
    Texts(Vec<Option<Cow<'a, str>>>),
    Bytes(Vec<Option<Cow<'a, [u8]>>>),
}

/// Rows of several columns, described column by column.
pub(crate) struct Rows<'a, T> {
    items: &'a [T],
    columns: Vec<Column<'a>>,
}

impl<'a, T> Rows<'a, T> {
    /// A row for each item.
    pub(crate) fn of(items: &'a [T]) -> Self {
        Self { items, columns: Vec::new() }
    }

    fn column(mut self, column: Column<'a>) -> Self {
        self.columns.push(column);
        self
    }

    /// A column of numbers.
    pub(crate) fn int(self, of: impl Fn(&'a T) -> i64) -> Self {
        self.maybe_int(|item| Some(of(item)))
    }

    /// A column of numbers, some null.
    pub(crate) fn maybe_int(self, of: impl Fn(&'a T) -> Option<i64>) -> Self {
        let column = Column::Ints(self.items.iter().map(of).collect());
        self.column(column)
    }

    /// A column of flags.
    pub(crate) fn flag(self, of: impl Fn(&'a T) -> bool) -> Self {
        self.maybe_flag(|item| Some(of(item)))
    }

    /// A column of flags, some null.
    pub(crate) fn maybe_flag(self, of: impl Fn(&'a T) -> Option<bool>) -> Self {
        let column = Column::Flags(self.items.iter().map(of).collect());
        self.column(column)
    }

    /// A column of texts.
    pub(crate) fn text(self, of: impl Fn(&'a T) -> &'a str) -> Self {
        self.maybe_text(|item| Some(of(item)))
    }

    /// A column of texts, some null.
    pub(crate) fn maybe_text(self, of: impl Fn(&'a T) -> Option<&'a str>) -> Self {
        let column = Column::Texts(self.items.iter().map(|item| of(item).map(Cow::Borrowed)).collect());
        self.column(column)
    }

    /// A column of texts that are made here (JSON), some null.
    pub(crate) fn made_text<E>(self, of: impl Fn(&'a T) -> Result<Option<String>, E>) -> Result<Self, E> {
        let texts = self.items.iter().map(|item| Ok(of(item)?.map(Cow::Owned)));
        let column = Column::Texts(texts.collect::<Result<_, E>>()?);
        Ok(self.column(column))
    }

    /// A column of texts that are made here and can always be written, some null.
    pub(crate) fn owned_text(self, of: impl Fn(&'a T) -> Option<String>) -> Self {
        let column = Column::Texts(self.items.iter().map(|item| of(item).map(Cow::Owned)).collect());
        self.column(column)
    }

    /// A column of bytes.
    pub(crate) fn bytes<B: Into<Cow<'a, [u8]>>>(self, of: impl Fn(&'a T) -> B) -> Self {
        self.maybe_bytes(|item| Some(of(item)))
    }

    /// A column of bytes, some null.
    pub(crate) fn maybe_bytes<B: Into<Cow<'a, [u8]>>>(self, of: impl Fn(&'a T) -> Option<B>) -> Self {
        let column = Column::Bytes(self.items.iter().map(|item| of(item).map(Into::into)).collect());
        self.column(column)
    }

    /// `[[first column, second, ..], ..]`; bytes as hexadecimal text.
    fn to_json(&self) -> String {
        let mut json = String::with_capacity(self.items.len() * 64 + 2);
        for place in 0..self.items.len() {
            json.push_str(if place == 0 { "[[" } else { "],[" });
            for (n, column) in self.columns.iter().enumerate() {
                if n > 0 {
                    json.push(',');
                }
                column.write(place, &mut json);
            }
        }
        json.push_str(if self.items.is_empty() { "[]" } else { "]]" });
        json
    }
}

impl Column<'_> {
    fn write(&self, place: usize, json: &mut String) {
        match self {
            Self::Ints(ints) => match ints[place] {
                Some(number) => _ = write!(json, "{number}"),
                None => json.push_str("null"),
            },
            Self::Flags(flags) => json.push_str(match flags[place] {
                Some(true) => "true",
                Some(false) => "false",
                None => "null",
            }),
            Self::Texts(texts) => match &texts[place] {
                Some(text) => json.push_str(&super::lists::json(&**text)),
                None => json.push_str("null"),
            },
            Self::Bytes(bytes) => match &bytes[place] {
                Some(bytes) => {
                    json.push('"');
                    for byte in bytes.iter() {
                        json.push(char::from(HEX[usize::from(byte >> 4)]));
                        json.push(char::from(HEX[usize::from(byte & 15)]));
                    }
                    json.push('"');
                }
                None => json.push_str("null"),
            },
        }
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

impl<T> Value for Rows<'_, T> {
    fn bind_sqlite(self, query: SqliteQuery) -> SqliteQuery {
        query.bind(self.to_json())
    }

    fn bind_postgres(self, query: PostgresQuery) -> PostgresQuery {
        self.columns.into_iter().fold(query, |query, column| match column {
            Column::Ints(ints) => query.bind(ints),
            Column::Flags(flags) => query.bind(flags),
            Column::Texts(texts) => query.bind(escaped(texts)),
            Column::Bytes(bytes) => query.bind(bytes.iter().map(Option::as_deref).collect::<Vec<_>>()),
        })
    }
}

/// Texts as PostgreSQL keeps them.
fn escaped(texts: Vec<Option<Cow<'_, str>>>) -> Vec<Option<Cow<'_, str>>> {
    let escape = |text: Cow<'_, str>| match text::is_escaped(&text) {
        true => Cow::Owned(text::to_postgres(&text).into_owned()),
        false => Cow::Owned(text.into_owned()),
    };
    if texts.iter().flatten().any(|text| text::is_escaped(text)) {
        texts.into_iter().map(|text| text.map(escape)).collect()
    } else {
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_as_json() {
        let items = [(1, Some("a\"\0"), true), (-2, None, false)];
        let rows = Rows::of(&items)
            .int(|item| item.0)
            .maybe_text(|item| item.1)
            .flag(|item| item.2)
            .bytes(|item| item.1.unwrap_or("").as_bytes());
        insta::assert_snapshot!(rows.to_json(), @r#"[[1,"a\"\u0000",true,"612200"],[-2,null,false,""]]"#);
        assert_eq!(Rows::of(&[0; 0]).int(|_| 1).to_json(), "[]");
    }
}
