#!/usr/bin/env bash
# From nothing to a paid order and its postings: the lines of docs/guides/first-sale.md, run as they stand there.
#
#   Scripts/first-sale.sh [kontor]        the program, .build/release/kontor when it is not given
#
# PORT (default 8080) is the house's port, PORT + 1 the sandbox's. The data go to a new folder that is removed again.
set -euo pipefail

program=$(realpath "${1:-.build/release/kontor}")
kontor() { "$program" "$@"; }
PORT=${PORT:-8080}
folder=$(mktemp -d)
cleanup() {
    kill "${house:-}" "${sandbox:-}" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

say() { printf '\n# %s\n' "$*" >&2; }
await() { # until something listens at the address
    for _ in $(seq 100); do
        curl -s -o /dev/null "$1" && return
        sleep 0.1
    done
    echo "nothing listens at $1" >&2
    return 1
}
# The value of a field in an answer: the first of that name, which is the outermost here.
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -1; }

export KONTOR_DATA="$folder" KONTOR_SANDBOX_ADDRESS="http://127.0.0.1:$((PORT + 1))"
export KONTOR_PUBLIC_ADDRESS="http://127.0.0.1:$PORT" KONTOR_LOG_LEVEL=warning
URL="http://127.0.0.1:$PORT"

say "a shop, its key, a payment provider and the house"
kontor tenant create shop --name "Corner shop" --currency EUR >&2
KEY=$(kontor key create --tenant shop 2>/dev/null)
"$program" sandbox serve --port $((PORT + 1)) >&2 & sandbox=$!
await "$KONTOR_SANDBOX_ADDRESS"
kontor sandbox connect shop >&2
"$program" serve --port "$PORT" >&2 & house=$!
await "$URL/readyz"

call() { # the headers that every line of the guide has
    curl -sS --fail-with-body -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \
        -H "Idempotency-Key: first-sale-$1" "${@:2}"
}

say "1. a product on the shelf"
product=$(call 1 "$URL/v1/catalog/products" -d '{"handle":"espresso-cup","title":"Espresso cup","status":"published","variants":[{"sku":"CUP-1","price":{"minor":"1900","currency":"EUR"}}]}')
echo "$product"
VARIANT=$(field variant_id <<< "$product")

say "2. twelve of them in the stock room"
call 2 "$URL/v1/inventory/adjustments" -d '{"variant_id":"'"$VARIANT"'","quantity":"12","reason":"received","reference":"delivery-1"}'; echo

say "3. an order"
order=$(call 3 "$URL/v1/orders" -d '{"lines":[{"variant_id":"'"$VARIANT"'","quantity":"2"}],"email":"ada@example.org"}')
echo "$order"
ORDER=$(field order_id <<< "$order")

say "4. pay it"
call 4 "$URL/v1/orders/$ORDER/pay" -d '{"channel":"sandbox","instrument_token":"tok_ok"}'; echo

say "5. its postings"
curl -sS --fail-with-body -H "Authorization: Bearer $KEY" "$URL/v1/ledger/transfers?reference=$ORDER"; echo
