//! `muster migrate`: the schema of the database.

use clap::ValueEnum;

use super::Format;

/// Show or change which schema the database has
///
/// An SQLite file is brought up to date whenever it is opened. A PostgreSQL database is not: that takes the role that owns the tables, which the service must not be. Every other command refuses a PostgreSQL database with an older schema, and any database with a newer one.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster migrate                         where the schema stands, and what is missing
  muster migrate up                      bring it up to date (at DATABASE_DIRECT_URL, if set)
  muster migrate up --database postgres://owner:password@host/name

Make a backup before: there is no way down but to restore it.")]
pub(crate) struct MigrateArgs {
    /// What to do
    #[arg(value_enum, default_value_t, value_name = "ACTION")]
    pub(crate) action: MigrateAction,

    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// Which database: a path, sqlite:///path or postgres://user:password@host/name [env: DATABASE_DIRECT_URL for up, else DATABASE_URL] [default: the user's data directory]
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}

/// What to do with the schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MigrateAction {
    /// Say where it stands; changes nothing
    #[default]
    Status,
    /// Bring it up to this program's
    Up,
}

#[cfg(test)]
mod tests {
    use crate::args::tests::help;

    #[test]
    fn help_of_migrate() {
        insta::assert_snapshot!(help(Some("migrate")), @"
        Show or change which schema the database has

        An SQLite file is brought up to date whenever it is opened. A PostgreSQL database is not: that takes
        the role that owns the tables, which the service must not be. Every other command refuses a
        PostgreSQL database with an older schema, and any database with a newer one.

        Usage: muster migrate [OPTIONS] [ACTION]

        Arguments:
          [ACTION]
                  What to do

                  Possible values:
                  - status: Say where it stands; changes nothing
                  - up:     Bring it up to this program's

                  [default: status]

        Options:
              --format <FORMAT>
                  How to print it

                  Possible values:
                  - table:  For people
                  - json:   One JSON value
                  - ndjson: A JSON value a line

                  [default: table]

              --database <URL>
                  Which database: a path, sqlite:///path or postgres://user:password@host/name [env:
                  DATABASE_DIRECT_URL for up, else DATABASE_URL] [default: the user's data directory]

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
          muster migrate                         where the schema stands, and what is missing
          muster migrate up                      bring it up to date (at DATABASE_DIRECT_URL, if set)
          muster migrate up --database postgres://owner:password@host/name

        Make a backup before: there is no way down but to restore it.
        ");
    }
}
