//! A table as it is moved: its columns, the role that may touch it, and its statements.

use crate::database::{Role, Statement};

/// What a column holds, whichever engine keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A whole number of 64 bits.
    Int,
    /// The same, or null.
    MaybeInt,
    /// True or false.
    Flag,
    /// The same, or null.
    MaybeFlag,
    /// A text, perhaps with NUL.
    Text,
    /// The same, or null.
    MaybeText,
    /// Bytes.
    Bytes,
    /// The same, or null.
    MaybeBytes,
}

/// A column, without the tenant's id: whose a row is, is never read from the row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// What becomes of a table's rows when they are brought in as another tenant's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Copying {
    /// They come along.
    Along,
    /// They stay behind, for this reason.
    Behind(&'static str),
}

/// A table.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// Who may read and write its rows on PostgreSQL.
    pub(crate) role: Role,
    /// Without the tenant's id, in the order of every statement and line.
    pub(crate) columns: &'static [Column],
    /// The columns that rows come sorted by.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the test that writes the statements' texts"))]
    pub(crate) key: &'static str,
    pub(crate) copying: Copying,
    /// The rows of `$1`, sorted by key.
    pub(crate) read: Statement,
    /// Rows of no tenant, where the table has such, and who may touch them. Binds nothing.
    pub(crate) unowned: Option<(Role, Statement)>,
    /// Adds rows to tenant `$1`.
    pub(crate) add: Statement,
    /// The same with ids that the database gives, where ids are the database's and not the tenant's.
    pub(crate) add_anew: Option<Statement>,
}

impl Kind {
    /// May it be null?
    pub(crate) fn is_nullable(self) -> bool {
        matches!(self, Self::MaybeInt | Self::MaybeFlag | Self::MaybeText | Self::MaybeBytes)
    }

    /// What it holds, in a word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Int | Self::MaybeInt => "number",
            Self::Flag | Self::MaybeFlag => "flag",
            Self::Text | Self::MaybeText => "text",
            Self::Bytes | Self::MaybeBytes => "bytes",
        }
    }
}
