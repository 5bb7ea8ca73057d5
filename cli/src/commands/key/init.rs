//! `muster key init`.

use anyhow::{Context as _, Result, bail};
use muster_store::{SystemRandom, WrappingKey, WrappingKeys};

use crate::args::InitArgs;
use crate::configuration::KeySource;
use crate::context::Context;
use crate::keys;

/// Runs it.
pub(super) fn run(args: &InitArgs, context: &Context) -> Result<()> {
    let source = context.settings.key_source();
    let path = match (&args.file, &source) {
        (Some(path), _) | (None, KeySource::Named(path) | KeySource::Own(path)) => path.clone(),
        (None, KeySource::Text(_)) => bail!("MUSTER_KEY gives one already; say --file PATH to make another"),
        (None, KeySource::Nowhere) => bail!("find a place for it: set HOME, or say --file PATH"),
    };
    let key = WrappingKey::generate(&SystemRandom)?;
    let id = key.id();
    keys::create(&path, &WrappingKeys::new(key)).with_context(|| format!("write {}", path.display()))?;
    context.say(&format!("key {id} is in {}", path.display()));
    context.say(
        "keep a copy of the file elsewhere, but not beside the backups of the database: without it nobody can open \
         the secrets that are stored, with it and a backup anybody can",
    );
    let is_found = matches!(&source, KeySource::Named(found) | KeySource::Own(found) if *found == path);
    if !is_found {
        let path = std::path::absolute(&path).unwrap_or(path);
        context.say(&format!("to use it, set MUSTER_KEY_FILE={}", path.display()));
    }
    Ok(())
}
