#!/usr/bin/env bash
# The benchmarks that README and docs/scaling.md quote, one JSON object a line. Usage: Scripts/bench.sh [sqlite|postgres]
set -euo pipefail
cd "$(dirname "$0")/.."
kontor=${KONTOR:-.build/release/kontor}

on_sqlite() {
    "$kontor" bench ledger --accounts 10000 --transfers 2000000 --json
    "$kontor" bench ledger --accounts 1000000 --transfers 2000000 --json
    "$kontor" bench ledger --accounts 10000 --callers 1000 --transfers 500000 --json
    "$kontor" bench orders --json
    "$kontor" bench tenants --json
    "$kontor" bench idle --json
    # Beside the engines: --against duckdb,chdb,polars --python PYTHON, one with `pip install duckdb chdb polars`.
    "$kontor" bench reconcile --rows 20000000 --json
    "$kontor" bench reconciliation --lines 1000000 --json
}

# Each starts a private server, durable, with 1 GB of shared buffers; ten thousand tenants take 20 GB of disk there.
on_postgres() {
    "$kontor" bench ledger --store postgres --accounts 10000 --transfers 1000000 --json
    "$kontor" bench ledger --store postgres --accounts 10000 --callers 1000 --transfers 300000 --json
    "$kontor" bench orders --store postgres --json
    "$kontor" bench tenants --store postgres --json
    "$kontor" bench reconciliation --store postgres --lines 1000000 --json
}

case ${1:-all} in
    sqlite) on_sqlite ;;
    postgres) on_postgres ;;
    all) on_sqlite && on_postgres ;;
    *) echo "usage: Scripts/bench.sh [sqlite|postgres]" >&2; exit 2 ;;
esac
