//! The gate against clients without the token, targets that it does not know, and names that point inwards.

use std::io::{Read, Write};
use std::net::IpAddr;

use rustls::RootCertStore;

use super::*;

/// A resolver that answers what it was told.
struct Says(Vec<&'static str>);

impl Resolve for Says {
    fn resolve(&self, _: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(self.0.iter().map(|text| SocketAddr::new(text.parse::<IpAddr>().unwrap(), port)).collect())
    }
}

struct Fails;

impl Resolve for Fails {
    fn resolve(&self, _: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
        Err(io::Error::other("no such host"))
    }
}

/// Trusts nobody.
fn nobody() -> Arc<ClientConfig> {
    tls::trusting(RootCertStore::empty()).unwrap()
}

fn opened(policy: &Policy, addresses: Vec<&'static str>) -> Result<Gate, Failure> {
    let address = RemoteAddress::parse("https://example.com/a", policy).unwrap();
    Gate::open(&address, policy, &Says(addresses), nobody(), 1 << 20)
}

#[test]
fn a_name_that_resolves_inwards_is_refused_whatever_else_it_resolves_to() {
    let strict = Policy::default();
    for (addresses, wanted) in [
        (vec!["127.0.0.1"], "127.0.0.1, a loopback address"),
        (vec!["140.82.121.4", "10.0.0.1"], "10.0.0.1, a private address"),
        (vec!["2606:50c0::153", "::1"], "::1, a loopback address"),
        (vec!["::ffff:169.254.169.254"], "::ffff:169.254.169.254, a link-local address"),
        (vec!["64:ff9b::a00:1"], "64:ff9b::a00:1, a private address"),
        (vec!["0.0.0.0"], "0.0.0.0, a unspecified address"),
        (vec![], "it has no address"),
    ] {
        let failure = opened(&strict, addresses).err().unwrap().to_string();
        assert!(failure.contains(wanted), "{failure}");
    }
    assert!(opened(&strict, vec!["140.82.121.4", "2606:50c0::153"]).is_ok());
    assert!(opened(&Policy { allow_local: true, ..Policy::default() }, vec!["127.0.0.1"]).is_ok());
    let named = Policy { allow_hosts: vec!["Example.com".into()], ..Policy::default() };
    assert!(opened(&named, vec!["10.0.0.1"]).is_ok());
    let other = Policy { allow_hosts: vec!["example.org".into()], ..Policy::default() };
    assert!(opened(&other, vec!["10.0.0.1"]).is_err());
}

#[test]
fn a_name_that_does_not_resolve_is_told_so() {
    let policy = Policy::default();
    let address = RemoteAddress::parse("https://example.com/a", &policy).unwrap();
    let failure = Gate::open(&address, &policy, &Fails, nobody(), 1).err().unwrap();
    assert_eq!(failure, Failure::Resolve { reason: "no such host".into() });
}

/// Asks a gate whose remote says these bytes; returns what the client hears and what the gate saw.
fn asked(says: &'static [u8], request: impl Fn(&str) -> String) -> (String, Option<Failure>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(says);
            let _ = stream.read(&mut [0; 1024]);
        }
    });
    let policy = Policy { allow_local: true, ..Policy::default() };
    let address = RemoteAddress::parse(&format!("https://example.com:{port}/a"), &policy).unwrap();
    let gate = Gate::open(&address, &policy, &Says(vec!["127.0.0.1"]), nobody(), 1 << 20).unwrap();
    let mut client = TcpStream::connect((Ipv4Addr::LOCALHOST, gate.port)).unwrap();
    let url = gate.url("a/info/refs");
    let path = url.strip_prefix(&format!("http://127.0.0.1:{}", gate.port)).unwrap();
    client.write_all(request(path).as_bytes()).unwrap();
    let mut heard = Vec::new();
    // A reset after the answer is no matter.
    let _ = client.read_to_end(&mut heard);
    (String::from_utf8(heard).unwrap().lines().next().unwrap_or_default().to_owned(), gate.failure())
}

#[test]
fn only_the_holder_of_the_token_is_served() {
    let guess = "0".repeat(32);
    for request in [
        "GET /a/info/refs HTTP/1.1\r\n\r\n".to_owned(),
        format!("GET /{guess}/a/info/refs HTTP/1.1\r\n\r\n"),
        "GET http://example.com/ HTTP/1.1\r\n\r\n".to_owned(),
        "CONNECT example.com:443 HTTP/1.1\r\n\r\n".to_owned(),
    ] {
        assert_eq!(asked(b"", |_| request.clone()), ("HTTP/1.1 403 Forbidden".to_owned(), None), "{request}");
    }
    assert_eq!(asked(b"", |path| format!("PUT {path} HTTP/1.1\r\n\r\n")).0, "HTTP/1.1 403 Forbidden");
}

#[test]
fn a_remote_that_does_not_speak_tls_is_told_so() {
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\n\r\n");
    let (heard, failure) = asked(b"HTTP/1.1 200 OK\r\n\r\n", get);
    assert_eq!(heard, "HTTP/1.1 502 Bad Gateway");
    assert!(matches!(failure, Some(Failure::Certificate { .. })), "{failure:?}");
}

#[test]
fn tokens_differ() {
    assert_ne!(random_token(), random_token());
    assert_eq!(random_token().len(), 32);
}
