//! The only ways past row-level security are the functions of the list, each bound to its search path and callers.

use crate::isolation::functions::{FUNCTIONS, SEARCH_PATH, expected_function};
use crate::isolation::{Catalogue, Finding, Function, Rule};

/// Functions of the schema and of others.
pub(in crate::isolation) fn functions(catalogue: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in &catalogue.functions {
        let signature = format!("{}({})", function.name, function.arguments);
        let expected = expected_function(&function.name);
        let namesakes = catalogue.functions.iter().filter(|other| other.name == function.name).count();
        if function.definer && (expected.is_none_or(|expected| !expected.definer) || namesakes > 1) {
            findings.push(Finding::new(
                Rule::UnknownDefiner,
                &signature,
                if namesakes > 1 {
                    "two functions of this name run with their owner's rights: one of them is not ours"
                } else {
                    "it runs with its owner's rights and is in no list: it may be a way past row-level security"
                },
                format!("drop function {signature}, or move what needs it to security invoker"),
            ));
        }
        if (function.definer || expected.is_some()) && !function.settings.iter().any(|s| s == SEARCH_PATH) {
            findings.push(Finding::new(
                Rule::LooseSearchPath,
                &signature,
                "it looks for tables and functions wherever its caller says, with its owner's rights",
                format!("alter function {signature} set search_path = pg_catalog, public, pg_temp"),
            ));
        }
        if function.leakproof {
            findings.push(Finding::new(
                Rule::LeakproofFunction,
                &signature,
                "it is said to be leakproof, so that it is shown rows before the policies have hidden them",
                format!("alter function {signature} not leakproof"),
            ));
        }
        findings.extend(callers(catalogue, function, &signature));
    }
    for expected in FUNCTIONS {
        let found = catalogue.functions.iter().find(|function| function.name == expected.name);
        if found.is_none_or(|found| found.definer != expected.definer) {
            findings.push(Finding::new(
                Rule::FunctionMissing,
                expected.name,
                match found {
                    None => "the function is not there: what it is for will fail",
                    Some(_) => "the function runs with other rights than it should",
                },
                "restore the database from a backup, or run the migration that makes it by hand",
            ));
        }
    }
    findings
}

/// Who may call a function of ours, or one that runs with its owner's rights, and should not; and who cannot and should.
fn callers(catalogue: &Catalogue, function: &Function, signature: &str) -> Vec<Finding> {
    let expected = expected_function(&function.name);
    if expected.is_none() && !function.definer {
        return Vec::new();
    }
    let allowed = expected.map_or(&[][..], |expected| expected.callers);
    let of_this = catalogue.grants.iter().filter(|grant| {
        grant.kind == "function"
            && grant.object == function.name
            && grant.part.as_deref() == Some(function.arguments.as_str())
    });
    let callers: Vec<&str> = of_this.map(|grant| grant.grantee.as_str()).collect();
    let others = callers.iter().filter(|caller| !allowed.contains(caller)).map(|caller| {
        Finding::new(
            Rule::ExcessExecute,
            signature,
            format!("{caller} may call it, which reaches past row-level security for others"),
            format!("revoke execute on function {signature} from {caller}"),
        )
    });
    let lacking = allowed.iter().filter(|caller| !callers.contains(caller)).map(|caller| {
        Finding::new(
            Rule::MissingGrant,
            signature,
            format!("{caller} may not call it, so that what needs it will fail"),
            format!("grant execute on function {signature} to {caller}"),
        )
    });
    others.chain(lacking).collect()
}
