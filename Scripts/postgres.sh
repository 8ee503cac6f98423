#!/usr/bin/env bash
# A private PostgreSQL for tests and trials: a folder and a Unix socket of its own, no port, nobody else's data.
#
#   Scripts/postgres.sh run [--fast] COMMAND...   one that lives as long as the command
#   Scripts/postgres.sh start [--fast] | stop     one that stays until it is stopped; start says where it is
#   Scripts/postgres.sh keep [--fast] [--tls]     says where it is and lives until standard input ends
#
# --tls gives it a port that takes encrypted connections only, and an address that verifies its certificate.
# `run` tells the command where the server is in KONTOR_TEST_DATABASE; the others print a line that exports it, or with
# `keep` the bare address. Each begins empty and leaves nothing behind. Commits are durable, as in a real installation;
# --fast leaves out the disk's part, because a private server need not outlive a power cut.
set -euo pipefail

fail() { printf 'postgres: %s\n' "$*" >&2; exit 1; }

# PostgreSQL refuses to run as root, so root lends the server to an unprivileged user.
owner=$(id -un)
if [ "$(id -u)" -eq 0 ]; then
    owner=nobody
    if id postgres >/dev/null 2>&1; then owner=postgres; fi
fi
as_owner() {
    if [ "$owner" = "$(id -un)" ]; then "$@"; else
        setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups "$@"
    fi
}

# The newest of Debian's, which are not on the PATH, else the one that is.
programs() {
    local found
    found=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
    found=${found:-$(command -v initdb || true)}
    [ -n "$found" ] || fail "PostgreSQL 15 or newer was not found; Scripts/setup.sh test installs it."
    bin=$(dirname "$found")
    local version
    version=$("$bin/postgres" --version | sed -nE 's/[^0-9]*([0-9]+).*/\1/p')
    [ "${version:-0}" -ge 15 ] || fail "PostgreSQL 15 or newer is needed; $bin has ${version:-no} version."
}

address() {
    if [ "$tls" = yes ]; then
        printf 'postgres://kontor@localhost:%s/kontor?sslmode=verify-full&sslrootcert=%s' "$port" "$folder/data/server.crt"
    else
        printf 'postgres:///kontor?host=%s&user=kontor' "$folder"
    fi
}

# Makes a server in $folder, which is empty and the owner's, and starts it.
launch() {
    programs
    # Whatever the caller set for servers of his own must not reach this one.
    unset "${!PG@}"
    cd "$folder"
    local sync=()
    port=5432
    [ "$fast" = no ] || sync=(--no-sync)
    as_owner "$bin/initdb" -D data -U kontor -A trust --locale=C -E UTF8 "${sync[@]}" >initdb.log 2>&1 ||
        { cat initdb.log >&2; fail "initdb failed"; }
    # Schemas come and go by the hundred in tests, and dropping one locks every table in it.
    cat >>data/postgresql.conf <<CONF
listen_addresses = ''
unix_socket_directories = '$folder'
max_connections = 200
max_locks_per_transaction = 512
shared_buffers = 128MB
max_wal_size = 2GB
checkpoint_timeout = 30min
jit = off
log_min_messages = warning
log_min_error_statement = panic
CONF
    if [ "$fast" = yes ]; then printf 'fsync = off\nfull_page_writes = off\n' >>data/postgresql.conf; fi
    if [ "$tls" = yes ]; then encrypt; fi
    # Lines of postgresql.conf that come last and so win: benchmarks give their server more memory.
    printf '%s\n' "${KONTOR_POSTGRES_SETTINGS:-}" >>data/postgresql.conf
    as_owner "$bin/pg_ctl" start -D data -l "$folder/log" -w -t 60 >/dev/null ||
        { cat log >&2; fail "the server did not start"; }
    as_owner "$bin/createdb" -h "$folder" -p "$port" -U kontor kontor
}

# A port on this machine that takes encrypted connections only, with a certificate that this server signed for itself.
encrypt() {
    port=$((20000 + RANDOM % 20000))
    as_owner openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -keyout data/server.key -out data/server.crt 2>/dev/null ||
        fail "openssl made no certificate"
    chmod 600 data/server.key
    sed -i 's/^host /hostssl /' data/pg_hba.conf
    printf "listen_addresses = 'localhost'\nport = %s\nssl = on\n" "$port" >>data/postgresql.conf
}

halt() {
    [ ! -f "$folder/data/postmaster.pid" ] ||
        as_owner "$bin/pg_ctl" stop -D "$folder/data" -m fast -t 20 >/dev/null 2>&1 ||
        as_owner "$bin/pg_ctl" stop -D "$folder/data" -m immediate >/dev/null 2>&1 || true
    cd /
    rm -rf "$folder"
}

own() { chmod 700 "$folder"; [ "$owner" = "$(id -un)" ] || chown "$owner" "$folder"; }

# A socket's path has at most 107 bytes, which leaves no room for a long TMPDIR.
temporary=${TMPDIR:-/tmp}
[ ${#temporary} -le 70 ] || temporary=/tmp
temporary=${temporary%/}
standing=$temporary/kontor-postgres-$(id -u)

command=${1:-}
[ $# -eq 0 ] || shift
fast=no
tls=no
while true; do
    case ${1:-} in
        --fast) fast=yes ;;
        --tls) tls=yes ;;
        *) break ;;
    esac
    shift
done

case $command in
    run)
        [ $# -gt 0 ] || fail "run what?"
        # The server is kept by a process in a session of its own, which neither Ctrl-C nor the end of this one can
        # take by surprise: it holds a pipe from here and tidies up when that ends, however it ends.
        options=()
        [ "$fast" = no ] || options+=(--fast)
        [ "$tls" = no ] || options+=(--tls)
        coproc keeper { exec setsid "$0" keep "${options[@]}"; }
        keeper_pid=$keeper_PID
        read -r KONTOR_TEST_DATABASE <&"${keeper[0]}" || fail "there is no server to run the command with"
        export KONTOR_TEST_DATABASE
        status=0
        "$@" || status=$?
        exec {keeper[1]}>&-
        wait "$keeper_pid" || true
        exit $status
        ;;
    keep)
        folder=$(mktemp -d "$temporary/kontor-postgres.XXXXXX")
        trap 'trap "" HUP INT TERM PIPE; halt' EXIT
        trap 'exit 1' HUP INT TERM PIPE
        own
        launch
        address && echo
        exec >/dev/null
        while read -r _; do :; done
        ;;
    start)
        folder=$standing
        if ! [ -f "$folder/data/postmaster.pid" ]; then
            rm -rf "$folder"
            mkdir "$folder"
            own
            launch
        fi
        printf "export KONTOR_TEST_DATABASE='%s'\n" "$(address)"
        ;;
    stop)
        folder=$standing
        [ -d "$folder" ] || fail "none was started"
        programs
        halt
        ;;
    *) fail "usage: Scripts/postgres.sh run [--fast] COMMAND... | start [--fast] | stop | keep [--fast] [--tls]" ;;
esac
