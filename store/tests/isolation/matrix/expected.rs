//! What has to happen in each cell: from the class of the table, the rights of the list, and the setting.

use muster_store::isolation::{TableClass, class_of, expected_privileges};
use sqlx::Error;

use super::Setting;
use super::attempts::{Attempt, Way};
use super::rows::{Rows, Whose};

/// What happened, or has to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was done, to so many rows.
    Rows(u64),
    /// The role may not.
    Denied,
    /// The row may not be written with this tenant set.
    RowRefused,
    /// There is no row to refer to, or the row is referred to.
    ReferenceRefused,
    /// There is such a row already.
    Duplicate,
    /// The setting is no id.
    Malformed,
    /// To one row, or the row is referred to.
    OneRowUnlessReferred,
    /// Either of the two: the key is taken, and what is referred to is not there.
    ReferenceRefusedOrDuplicate,
    /// Anything else.
    Unforeseen(String),
}

impl Outcome {
    /// What an error says.
    pub(super) fn of(error: &Error) -> Self {
        let Some(error) = error.as_database_error() else { return Self::Unforeseen(error.to_string()) };
        match error.code().as_deref() {
            Some("42501") if error.message().contains("row-level security") => Self::RowRefused,
            Some("42501") => Self::Denied,
            Some("23503") => Self::ReferenceRefused,
            Some("23505") => Self::Duplicate,
            Some("22P02") => Self::Malformed,
            code => Self::Unforeseen(format!("{code:?} {}", error.message())),
        }
    }

    /// Does this, that has to happen, cover what did?
    pub(super) fn allows(&self, got: &Self) -> bool {
        match self {
            Self::OneRowUnlessReferred => matches!(got, Self::Rows(1) | Self::ReferenceRefused),
            Self::ReferenceRefusedOrDuplicate => matches!(got, Self::ReferenceRefused | Self::Duplicate),
            _ => self == got,
        }
    }
}

/// What has to happen.
pub(super) fn expected(rows: &Rows, table: &str, role: &str, setting: Setting, attempt: &Attempt) -> Outcome {
    let granted = |role| expected_privileges(table, role);
    let may = |privilege| granted(role).contains(privilege) || granted("PUBLIC").contains(privilege);
    if !attempt.needs().iter().all(may) {
        return Outcome::Denied;
    }
    let made = &rows.made[table];
    let every = made.others + made.stored.len() as u64;
    match (class_of(table), role) {
        (Some(TableClass::Tenant | TableClass::Queue), "muster_app") => {
            let (row, fresh) = (&made.stored[&Whose::First], &made.fresh[&Whose::First]);
            // Where the whole key is what the row refers to, there is but one.
            let is_one = rows.is(table, row) == rows.is(table, fresh);
            match of_a_tenant(setting, attempt) {
                Outcome::Rows(1) if is_one && attempt.way == Way::Insert(Whose::First) => Outcome::Duplicate,
                // Which is noticed first is not the question: changing one's own row has to be refused for the reference.
                Outcome::ReferenceRefused if is_one && attempt.way == Way::Refer => {
                    Outcome::ReferenceRefusedOrDuplicate
                }
                outcome => outcome,
            }
        }
        // The queue's role works for all, whichever tenant is set.
        (Some(TableClass::Queue), _) => match attempt.way {
            Way::Select | Way::Update => Outcome::Rows(every),
            _ => Outcome::Rows(1),
        },
        _ => match attempt.way {
            Way::Select => Outcome::Rows(every),
            _ => Outcome::Rows(1),
        },
    }
}

/// For the role that works for the tenant that is set.
fn of_a_tenant(setting: Setting, attempt: &Attempt) -> Outcome {
    let writes = matches!(attempt.way, Way::Insert(_) | Way::Upsert(_) | Way::UpsertOwn | Way::Refer);
    match setting {
        Setting::Malformed => Outcome::Malformed,
        Setting::Unset | Setting::Empty if writes => Outcome::RowRefused,
        Setting::Unset | Setting::Empty => Outcome::Rows(0),
        Setting::Other => match attempt.way {
            Way::Select | Way::Update => Outcome::Rows(1), // one's own
            Way::SelectOne(_) | Way::UpdateOne(_) | Way::Delete(_) => Outcome::Rows(0),
            Way::Refer | Way::ReferByUpdate if !attempt.is_the_tenant => Outcome::ReferenceRefused,
            _ => Outcome::RowRefused,
        },
        Setting::Own => match attempt.way {
            Way::Select | Way::Update => Outcome::Rows(1),
            Way::SelectOne(Whose::First) | Way::UpdateOne(Whose::First) => Outcome::Rows(1),
            Way::Insert(Whose::First) | Way::Upsert(Whose::First) => Outcome::Rows(1),
            Way::Delete(Whose::First) => Outcome::OneRowUnlessReferred,
            // What would make the second's rows the first's is nothing that the first can do.
            Way::SelectOne(_) | Way::UpdateOne(_) | Way::Delete(_) | Way::GiveAway | Way::ReferByUpdate => {
                Outcome::Rows(0)
            }
            // The key that is followed is the tenant's alone: the row is the first's own, and new.
            Way::Refer if attempt.is_the_tenant => Outcome::Rows(1),
            _ => Outcome::RowRefused,
        },
    }
}
