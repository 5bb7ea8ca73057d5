//! A program that does nothing but fetch, for tests that kill it: parent and child of the wire as in `muster`.
//!
//! `muster-fetch __fetch` is the child. `muster-fetch ADDRESS CACHE CERTIFICATE` is a parent that allows local hosts
//! and prints where the mirror is.

use std::io::{BufReader, Write as _, stdin, stdout};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use muster_scanner::wire::{
    FETCH_COMMAND, FetchOptions, MirrorCache, Policy, RemoteAddress, fetch, run_child,
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [FETCH_COMMAND] => run_child(BufReader::new(stdin()), stdout()),
        [address, cache, certificate] => parent(address, cache, certificate),
        _ => ExitCode::from(2),
    }
}

fn parent(address: &str, cache: &str, certificate: &str) -> ExitCode {
    let policy = Policy { allow_local: true, ..Policy::default() };
    let address = RemoteAddress::parse(address, &policy).expect("the test gives a good address");
    let options = FetchOptions {
        policy,
        environment: vec![("SSL_CERT_FILE".into(), certificate.into())],
        ..FetchOptions::default()
    };
    let program = std::env::current_exe().expect("a running program knows where it is");
    let cancelled = AtomicBool::new(false);
    let cache = MirrorCache::new(cache);
    let said = match fetch(&address, &cache, &options, &program, &mut |_| {}, &cancelled) {
        Ok(mirror) => mirror.git_dir.display().to_string(),
        Err(error) => error.to_string(),
    };
    let _ = writeln!(stdout(), "{said}");
    ExitCode::SUCCESS
}
