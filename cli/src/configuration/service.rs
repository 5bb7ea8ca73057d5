//! What a service is told about the world around it: where it is reached, which App it is, where traces go, and how much of
//! the disk mirrors may take.

use std::path::PathBuf;

use thiserror::Error;

use super::Flags;
use crate::args::public_url;
use crate::environment::Environment;

/// GitHub's API, for an installation's tokens.
const GITHUB_API: &str = "https://api.github.com";
/// GitHub itself.
const GITHUB: &str = "https://github.com";

/// What was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceSettings {
    /// Where it is reached from outside, where that was said.
    pub(crate) public_url: Option<String>,
    /// The GitHub App that it is, where it is one.
    pub(crate) app: Option<AppSettings>,
    /// What the addresses of repositories begin with that an installation is granted: only its own server knows better than
    /// GitHub's.
    pub(crate) github: String,
    /// Where traces go, where they go anywhere.
    pub(crate) traces: Option<String>,
    /// Bytes that all mirrors together may take.
    pub(crate) cache_bytes: u64,
    /// Where a test has this process end; never anywhere in a program that is built for use.
    pub(crate) crash_at: Option<String>,
}

/// A GitHub App.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AppSettings {
    /// Its number.
    pub(crate) id: u64,
    /// The file of its private key.
    pub(crate) private_key_file: PathBuf,
    /// Where it asks for tokens.
    pub(crate) api_url: String,
}

/// Why it was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum ServiceError {
    /// Half of an App.
    #[error(
        "be a GitHub App: MUSTER_GITHUB_APP_ID and MUSTER_GITHUB_PRIVATE_KEY_FILE belong together, and one of them is not set"
    )]
    HalfAnApp,
    /// A number that is none.
    #[error("understand MUSTER_GITHUB_APP_ID: give the number that GitHub shows as App ID")]
    NotAnAppId,
    /// An address that is none.
    #[error("understand {0}: give an address such as https://muster.example.org")]
    NotAnAddress(&'static str),
    /// A size that is none.
    #[error("understand MUSTER_CACHE_BYTES: give a number of bytes, such as 20000000000")]
    NotASize,
}

fn address(environment: &Environment, name: &'static str) -> Result<Option<String>, ServiceError> {
    let given = environment.text(name).map(public_url).transpose();
    given.map_err(|_| ServiceError::NotAnAddress(name))
}

/// Settles it.
pub(super) fn settle(flags: &Flags<'_>, environment: &Environment) -> Result<ServiceSettings, ServiceError> {
    let key_file = environment.raw("MUSTER_GITHUB_PRIVATE_KEY_FILE").map(PathBuf::from);
    let app = match (environment.text("MUSTER_GITHUB_APP_ID"), key_file) {
        (None, None) => None,
        (Some(id), Some(private_key_file)) => Some(AppSettings {
            id: id.trim().parse().map_err(|_| ServiceError::NotAnAppId)?,
            private_key_file,
            api_url: address(environment, "MUSTER_GITHUB_API_URL")?.unwrap_or_else(|| GITHUB_API.to_owned()),
        }),
        _ => return Err(ServiceError::HalfAnApp),
    };
    Ok(ServiceSettings {
        public_url: match flags.public_url {
            Some(url) => Some(url.to_owned()),
            None => address(environment, "MUSTER_PUBLIC_URL")?,
        },
        app,
        github: address(environment, "MUSTER_GITHUB_URL")?.unwrap_or_else(|| GITHUB.to_owned()),
        traces: address(environment, "OTEL_EXPORTER_OTLP_ENDPOINT")?,
        cache_bytes: match environment.text("MUSTER_CACHE_BYTES") {
            Some(bytes) => bytes.trim().parse().map_err(|_| ServiceError::NotASize)?,
            None => muster_engine::MIRROR_BYTES,
        },
        crash_at: environment
            .text("MUSTER_CRASH_AT")
            .filter(|_| cfg!(debug_assertions))
            .map(ToOwned::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_whole_or_none() {
        let settle = |environment: Environment| settle(&Flags::default(), &environment);
        let id = ("MUSTER_GITHUB_APP_ID", "7");
        let key = ("MUSTER_GITHUB_PRIVATE_KEY_FILE", "/etc/app.pem");
        assert_eq!(settle(Environment::from([])).unwrap().app, None);
        assert_eq!(settle([id].into()), Err(ServiceError::HalfAnApp));
        assert_eq!(settle([key].into()), Err(ServiceError::HalfAnApp));
        assert_eq!(settle([("MUSTER_GITHUB_APP_ID", "x"), key].into()), Err(ServiceError::NotAnAppId));
        let app = settle([id, key].into()).unwrap().app.unwrap();
        assert_eq!((app.id, app.api_url.as_str()), (7, GITHUB_API));
        let api = ("MUSTER_GITHUB_API_URL", "https://git.example.org/api/v3/");
        let app = settle([id, key, api].into()).unwrap().app.unwrap();
        assert_eq!(app.api_url, "https://git.example.org/api/v3");
        let api = ("MUSTER_GITHUB_API_URL", "git.example.org");
        assert_eq!(settle([id, key, api].into()), Err(ServiceError::NotAnAddress("MUSTER_GITHUB_API_URL")));
    }

    #[test]
    fn repositories_are_at_github_unless_it_is_said_where() {
        let github = |environment| settle(&Flags::default(), &environment).map(|settled| settled.github);
        assert_eq!(github(Environment::from([])).as_deref(), Ok(GITHUB));
        let own = ("MUSTER_GITHUB_URL", "https://git.example.org/");
        assert_eq!(github([own].into()).as_deref(), Ok("https://git.example.org"));
        let none = ("MUSTER_GITHUB_URL", "git.example.org");
        assert_eq!(github([none].into()), Err(ServiceError::NotAnAddress("MUSTER_GITHUB_URL")));
    }

    #[test]
    fn a_flag_says_it_before_a_variable() {
        let environment = Environment::from([("MUSTER_PUBLIC_URL", "https://variable.example")]);
        let flags = Flags { public_url: Some("https://flag.example"), ..Flags::default() };
        assert_eq!(settle(&flags, &environment).unwrap().public_url.as_deref(), Some("https://flag.example"));
        let settled = settle(&Flags::default(), &environment).unwrap();
        assert_eq!(settled.public_url.as_deref(), Some("https://variable.example"));
    }
}
