# One-liners. `just` alone lists them; each is a plain command that works without just.

_list:
    @just --list --unsorted

# What every change must pass: format, lints, all tests
ci:
    .ci/run

# All tests, with a PostgreSQL server of their own
test *ARGUMENTS:
    scripts/test {{ARGUMENTS}}

# Scan this repository, or another: just scan ../other --format json
scan *ARGUMENTS='.':
    cargo run --release -- scan {{ARGUMENTS}}

# Look over the inline snapshots that changed (cargo install cargo-insta)
review:
    cargo insta review

# Only the house rules, and what they measure
rules:
    cargo test -p muster-tests --lib architecture -- --show-output

format:
    cargo fmt --all

lint:
    cargo clippy --workspace --all-targets -- -D warnings

# Licences, advisories and sources of dependencies (cargo install cargo-deny)
deny:
    cargo deny check

# What the documentation of the code looks like
docs:
    cargo doc --workspace --no-deps --document-private-items --open
