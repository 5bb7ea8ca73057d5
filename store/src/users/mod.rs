//! Users: the people who may look at a tenant's work and change it.
//!
//! A row stays when its user is removed: what he did is told under his number, and who comes back gets it again.
//! Whatever takes rights away from a user revokes, in the same transaction, the tokens that would keep them.

mod add;
mod change;
mod email;
mod list;

pub use add::{AddedUser, NewUser};
pub use change::{ChangedRole, RemovedUser};
pub use email::{EmailAddress, NotAnEmailAddress};
pub use list::{UserFilter, UserRecord};

use thiserror::Error;

use crate::StoreError;

/// Why nothing was done to a user. Fits "failed to ...".
#[derive(Debug, Error)]
pub enum UserError {
    /// There is an active one of this address.
    #[error("add {0}: there is such a user already; muster user role changes what they may do")]
    AlreadyThere(EmailAddress),
    /// There is no active one of this address.
    #[error(
        "find the user {0}: there is no active one of this address; muster user list --all shows who there is"
    )]
    NoSuchUser(EmailAddress),
    /// Without him nobody could manage the organisation.
    #[error(
        "take {0} off the owners: nobody else is one, and an organisation needs an owner; make another user owner first (muster user role)"
    )]
    LastOwner(EmailAddress),
    /// A name that is none.
    #[error("take this name: it is longer than 200 characters, or holds control characters")]
    NotAName,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}
