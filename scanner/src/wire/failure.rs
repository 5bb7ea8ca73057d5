//! Why a fetch did not happen: one sentence each, with what to do next where one can do something.
//!
//! `Failure` is what the child found out about the remote and crosses the pipe; `FetchError` adds what the parent
//! itself sees. No text here holds credentials: the address has none, and what libgit2 says is redacted.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::address::AddressError;
use super::mirror::CacheError;

/// What went wrong between the child and the remote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "failure")]
pub enum Failure {
    /// The name does not resolve.
    #[error("its host name cannot be resolved ({reason}); check the spelling and the network")]
    Resolve {
        /// What the resolver said.
        reason: String,
    },
    /// The name resolves to an address inside a private network.
    #[error(
        "its host name resolves to {address}, a {what} address, which a scan does not connect to; if that is \
         intended, allow the host by name (--allow-host)"
    )]
    Private {
        /// The address.
        address: String,
        /// `loopback`, `private`, ...
        what: String,
    },
    /// No connection.
    #[error("no connection could be made ({reason}); check the address and the network")]
    Connect {
        /// What the system said.
        reason: String,
    },
    /// TLS failed or the certificate is not trusted.
    #[error(
        "its certificate cannot be trusted ({reason}); for a private certificate authority name its file in \
         SSL_CERT_FILE"
    )]
    Certificate {
        /// What OpenSSL said.
        reason: String,
    },
    /// It answers with another address.
    #[error("it redirects{}", redirect_hint(.to.as_deref()))]
    Redirect {
        /// The address of a repository, where it leads to one that would be fetched.
        to: Option<String>,
    },
    /// It wants a user name and password.
    #[error(
        "it asks for credentials: there is no such public repository, or the token given may not read it"
    )]
    Unauthorized,
    /// Another HTTP status than 200.
    #[error("it answers with HTTP status {status}{}", status_hint(*.status))]
    Status {
        /// The status.
        status: u16,
    },
    /// It says when to come again.
    #[error("it takes no more requests for {seconds} seconds; try again then")]
    Limited {
        /// What it said, in `Retry-After`.
        seconds: u64,
    },
    /// An answer that is no Git repository's.
    #[error("it does not answer as a Git repository ({reason}); check the address")]
    NotGit {
        /// What libgit2 said.
        reason: String,
    },
    /// Objects named by SHA-256.
    #[error(
        "it names its objects by SHA-256, which cannot be fetched yet; clone it with git and scan the folder"
    )]
    Sha256,
    /// It announced what it did not send.
    #[error("it announced {name} but did not send its object {object}; try again later")]
    Incomplete {
        /// The branch or tag.
        name: String,
        /// The object's id.
        object: String,
    },
    /// More bytes than allowed.
    #[error("it sent more than {limit} bytes; raise the limit if the repository is that large")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The mirror on this machine cannot be read; the parent fetches it anew.
    #[error("the mirror on this machine is damaged ({reason}); remove it and try again")]
    Damaged {
        /// What libgit2 said.
        reason: String,
    },
    /// The disk.
    #[error(
        "the mirror cannot be written ({reason}); check free space and permissions of the cache directory"
    )]
    Storage {
        /// What the system said.
        reason: String,
    },
    /// The request that the child was given makes no sense: two versions of the program, or a person typing.
    #[error("the fetching process was asked wrongly ({reason}); it is started by a scan, not by hand")]
    Request {
        /// What does not fit.
        reason: String,
    },
    /// Anything else.
    #[error("the transfer failed ({reason}); try again later")]
    Other {
        /// What libgit2 said, without user info.
        reason: String,
    },
}

fn redirect_hint(to: Option<&str>) -> String {
    match to {
        Some(to) => format!(" to {to}, which is not followed; give that address if it is the right one"),
        None => " elsewhere, which is not followed; give the repository's present address".to_owned(),
    }
}

fn status_hint(status: u16) -> &'static str {
    match status {
        403 => "; access is forbidden",
        404 | 410 => "; there is no such public repository",
        429 => "; too many requests were made, try again later",
        500..=599 => "; the server has a problem, try again later",
        _ => "",
    }
}

/// Why a fetch failed.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is refused before anything is contacted.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The place of the mirror is not usable.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The child cannot be started.
    #[error("the fetching process {} cannot be started", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The remote, the network or the mirror; reads on from "failed to fetch https://...: ".
    #[error("{failure}")]
    Remote {
        /// The host.
        host: String,
        /// What happened.
        failure: Failure,
    },
    /// Nothing came for too long.
    #[error("{host} was silent for {} seconds; try again later", .silence.as_secs())]
    Silent {
        /// The host.
        host: String,
        /// The limit that was reached.
        silence: Duration,
    },
    /// Something came all the time, and too little of it.
    #[error("{host} sent less than {rate} bytes a second for {} seconds; try again later", .window.as_secs())]
    TooSlow {
        /// The host.
        host: String,
        /// Bytes a second.
        rate: u64,
        /// For how long.
        window: Duration,
    },
    /// It did not come to an end.
    #[error("fetching from {host} was not done after {} seconds; raise the limit or try again later", .total.as_secs())]
    TooLong {
        /// The host.
        host: String,
        /// The limit that was reached.
        total: Duration,
    },
    /// The child used too much memory.
    #[error(
        "fetching from {host} took more than {limit} bytes of memory; the repository is too large or hostile"
    )]
    TooMuchMemory {
        /// The host.
        host: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// The child ended without a word.
    #[error("the fetching process ended unexpectedly ({status}); this is a defect, please report it{said}")]
    Crashed {
        /// Its exit status or signal.
        status: String,
        /// What it last said, redacted; empty or beginning with `: `.
        said: String,
    },
    /// Somebody asked to stop.
    #[error("the fetch was cancelled")]
    Cancelled,
}
