#!/usr/bin/env bash
# Tries the API against its own description with schemathesis (PyPI): no 5xx, no undocumented answer.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
port=${PORT:-18080}

swift build --product kontor
kontor=.build/debug/kontor
"$kontor" tenant create conformance --data "$work/data" >/dev/null
key=$("$kontor" key create --tenant conformance --data "$work/data")
"$kontor" catalog import Examples/atelier.csv --tenant conformance --data "$work/data" >/dev/null
"$kontor" serve --data "$work/data" --port "$port" --log-file "$work/log" >/dev/null &
server=$!
for _ in $(seq 100); do curl -fsS "http://127.0.0.1:$port/readyz" >/dev/null 2>&1 && break; sleep 0.1; done

python3 -m venv .build/schemathesis
.build/schemathesis/bin/pip install -q 'schemathesis>=4,<5'
.build/schemathesis/bin/schemathesis run "http://127.0.0.1:$port/openapi.json" \
    --header "Authorization: Bearer $key" --max-examples "${EXAMPLES:-20}" --request-timeout 10 \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --exclude-path-regex 'callbacks' --phases examples,coverage,fuzzing --workers 1
