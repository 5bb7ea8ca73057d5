# A private PostgreSQL server, and PgBouncer in front of it. Read with `.` by scripts of bash after `set -euo pipefail`.
#
# A server lives in a temporary directory, listens on a free port of this machine alone, has a random password, never
# runs as root, and is stopped and removed with the script that started it, also on Ctrl-C.
# shellcheck shell=bash

oldest_server=150014 # 15.14, the oldest server that is supported, written as PostgreSQL writes server_version_num

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

bin=      # the directory of the server's programs
account=  # who runs the server where we are root, who may not
scratch=  # the directory that is removed at the end
home=     # the account's own part of it
password= # the superuser's; he is called muster
port=     # of the server that was started last
running=() # clusters that have a server
bouncer=  # the process of PgBouncer

# Makes the temporary directory, and removes it at the end with all that runs in it.
begin_scratch() {
    local temporary=${TMPDIR:-/tmp}
    if ((EUID == 0)); then
        account=nobody
        if id postgres >/dev/null 2>&1; then account=postgres; fi
        temporary=/tmp # ours may be closed to that account
    fi
    scratch=$(mktemp -d "$temporary/muster.XXXXXX")
    trap end_scratch EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    home=$scratch/postgresql
    mkdir -m 700 "$home"
    if [[ -n $account ]]; then
        chmod 711 "$scratch"
        chown "$account" "$home"
    fi
}

end_scratch() {
    local code=$? cluster
    trap - EXIT INT TERM HUP
    if [[ -n $bouncer ]]; then kill "$bouncer" 2>/dev/null || true; fi
    for cluster in ${running[@]+"${running[@]}"}; do
        if [[ -f $cluster/postmaster.pid ]]; then
            (cd / && as_account "$bin/pg_ctl" -D "$cluster" -m immediate -s stop) || say "the server in $cluster did not stop"
        fi
    done
    rm -rf "$scratch"
    exit "$code"
}

# Runs a command as the account that owns the clusters: ourselves, or another one where we are root.
as_account() {
    if [[ -z $account ]]; then
        "$@"
    elif command -v setpriv >/dev/null; then
        setpriv --reuid "$account" --regid "$(id -g "$account")" --clear-groups -- "$@"
    elif command -v runuser >/dev/null; then
        runuser -u "$account" -- "$@"
    else
        # The words go in as arguments of the shell, so that none of them is parsed a second time.
        # shellcheck disable=SC2016
        su -s /bin/sh "$account" -c '"$0" "$@"' -- "$@"
    fi
}

# Prints the version of the server in a directory as server_version_num does: 15.14 is 150014.
version_in() {
    local text major minor
    text=$("$1/postgres" --version 2>/dev/null) || return 1
    [[ $text =~ \)\ ([0-9]+)(\.([0-9]+))? ]] || return 1
    major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[3]:-0}
    echo $((major * 10000 + minor))
}

# Sets `bin` to the directory of the newest server that is new enough.
find_server() {
    local directory version best=0 on_path
    on_path=$(command -v postgres || true)
    for directory in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin \
        /usr/local/opt/postgresql*/bin /Library/PostgreSQL/*/bin ${on_path:+"$(dirname "$on_path")"}; do
        [[ -x $directory/postgres && -x $directory/initdb && -x $directory/pg_ctl ]] || continue
        version=$(version_in "$directory") || continue
        if ((version >= oldest_server && version > best)); then
            best=$version bin=$directory
        fi
    done
    [[ -n $bin ]]
}

# The same; installs Debian's server where that can be done, else says what to install.
need_server() {
    if find_server; then return; fi
    if ((EUID == 0)) && command -v apt-get >/dev/null; then
        say "no PostgreSQL server of 15.14 or newer found; installing Debian's package postgresql"
        apt-get update -q >&2
        DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql >&2
        find_server || fail "Debian's package postgresql is older than 15.14: install a newer one or set TEST_DATABASE_URL"
    else
        fail "no PostgreSQL server of 15.14 or newer found: install one (Debian: apt install postgresql," \
            "Fedora: dnf install postgresql-server, macOS: brew install postgresql@17) or set TEST_DATABASE_URL"
    fi
}

# random_password: 128 bits, so that nobody else on this machine comes in.
random_password() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# write_private FILE: what comes in, for the account alone.
write_private() {
    (umask 077 && cat >"$1")
    if [[ -n $account ]]; then chown "$account" "$1"; fi
}

# free_port: one that nobody listened on a moment ago. Below those that outgoing connections are given, of which one that asks
# whether somebody listens could be connected to itself.
free_port() {
    local candidate
    while true; do
        candidate=$((20000 + (RANDOM * 32768 + RANDOM) % 12768))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null; then break; fi
    done
    echo "$candidate"
}

# make_cluster DIRECTORY: an empty one, below $home.
make_cluster() {
    password=$(random_password)
    write_private "$home/password" <<<"$password"
    (cd / && as_account "$bin/initdb" -D "$1" -U muster -A scram-sha-256 --pwfile "$home/password" \
        -E UTF8 --locale=C --no-sync) >"$scratch/initdb.log" 2>&1 || {
        cat "$scratch/initdb.log" >&2
        fail "failed to make a PostgreSQL cluster with $bin/initdb"
    }
}

# start_server DIRECTORY SETTING=VALUE...: sets `port`.
start_server() {
    local cluster=$1 attempt options='-c listen_addresses=127.0.0.1 -c unix_socket_directories='
    shift
    for setting; do options+=" -c $setting"; done
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        port=$(free_port)
        if (cd / && as_account "$bin/pg_ctl" -D "$cluster" -s -w -t 60 -l "$home/server.log" -o "-p $port $options" start); then
            running+=("$cluster")
            return
        fi
        say "the server did not start on port $port (attempt $attempt)"
    done
    cat "$home/server.log" >&2
    fail "failed to start the PostgreSQL server of $bin"
}

# stop_server DIRECTORY: as an operator stops it.
stop_server() { (cd / && as_account "$bin/pg_ctl" -D "$1" -m fast -s -w stop); }

# What tests and benches work on: the server of TEST_DATABASE_URL, or a private one with these settings.
use_server() {
    if [[ -n ${TEST_DATABASE_URL:-} ]]; then
        say "using the server of TEST_DATABASE_URL"
        return
    fi
    need_server
    make_cluster "$home/cluster"
    start_server "$home/cluster" "$@"
    export TEST_DATABASE_URL="postgres://muster:$password@127.0.0.1:$port/postgres"
    say "PostgreSQL $("$bin/postgres" --version | sed 's/^.*) //') on port $port"
}

# Prints the path of a PgBouncer of 1.21 or newer, which prepares statements in transaction mode: $PGBOUNCER or on PATH.
find_pgbouncer() {
    local program version
    program=${PGBOUNCER:-$(command -v pgbouncer || true)}
    [[ -n $program && -x $program ]] || return 1
    version=$("$program" --version 2>/dev/null) || return 1
    [[ $version =~ ^PgBouncer\ ([0-9]+)\.([0-9]+) ]] || return 1
    ((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2] >= 1021)) || return 1
    echo "$program"
}

# start_pgbouncer PROGRAM: in front of the server that was started last. The tests' own roles may log in through it.
# A pool of two connections for a database and role: what one transaction left behind would meet the next one.
start_pgbouncer() {
    local listen attempt
    printf '"muster" "%s"\n"muster_test_owner" "muster_test_owner"\n"muster_test_service" "muster_test_service"\n' \
        "$password" | write_private "$home/users"
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        listen=$(free_port)
        write_private "$home/pgbouncer.ini" <<END
[databases]
* = host=127.0.0.1 port=$port
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $listen
logfile = $home/pgbouncer.log
pidfile = $home/pgbouncer.pid
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $home/users
pool_mode = transaction
max_prepared_statements = 200
default_pool_size = 2
max_client_conn = 500
log_connections = 0
log_disconnections = 0
END
        if (cd / && as_account "$1" -q -d "$home/pgbouncer.ini") 2>"$scratch/pgbouncer.log"; then
            # It writes its number and listens a moment after the first process has gone.
            for _ in {1..100}; do
                if [[ -s $home/pgbouncer.pid ]] && (exec 3<>"/dev/tcp/127.0.0.1/$listen") 2>/dev/null; then break; fi
                sleep 0.1
            done
            bouncer=$(cat "$home/pgbouncer.pid")
            export TEST_PGBOUNCER_URL="postgres://muster:$password@127.0.0.1:$listen/postgres"
            say "$("$1" --version | sed -n 1p) on port $listen"
            return
        fi
        say "PgBouncer did not start on port $listen (attempt $attempt)"
    done
    cat "$scratch/pgbouncer.log" >&2
    fail "failed to start $1"
}
