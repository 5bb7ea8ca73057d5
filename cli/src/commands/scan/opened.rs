//! The source of a scan: a folder or repository of this machine, or the mirror of an address.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::{Context as _, Result};
use muster_scanner::wire::{
    FetchOptions, FetchProgress, MirrorCache, Policy, RemoteAddress, is_remote, without_user_info,
};
use muster_scanner::{Limits, Source};

use crate::args::ScanArgs;
use crate::context::Context;
use crate::print::progress::Indicator;

/// Something to scan.
pub(super) struct Opened {
    pub(super) source: Source,
    /// What was given, without user info.
    pub(super) shown: String,
}

/// Opens what was given; an address is fetched first.
pub(super) fn open(
    args: &ScanArgs,
    context: &Context,
    indicator: &Indicator,
    cancelled: &AtomicBool,
) -> Result<Opened> {
    let shown = without_user_info(&args.source);
    let source = if is_remote(&args.source) {
        fetch(args, context, indicator, cancelled)?
    } else {
        Source::open(Path::new(&args.source), args.rev.as_deref(), Limits::default())?
    };
    Ok(Opened { source, shown })
}

fn fetch(
    args: &ScanArgs,
    context: &Context,
    indicator: &Indicator,
    cancelled: &AtomicBool,
) -> Result<Source> {
    let settings = &context.settings;
    let policy = Policy { allow_hosts: settings.allow_hosts.clone(), allow_local: settings.allow_local };
    let address = RemoteAddress::parse(&args.source, &policy)?;
    let cache = MirrorCache::new(settings.cache_dir()?).with_most_bytes(settings.service.cache_bytes);
    let environment = context.fetch_environment.clone();
    let options = FetchOptions { policy, environment, ..FetchOptions::default() };
    let program = std::env::current_exe().context("find this program on disk, to run it for the fetch")?;
    let mut tell = |progress: FetchProgress| indicator.fetch(&progress);
    let mirror = muster_scanner::wire::fetch(&address, &cache, &options, &program, &mut tell, cancelled)?;
    indicator.end();
    let mut source = Source::open_mirror(&mirror.git_dir, args.rev.as_deref(), Limits::default())?;
    source.key = mirror.source_key;
    address.name().clone_into(&mut source.name);
    source.facts.remote_url = Some(source.key.clone());
    if args.rev.is_none() {
        source.facts.branch = mirror.head_branch;
    }
    Ok(source)
}
