//! The GitHub App that this is, where it is one: its key is read once, when a service starts. And what is said of deliveries of
//! the App that are refused.

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

/// What is wrong with deliveries of the App that are refused with this code, and what mends it.
pub(super) fn refused(code: &str) -> (&'static str, &'static str) {
    match code {
        "signature_refused" => (
            "deliveries of the App are signed with another secret",
            "give muster serve the one of its webhook in MUSTER_GITHUB_WEBHOOK_SECRET",
        ),
        "signature_missing" => (
            "deliveries of the App are not signed",
            "enter at the provider, as the secret of its webhook, what muster serve has in MUSTER_GITHUB_WEBHOOK_SECRET",
        ),
        "content_type_refused" => (
            "deliveries of the App have another content type than JSON or a form",
            "choose application/json at the provider",
        ),
        _ => ("deliveries of the App were refused", "docs/WEBHOOKS.md lists the answers"),
    }
}

fn read(path: &Path) -> Result<AppKey> {
    let mut text = Vec::with_capacity(8 * 1024);
    File::open(path)?.take(LONGEST).read_to_end(&mut text)?;
    Ok(AppKey::from_pem(Secret::from(text).expose())?)
}
