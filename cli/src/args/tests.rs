//! The help, whole, as a person sees it; and what is refused.

use clap::{CommandFactory as _, Parser as _};

use muster_store::PlanTier;

use super::*;

/// The long help of a command on a terminal of 100 columns, without the blanks that clap leaves on empty lines.
pub(super) fn help(command: Option<&str>) -> String {
    let mut cli = Cli::command().term_width(100).max_term_width(100);
    cli.build();
    let mut at = &mut cli;
    for name in command.into_iter().flat_map(|names| names.split(' ')) {
        at = at.find_subcommand_mut(name).unwrap();
    }
    let help = at.clone().term_width(100).render_long_help();
    help.to_string().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The first line of what is said against a command line; empty where nothing is.
pub(super) fn refused(words: &[&str]) -> String {
    match Cli::try_parse_from([&["muster"], words].concat()) {
        Ok(_) => String::new(),
        Err(error) => {
            assert_eq!(error.exit_code(), 2);
            error.to_string().lines().next().unwrap_or_default().to_owned()
        }
    }
}

#[test]
fn definitions_agree_with_each_other() {
    Cli::command().debug_assert();
}

#[test]
fn help_of_the_whole() {
    insta::assert_snapshot!(help(None), @"
    Every project, task and commit in your Git repositories

    Muster scans a repository, finds every project inside it, reads its tasks and its history, and keeps
    all of that where it can be asked for.

    Usage: muster [OPTIONS] <COMMAND>

    Commands:
      scan          Scan a repository: its projects, tasks and history
      projects      List saved projects
      tasks         List saved tasks
      commits       List saved commits, newest first
      repos         List saved repositories
      repo          Connect repositories, so that they are looked at by themselves
      installation  Claim installations of the GitHub App for a tenant
      serve         Receive webhooks, and work off what they ask for
      worker        Work off what webhooks and people have asked for
      deliveries    List, show and replay what webhooks have sent
      jobs          List, show and retry what is to be done in the background
      migrate       Show or change which schema the database has
      token         Make, list and revoke API tokens
      user          Add, list, change and remove the users of a tenant
      audit         Read and verify the audit log
      tenant        Make, change and remove tenants: the organisations whose rows a database keeps apart
      key           Make and change the key that secrets are kept with
      doctor        Say what is wrong with this set-up, and how to mend it
      transfer      Move everything into an empty database, on SQLite or PostgreSQL
      completions   Print the completions of a shell
      man           Print the man page
      help          Print this message or the help of the given subcommand(s)

    Options:
      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Global options:
          --color <WHEN>
              When to colour

              Possible values:
              - auto:   On a terminal, unless NO_COLOR is set
              - always: Also into a file or pipe
              - never:  Never

          --config <FILE>
              Read this configuration instead of the user's own

    Examples:
      muster scan .                        what lives in this repository
      muster scan https://github.com/a/b   the same of a remote one
      muster tasks --state open            what is still to do, in all that was scanned

    Configuration, the first that says something wins:
      1. flags
      2. environment: DATABASE_URL, DATABASE_DIRECT_URL (past a pooler, for migrations),
         MUSTER_TENANT, MUSTER_KEY_FILE (or MUSTER_KEY), MUSTER_CACHE_DIR,
         MUSTER_ALLOW_HOST (several with commas), MUSTER_ALLOW_LOCAL (1 or 0), NO_COLOR;
         for serve: MUSTER_LISTEN, MUSTER_LOG, MUSTER_PUBLIC_URL, MUSTER_GITHUB_WEBHOOK_SECRET;
         as a GitHub App: MUSTER_GITHUB_APP_ID, MUSTER_GITHUB_PRIVATE_KEY_FILE; for an own server
         of it: MUSTER_GITHUB_URL, MUSTER_GITHUB_API_URL
      3. --config FILE, else $XDG_CONFIG_HOME/muster/config.toml
         (~/.config/muster/config.toml): database, direct_database, tenant, key_file,
         cache_dir, color, allow_host = [..], allow_local, [[detector]]
    Never the current or the scanned directory.

    Exit codes:
      0  fine
      1  the command failed; a sentence on stderr says why and what to do
      2  wrong usage
    ");
}

#[test]
fn help_of_scan() {
    insta::assert_snapshot!(help(Some("scan")), @r#"
    Scan a repository: its projects, tasks and history

    PATH is a folder (a checkout, a bare repository, or no repository at all), URL an https address. Of
    a folder the files on disk are read, as Git would see them; of anything else a commit, straight from
    the object database. Nothing is checked out, no hook or filter is run, and no submodule is fetched.

    What is found is also saved, unless --no-save is given: `muster projects`, `tasks`, `commits` and
    `repos` read it back.

    Usage: muster scan [OPTIONS] <PATH|URL>

    Arguments:
      <PATH|URL>
              A folder or an https address

    Options:
          --format <FORMAT>
              How to print it

              The shape of json is stable: docs/scan-document.schema.json. ndjson holds the same things,
              a line each.

              Possible values:
              - table:  For people
              - json:   One JSON value
              - ndjson: A JSON value a line

              [default: table]

          --all
              Show fixtures, templates and vendored projects too

              They are left out and counted otherwise; vendored directories are not even looked into.
              What is saved is the same.

          --commits <N|all>
              Print the newest N commits, or all

              Each with its parents, author, committer, message, changed paths, the projects that these
              belong to, and what its message refers to.

          --rev <REV>
              Scan this revision instead of HEAD or the default branch

              A branch, a tag or a commit. It is printed, not saved: the database holds the present
              state of one line only.

          --no-save
              Save nothing

          --no-history
              Leave history out: neither read nor saved

          --no-submodules
              Show submodules as a commit shows them, without looking inside

          --explain <PATH>
              Say why a directory is or is not a project, and nothing else

              Which file makes it one, by which rule, and in which role. PATH is taken from the root of
              the repository.

          --allow-host <HOST>
              Also contact this host, whatever its address (repeatable) [env: MUSTER_ALLOW_HOST]

              Hosts whose addresses are private, loopback or link-local are refused otherwise.

          --allow-local
              Also contact hosts whose addresses are private, loopback or link-local [env:
              MUSTER_ALLOW_LOCAL]

          --database <URL>
              Where everything is kept: a path, sqlite:///path or postgres://user:password@host/name
              [env: DATABASE_URL] [default: the user's data directory]

          --tenant <NAME>
              Whose it is [env: MUSTER_TENANT] [default: default]

      -h, --help
              Print help (see a summary with '-h')

    Global options:
          --color <WHEN>
              When to colour

              Possible values:
              - auto:   On a terminal, unless NO_COLOR is set
              - always: Also into a file or pipe
              - never:  Never

          --config <FILE>
              Read this configuration instead of the user's own

    Examples:
      muster scan .                              the tree of projects of this repository
      muster scan packages/ui                    the same, narrowed to what lies below
      muster scan https://github.com/owner/name  cloned into the cache; next time only what is new
      muster scan . --rev v1.2.0 --format json   a tag, as the stable scan document
      muster scan . --commits 20                 with the newest twenty commits
      muster scan . --commits all --format ndjson | grep '"type":"commit"'
      muster scan . --explain docs/site          why is there no project here?
    "#);
}

#[test]
fn help_of_tasks() {
    insta::assert_snapshot!(help(Some("tasks")), @"
    List saved tasks

    Usage: muster tasks [OPTIONS]

    Options:
          --repo <REPO>
              Only those of this repository: its name, its address or its folder

          --project <PATH>
              Only those that this project counts: its path in the repository

          --kind <checkbox|comment|issue|pull_request>
              Only those that come from here

          --state <open|in_progress|blocked|done|cancelled>
              Only those in this state

          --closed
              Also those that are gone

          --format <FORMAT>
              How to print it

              Possible values:
              - table:  For people
              - json:   One JSON value
              - ndjson: A JSON value a line

              [default: table]

          --limit <N|all>
              At most so many, or all

              [default: 100]

          --after <ID>
              Those behind this one: the id that the page before ended with

          --database <URL>
              Where everything is kept: a path, sqlite:///path or postgres://user:password@host/name
              [env: DATABASE_URL] [default: the user's data directory]

          --tenant <NAME>
              Whose it is [env: MUSTER_TENANT] [default: default]

      -h, --help
              Print help (see a summary with '-h')

    Global options:
          --color <WHEN>
              When to colour

              Possible values:
              - auto:   On a terminal, unless NO_COLOR is set
              - always: Also into a file or pipe
              - never:  Never

          --config <FILE>
              Read this configuration instead of the user's own

    Examples:
      muster tasks --state open              what is still to do
      muster tasks --kind comment            the TODO and FIXME comments
      muster tasks --kind issue              the issues of connected repositories
      muster tasks --repo name --project packages/ui --format json
    ");
}

#[test]
fn wrong_usage_is_said_in_a_line() {
    insta::assert_snapshot!(refused(&["scan"]), @"error: the following required arguments were not provided:");
    insta::assert_snapshot!(refused(&["scan", ".", "--commits", "0"]), @"error: invalid value '0' for '--commits <N|all>': expected a number from 1, or all");
    insta::assert_snapshot!(refused(&["scan", ".", "--no-history", "--commits", "1"]), @"error: the argument '--no-history' cannot be used with '--commits <N|all>'");
    insta::assert_snapshot!(refused(&["scan", ".", "--explain", "a", "--format", "json"]), @"error: the argument '--explain <PATH>' cannot be used with '--format <FORMAT>'");
    insta::assert_snapshot!(refused(&["tasks", "--state", "finished"]), @"error: invalid value 'finished' for '--state <open|in_progress|blocked|done|cancelled>': expected one of open, in_progress, blocked, done, cancelled");
    insta::assert_snapshot!(refused(&["commits", "--project", "a"]), @"error: the following required arguments were not provided:");
    insta::assert_snapshot!(refused(&["user", "add", "nobody"]), @"error: invalid value 'nobody' for '<EMAIL>': expected an e-mail address such as ada@example.org, of 320 characters at most");
    insta::assert_snapshot!(refused(&["user", "role", "a@b", "boss"]), @"error: invalid value 'boss' for '<ROLE>': expected viewer, member, admin or owner");
    insta::assert_snapshot!(refused(&["token", "create", "x", "--expires", "90"]), @"error: invalid value '90' for '--expires <TIME>': expected a number of hours, days or weeks, such as 12h, 90d or 4w, 100 years at most");
    insta::assert_snapshot!(refused(&["token", "revoke", "0"]), @"error: invalid value '0' for '<ID>': expected the id that muster token list shows");
    insta::assert_snapshot!(refused(&["audit", "verify", "--expect-head", "7"]), @"error: invalid value '7' for '--expect-head <SEQ:HASH>': expected SEQ:HASH, the line that muster audit verify prints");
    insta::assert_snapshot!(refused(&["tenant", "create"]), @"error: the following required arguments were not provided:");
    insta::assert_snapshot!(refused(&["tenant", "create", "--demo", "acme"]), @"error: the argument '--demo' cannot be used with '[NAME]'");
    insta::assert_snapshot!(refused(&["tenant", "change", "acme"]), @"error: the following required arguments were not provided:");
    insta::assert_snapshot!(refused(&["tenant", "change", "acme", "--max-users", "none"]), @"error: invalid value 'none' for '--max-users <N|unlimited>': expected a number, or unlimited");
    insta::assert_snapshot!(refused(&["projects", "--tenant", " "]), @"error: invalid value ' ' for '--tenant <NAME>': expected a name");
}

#[test]
fn plans_say_in_the_help_what_they_give() {
    for (plan, limits) in [("free", PlanTier::Free.limits()), ("pro", PlanTier::Pro.limits())] {
        let [users, projects, repositories] =
            [limits.max_users, limits.max_projects, limits.max_repositories]
                .map(|limit| crate::print::amounts::number(limit.unwrap()));
        let says = format!("- {plan}: ");
        let help = help_of_tenant("create");
        let line = help.lines().find_map(|line| line.trim().strip_prefix(says.trim_end())).unwrap().trim();
        assert_eq!(line, format!("{users} users, {projects} projects, {repositories} repositories"));
    }
}

fn help_of_tenant(command: &str) -> String {
    let mut cli = Cli::command();
    cli.build();
    let tenant = cli.find_subcommand_mut("tenant").unwrap();
    tenant.find_subcommand_mut(command).unwrap().render_long_help().to_string()
}

#[test]
fn counts_are_numbers_or_all() {
    let Command::Scan(args) = Cli::parse_from(["muster", "scan", ".", "--commits", "all"]).command else {
        panic!()
    };
    assert_eq!(args.commits, Some(Count::All));
    let Command::Repos(args) = Cli::parse_from(["muster", "repos"]).command else { panic!() };
    assert_eq!(args.list.limit.limit(), Some(100));
}

#[test]
fn flags_are_those_of_the_command_that_is_run() {
    let words = [
        "muster",
        "--color",
        "never",
        "scan",
        "https://example.org/a",
        "--allow-host",
        "a",
        "--allow-host",
        "b",
    ];
    let cli =
        Cli::parse_from(words.into_iter().chain(["--allow-local", "--tenant", "acme", "--config", "c.toml"]));
    let flags = cli.flags();
    assert_eq!(flags.allow_hosts, ["a", "b"]);
    assert_eq!(
        (flags.tenant, flags.allow_local, flags.colour),
        (Some("acme"), true, Some(ColourChoice::Never))
    );
    assert_eq!(flags.config, Some(std::path::Path::new("c.toml")));
    let lists = [
        "commits",
        "token list",
        "user list",
        "audit list",
        "audit verify",
        "token revoke 1",
        "user remove a@b",
    ];
    for command in lists.into_iter().chain(["token create x", "user add a@b", "user role a@b owner"]) {
        let words = ["muster"].into_iter().chain(command.split(' ')).chain(["--database", "x.db"]);
        assert_eq!(Cli::parse_from(words).flags().database, Some("x.db"), "{command}");
    }
}
