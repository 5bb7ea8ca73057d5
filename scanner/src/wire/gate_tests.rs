//! The gate against clients without the token, targets that it does not know, and names that point inwards.

use std::net::IpAddr;

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

fn opened(policy: &Policy, addresses: Vec<&'static str>) -> Result<Gate, Failure> {
    let address = RemoteAddress::parse("https://example.com/a", policy).unwrap();
    Gate::open(&address, policy, &Says(addresses), 1 << 20)
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
    let failure = Gate::open(&address, &policy, &Fails, 1).err().unwrap();
    assert_eq!(failure, Failure::Resolve { reason: "no such host".into() });
}

/// Opens a gate to a listener of our own and says something to it; returns the first line of the answer.
fn asked(request: impl Fn(&Gate, u16) -> String) -> (String, Option<Failure>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let policy = Policy { allow_local: true, ..Policy::default() };
    let address = RemoteAddress::parse(&format!("https://example.com:{port}/a"), &policy).unwrap();
    let gate = Gate::open(&address, &policy, &Says(vec!["127.0.0.1"]), 10).unwrap();
    let mut client = TcpStream::connect((Ipv4Addr::LOCALHOST, gate.port)).unwrap();
    client.write_all(request(&gate, port).as_bytes()).unwrap();
    let mut answer = String::new();
    BufReader::new(client).read_line(&mut answer).unwrap();
    (answer.trim_end().to_owned(), gate.failure())
}

fn authorization(gate: &Gate) -> String {
    format!("Proxy-Authorization: Basic {}\r\n", base64(format!("muster:{}", gate.token).as_bytes()))
}

#[test]
fn only_the_holder_of_the_token_reaches_only_the_host() {
    let (answer, _) = asked(|_, port| format!("CONNECT example.com:{port} HTTP/1.1\r\n\r\n"));
    assert_eq!(answer, "HTTP/1.1 407 Proxy Authentication Required");
    let (answer, _) = asked(|_, port| {
        format!("CONNECT example.com:{port} HTTP/1.1\r\nProxy-Authorization: Basic bXVzdGVyOg==\r\n\r\n")
    });
    assert_eq!(answer, "HTTP/1.1 407 Proxy Authentication Required");
    let (answer, failure) =
        asked(|gate, _| format!("CONNECT example.org:443 HTTP/1.1\r\n{}\r\n", authorization(gate)));
    assert_eq!((answer.as_str(), failure), ("HTTP/1.1 403 Forbidden", Some(Failure::Redirect)));
    let (answer, _) =
        asked(|gate, _| format!("GET http://example.com/ HTTP/1.1\r\n{}\r\n", authorization(gate)));
    assert_eq!(answer, "HTTP/1.1 403 Forbidden");
    let (answer, failure) =
        asked(|gate, port| format!("CONNECT example.com:{port} HTTP/1.1\r\n{}\r\n", authorization(gate)));
    assert_eq!((answer.as_str(), failure), ("HTTP/1.1 200 Connection established", None));
}

#[test]
fn endless_or_broken_requests_end_the_connection() {
    for text in ["x".repeat(100_000), "a: b\r\n".repeat(10_000), "CONNECT".into()] {
        let mut reader = text.as_bytes();
        assert!(read_request(&mut reader).unwrap().is_none());
    }
    assert!(read_request(&mut &b"\xff\xfe\r\n\r\n"[..]).is_err());
}

#[test]
fn tokens_differ_and_base64_is_standard() {
    assert_ne!(random_token(), random_token());
    assert_eq!(random_token().len(), 32);
    for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
        assert_eq!(base64(plain.as_bytes()), coded);
    }
}
