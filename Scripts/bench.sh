#!/usr/bin/env bash
# The benchmarks that README quotes, one JSON object a line.
set -euo pipefail
cd "$(dirname "$0")/.."
kontor=.build/release/kontor
"$kontor" bench ledger --accounts 10000 --transfers 2000000 --json
"$kontor" bench ledger --accounts 1000000 --transfers 2000000 --json
"$kontor" bench ledger --accounts 10000 --callers 1000 --transfers 500000 --json
"$kontor" bench orders --json
"$kontor" bench idle --json
