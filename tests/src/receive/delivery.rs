//! A request as bytes, and the answer to it: no client of HTTP would send what has to be sent here.

use std::net::SocketAddr;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub(crate) const APP: &str = "/api/v2/webhooks/github";
pub(crate) const APP_SECRET: &str = "It's a Secret to Everybody";

/// A delivery, good until something is changed in it.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) version: &'static str,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
    /// Sent in chunks, without a declared length.
    pub(crate) is_chunked: bool,
}

/// The n-th id of a delivery.
pub(crate) fn guid(n: usize) -> String {
    format!("72d3162e-cc78-11e3-81ab-{n:012x}")
}

/// `X-Hub-Signature-256` as GitHub makes it.
pub(crate) fn signature(secret: &[u8], body: &[u8]) -> String {
    let mut digest = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    digest.update(body);
    let bytes = digest.finalize().into_bytes();
    format!("sha256={}", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

impl Delivery {
    /// A push to the App's address.
    pub(crate) fn new(n: usize) -> Self {
        let body = br#"{"ref":"refs/heads/main","installation":{"id":42}}"#.to_vec();
        let delivery = Self {
            method: "POST",
            path: APP.to_owned(),
            version: "HTTP/1.1",
            headers: Vec::new(),
            body,
            is_chunked: false,
        };
        delivery
            .set("Host", "muster.example")
            .set("Content-Type", "application/json")
            .set("X-GitHub-Event", "push")
            .set("X-GitHub-Delivery", guid(n))
            .signed(APP_SECRET)
    }

    /// The same for the hook of this key.
    pub(crate) fn to_hook(n: usize, key: &str, secret: &str) -> Self {
        Self { path: format!("{APP}/{key}"), ..Self::new(n).signed(secret) }
    }

    pub(crate) fn signed(self, secret: &str) -> Self {
        let signature = signature(secret.as_bytes(), &self.body);
        self.set("X-Hub-Signature-256", &signature)
    }

    /// Another body, signed for the App.
    pub(crate) fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self }.signed(APP_SECRET)
    }

    /// Another body under the signature of the old one.
    pub(crate) fn unsigned_body(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self }
    }

    pub(crate) fn set(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.without(name).add(name, value)
    }

    pub(crate) fn add(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(given, _)| !given.eq_ignore_ascii_case(name));
        self
    }

    pub(crate) fn method(self, method: &'static str) -> Self {
        Self { method, ..self }
    }

    pub(crate) fn chunked(self) -> Self {
        Self { is_chunked: true, ..self }
    }

    /// The head, with the empty line behind it.
    pub(crate) fn head(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} {}\r\n", self.method, self.path, self.version).into_bytes();
        let is_given = self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length = ("Content-Length".to_owned(), self.body.len().to_string().into_bytes());
        let length = match (self.is_chunked, is_given) {
            (true, _) => Some(("Transfer-Encoding".to_owned(), b"chunked".to_vec())),
            (false, true) => None,
            (false, false) => Some(length),
        };
        for (name, value) in self.headers.iter().chain(&length) {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head();
        if self.is_chunked {
            for chunk in self.body.chunks(7000) {
                bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                bytes.extend_from_slice(chunk);
                bytes.extend_from_slice(b"\r\n");
            }
            bytes.extend_from_slice(b"0\r\n\r\n");
        } else {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }

    /// Sends it over a connection of its own.
    pub(crate) async fn send(&self, to: SocketAddr) -> Answer {
        let mut stream = TcpStream::connect(to).await.unwrap();
        self.send_over(&mut stream).await
    }

    /// Sends one that was never sent before: it is recorded, at once.
    pub(crate) async fn taken(&self, to: SocketAddr) {
        let answer = self.send(to).await;
        assert_eq!(answer.status, 202, "{}", answer.line());
    }

    /// The same as to send it, where the other end may go away.
    pub(crate) async fn try_send(&self, to: SocketAddr) -> Option<Answer> {
        let mut stream = TcpStream::connect(to).await.ok()?;
        stream.write_all(&self.bytes()).await.ok()?;
        Answer::read(&mut stream, false).await
    }

    /// Sends it, reading meanwhile: whoever is refused early is not read to the end.
    pub(crate) async fn send_over(&self, stream: &mut TcpStream) -> Answer {
        let (mut reading, mut writing) = stream.split();
        let bytes = self.bytes();
        let write = async {
            _ = writing.write_all(&bytes).await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            answer = Answer::read(&mut reading, self.method == "HEAD") => {
                answer.unwrap_or_else(|| panic!("no answer to {} {}", self.method, self.path))
            }
            () = write => unreachable!("it waits for ever"),
        }
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// Reads one; `None` where the connection ends before it has come.
    pub(crate) async fn read(
        reading: &mut (impl tokio::io::AsyncRead + Unpin),
        is_headless: bool,
    ) -> Option<Self> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(reading.read_u8().await.ok()?);
        }
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut answer = Self { status, headers, body: String::new() };
        if !is_headless {
            let length = answer.header("content-length").and_then(|length| length.parse().ok());
            let mut body = vec![0; length.unwrap_or(0)];
            reading.read_exact(&mut body).await.ok()?;
            answer.body = String::from_utf8(body).unwrap();
        }
        Some(answer)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// The stable word of it.
    pub(crate) fn code(&self) -> String {
        let Ok(body) = serde_json::from_str::<Value>(&self.body) else { return String::new() };
        let wanted = if self.status < 300 { "application/json" } else { "application/problem+json" };
        assert_eq!(self.header("content-type"), Some(wanted));
        body["code"].as_str().or(body["outcome"].as_str()).unwrap_or_default().to_owned()
    }

    /// Status, word, and what is said in headers.
    pub(crate) fn line(&self) -> String {
        let more = ["allow", "retry-after"].map(|name| match self.header(name) {
            Some(value) => format!(" ({name}: {value})"),
            None => String::new(),
        });
        format!("{} {}{}", self.status, self.code(), more.concat()).trim_end().to_owned()
    }
}
