#!/bin/sh
# Saving 25,000 commits with their paths: append_commits beside a plain multi-row insert of the same rows, in turns;
# medians, their ratio (bound: 2) and bytes a commit on disk.
set -eu
cd "$(dirname "$0")/.."
exec nice -n 5 cargo run --release --quiet -p muster-store --example save_history
