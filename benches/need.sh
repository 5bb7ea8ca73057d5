# What the benches share; read with `.`, after `set -eu`. Nothing here is measured.

# need COMMAND ADVICE: ends with one sentence where a command is missing.
need() {
    command -v "$1" >/dev/null 2>&1 || { echo "$(basename "$0") needs $1: $2" >&2; exit 2; }
}

# The program to measure: $MUSTER, or this repository's own release build, made current first.
find_muster() {
    if [ -z "${MUSTER:-}" ]; then
        need cargo "install Rust, or name a muster in MUSTER"
        (cd "$here/.." && cargo build --release --quiet)
        MUSTER="${CARGO_TARGET_DIR:-$here/../target}/release/muster"
    fi
    [ -x "$MUSTER" ] || { echo "$(basename "$0"): no program at $MUSTER" >&2; exit 2; }
}

# What a table of figures has to say about where it was made.
say_where() {
    cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
    cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo '?')
    echo "machine: ${cpu:-$(uname -m)}, $cores cores, $(uname -sr)"
}

# quoted WORD: the word as a shell reads it back.
quoted() {
    printf "'"
    printf '%s' "$1" | sed "s/'/'\\\\''/g"
    printf "'"
}

# How busy the machine was: figures of a busy one say little.
say_load() {
    echo "load average: $(cut -d ' ' -f 1-3 /proc/loadavg 2>/dev/null || uptime | sed 's/.*averages*: //')"
}
