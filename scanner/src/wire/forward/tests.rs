//! Requests in and answers out, in memory: what is passed on, what is taken off, what is refused.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;

/// A remote that says its part and keeps what it hears.
struct Remote {
    says: Cursor<Vec<u8>>,
    hears: Vec<u8>,
}

impl Read for Remote {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.says.read(buffer)
    }
}

impl Write for Remote {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.hears.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the remote heard, what the client heard, and how it ended.
fn exchange(request: &[u8], says: &[u8]) -> (String, String, Ended) {
    let mut client = request;
    let read = Request::read(&mut client, "/token/").unwrap().expect("it is a good request");
    let mut remote = Remote { says: Cursor::new(says.to_vec()), hears: Vec::new() };
    let mut heard = Vec::new();
    let ended = pass(&read, "example.com", &mut client, &mut heard, &mut remote).unwrap();
    (String::from_utf8(remote.hears).unwrap(), String::from_utf8(heard).unwrap(), ended)
}

#[test]
fn a_request_names_the_remote_and_nothing_of_the_gate() {
    let (heard, answer, ended) = exchange(
        b"GET /token/a/b/info/refs?service=git-upload-pack HTTP/1.1\r\nUser-Agent: git/2.0\r\nHost: 127.0.0.1:9\r\n\
          Connection: keep-alive\r\nAuthorization: Basic eDp5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
    );
    assert_eq!(
        heard,
        "GET /a/b/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: example.com\r\nUser-Agent: git/2.0\r\n\
         Authorization: Basic eDp5\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(answer, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    assert_eq!(ended, Ended::Passed);
}

#[test]
fn bodies_pass_whole_and_no_further() {
    let body = |head: &str, body: &str| {
        let request = format!("POST /token/a HTTP/1.1\r\n{head}\r\n\r\n{body}");
        let (heard, _, _) = exchange(request.as_bytes(), b"HTTP/1.1 200 OK\r\n\r\n");
        heard.split_once("\r\n\r\n").unwrap().1.to_owned()
    };
    assert_eq!(body("Content-Length: 4", "bodyGET /token/next"), "body");
    let chunks = "4\r\nbody\r\n2;x=y\r\n\r\n\r\n0\r\n\r\n";
    assert_eq!(body("Transfer-Encoding: chunked", &format!("{chunks}GET /next")), chunks);
}

#[test]
fn redirects_and_what_is_no_answer_never_reach_the_client() {
    let ended = |says: &[u8]| {
        let (_, answer, ended) = exchange(b"GET /token/a HTTP/1.1\r\n\r\n", says);
        assert!(answer.is_empty() || ended == Ended::Passed, "{answer}");
        ended
    };
    for status in ["300 x", "301 Moved Permanently", "302", "307 x", "308 x"] {
        let says = format!("HTTP/1.1 {status}\r\nLocation: /b\r\n\r\n");
        assert_eq!(ended(says.as_bytes()), Ended::Redirected(Some("/b".into())), "{status}");
    }
    assert_eq!(ended(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 301 x\r\n\r\n"), Ended::Redirected(None));
    assert_eq!(ended(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 404 x\r\n\r\n"), Ended::Passed);
    let endless_head = [b"HTTP/1.1 200 OK\r\n".to_vec(), b"a: b\r\n".repeat(100_000)].concat();
    for says in
        [&b""[..], b"\r\n\r\n", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 2000 x\r\n\r\n", b"HTTP/1.1", &endless_head]
    {
        assert!(matches!(ended(says), Ended::Broken(_)), "{says:?}");
    }
}

#[test]
fn broken_requests_are_not_passed() {
    for request in
        [&b""[..], b"GET", b"GET /token/a HTTP/1.1\r\n", b"GET /toke HTTP/1.1\r\n\r\n", &[b'x'; 100_000]]
    {
        assert!(Request::read(&mut &*request, "/token/").unwrap().is_none());
    }
    let mut client = &b"POST /token/a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"[..];
    let request = Request::read(&mut client, "/token/").unwrap().unwrap();
    let mut remote = Remote { says: Cursor::default(), hears: Vec::new() };
    let ended = pass(&request, "example.com", &mut client, &mut Vec::new(), &mut remote).unwrap();
    assert!(matches!(ended, Ended::Broken(_)));
}

proptest! {
    #[test]
    fn nothing_that_a_remote_says_panics(says: Vec<u8>, status in "[ -~]{0,20}") {
        exchange_quietly(&says);
        exchange_quietly(&[format!("HTTP/1.1 {status}\r\n").into_bytes(), says].concat());
    }
}

fn exchange_quietly(says: &[u8]) {
    let mut client = &b"GET /token/a HTTP/1.1\r\n\r\n"[..];
    let request = Request::read(&mut client, "/token/").unwrap().unwrap();
    let mut remote = Remote { says: Cursor::new(says.to_vec()), hears: Vec::new() };
    let _ = pass(&request, "example.com", &mut client, &mut Vec::new(), &mut remote);
}

#[test]
fn an_answer_that_says_when_to_come_again_ends_the_fetch() {
    let ended = |answer: &str| {
        let (_, heard, ended) = exchange(b"GET /token/a HTTP/1.1\r\n\r\n", answer.as_bytes());
        (heard.is_empty(), ended)
    };
    assert_eq!(ended("HTTP/1.1 429 Slow\r\nRetry-After: 17\r\n\r\n"), (true, Ended::Limited(17)));
    assert_eq!(ended("HTTP/1.1 403 No\r\nretry-after: 60\r\n\r\n"), (true, Ended::Limited(60)));
    assert_eq!(ended("HTTP/1.1 429 Slow\r\n\r\n"), (false, Ended::Passed), "it does not say when");
    assert_eq!(ended("HTTP/1.1 200 OK\r\nRetry-After: 17\r\n\r\n"), (false, Ended::Passed));
}
