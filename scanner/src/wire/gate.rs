//! The gate: the only way from libgit2 to the network.
//!
//! A proxy on the loopback interface, inside the child, that knows one host. It resolves that host's name once, checks
//! every address it got, connects to one that it checked, and passes bytes. Because libgit2 never resolves a name
//! itself, there is no moment between the check and the connection in which a name could change its address (DNS
//! rebinding). TLS stays end to end inside libgit2; the gate sees ciphertext. A random token keeps other users of
//! the machine from using it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::address::{Policy, RemoteAddress};
use super::failure::Failure;
use super::tunnel::pass_both_ways;

/// Turns a host name into addresses.
pub(super) trait Resolve: Send + Sync + 'static {
    /// The addresses of a host, best first.
    fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

/// The resolver of the operating system.
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        (host, port).to_socket_addrs().map(Iterator::collect)
    }
}

/// An open gate. It lives as long as the process; the child is made for one fetch.
pub(super) struct Gate {
    port: u16,
    token: String,
    shared: Arc<Shared>,
}

struct Shared {
    target: String,
    authorization: String,
    addresses: Vec<SocketAddr>,
    received: Arc<AtomicU64>,
    limit: u64,
    failure: Mutex<Option<Failure>>,
}

/// How long one address may take to answer before the next is tried.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Addresses tried before giving up.
const MAXIMUM_ADDRESSES: usize = 8;
/// A CONNECT request is a few hundred bytes.
const LONGEST_REQUEST: u64 = 16 * 1024;

impl Gate {
    /// Resolves and checks the host, and begins to listen.
    ///
    /// # Errors
    /// Where the name does not resolve, where any of its addresses is refused by the policy (a name that points at
    /// both kinds is treated as an attempt), or where no port can be opened.
    pub(super) fn open(
        address: &RemoteAddress,
        policy: &Policy,
        resolver: &dyn Resolve,
        limit: u64,
    ) -> Result<Self, Failure> {
        let (host, port) = (address.host(), address.port());
        let mut addresses =
            resolver.resolve(host, port).map_err(|error| Failure::Resolve { reason: error.to_string() })?;
        if addresses.is_empty() {
            return Err(Failure::Resolve { reason: "it has no address".into() });
        }
        for found in &addresses {
            if let Some(what) = policy.refuses(host, port, found.ip()) {
                return Err(Failure::Private { address: found.ip().to_string(), what: what.into() });
            }
        }
        addresses.truncate(MAXIMUM_ADDRESSES);
        let token = random_token();
        let shared = Arc::new(Shared {
            target: format!("{host}:{port}"),
            authorization: format!("Basic {}", base64(format!("muster:{token}").as_bytes())),
            addresses,
            received: Arc::default(),
            limit,
            failure: Mutex::default(),
        });
        let unavailable = |error: io::Error| Failure::Connect { reason: error.to_string() };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(unavailable)?;
        let port = listener.local_addr().map_err(unavailable)?.port();
        let served = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&served);
                thread::spawn(move || {
                    // A client that goes away mid-sentence is none of our business.
                    let _ = serve(client, &shared);
                });
            }
        });
        Ok(Self { port, token, shared })
    }

    /// The address of the proxy, with its token.
    pub(super) fn proxy_url(&self) -> String {
        format!("http://muster:{}@127.0.0.1:{}", self.token, self.port)
    }

    /// Bytes received from the remote so far.
    pub(super) fn received(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.shared.received)
    }

    /// What the gate itself saw go wrong; more telling than what libgit2 makes of it.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.shared.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Shared {
    fn fail(&self, failure: Failure) {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
    }

    fn connect(&self) -> Result<TcpStream, io::Error> {
        let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in &self.addresses {
            match TcpStream::connect_timeout(address, CONNECT_TIMEOUT) {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

/// Answers one client: any number of refused requests, then one tunnel.
fn serve(client: TcpStream, shared: &Shared) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut writer = client.try_clone()?;
    let mut reader = BufReader::new(client.try_clone()?);
    loop {
        let Some((request, authorization)) = read_request(&mut reader)? else { return Ok(()) };
        if !same(&authorization, &shared.authorization) {
            writer.write_all(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"muster\"\r\n\
                  Content-Length: 0\r\n\r\n",
            )?;
            continue;
        }
        if request != format!("CONNECT {} HTTP/1.1", shared.target) {
            // The only way here is a redirect that libgit2 follows within one host name: to another port.
            shared.fail(Failure::Redirect);
            return writer.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        }
        let remote = match shared.connect() {
            Ok(remote) => remote,
            Err(error) => {
                shared.fail(Failure::Connect { reason: error.to_string() });
                return writer.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
            }
        };
        remote.set_nodelay(true)?;
        writer.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
        let early = reader.buffer().to_vec();
        if !pass_both_ways(client, &early, &remote, &shared.received, shared.limit) {
            shared.fail(Failure::TooLarge { limit: shared.limit });
        }
        return Ok(());
    }
}

/// The first line of a request and the value of its Proxy-Authorization, or `None` at the end of the stream.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<(String, String)>> {
    let mut head = reader.take(LONGEST_REQUEST);
    let (mut request, mut authorization, mut line) = (String::new(), String::new(), String::new());
    loop {
        line.clear();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let text = line.trim_end();
        if text.is_empty() {
            return Ok(Some((request, authorization)));
        }
        if request.is_empty() {
            text.clone_into(&mut request);
        } else if let Some((name, value)) = text.split_once(':')
            && name.eq_ignore_ascii_case("proxy-authorization")
        {
            value.trim().clone_into(&mut authorization);
        }
    }
}

/// Compares without leaving off at the first difference.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
}

/// 128 random bits in hexadecimal. The standard library seeds its hashers from the operating system's randomness and
/// hashes with a keyed pseudo-random function, so this needs no dependency.
fn random_token() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{:016x}{:016x}", RandomState::new().hash_one(1), RandomState::new().hash_one(2))
}

/// Standard base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let symbol = ALPHABET[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= chunk.len() { char::from(symbol) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
