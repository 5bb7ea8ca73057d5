//! The gate: the only way from libgit2 to the network.
//!
//! A small HTTP server on the loopback interface, inside the child, that passes requests on to one host over TLS. It
//! resolves that host's name once, checks every address it got, connects only to what it checked (so a name cannot
//! change its address between check and connection: DNS rebinding), verifies the certificate, and refuses redirects.
//! libgit2 is built without TLS: its own, behind a CONNECT proxy, uses memory that it has freed when a certificate is
//! refused (1.9.7, `http_client_connect` closes the proxy's stream before the one wrapped around it), and it follows
//! redirects within a host whatever it is told. A random token in the path keeps other users of the machine out.

use std::io::{self, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rustls::ClientConfig;

use super::address::{Policy, RemoteAddress};
use super::failure::Failure;
use super::forward::{Ended, Request, pass, refuse};
use super::tls::{self, Counted};

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
    shared: Arc<Shared>,
}

struct Shared {
    host: String,
    authority: String,
    prefix: String,
    policy: Policy,
    addresses: Vec<SocketAddr>,
    trust: Arc<ClientConfig>,
    received: Arc<AtomicU64>,
    limit: u64,
    failure: Mutex<Option<Failure>>,
}

/// How long one address may take to answer before the next is tried.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Addresses tried before giving up.
const MAXIMUM_ADDRESSES: usize = 8;

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
        trust: Arc<ClientConfig>,
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
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            authority: address.authority(),
            prefix: format!("/{token}/"),
            policy: policy.clone(),
            addresses,
            trust,
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
                    let _ = serve(&client, &shared);
                });
            }
        });
        Ok(Self { port, shared })
    }

    /// The address under which libgit2 reaches a path of the remote.
    pub(super) fn url(&self, asked: &str) -> String {
        format!("http://127.0.0.1:{}{}{asked}", self.port, self.shared.prefix)
    }

    /// Bytes received from the remote so far.
    pub(super) fn received(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.shared.received)
    }

    /// Takes what the gate itself saw go wrong; more telling than what libgit2 makes of it.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.shared.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Shared {
    fn fail(&self, failure: Failure) {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
    }

    /// The repository that a redirect leads to, if it could be fetched: what a remote says is shown in no other form.
    fn repository_at(&self, location: &str) -> Option<String> {
        let location = location.split('?').next()?.strip_suffix("/info/refs")?;
        let absolute = match location.starts_with('/') {
            true => format!("https://{}{location}", self.authority),
            false => location.to_owned(),
        };
        RemoteAddress::parse(&absolute, &self.policy).ok().map(|address| address.url().to_owned())
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

/// Answers one request of one client; libgit2 connects anew for the next.
fn serve(client: &TcpStream, shared: &Shared) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut reader = BufReader::new(client);
    let mut writer = client;
    let Some(request) = Request::read(&mut reader, &shared.prefix)? else {
        return refuse(&mut writer, "403 Forbidden");
    };
    let remote = shared.connect().and_then(|stream| {
        stream.set_nodelay(true)?;
        let counted = Counted::new(stream, Arc::clone(&shared.received), shared.limit);
        tls::connect(&shared.trust, &shared.host, counted)
    });
    let mut remote = match remote {
        Ok(remote) => remote,
        Err(error) => {
            shared.fail(tls::failure(&error));
            return refuse(&mut writer, "502 Bad Gateway");
        }
    };
    let ended = pass(&request, &shared.authority, &mut reader, &mut writer, &mut remote);
    if remote.sock.is_exceeded() {
        shared.fail(Failure::TooLarge { limit: shared.limit });
    }
    match ended? {
        Ended::Passed => Ok(()),
        Ended::Redirected(location) => {
            shared.fail(Failure::Redirect { to: location.and_then(|to| shared.repository_at(&to)) });
            refuse(&mut writer, "502 Bad Gateway")
        }
        Ended::Limited(seconds) => {
            shared.fail(Failure::Limited { seconds });
            refuse(&mut writer, "502 Bad Gateway")
        }
        Ended::Broken(reason) => {
            shared.fail(Failure::NotGit { reason });
            refuse(&mut writer, "502 Bad Gateway")
        }
    }
}

/// 128 random bits in hexadecimal. The standard library seeds its hashers from the operating system's randomness and
/// hashes with a keyed pseudo-random function, so this needs no dependency.
fn random_token() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{:016x}{:016x}", RandomState::new().hash_one(1), RandomState::new().hash_one(2))
}

#[cfg(test)]
mod tests;
