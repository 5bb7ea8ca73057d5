//! The run-time roles are below row-level security and cannot climb above it; no session begins with a tenant.

use super::list;
use crate::isolation::tables::RUN_TIME;
use crate::isolation::{Catalogue, Finding, Rule};

/// Settings that decide what a statement sees.
const DECIDING: [&str; 3] = ["app.current_tenant_id", "search_path", "row_security"];

/// The roles themselves, what they own, and what sessions begin with.
pub(in crate::isolation) fn roles(catalogue: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in RUN_TIME {
        let Some(role) = catalogue.roles.iter().find(|role| role.name == name) else {
            findings.push(Finding::new(
                Rule::RoleMissing,
                name,
                "the role is not there: nothing can be done that is done as it",
                "muster migrate up makes it, as a role that may make roles",
            ));
            continue;
        };
        if !role.powers.is_empty() {
            let negated: Vec<String> =
                role.powers.iter().map(|power| format!("no{}", power.to_lowercase())).collect();
            findings.push(Finding::new(
                Rule::RoleTooStrong,
                name,
                format!(
                    "the role has {}: row-level security does not bind it, or it could undo it",
                    list(&role.powers)
                ),
                format!("alter role {name} {}", negated.join(" ")),
            ));
        }
        if !role.member_of.is_empty() {
            findings.push(Finding::new(
                Rule::RoleMember,
                name,
                format!(
                    "the role is a member of {}: it has their rights, or can take them",
                    list(&role.member_of)
                ),
                format!("revoke {} from {name}", list(&role.member_of)),
            ));
        }
        let tables = catalogue.tables.iter().filter(|table| table.owner == name).map(|table| &table.name);
        let functions = catalogue.functions.iter().filter(|one| one.owner == name).map(|one| &one.name);
        let owned: Vec<String> = role.owned_schemas.iter().chain(tables).chain(functions).cloned().collect();
        if !owned.is_empty() {
            findings.push(Finding::new(
                Rule::RoleOwns,
                name,
                format!("the role owns {}: an owner may take off what protects an object", list(&owned)),
                "alter the owner to the role that owns the other tables",
            ));
        }
    }
    let deciding = catalogue.settings.iter().filter(|setting| {
        let ours = setting.role.as_ref().is_none_or(|role| RUN_TIME.contains(&role.as_str()));
        // For a login role of other uses these say nothing but which tenant it would begin with.
        DECIDING.contains(&setting.name.as_str()) && (ours || setting.name == DECIDING[0])
    });
    findings.extend(deciding.map(|setting| {
        let whose = setting.role.as_deref().unwrap_or("everybody");
        Finding::new(
            Rule::SessionDefault,
            format!("{} for {whose}", setting.name),
            format!(
                "sessions of {whose} begin with {} = {}, not with what the program takes for granted",
                setting.name, setting.value
            ),
            match &setting.role {
                Some(role) => format!(
                    "alter role {role} reset {0}; alter role {role} in database NAME reset {0}",
                    setting.name
                ),
                None => format!("alter database NAME reset {0}; alter role all reset {0}", setting.name),
            },
        )
    }));
    findings
}
