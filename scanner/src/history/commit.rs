//! A commit object as Git stores it, read without complaint: history holds commits that today's Git would refuse.

use encoding_rs::Encoding;
use muster_model::{Moment, Person};

/// The parts of a commit object that are needed, borrowed where that is free.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Header<'a> {
    pub(super) tree: Option<gix::ObjectId>,
    pub(super) parents: Vec<gix::ObjectId>,
    pub(super) committer_seconds: i64,
    author: &'a [u8],
    committer: &'a [u8],
    encoding: Option<&'a [u8]>,
    message: &'a [u8],
}

impl<'a> Header<'a> {
    /// Lines up to the first empty one are headers; a line that begins with a space continues the one above.
    pub(super) fn parse(data: &'a [u8]) -> Self {
        let mut header = Self::default();
        let mut rest = data;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = &rest[..end];
            rest = &rest[(end + 1).min(rest.len())..];
            if line.is_empty() {
                header.message = rest;
                break;
            }
            let Some(space) = memchr::memchr(b' ', line) else { continue };
            let value = &line[space + 1..];
            match &line[..space] {
                b"tree" if header.tree.is_none() => header.tree = gix::ObjectId::from_hex(value).ok(),
                b"parent" => header.parents.extend(gix::ObjectId::from_hex(value).ok()),
                b"author" if header.author.is_empty() => header.author = value,
                b"committer" if header.committer.is_empty() => header.committer = value,
                b"encoding" => header.encoding = Some(value),
                _ => {}
            }
        }
        header.committer_seconds = when(header.committer).seconds;
        header
    }

    pub(super) fn author(&self) -> Person {
        self.person(self.author)
    }

    pub(super) fn committer(&self) -> Person {
        self.person(self.committer)
    }

    pub(super) fn message(&self) -> String {
        self.text(self.message)
    }

    /// `name <email> seconds offset`; every part may be missing.
    fn person(&self, line: &[u8]) -> Person {
        let open = memchr::memchr(b'<', line);
        let name = &line[..open.unwrap_or_else(|| memchr::memchr(b'>', line).unwrap_or(line.len()))];
        let email = open.map_or(&b""[..], |open| {
            let rest = &line[open + 1..];
            &rest[..memchr::memchr(b'>', rest).unwrap_or(rest.len())]
        });
        let text = |raw: &[u8]| self.text(raw).trim().to_owned();
        Person { name: text(name), email: text(email), time: when(line) }
    }

    fn text(&self, raw: &[u8]) -> String {
        match std::str::from_utf8(raw) {
            Ok(text) => text.to_owned(),
            Err(_) => match self.encoding.and_then(Encoding::for_label) {
                Some(encoding) => encoding.decode_without_bom_handling(raw).0.into_owned(),
                None => String::from_utf8_lossy(raw).into_owned(),
            },
        }
    }
}

/// The two numbers after the last `>`.
fn when(line: &[u8]) -> Moment {
    let after = memchr::memrchr(b'>', line).map_or(line, |at| &line[at + 1..]);
    let mut words = after.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let seconds = words.next().map_or(0, number);
    let offset_minutes = words.next().map_or(0, offset);
    Moment { seconds, offset_minutes }
}

/// A decimal number, held at the bounds of 64 bits; 0 where it is none.
fn number(word: &[u8]) -> i64 {
    let (negative, digits) = match word.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, word),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return 0;
    }
    let value = digits
        .iter()
        .fold(0_i64, |value, digit| value.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    if negative { -value } else { value }
}

/// `+0530` to minutes. Git writes hours and minutes as one number.
fn offset(word: &[u8]) -> i32 {
    let value = number(word).clamp(-999_999, 999_999) as i32;
    value / 100 * 60 + value % 100
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Person, Person, String) {
        let header = Header::parse(text.as_bytes());
        (header.author(), header.committer(), header.message())
    }

    #[test]
    fn signatures_span_lines_and_are_passed_over() {
        let (author, _, message) = parse(
            "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nparent 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\
             author Ada L <ada@x.org> 1700000000 +0530\ncommitter C <c@x> 1 -0330\ngpgsig -----BEGIN\n author X <y> 9 +0000\n \
             \n -----END\n\nSubject\n\nBody\n",
        );
        assert_eq!((author.name.as_str(), author.email.as_str()), ("Ada L", "ada@x.org"));
        assert_eq!(author.time, Moment { seconds: 1_700_000_000, offset_minutes: 330 });
        assert_eq!(message, "Subject\n\nBody\n");
    }

    #[test]
    fn parts_may_be_missing_or_absurd() {
        let (author, committer, message) = parse("author  <> 99999999999999999999 +9999\ncommitter x\n");
        assert_eq!((author.name.as_str(), author.email.as_str()), ("", ""));
        assert_eq!(author.time, Moment { seconds: i64::MAX, offset_minutes: 99 * 60 + 99 });
        assert_eq!((committer.name.as_str(), committer.time), ("x", Moment::default()));
        assert_eq!(message, "");
        let (author, ..) = parse("author a <b>> -5 -0030\n\n");
        assert_eq!((author.email.as_str(), author.time.seconds, author.time.offset_minutes), ("b", -5, -30));
    }

    #[test]
    fn other_encodings_are_decoded_and_damage_is_replaced() {
        let latin = b"author \xe9 <e> 1 +0000\nencoding ISO-8859-1\n\n\xfc\n";
        assert_eq!(Header::parse(latin).message(), "\u{fc}\n");
        assert_eq!(Header::parse(latin).author().name, "\u{e9}");
        assert_eq!(Header::parse(b"author a <b> 1 +0000\n\n\xff").message(), "\u{fffd}");
    }
}
