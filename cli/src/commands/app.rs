//! The GitHub App that this is, where it is one: its key is read once, when a service starts.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use muster_ingest::credentials::{App, AppKey, Credentials, InstallationTokens};
use muster_store::Secret;

use crate::context::Context;

/// More is no key.
const LONGEST: u64 = 64 * 1024;

/// With what repositories are fetched: the tokens that were given for them, and those of the App's installations.
pub(super) fn credentials(context: &Context) -> Result<Credentials> {
    let Some(app) = &context.settings.service.app else { return Ok(Credentials::default()) };
    let path = &app.private_key_file;
    let key = read(path).with_context(|| format!("be App {} with the key in {}", app.id, path.display()))?;
    let app = App { id: app.id, key, api_url: app.api_url.clone() };
    tracing::info!(app.id = app.id, api = app.api_url, "installations are read as this App");
    Ok(Credentials::of_app(InstallationTokens::new(app)?))
}

fn read(path: &Path) -> Result<AppKey> {
    let mut text = Vec::with_capacity(8 * 1024);
    File::open(path)?.take(LONGEST).read_to_end(&mut text)?;
    Ok(AppKey::from_pem(Secret::from(text).expose())?)
}
