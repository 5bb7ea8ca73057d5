//! A PostgreSQL server must be there: `scripts/test` starts one and names it in `TEST_DATABASE_URL`.
//!
//! A missing server fails here, loudly and once, so that no test of the service has to decide whether to be left out.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use url::Url;

/// What a client sends before anything else to ask for TLS: its own length, then 1234 and 5679 as 16-bit numbers.
/// The server answers with one byte, `S` or `N`. (PostgreSQL, "Frontend/Backend Protocol", SSLRequest.)
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// The address of the server that tests may use.
#[expect(clippy::disallowed_methods, reason = "the tests are told by scripts/test where the server is")]
fn address() -> Url {
    let text = std::env::var("TEST_DATABASE_URL")
        .expect("TEST_DATABASE_URL is not set: run scripts/test, which starts a PostgreSQL server");
    Url::parse(&text).expect("TEST_DATABASE_URL is an address: postgres://user:password@host:port/database")
}

#[test]
fn a_postgresql_server_answers() {
    let address = address();
    assert!(
        matches!(address.scheme(), "postgres" | "postgresql"),
        "TEST_DATABASE_URL is not a postgres:// address"
    );
    let host = address.host_str().filter(|host| !host.is_empty()).unwrap_or("127.0.0.1");
    let port = address.port().unwrap_or(5432);

    let mut server = TcpStream::connect((host, port))
        .unwrap_or_else(|error| panic!("no server answers at {host}:{port} (TEST_DATABASE_URL): {error}"));
    server.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    server.write_all(&SSL_REQUEST).unwrap();
    let mut answer = [0];
    server.read_exact(&mut answer).unwrap();
    assert!(matches!(&answer, b"S" | b"N"), "what answers at {host}:{port} is not PostgreSQL: {answer:?}");
}
