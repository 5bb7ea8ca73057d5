//! YAML within a budget: depth, aliases, nodes and events are bounded, and nothing is included from elsewhere.

use serde_json::Value;
use serde_saphyr::options::{AliasLimits, DuplicateKeyPolicy};
use serde_saphyr::{Budget, Options};

use super::{decode, one_line};

/// Parses one YAML document. Of duplicate keys the last wins. An empty file is null.
pub(crate) fn parse(content: &[u8]) -> Result<Value, String> {
    let text = decode(content)?;
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_saphyr::from_str_with_options::<Value>(text, options()).map_err(|error| {
        let whole = one_line(&error.to_string());
        match error.location() {
            Some(at) => {
                let (line, column) = (at.line(), at.column());
                let said = format!(" at line {line}, column {column}");
                let message = whole.strip_suffix(&said).unwrap_or(&whole);
                format!("not valid YAML: {message} (line {line}, column {column})")
            }
            None => format!("not valid YAML: {whole}"),
        }
    })
}

fn options() -> Options {
    let mut budget = Budget::default();
    budget.max_depth = 64;
    budget.flow_nesting_limit = 64;
    budget.max_aliases = 1_000;
    budget.max_anchors = 1_000;
    budget.max_nodes = 250_000;
    budget.max_documents = 1;
    let mut aliases = AliasLimits::default();
    aliases.max_total_replayed_events = 100_000;
    aliases.max_replay_stack_depth = 16;
    let mut options = Options::default();
    options.budget = Some(budget);
    options.alias_limits = aliases;
    options.duplicate_keys = DuplicateKeyPolicy::LastWins;
    options.with_snippet = false;
    options
}
