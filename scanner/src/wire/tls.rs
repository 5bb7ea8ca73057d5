//! TLS to the remote: rustls, with the certificate authorities of this machine.
//!
//! rustls with ring rather than OpenSSL: no C library to build, no environment to change, and the reason of a refused
//! certificate is a value.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::failure::Failure;

/// A connection to the remote.
pub(super) type Remote = StreamOwned<ClientConnection, Counted>;

/// Trusts the authorities that this machine trusts, or those of SSL_CERT_FILE and SSL_CERT_DIR where they are given.
///
/// # Errors
/// Where there is none.
pub(super) fn system_trust() -> Result<Arc<ClientConfig>, Failure> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    // Stores hold the odd certificate that no library reads; what counts is that some can be read.
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let said = found.errors.first().map_or_else(String::new, |error| format!(": {error}"));
        let reason = format!("no certificate authorities were found on this machine{said}");
        return Err(Failure::Certificate { reason });
    }
    trusting(roots)
}

/// Trusts these authorities.
pub(super) fn trusting(roots: RootCertStore) -> Result<Arc<ClientConfig>, Failure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = versions.map_err(|error| Failure::Certificate { reason: error.to_string() })?;
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

/// Shakes hands with a host, whose certificate must bear its name.
///
/// # Errors
/// Of the network, or of TLS; [`failure`] tells them apart.
pub(super) fn connect(trust: &Arc<ClientConfig>, host: &str, stream: Counted) -> io::Result<Remote> {
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let connection = ClientConnection::new(Arc::clone(trust), name).map_err(io::Error::other)?;
    let mut remote = StreamOwned::new(connection, stream);
    while remote.conn.is_handshaking() {
        remote.conn.complete_io(&mut remote.sock)?;
    }
    Ok(remote)
}

/// What an error of [`connect`] means.
pub(super) fn failure(error: &io::Error) -> Failure {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(refused) => Failure::Certificate { reason: refused.to_string() },
        None => Failure::Connect { reason: error.to_string() },
    }
}

/// A connection that counts what comes in and ends when it is too much.
pub(super) struct Counted {
    stream: TcpStream,
    received: Arc<AtomicU64>,
    limit: u64,
}

impl Counted {
    /// Counts into `received`, which other connections count into as well; `limit` is for all of them.
    pub(super) fn new(stream: TcpStream, received: Arc<AtomicU64>, limit: u64) -> Self {
        Self { stream, received, limit }
    }

    /// More came than may.
    pub(super) fn is_exceeded(&self) -> bool {
        self.received.load(Ordering::Relaxed) > self.limit
    }
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        self.received.fetch_add(count as u64, Ordering::Relaxed);
        if self.is_exceeded() {
            Err(io::Error::other("the limit of received bytes is reached"))
        } else {
            Ok(count)
        }
    }
}

impl Write for Counted {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
