//! Detectors as data: `[[detector]]` of the user's configuration and of a repository's `.muster.toml`.
//!
//! Both are hostile until read: everything is bounded, what is wrong is a problem, and the rest is kept.

mod detector;
mod field;
mod settings;

pub(crate) use detector::Declared;
pub(crate) use settings::{Settings, Source};
