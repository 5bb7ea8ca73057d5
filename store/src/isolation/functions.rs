//! Which functions the schema has, and who may call each: the only ways into the global tables.

use super::tables::{APP, OPERATOR, QUEUE};

/// A function that is to be there.
#[derive(Clone, Copy, Debug)]
pub(super) struct ExpectedFunction {
    /// Its name. There is one of each name.
    pub(super) name: &'static str,
    /// It runs with its owner's rights.
    pub(super) definer: bool,
    /// Who may call it.
    pub(super) callers: &'static [&'static str],
}

const fn way(name: &'static str, callers: &'static [&'static str]) -> ExpectedFunction {
    ExpectedFunction { name, definer: true, callers }
}

/// Every function of the schema.
pub(super) const FUNCTIONS: &[ExpectedFunction] = &[
    way("app_refusal_list", &[QUEUE]),
    way("app_refused", &[APP]),
    ExpectedFunction { name: "current_tenant_id", definer: false, callers: &[] },
    way("data_key_get", &[APP]),
    way("data_key_put", &[APP]),
    way("data_key_rewrap", &[APP]),
    way("export_data_keys", &[OPERATOR]),
    way("export_hook_keys", &[OPERATOR]),
    way("export_installations", &[OPERATOR]),
    way("export_tenants", &[OPERATOR]),
    way("export_tokens", &[OPERATOR]),
    way("hook_add", &[APP]),
    way("hook_find", &[APP]),
    way("hook_list", &[APP]),
    way("hook_refused", &[APP]),
    way("hook_remove", &[APP]),
    way("import_data_keys", &[OPERATOR]),
    way("import_hook_keys", &[OPERATOR]),
    way("import_installations", &[OPERATOR]),
    way("import_tenants", &[OPERATOR]),
    way("import_tokens", &[OPERATOR]),
    way("installation_claim", &[APP]),
    way("installation_find", &[APP]),
    way("installation_list", &[APP]),
    way("installation_report", &[APP]),
    way("next_change_seq", &[APP]),
    way("queue_ids_above", &[OPERATOR]),
    way("raise_change_seq", &[APP]),
    way("tenant_by_subdomain", &[APP, OPERATOR]),
    way("tenant_change", &[OPERATOR]),
    way("tenant_create", &[OPERATOR]),
    way("tenant_current", &[APP]),
    way("tenant_delete", &[OPERATOR]),
    way("tenant_list", &[APP, OPERATOR]),
    way("tenant_lock", &[APP]),
    way("tenant_suspend", &[OPERATOR]),
    way("token_add", &[APP]),
    way("token_find", &[APP]),
    way("token_list", &[APP]),
    way("token_revoke", &[APP]),
    way("token_touch", &[APP]),
    way("wrapping_keys_in_use", &[APP]),
];

/// What a function that runs with its owner's rights has to be bound to: names are looked for nowhere else, and last
/// where anybody may put some.
pub(super) const SEARCH_PATH: &str = "search_path=pg_catalog, public, pg_temp";

/// The expected function of that name.
pub(super) fn expected_function(name: &str) -> Option<&'static ExpectedFunction> {
    FUNCTIONS.iter().find(|function| function.name == name)
}
