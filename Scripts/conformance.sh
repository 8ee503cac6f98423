#!/usr/bin/env bash
# Tries the API against its own description with schemathesis (PyPI): no 5xx, no undocumented answer, every answer as its
# schema says, no call without its credential. A tenant's key tries everything, then an operator's key the platform.
# Usage: Scripts/conformance.sh [EXAMPLES a call]; PORT and the next one must be free; SEED repeats a run.
set -euo pipefail
cd "$(dirname "$0")/.."

examples=${1:-30}
port=${PORT:-18080}
work=$(mktemp -d)
servers=()
trap 'for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done; wait; rm -rf "$work"' EXIT

KONTOR_ONLY=kontor swift build --product kontor
cp .build/debug/kontor "$work/kontor"
tools=.build/schemathesis
[ -x "$tools/bin/schemathesis" ] || { python3 -m venv "$tools" && "$tools/bin/pip" install -q 'schemathesis>=4.32,<5'; }

kontor() { "$work/kontor" "$@" --data "$work/data"; }
export KONTOR_SANDBOX_ADDRESS=http://127.0.0.1:$((port + 1)) KONTOR_PUBLIC_ADDRESS=http://127.0.0.1:$port
serve() { # serve COMMAND...: in the background, until this script ends
    "$work/kontor" "$@" --data "$work/data" >/dev/null &
    servers+=($!)
}
serve sandbox serve --port $((port + 1)) --log-file "$work/sandbox.log"
kontor tenant create conformance >/dev/null
kontor catalog import Examples/atelier.csv --tenant conformance >/dev/null
KONTOR_CALLBACK=$(kontor sandbox connect conformance | grep -o '/v1/callbacks/.*')
export KONTOR_CALLBACK
tenant_key=$(kontor key create --tenant conformance)
operator_key=$(kontor key create)
serve serve --port "$port" --rate-limit-multiplier 1000 --log-file "$work/log"
curl -fsS --retry 20 --retry-delay 1 --retry-connrefused -o /dev/null "$KONTOR_PUBLIC_ADDRESS/readyz"
kill -0 "${servers[@]}" # Else the one that answered is somebody else's.
python3 Scripts/conformance/seed.py "$KONTOR_PUBLIC_ADDRESS" "$tenant_key"

try() { # try KEY OPTION...
    KONTOR_KEY=$1 SCHEMATHESIS_HOOKS=hooks PYTHONPATH=Scripts/conformance PYTHONDONTWRITEBYTECODE=1 \
        "$tools/bin/schemathesis" run "$KONTOR_PUBLIC_ADDRESS/openapi.json" "${@:2}" \
        --header "Authorization: Bearer $1" --max-examples "$examples" --request-timeout 30 ${SEED:+--seed "$SEED"} \
        --checks all --exclude-checks positive_data_acceptance,negative_data_rejection \
        --phases examples,coverage,fuzzing,stateful --continue-on-failure --warnings off
}
# Two checks are left out: an address that fits its description may still belong to nobody, and JSON as protobuf reads it
# takes more than it writes (null for nothing, a number for a 64-bit text).
failed=0
try "$tenant_key" || failed=1
try "$operator_key" --include-path-regex '^/v1/platform' || failed=1
if grep -h '"level":"error"' "$work/log"; then failed=1; fi
exit $failed
