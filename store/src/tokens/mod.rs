//! API tokens: each of one tenant, with one role, and perhaps of one user.
//!
//! A token is shown once, to whoever made it; stored is its hash. A token that is found is looked up anew each time:
//! one row by its key, so what was revoked is refused from the next call on, on every machine.

mod create;
mod find;
mod list;
mod revoke;

pub use create::{NewToken, NewTokenError};
pub use find::{Bearer, FindTokenError, TokenRefusal};
pub use list::{TokenFilter, TokenRecord};
pub(crate) use revoke::revoke_those_of_user;
