//! The environment, read once: the only place in the program that does.
//!
//! Everything else takes an [`Environment`] as a value, so that what a variable does is tested without setting one.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// The variables of a process, by name. An empty one counts as not set, as most programs have it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    /// Those of this process.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub(crate) fn of_this_process() -> Self {
        Self(std::env::vars_os().collect())
    }

    /// A variable that is set and not empty, as recorded.
    pub(crate) fn raw(&self, name: &str) -> Option<&OsString> {
        self.0.get(std::ffi::OsStr::new(name)).filter(|value| !value.is_empty())
    }

    /// A variable that is set, to whatever: for one whose being empty is a mistake.
    pub(crate) fn given(&self, name: &str) -> Option<&OsString> {
        self.0.get(std::ffi::OsStr::new(name))
    }

    /// A variable as text; what is not UTF-8 is as good as not set.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.raw(name)?.to_str()
    }
}

impl Environment {
    /// What the operating system calls whoever runs this. Anybody may set it to anything.
    pub(crate) fn user_name(&self) -> Option<&str> {
        self.text("USER").or_else(|| self.text("LOGNAME"))
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(variables: [(&str, &str); N]) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}
