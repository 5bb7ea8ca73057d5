//! What do these bytes say? Tolerant reading of GitHub's payloads.
//!
//! Ready-made types refuse a payload as a whole for one null too many. Ours read one field at a time, out of the
//! text, when it is asked for: what is missing, null or of another type than expected is simply not known, and only
//! the plan knows whether it needs it. So fields, values and whole events that GitHub adds later, numbers beyond any
//! range, duplicate keys (the last one holds, as in JavaScript) and lone surrogates cost nothing but themselves.
//!
//! Nothing here recurses into what a sender made, and nothing is unpacked that is not asked for: a push of 25 MB costs
//! a few passes over its text and no memory.

mod depth;
mod form;
mod installation;
mod number;
mod object;
mod push;
mod repository;
mod task;
mod text;
mod time;

use std::borrow::Cow;

use muster_model::ProviderId;
use thiserror::Error;

use crate::verify::BodyKind;

pub use depth::MAX_DEPTH;
pub use form::FormError;
pub use installation::{Installation, MOST, NamedRepository};
pub use object::Object;
pub use push::Push;
pub use repository::Repository;
pub use task::{Branch, Issue, PullRequest, Reported};
pub use text::{BODY, LIST, NAME, TITLE, WORD};

/// Why a body has no payload that could be looked into. Fits "failed to ...".
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// Bytes that are no text.
    #[error("read the payload: it is not UTF-8 from byte {0} on")]
    NotUtf8(usize),
    /// Nothing there.
    #[error("read the payload: it is empty")]
    Empty,
    /// Not JSON.
    #[error("read the payload: it is not JSON at line {line}, column {column}")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// Lists in lists, or objects in objects, without end.
    #[error("read the payload: it is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// JSON, but a list or a single value.
    #[error("read the payload: it is {0}, not an object")]
    NotAnObject(&'static str),
    /// The form does not hold one payload.
    #[error("read the payload: {0}")]
    Form(#[from] FormError),
}

/// The text of the payload in a body.
///
/// # Errors
///
/// The form does not hold exactly one payload that can be decoded, or the text is not UTF-8.
pub fn text_of(kind: BodyKind, body: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    match kind {
        BodyKind::Form => Ok(Cow::Owned(form::payload(body)?)),
        BodyKind::Json => match std::str::from_utf8(body) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => Err(Unreadable::NotUtf8(error.valid_up_to())),
        },
    }
}

/// A payload: an object that is valid JSON to its end.
#[derive(Clone, Debug)]
pub struct Payload<'a> {
    root: Object<'a>,
}

impl<'a> Payload<'a> {
    /// Reads the fields at the top, and makes sure that the rest is JSON too.
    ///
    /// # Errors
    ///
    /// It is not JSON, too deep, or no object.
    pub fn read(text: &'a str) -> Result<Self, Unreadable> {
        if depth::is_too_deep(text) {
            return Err(Unreadable::TooDeep);
        }
        let raw: &serde_json::value::RawValue = serde_json::from_str(text).map_err(|error| {
            if text.trim_ascii().is_empty() {
                return Unreadable::Empty;
            }
            Unreadable::NotJson { line: error.line(), column: error.column() }
        })?;
        match raw.get().as_bytes().first() {
            Some(b'{') => Ok(Self { root: Object::read(Some(raw)) }),
            Some(b'[') => Err(Unreadable::NotAnObject("a list")),
            Some(b'"') => Err(Unreadable::NotAnObject("a text")),
            Some(b'n') => Err(Unreadable::NotAnObject("null")),
            Some(b't' | b'f') => Err(Unreadable::NotAnObject("true or false")),
            _ => Err(Unreadable::NotAnObject("a number")),
        }
    }

    /// The fields at the top.
    pub fn root(&self) -> &Object<'a> {
        &self.root
    }

    /// What happened to the thing that the event is about; not every event has one.
    pub fn action(&self) -> Option<String> {
        self.root.text("action", WORD)
    }

    /// The ids that tell whom the delivery is for: what has to be looked up before it is planned.
    pub fn names(&self) -> Names {
        Names {
            installation: self.root.object("installation").id("id"),
            repository: self.root.object("repository").id("id"),
            full_name: self.root.object("repository").full_name("full_name"),
        }
    }
}

/// Whom a delivery speaks of. Claims, all of them: see [`crate::plan::HookScope`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// `installation.id`.
    pub installation: Option<ProviderId>,
    /// `repository.id`.
    pub repository: Option<ProviderId>,
    /// `repository.full_name`.
    pub full_name: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Names, String> {
        Payload::read(text).map(|payload| payload.names()).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_no_object_of_json_says_so() {
        let said = [
            "",
            " \n",
            "{",
            "[]",
            "\"x\"",
            "null",
            "7",
            "true",
            "{}x",
            "{\"a\":01}",
            "\u{feff}{}",
            "{'a':1}",
        ]
        .map(|text| format!("{text:?}: {}", read(text).unwrap_err()));
        insta::assert_snapshot!(said.join("\n"), @r#"
        "": read the payload: it is empty
        " \n": read the payload: it is empty
        "{": read the payload: it is not JSON at line 1, column 1
        "[]": read the payload: it is a list, not an object
        "\"x\"": read the payload: it is a text, not an object
        "null": read the payload: it is null, not an object
        "7": read the payload: it is a number, not an object
        "true": read the payload: it is true or false, not an object
        "{}x": read the payload: it is not JSON at line 1, column 3
        "{\"a\":01}": read the payload: it is not JSON at line 1, column 7
        "\u{feff}{}": read the payload: it is not JSON at line 1, column 1
        "{'a':1}": read the payload: it is not JSON at line 1, column 2
        "#);
        assert_eq!(text_of(BodyKind::Json, b"{\"a\": \"\xff\"}"), Err(Unreadable::NotUtf8(7)));
    }

    #[test]
    fn a_bomb_of_depth_is_refused_and_one_level_less_is_not() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = |levels: usize| {
                let inner = if open == "[" { "" } else { "1" };
                format!("{{\"x\":{}{inner}{}}}", open.repeat(levels - 1), close.repeat(levels - 1))
            };
            assert_eq!(read(&nested(MAX_DEPTH)), Ok(Names::default()));
            assert_eq!(Payload::read(&nested(MAX_DEPTH + 1)).unwrap_err(), Unreadable::TooDeep);
            assert_eq!(Payload::read(&open.repeat(1_000_000)).unwrap_err(), Unreadable::TooDeep);
        }
    }

    #[test]
    fn the_last_of_equal_keys_holds() {
        let text =
            r#"{"action":"opened","repository":{"id":1},"action":"closed","repository":{"id":2,"id":3}}"#;
        let payload = Payload::read(text).unwrap();
        assert_eq!(payload.action().as_deref(), Some("closed"));
        assert_eq!(payload.names().repository, ProviderId::new(3));
    }
}
