//! What each plan gives, unless something else was agreed: the one place that says so.
//!
//! An enterprise has an agreement, or a server of its own, and so no limit by default.

use super::{PlanTier, TenantLimits};

impl PlanTier {
    /// How much a tenant of this plan may have.
    pub fn limits(self) -> TenantLimits {
        let limits = |users, projects, repositories| TenantLimits {
            max_users: Some(users),
            max_projects: Some(projects),
            max_repositories: Some(repositories),
        };
        match self {
            Self::Free => limits(5, 100, 10),
            Self::Pro => limits(50, 2_000, 200),
            Self::Enterprise => TenantLimits::default(),
        }
    }
}
