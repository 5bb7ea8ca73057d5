//! Passing one HTTP request on and its answer back.
//!
//! One request a connection, in both directions: then the end of an answer is the end of its connection, and nothing
//! of the remote's framing need be believed here. Answers pass unread but for their status line: a redirect is
//! refused, whatever its target.

use std::io::{self, BufRead, Read, Write};

/// A request head is a few hundred bytes, an answer's a few thousand.
const LONGEST_HEAD: u64 = 64 * 1024;
/// One read of an answer.
const BUFFER: usize = 64 * 1024;

/// A request of libgit2, its body not yet read.
#[derive(Debug)]
pub(super) struct Request {
    method: String,
    path: String,
    headers: Vec<String>,
    body: Body,
}

#[derive(Debug, PartialEq, Eq)]
enum Body {
    Sized(u64),
    Chunked,
}

/// How an exchange ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// The answer went to the client.
    Passed,
    /// The answer was a redirect, to this place if it says so; the client has heard nothing.
    Redirected(Option<String>),
    /// The answer asked to wait so many seconds; the client has heard nothing.
    Limited(u64),
    /// There was no answer in HTTP; the client has heard nothing.
    Broken(String),
}

impl Request {
    /// Reads a request for a path that begins with `prefix`, which is taken off; `None` for anything else.
    ///
    /// # Errors
    /// Where the connection breaks.
    pub(super) fn read(reader: &mut impl BufRead, prefix: &str) -> io::Result<Option<Self>> {
        let Some((first, lines)) = read_head(reader)? else { return Ok(None) };
        let mut words = first.split(' ');
        let (Some(method @ ("GET" | "POST")), Some(target)) = (words.next(), words.next()) else {
            return Ok(None);
        };
        let Some(path) = target.split_at_checked(prefix.len()).filter(|(token, _)| same(token, prefix))
        else {
            return Ok(None);
        };
        let mut request = Self {
            method: method.to_owned(),
            path: path.1.to_owned(),
            headers: Vec::new(),
            body: Body::Sized(0),
        };
        for line in lines {
            let (name, value) = line.split_once(':').unwrap_or((&line, ""));
            match name.to_ascii_lowercase().as_str() {
                "host" | "connection" => continue,
                "content-length" => request.body = Body::Sized(value.trim().parse().unwrap_or(0)),
                "transfer-encoding" => request.body = Body::Chunked,
                _ => {}
            }
            request.headers.push(line);
        }
        Ok(Some(request))
    }

    fn write(&self, authority: &str, client: &mut impl BufRead, remote: &mut impl Write) -> io::Result<()> {
        let mut head = format!("{} /{} HTTP/1.1\r\nHost: {authority}\r\n", self.method, self.path);
        for line in &self.headers {
            head.push_str(line);
            head.push_str("\r\n");
        }
        head.push_str("Connection: close\r\n\r\n");
        remote.write_all(head.as_bytes())?;
        match self.body {
            Body::Sized(length) => _ = io::copy(&mut client.take(length), remote)?,
            Body::Chunked => copy_chunks(client, remote)?,
        }
        remote.flush()
    }
}

/// Sends a request to the remote and its answer to the client.
///
/// # Errors
/// Where either connection breaks.
pub(super) fn pass(
    request: &Request,
    authority: &str,
    client: &mut impl BufRead,
    answer: &mut impl Write,
    remote: &mut (impl Read + Write),
) -> io::Result<Ended> {
    // A remote that has seen enough answers before it has read everything, and closes.
    let sent = request.write(authority, client, remote);
    let mut remote = io::BufReader::with_capacity(BUFFER, remote);
    let (first, lines) = loop {
        match (read_head(&mut remote), &sent) {
            // An interim answer: the real one follows.
            (Ok(Some((first, _))), _)
                if status_of(&first).is_some_and(|status| (100..200).contains(&status)) => {}
            (Ok(Some(head)), _) => break head,
            (Ok(None) | Err(_), Err(error)) => return Ok(Ended::Broken(error.to_string())),
            (Ok(None), Ok(())) => {
                return Ok(Ended::Broken("it closed the connection without an answer".into()));
            }
            (Err(error), Ok(())) => return Ok(Ended::Broken(error.to_string())),
        }
    };
    match status_of(&first) {
        None => return Ok(Ended::Broken("its answer is not HTTP".into())),
        Some(300..400) => return Ok(Ended::Redirected(value_of(&lines, "location"))),
        Some(403 | 429 | 503) => {
            if let Some(seconds) = value_of(&lines, "retry-after").and_then(|value| value.parse().ok()) {
                return Ok(Ended::Limited(seconds));
            }
        }
        Some(_) => {}
    }
    let mut head = format!("{first}\r\n");
    for line in lines.iter().filter(|line| !line.to_ascii_lowercase().starts_with("connection:")) {
        head.push_str(line);
        head.push_str("\r\n");
    }
    head.push_str("Connection: close\r\n\r\n");
    answer.write_all(head.as_bytes())?;
    loop {
        let bytes = match remote.fill_buf() {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // A remote that hangs up without the farewell of TLS: the framing tells libgit2 whether all was said.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => &[],
            Err(error) => return Err(error),
        };
        let count = bytes.len();
        if count == 0 {
            return Ok(Ended::Passed);
        }
        answer.write_all(bytes)?;
        remote.consume(count);
    }
}

/// The value of the first header of a name in lower case.
fn value_of(lines: &[String], name: &str) -> Option<String> {
    let mut pairs = lines.iter().filter_map(|line| line.split_once(':'));
    pairs.find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
}

/// Answers in the remote's place, without a word.
pub(super) fn refuse(client: &mut impl Write, status: &str) -> io::Result<()> {
    write!(client, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

/// The first line and the header lines, without line ends; `None` where the connection ends or the head does not.
fn read_head(reader: &mut impl BufRead) -> io::Result<Option<(String, Vec<String>)>> {
    let mut head = reader.take(LONGEST_HEAD);
    let (mut first, mut lines) = (None, Vec::new());
    loop {
        let mut line = Vec::new();
        head.read_until(b'\n', &mut line)?;
        if line.pop() != Some(b'\n') {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned();
        match (&mut first, line.is_empty()) {
            (None, _) => first = Some(line),
            (Some(_), false) => lines.push(line),
            (Some(first), true) => return Ok(Some((std::mem::take(first), lines))),
        }
    }
}

/// The status of `HTTP/1.1 200 OK`.
fn status_of(first: &str) -> Option<u16> {
    let rest = first.strip_prefix("HTTP/1.")?;
    rest.split(' ').nth(1).filter(|code| code.len() == 3)?.parse().ok()
}

/// Copies a chunked body (RFC 9112, section 7.1) as it stands.
fn copy_chunks(client: &mut impl BufRead, remote: &mut impl Write) -> io::Result<()> {
    loop {
        let mut line = Vec::new();
        client.by_ref().take(1024).read_until(b'\n', &mut line)?;
        remote.write_all(&line)?;
        let text = String::from_utf8_lossy(&line);
        let size = text.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(size, 16).map_err(io::Error::other)?;
        // The chunk and the line end behind it.
        let length = size.saturating_add(2);
        if io::copy(&mut client.by_ref().take(length), remote)? < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if size == 0 {
            return Ok(());
        }
    }
}

/// Compares without leaving off at the first difference.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
}

#[cfg(test)]
mod tests;
