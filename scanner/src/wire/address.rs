//! The address of a remote: what may be written, and the one form under which a repository is known.
//!
//! Hosts are read as browsers read them (the WHATWG rules of the `url` crate), so that `0x7f.1`, `2130706433`,
//! full-width digits and `[::ffff:127.0.0.1]` are all seen for what they are before anything is looked up. No error
//! repeats more of a refused address than its scheme, host and path: user info is never echoed.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::reach::unreachable_because;

/// What an operator allows beyond public hosts on port 443.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Hosts, as `host` or `host:port`, that may have private addresses and other ports than 443.
    pub allow_hosts: Vec<String>,
    /// Every host may have private, loopback and link-local addresses and any port.
    pub allow_local: bool,
}

impl Policy {
    /// True where the operator named this host (and, if a port was named with it, this port).
    fn names(&self, host: &str, port: u16) -> bool {
        self.allow_hosts.iter().any(|allowed| {
            let allowed = allowed.trim().trim_end_matches('.');
            allowed.eq_ignore_ascii_case(host)
                || allowed.rsplit_once(':').is_some_and(|(name, number)| {
                    name.trim_end_matches('.').eq_ignore_ascii_case(host) && number.parse() == Ok(port)
                })
        })
    }

    /// Why this address of this host may not be connected to; `None` where it may.
    pub(super) fn refuses(&self, host: &str, port: u16, address: IpAddr) -> Option<&'static str> {
        if self.allow_local || self.names(host, port) { None } else { unreachable_because(address) }
    }
}

/// Why an address is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing was written.
    #[error("the address is empty; write one like https://example.com/owner/name")]
    Empty,
    /// Longer than any address that a server accepts.
    #[error("the address is longer than {limit} bytes", limit = MAXIMUM)]
    TooLong,
    /// It holds white space, control characters or backslashes.
    #[error("the address holds a space, a control character or a backslash; write it as one plain line")]
    Malformed,
    /// Another scheme than https.
    #[error("addresses of the form `{scheme}` are not fetched, only https ones are{}", instead(.https))]
    Scheme {
        /// `ssh`, `git`, `file`, `ext`, `http`, ... as written, in lower case.
        scheme: String,
        /// The likely https form.
        https: Option<String>,
    },
    /// No scheme at all.
    #[error("this is no https address{}", instead(.https))]
    NoScheme {
        /// The likely https form.
        https: Option<String>,
    },
    /// A user name, password or token in the address.
    #[error(
        "the address holds a user name or password, which would end up in logs and listings; leave it out \
         (a private repository needs a token given to Muster by other means)"
    )]
    UserInfo,
    /// A query or a fragment.
    #[error("the address holds a `?` or `#`; give the address that `git clone` takes")]
    Query,
    /// No host, or one that no host can be named.
    #[error("the address has no valid host; write one like https://example.com/owner/name")]
    Host,
    /// A host and nothing behind it.
    #[error("the address names a host but no repository on it; write one like https://{host}/owner/name")]
    NoPath {
        /// The host.
        host: String,
    },
    /// Another port than 443.
    #[error(
        "port {port} of {host} is not allowed, only 443 is; allow the host by name (--allow-host {host})"
    )]
    Port {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// A host that is this machine or inside a private network.
    #[error(
        "{host} is a {what} address, which a scan does not connect to; if that is intended, allow it by name \
         (--allow-host {host})"
    )]
    Private {
        /// The host.
        host: String,
        /// `loopback`, `private`, ...
        what: &'static str,
    },
}

fn instead(https: &Option<String>) -> String {
    https.as_ref().map_or_else(String::new, |https| format!("; try {https}"))
}

/// Addresses longer than this are refused unread; servers refuse them too.
const MAXIMUM: usize = 2048;

/// An https address that passed every check that needs no network.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RemoteAddress {
    host: String,
    port: u16,
    path: String,
    url: String,
}

impl RemoteAddress {
    /// Reads an address as a person wrote it.
    ///
    /// # Errors
    /// Where the address is not https, holds user info, a query or a fragment, names no repository, or names a host
    /// or port that the policy does not allow.
    pub fn parse(text: &str, policy: &Policy) -> Result<Self, AddressError> {
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        if text.len() > MAXIMUM {
            return Err(AddressError::TooLong);
        }
        if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err(AddressError::Malformed);
        }
        check_scheme(text)?;
        let url = Url::parse(text).map_err(|_| AddressError::Host)?;
        if !url.username().is_empty() || url.password().is_some() || authority(text).contains('@') {
            return Err(AddressError::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(AddressError::Query);
        }
        let port = url.port_or_known_default().unwrap_or(443);
        let (host, literal) = match url.host() {
            None => return Err(AddressError::Host),
            // More than one dot at the end would turn `0..` into the number 0, which is an address.
            Some(Host::Domain(name)) if name.contains("..") => return Err(AddressError::Host),
            Some(Host::Domain(name)) => (name.trim_end_matches('.').to_ascii_lowercase(), None),
            Some(Host::Ipv4(address)) => (address.to_string(), Some(IpAddr::V4(address))),
            Some(Host::Ipv6(address)) => (format!("[{address}]"), Some(IpAddr::V6(address))),
        };
        if host.is_empty() {
            return Err(AddressError::Host);
        }
        let refused = match literal {
            Some(address) => policy.refuses(&host, port, address),
            None if is_local_name(&host) => policy.refuses(&host, port, IpAddr::from([127, 0, 0, 1])),
            None => None,
        };
        if let Some(what) = refused {
            return Err(AddressError::Private { host, what });
        }
        if port != 443 && !policy.allow_local && !policy.names(&host, port) {
            return Err(AddressError::Port { host, port });
        }
        let segments: Vec<&str> = url.path().split('/').filter(|segment| !segment.is_empty()).collect();
        let asked = segments.join("/");
        let mut path = asked.as_str();
        while let Some(shorter) = path.strip_suffix(".git") {
            path = shorter.trim_end_matches('/');
        }
        let path = path.to_owned();
        if path.is_empty() {
            return Err(AddressError::NoPath { host });
        }
        let shown = if port == 443 { host.clone() } else { format!("{host}:{port}") };
        Ok(Self { host, port, path, url: format!("https://{shown}/{asked}") })
    }

    /// The one form under which the repository is known: `https://host/path`, without `.git`.
    pub fn source_key(&self) -> String {
        format!("https://{}/{}", self.authority(), self.path)
    }

    /// The address to fetch from: as it was written (some servers insist on `.git`, some on its absence).
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The last segment of the path, without `.git`.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The host in lower case; an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, 443 unless the policy allowed another.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The path without leading slash and `.git`.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The path as it was written, without leading slash.
    pub(super) fn asked(&self) -> &str {
        self.url.splitn(4, '/').nth(3).unwrap_or(&self.path)
    }

    /// `host`, or `host:port` where the port is not 443.
    pub(super) fn authority(&self) -> String {
        if self.port == 443 { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }
}

/// True where a text has the form of a remote address, fetchable or not, so that it is no path of this machine.
pub fn is_remote(text: &str) -> bool {
    let text = text.trim();
    scheme_of(text).is_some() || short_ssh(text).is_some()
}

/// The scheme of `scheme://...` and of Git's `helper::address`, in lower case.
fn scheme_of(text: &str) -> Option<(String, &str)> {
    let end = text.find(':')?;
    let (scheme, rest) = (&text[..end], &text[end + 1..]);
    let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let rest = rest.strip_prefix("//").or_else(|| rest.strip_prefix(':'))?;
    valid.then(|| (scheme.to_ascii_lowercase(), rest))
}

/// Host and path of `user@host:path`, the short form of ssh.
fn short_ssh(text: &str) -> Option<(&str, &str)> {
    let (before, path) = text.split_once(':')?;
    let (_, host) = before.rsplit_once('@')?;
    (!before.contains('/') && !host.is_empty()).then_some((host, path))
}

fn check_scheme(text: &str) -> Result<(), AddressError> {
    if text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://")) {
        return Ok(());
    }
    if let Some((scheme, rest)) = scheme_of(text) {
        let near =
            matches!(scheme.as_str(), "http" | "ssh" | "git" | "git+ssh" | "ssh+git") && !text.contains("::");
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let https = if near { https_form(host, path) } else { None };
        return Err(AddressError::Scheme { scheme, https });
    }
    if let Some((host, path)) = short_ssh(text) {
        return Err(AddressError::Scheme { scheme: "user@host:path".into(), https: https_form(host, path) });
    }
    let https = text.split_once('/').filter(|(host, _)| !host.to_ascii_lowercase().starts_with("https:"));
    let https = https.filter(|(host, _)| host.contains('.') && !host.starts_with(['.', '-']));
    Err(AddressError::NoScheme { https: https.and_then(|(host, path)| https_form(host, path)) })
}

/// A likely https address from parts of another form; nothing where user info could slip through.
fn https_form(host: &str, path: &str) -> Option<String> {
    let host = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    let https = format!("https://{host}/{}", path.trim_start_matches('/'));
    let plain = !https.contains(['@', '?', '#']) && !https["https://".len()..].contains(':');
    (plain && RemoteAddress::parse(&https, &Policy::default()).is_ok()).then_some(https)
}

/// The part between `//` and the next slash, as written.
fn authority(text: &str) -> &str {
    let rest = text.get(8..).unwrap_or_default().trim_start_matches('/');
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Names that mean this machine whatever a resolver says (RFC 6761).
fn is_local_name(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or(host);
    matches!(last, "localhost" | "localdomain" | "local" | "internal")
        || host == "ip6-localhost"
        || host == "ip6-loopback"
}

#[cfg(test)]
mod tests;
