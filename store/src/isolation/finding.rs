//! What the audit found, in words.

use super::Engine;

/// A rule of the audit. The order is that of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A table is in no list.
    UnlistedTable,
    /// A table of the list is not there.
    MissingTable,
    /// A table of tenants does not say whose rows it holds.
    NoTenantColumn,
    /// A row may be nobody's.
    NullableTenant,
    /// Row-level security is off.
    RowSecurityOff,
    /// It does not bind the owner.
    RowSecurityNotForced,
    /// A policy is missing.
    PolicyMissing,
    /// A policy is not the known one.
    PolicyAltered,
    /// A policy lets more rows through.
    PolicyAdded,
    /// A key or index does not lead with the tenant.
    KeyOrder,
    /// A foreign key may lead to another tenant's row.
    NarrowReference,
    /// A right on a table that is not in the list.
    ExcessGrant,
    /// A right that the program needs is not granted.
    MissingGrant,
    /// A right on a single column.
    ColumnGrant,
    /// Others may put objects beside ours.
    OpenSchema,
    /// Objects to come will be granted.
    DefaultPrivilege,
    /// A run-time role is not there.
    RoleMissing,
    /// A run-time role is above row-level security, or could put itself there.
    RoleTooStrong,
    /// A run-time role can become another.
    RoleMember,
    /// A run-time role owns an object.
    RoleOwns,
    /// Sessions begin with a tenant, or look for names elsewhere.
    SessionDefault,
    /// A function with its owner's rights that is in no list.
    UnknownDefiner,
    /// A function looks for names where others may put some.
    LooseSearchPath,
    /// Others may call a function.
    ExcessExecute,
    /// A function of the list is not there, or not as it should be.
    FunctionMissing,
    /// A function may look at rows before the policies do.
    LeakproofFunction,
    /// A view reads with its owner's rights.
    OpenView,
    /// A view holds copies of rows.
    MaterialisedView,
    /// A trigger or rule of somebody's own.
    UnknownTrigger,
    /// A column fills itself in, for all tenants alike.
    SpeakingDefault,
    /// A column may hold anything.
    NotStrict,
    /// Foreign keys are not obeyed.
    ForeignKeysOff,
    /// The audit log can be changed.
    AuditLogOpen,
}

impl Rule {
    /// Every rule, in order.
    pub const ALL: [Self; 33] = [
        Self::UnlistedTable,
        Self::MissingTable,
        Self::NoTenantColumn,
        Self::NullableTenant,
        Self::RowSecurityOff,
        Self::RowSecurityNotForced,
        Self::PolicyMissing,
        Self::PolicyAltered,
        Self::PolicyAdded,
        Self::KeyOrder,
        Self::NarrowReference,
        Self::ExcessGrant,
        Self::MissingGrant,
        Self::ColumnGrant,
        Self::OpenSchema,
        Self::DefaultPrivilege,
        Self::RoleMissing,
        Self::RoleTooStrong,
        Self::RoleMember,
        Self::RoleOwns,
        Self::SessionDefault,
        Self::UnknownDefiner,
        Self::LooseSearchPath,
        Self::ExcessExecute,
        Self::FunctionMissing,
        Self::LeakproofFunction,
        Self::OpenView,
        Self::MaterialisedView,
        Self::UnknownTrigger,
        Self::SpeakingDefault,
        Self::NotStrict,
        Self::ForeignKeysOff,
        Self::AuditLogOpen,
    ];

    /// Can it be broken on this engine?
    pub fn applies_to(self, engine: Engine) -> bool {
        let of_files = matches!(self, Self::NotStrict | Self::ForeignKeysOff | Self::AuditLogOpen);
        let of_both = matches!(
            self,
            Self::UnlistedTable
                | Self::MissingTable
                | Self::NoTenantColumn
                | Self::NullableTenant
                | Self::KeyOrder
                | Self::NarrowReference
                | Self::UnknownTrigger
                | Self::SpeakingDefault
        );
        match engine {
            Engine::Sqlite => of_files || of_both,
            Engine::Postgres => !of_files,
        }
    }

    /// Its short name, for scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnlistedTable => "unlisted-table",
            Self::MissingTable => "missing-table",
            Self::NoTenantColumn => "no-tenant-column",
            Self::NullableTenant => "nullable-tenant",
            Self::RowSecurityOff => "row-security-off",
            Self::RowSecurityNotForced => "row-security-not-forced",
            Self::PolicyMissing => "policy-missing",
            Self::PolicyAltered => "policy-altered",
            Self::PolicyAdded => "policy-added",
            Self::KeyOrder => "key-order",
            Self::NarrowReference => "narrow-reference",
            Self::ExcessGrant => "excess-grant",
            Self::MissingGrant => "missing-grant",
            Self::ColumnGrant => "column-grant",
            Self::OpenSchema => "open-schema",
            Self::DefaultPrivilege => "default-privilege",
            Self::RoleMissing => "role-missing",
            Self::RoleTooStrong => "role-too-strong",
            Self::RoleMember => "role-member",
            Self::RoleOwns => "role-owns",
            Self::SessionDefault => "session-default",
            Self::UnknownDefiner => "unknown-definer",
            Self::LooseSearchPath => "loose-search-path",
            Self::ExcessExecute => "excess-execute",
            Self::FunctionMissing => "function-missing",
            Self::LeakproofFunction => "leakproof-function",
            Self::OpenView => "open-view",
            Self::MaterialisedView => "materialised-view",
            Self::UnknownTrigger => "unknown-trigger",
            Self::SpeakingDefault => "speaking-default",
            Self::NotStrict => "not-strict",
            Self::ForeignKeysOff => "foreign-keys-off",
            Self::AuditLogOpen => "audit-log-open",
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that it breaks.
    pub rule: Rule,
    /// The object that breaks it: a table, a key, a role.
    pub object: String,
    /// What that means, in a sentence without its full stop.
    pub explanation: String,
    /// What to do about it: a statement, or words.
    pub mend: String,
}

impl Finding {
    pub(super) fn new(
        rule: Rule,
        object: impl Into<String>,
        explanation: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self { rule, object: object.into(), explanation: explanation.into(), mend: mend.into() }
    }
}
