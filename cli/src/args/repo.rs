//! `muster repo`.

use clap::Subcommand;

use super::{Format, Listing, Saved};

/// Connect repositories, so that they are looked at by themselves
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct RepoArgs {
    #[command(subcommand)]
    pub(crate) command: RepoCommand,
}

/// What can be done with them.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum RepoCommand {
    Connect(RepoConnectArgs),
    List(RepoListArgs),
    Remove(RepoRemoveArgs),
    Sync(RepoSyncArgs),
    Hook(RepoHookArgs),
}

/// Connect a repository: print what its webhook is to be told, and have it looked at
///
/// Makes a webhook's address and its secret, which are entered where the repository is hosted (at GitHub: Settings, Webhooks, Add webhook). The secret is shown this once. A repository that was scanned before keeps everything that is saved of it. Saying it again changes what is said, and makes nothing twice.
///
/// What is to be kept secret is sealed, so a key is needed: muster key init makes one.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster repo connect https://github.com/owner/name
  muster repo connect https://github.com/owner/private --token-stdin < token
  muster repo connect https://github.com/owner/name --no-hook       looked at by muster repo sync
  muster repo connect https://git.example.org/a/b --allow-host git.example.org

Of GitHub's tokens, a fine-grained one that may read the contents of this repository is enough.")]
pub(crate) struct RepoConnectArgs {
    /// An https address, as git clone takes it
    #[arg(value_name = "URL")]
    pub(crate) url: String,

    /// Read the token that it is to be fetched with from standard input
    #[arg(long)]
    pub(crate) token_stdin: bool,

    /// Make no webhook
    #[arg(long)]
    pub(crate) no_hook: bool,

    /// Read the webhook's secret from standard input, in place of one that is made
    #[arg(long, conflicts_with_all = ["no_hook", "token_stdin"])]
    pub(crate) secret_stdin: bool,

    /// Where muster serve is reached from outside, to print the whole address of the webhook [env: MUSTER_PUBLIC_URL]
    #[arg(long, value_name = "URL", value_parser = public_url)]
    pub(crate) public_url: Option<String>,

    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// Also accept this host, whatever its address (repeatable) [env: MUSTER_ALLOW_HOST]
    ///
    /// Whoever fetches, muster serve or muster worker, has to be told the same.
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,

    /// Also accept hosts whose addresses are private, loopback or link-local [env: MUSTER_ALLOW_LOCAL]
    ///
    /// Whoever fetches, muster serve or muster worker, has to be told the same.
    #[arg(long)]
    pub(crate) allow_local: bool,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

/// List connected repositories, the oldest first
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster repo list                       with their last delivery and their last look
  muster repo list --removed             also those that were removed")]
pub(crate) struct RepoListArgs {
    /// Also those that were removed
    #[arg(long)]
    pub(crate) removed: bool,

    #[command(flatten)]
    pub(crate) list: Listing,
}

/// Stop looking at a repository
///
/// Its webhook, its secrets and its token are removed. What is saved of it stays and can be read as before; muster repo connect takes it up again. The webhook at the provider has to be removed there: until then its deliveries are refused.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster repo remove owner/name")]
pub(crate) struct RepoRemoveArgs {
    /// Its id, its name, owner/name or its address
    #[arg(value_name = "REPO")]
    pub(crate) repo: String,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

/// Have a repository looked at now
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster repo sync owner/name
  muster jobs list --kind look           how far that is")]
pub(crate) struct RepoSyncArgs {
    /// Its id, its name, owner/name or its address
    #[arg(value_name = "REPO")]
    pub(crate) repo: String,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

/// Show the address of a repository's webhook, or change its secret
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct RepoHookArgs {
    #[command(subcommand)]
    pub(crate) command: RepoHookCommand,
}

/// What can be done with it.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum RepoHookCommand {
    Show(RepoHookShowArgs),
    Rotate(RepoHookRotateArgs),
}

/// Show what a repository's webhook is to be told, without its secret
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct RepoHookShowArgs {
    #[command(flatten)]
    pub(crate) of: HookOf,
}

/// Give a repository's webhook another secret, and print it, this once
///
/// The secret before is accepted beside it, so that nothing is lost until the new one is entered at the provider. Then --drop-previous ends that.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster repo hook rotate owner/name                   enter the new one at the provider, and then
  muster repo hook rotate owner/name --drop-previous   the one before is refused from now on")]
pub(crate) struct RepoHookRotateArgs {
    /// Make no new secret: refuse the one before from now on
    #[arg(long, conflicts_with = "secret_stdin")]
    pub(crate) drop_previous: bool,

    /// Read the new secret from standard input, in place of one that is made
    #[arg(long)]
    pub(crate) secret_stdin: bool,

    #[command(flatten)]
    pub(crate) of: HookOf,
}

/// Whose webhook, and how to print it.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct HookOf {
    /// Its id, its name, owner/name or its address
    #[arg(value_name = "REPO")]
    pub(crate) repo: String,

    /// Where muster serve is reached from outside, to print the whole address of the webhook [env: MUSTER_PUBLIC_URL]
    #[arg(long, value_name = "URL", value_parser = public_url)]
    pub(crate) public_url: Option<String>,

    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

/// An address that a path can be put behind.
pub(crate) fn public_url(text: &str) -> Result<String, String> {
    let text = text.trim().trim_end_matches('/');
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let is_plain = !rest.is_empty()
        && !rest.contains(|c: char| c.is_whitespace() || c.is_control() || "?#@".contains(c));
    if is_plain {
        Ok(text.to_owned())
    } else {
        Err("expected an address such as https://muster.example.org".to_owned())
    }
}

impl RepoArgs {
    /// Where rows are kept, and whose they are.
    pub(super) fn saved(&self) -> &Saved {
        match &self.command {
            RepoCommand::Connect(args) => &args.saved,
            RepoCommand::List(args) => &args.list.saved,
            RepoCommand::Remove(args) => &args.saved,
            RepoCommand::Sync(args) => &args.saved,
            RepoCommand::Hook(args) => match &args.command {
                RepoHookCommand::Show(args) => &args.of.saved,
                RepoHookCommand::Rotate(args) => &args.of.saved,
            },
        }
    }

    /// Where the service is reached from outside.
    pub(super) fn public_url(&self) -> Option<&str> {
        match &self.command {
            RepoCommand::Connect(args) => args.public_url.as_deref(),
            RepoCommand::Hook(args) => match &args.command {
                RepoHookCommand::Show(args) => args.of.public_url.as_deref(),
                RepoHookCommand::Rotate(args) => args.of.public_url.as_deref(),
            },
            RepoCommand::List(_) | RepoCommand::Remove(_) | RepoCommand::Sync(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_takes_a_path_behind_it() {
        assert_eq!(public_url("https://a.example/ ").as_deref(), Ok("https://a.example"));
        assert_eq!(public_url("http://127.0.0.1:8080/x/").as_deref(), Ok("http://127.0.0.1:8080/x"));
        for text in ["", "https://", "a.example", "https://a b", "https://u:p@a", "https://a?x", "ftp://a"] {
            assert!(public_url(text).is_err(), "{text}");
        }
    }
}
