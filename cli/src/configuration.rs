//! What a command is to work with: flags, then the environment, then the user's own file; the first that says
//! something wins.
//!
//! No file is ever looked for in the current or the scanned directory: a repository must not decide where its reader
//! writes or whom he calls. The file is found and read by [`read_file`]; [`settle`] is pure, over values.

mod service;

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub(crate) use service::{ServiceError, ServiceSettings};

use crate::environment::Environment;
use crate::print::style::ColourChoice;

/// What the command line says of these matters.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Flags<'a> {
    /// `--database`
    pub(crate) database: Option<&'a str>,
    /// `--tenant`
    pub(crate) tenant: Option<&'a str>,
    /// `--allow-host`
    pub(crate) allow_hosts: &'a [String],
    /// `--allow-local`
    pub(crate) allow_local: bool,
    /// `--public-url`
    pub(crate) public_url: Option<&'a str>,
    /// `--listen`
    pub(crate) listen: Option<SocketAddr>,
    /// `--color`
    pub(crate) colour: Option<ColourChoice>,
    /// `--config`
    pub(crate) config: Option<&'a Path>,
}

/// What was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// A database address or path, where one was given.
    database: Option<String>,
    /// The address of the same database without a pooler in between, where one was given.
    direct_database: Option<String>,
    /// The file of the key that wraps the tenants' keys, where one was given.
    key_file: Option<PathBuf>,
    /// The key itself, where one was given.
    key: Option<KeyText>,
    /// The user's directory for data, where one is known.
    data_dir: Option<PathBuf>,
    /// The directory for mirrors, where one is known.
    cache_dir: Option<PathBuf>,
    /// Whose rows are read and written.
    pub(crate) tenant: String,
    /// Hosts that may be contacted whatever their addresses.
    pub(crate) allow_hosts: Vec<String>,
    /// Any host may be.
    pub(crate) allow_local: bool,
    /// What a service is told about the world around it.
    pub(crate) service: ServiceSettings,
    /// Where `serve` listens.
    pub(crate) listen: SocketAddr,
    /// What of the log is written, in the words of `tracing`.
    pub(crate) log: Option<String>,
    /// The secrets of the GitHub App's webhook, where a variable gives them.
    pub(crate) webhook_secrets: Option<SecretTexts>,
    /// When to colour.
    pub(crate) colour: ColourChoice,
    /// The `[[detector]]` tables of the user's file, and nothing else of it, for `Ruleset::new`.
    pub(crate) detectors: Option<String>,
}

/// A key as the environment gives it. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct KeyText(String);

impl KeyText {
    /// The text itself.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for KeyText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyText(..)")
    }
}

/// Secrets as the environment gives them: the current one first, commas between them. `Debug` shows nothing of them.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SecretTexts(Vec<String>);

impl SecretTexts {
    /// The texts themselves, without blanks at their ends.
    pub(crate) fn reveal(&self) -> &[String] {
        &self.0
    }
}

impl std::fmt::Debug for SecretTexts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretTexts({})", self.0.len())
    }
}

/// Where wrapping keys come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeySource {
    /// The environment.
    Text(KeyText),
    /// A file that was named, and so has to be there.
    Named(PathBuf),
    /// The file in the user's data directory, which need not be there.
    Own(PathBuf),
    /// Nowhere: no data directory is known.
    Nowhere,
}

/// A file and what it says.
#[derive(Clone, Debug)]
pub(crate) struct ConfigurationFile {
    /// Where it was found.
    pub(crate) path: PathBuf,
    /// The whole of it.
    pub(crate) text: String,
}

/// Why nothing was settled.
#[derive(Debug, Error)]
pub(crate) enum ConfigurationError {
    /// The file is there, or was asked for, and cannot be read.
    #[error("read the configuration {}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It says something that is not known.
    #[error("understand the configuration {}: {reason}", path.display())]
    Misunderstood {
        /// Which.
        path: PathBuf,
        /// What is wrong, with its line.
        reason: String,
    },
    /// A variable that is either true or false is something else.
    #[error("understand {name}: say 1 or 0")]
    NeitherTrueNorFalse {
        /// The variable.
        name: &'static str,
    },
    /// Two variables that say the same thing.
    #[error("choose the wrapping key: MUSTER_KEY and MUSTER_KEY_FILE are both set; unset one of them")]
    TwoKeys,
    /// What a service is told.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// An address to listen on that is none.
    #[error("understand {name}: say an address and a port, such as 127.0.0.1:8080 or [::]:8080")]
    NoAddress {
        /// The variable.
        name: &'static str,
    },
    /// A secret that is no text.
    #[error("understand {name}: it is not UTF-8")]
    NotText {
        /// The variable.
        name: &'static str,
    },
    /// Nothing says where to keep rows.
    #[error("find a place for the database: set HOME, or give --database (or --no-save, to save nothing)")]
    NoDataDirectory,
    /// Nothing says where to keep mirrors.
    #[error("find a place for the mirrors of remote repositories: set HOME or MUSTER_CACHE_DIR")]
    NoCacheDirectory,
}

/// The user's file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database: Option<String>,
    direct_database: Option<String>,
    key_file: Option<PathBuf>,
    tenant: Option<String>,
    cache_dir: Option<PathBuf>,
    color: Option<String>,
    allow_host: Option<Vec<String>>,
    allow_local: Option<bool>,
    #[serde(default)]
    detector: Vec<toml::Table>,
}

/// The part of the file that is handed on.
#[derive(Serialize)]
struct Detectors {
    detector: Vec<toml::Table>,
}

impl Settings {
    /// The database: as given, else an SQLite file in the user's data directory.
    pub(crate) fn database(&self) -> Result<String, ConfigurationError> {
        if let Some(database) = &self.database {
            return Ok(database.clone());
        }
        let data_dir = self.data_dir.as_ref().ok_or(ConfigurationError::NoDataDirectory)?;
        let path = data_dir.join("muster.db");
        // An absolute path needs no scheme, and is taken literally without one.
        path.to_str().map(str::to_owned).ok_or(ConfigurationError::NoDataDirectory)
    }

    /// Where the wrapping keys come from.
    pub(crate) fn key_source(&self) -> KeySource {
        match (&self.key, &self.key_file, &self.data_dir) {
            (Some(text), ..) => KeySource::Text(text.clone()),
            (None, Some(path), _) => KeySource::Named(path.clone()),
            (None, None, Some(data_dir)) => KeySource::Own(data_dir.join("muster.key")),
            (None, None, None) => KeySource::Nowhere,
        }
    }

    /// A database was given: it is not the one in the user's data directory, which is made on first use.
    pub(crate) fn names_database(&self) -> bool {
        self.database.is_some()
    }

    /// The same database over a direct connection, for what a pooler in transaction mode cannot do (migrations): as
    /// given, else the database itself.
    pub(crate) fn direct_database(&self) -> Result<String, ConfigurationError> {
        self.direct_database.clone().map_or_else(|| self.database(), Ok)
    }

    /// Where mirrors of remote repositories are kept.
    pub(crate) fn cache_dir(&self) -> Result<&Path, ConfigurationError> {
        self.cache_dir.as_deref().ok_or(ConfigurationError::NoCacheDirectory)
    }
}

/// The user's directory of one kind: the variable where it is absolute (others are to be ignored, says the XDG Base
/// Directory Specification), else the folder below the home directory.
fn user_directory(environment: &Environment, variable: &str, below_home: &str) -> Option<PathBuf> {
    let absolute = |name: &str| environment.raw(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute(variable).or_else(|| Some(absolute("HOME")?.join(below_home))).map(|base| base.join("muster"))
}

/// Reads the file that `--config` names, which has to be there, else the user's own, which need not be.
pub(crate) fn read_file(
    named: Option<&Path>,
    environment: &Environment,
) -> Result<Option<ConfigurationFile>, ConfigurationError> {
    let own = || Some(user_directory(environment, "XDG_CONFIG_HOME", ".config")?.join("config.toml"));
    let Some(path) = named.map(Path::to_owned).or_else(own) else { return Ok(None) };
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(ConfigurationFile { path, text })),
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ConfigurationError::Unreadable { path, source }),
    }
}

/// Settles what to work with.
pub(crate) fn settle(
    flags: &Flags<'_>,
    environment: &Environment,
    file: Option<&ConfigurationFile>,
) -> Result<Settings, ConfigurationError> {
    let from_file = file.map(parse).transpose()?.unwrap_or_default();
    let text = |name| environment.text(name).map(str::to_owned);
    let list =
        |name| text(name).map(|list| list.split(',').map(|host| host.trim().to_owned()).collect::<Vec<_>>());

    let mut allow_hosts = match flags.allow_hosts {
        [] => list("MUSTER_ALLOW_HOST").or(from_file.allow_host).unwrap_or_default(),
        hosts => hosts.to_vec(),
    };
    allow_hosts.retain(|host| !host.is_empty());
    let colour = match (flags.colour, from_file.color.as_deref()) {
        (Some(choice), _) => choice,
        // NO_COLOR, which counts below, is the environment: it wins over the file.
        (None, Some("always")) if environment.raw("NO_COLOR").is_none() => ColourChoice::Always,
        (None, Some("never")) => ColourChoice::Never,
        (None, _) => ColourChoice::Auto,
    };
    Ok(Settings {
        database: flags.database.map(str::to_owned).or_else(|| text("DATABASE_URL")).or(from_file.database),
        direct_database: direct_database(flags, environment, from_file.direct_database),
        key_file: environment.raw("MUSTER_KEY_FILE").map(PathBuf::from).or(from_file.key_file),
        key: key(environment)?,
        data_dir: user_directory(environment, "XDG_DATA_HOME", ".local/share"),
        cache_dir: (environment.raw("MUSTER_CACHE_DIR").map(PathBuf::from))
            .or(from_file.cache_dir)
            .or_else(|| user_directory(environment, "XDG_CACHE_HOME", ".cache")),
        tenant: (flags.tenant.map(str::to_owned))
            .or_else(|| text("MUSTER_TENANT"))
            .or(from_file.tenant)
            .unwrap_or_else(|| "default".to_owned()),
        allow_hosts,
        allow_local: flags.allow_local
            || truth(environment, "MUSTER_ALLOW_LOCAL")?.or(from_file.allow_local).unwrap_or(false),
        service: service::settle(flags, environment)?,
        listen: listen(flags, environment)?,
        log: text("MUSTER_LOG"),
        webhook_secrets: webhook_secrets(environment)?,
        colour,
        detectors: detectors(from_file.detector),
    })
}

/// A flag names one database, whatever the environment says of another.
fn direct_database(
    flags: &Flags<'_>,
    environment: &Environment,
    from_file: Option<String>,
) -> Option<String> {
    let given = environment.text("DATABASE_DIRECT_URL").map(str::to_owned).or(from_file);
    given.filter(|_| flags.database.is_none())
}

/// Like every variable it wins over the user's file; beside the other variable it would have to guess.
fn key(environment: &Environment) -> Result<Option<KeyText>, ConfigurationError> {
    match (environment.text("MUSTER_KEY"), environment.raw("MUSTER_KEY_FILE")) {
        (Some(_), Some(_)) => Err(ConfigurationError::TwoKeys),
        (text, _) => Ok(text.map(|text| KeyText(text.to_owned()))),
    }
}

/// Where nobody else can call, unless something else is said.
fn listen(flags: &Flags<'_>, environment: &Environment) -> Result<SocketAddr, ConfigurationError> {
    let name = "MUSTER_LISTEN";
    let given = || {
        let text = environment.text(name)?;
        Some(text.parse().map_err(|_| ConfigurationError::NoAddress { name }))
    };
    match flags.listen {
        Some(listen) => Ok(listen),
        None => given().unwrap_or(Ok(SocketAddr::from(([127, 0, 0, 1], 8080)))),
    }
}

/// One that is set and empty is taken as it is, so that whoever uses it can refuse it: it is a mistake of the kind that
/// would let anybody in.
fn webhook_secrets(environment: &Environment) -> Result<Option<SecretTexts>, ConfigurationError> {
    let name = "MUSTER_GITHUB_WEBHOOK_SECRET";
    let Some(value) = environment.given(name) else { return Ok(None) };
    let text = value.to_str().ok_or(ConfigurationError::NotText { name })?;
    Ok(Some(SecretTexts(text.split(',').map(|secret| secret.trim().to_owned()).collect())))
}

fn truth(environment: &Environment, name: &'static str) -> Result<Option<bool>, ConfigurationError> {
    match environment.text(name) {
        None => Ok(None),
        Some("1" | "true" | "yes") => Ok(Some(true)),
        Some("0" | "false" | "no") => Ok(Some(false)),
        Some(_) => Err(ConfigurationError::NeitherTrueNorFalse { name }),
    }
}

fn parse(file: &ConfigurationFile) -> Result<File, ConfigurationError> {
    let misunderstood =
        |reason: String| ConfigurationError::Misunderstood { path: file.path.clone(), reason };
    let parsed: File = toml::from_str(&file.text).map_err(|error| {
        let before = error.span().and_then(|span| file.text.get(..span.start)).unwrap_or("");
        misunderstood(format!("line {}: {}", before.matches('\n').count() + 1, error.message().trim()))
    })?;
    if let Some(color) = parsed.color.as_deref().filter(|color| !["auto", "always", "never"].contains(color))
    {
        return Err(misunderstood(format!("color is {color:?}: say \"auto\", \"always\" or \"never\"")));
    }
    for (name, path) in [("cache_dir", &parsed.cache_dir), ("key_file", &parsed.key_file)] {
        if let Some(path) = path.as_ref().filter(|path| !path.is_absolute()) {
            return Err(misunderstood(format!("{name} is {}: say where it is from the top", path.display())));
        }
    }
    Ok(parsed)
}

/// The tables as text again: what reads them takes text, and reports what is wrong with one of them.
fn detectors(detector: Vec<toml::Table>) -> Option<String> {
    if detector.is_empty() {
        return None;
    }
    Some(toml::to_string(&Detectors { detector }).expect("what was read from TOML can be written as TOML"))
}

#[cfg(test)]
mod tests;
