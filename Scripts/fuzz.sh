#!/usr/bin/env bash
# Fuzzes what reads foreign input: `Scripts/fuzz.sh all`, `Scripts/fuzz.sh statements --reader bai2 --minutes 10`.
# Seeds are made of the corpus (KONTOR_CORPUS, or ../shared/corpus beside the checkout) where there is one. Findings
# and what the fuzzer has learnt stay in .build/fuzz; the exit code is 0 when nothing was found.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    echo "usage: Scripts/fuzz.sh all|rules|statements [--reader FORMAT] [--minutes N] [--seconds N]" >&2
    exit 64
}

what=${1:-all}
[[ $what =~ ^(all|rules|statements)$ ]] || usage
shift || true
seconds=60
reader=
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
    --minutes) seconds=$(($2 * 60)) ;;
    --seconds) seconds=$2 ;;
    --reader) reader=$2 ;;
    *) usage ;;
    esac
    shift 2
done

scratch=${KONTOR_FUZZ_BUILD:-.build/fuzz}
corpus=${KONTOR_CORPUS:-../shared/corpus}
# A crash must end the process at once, and globals of Swift look like leaks.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0

build() {
    KONTOR_FUZZ=1 KONTOR_ONLY=$1 swift build --product "$1" --scratch-path "$scratch" -c release \
        -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld
}

# run NAME SECONDS OPTIONS…: the work folder learns, the seeds are only read.
run() {
    local name=$1 time=$2
    shift 2
    local work="$scratch/work/$name${reader:+-$reader}"
    mkdir -p "$work" "$scratch/seeds/$name" "$scratch/found"
    "$scratch/release/$name-fuzz" -max_total_time="$time" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$scratch/found/$name-" "$@" "$work" "$scratch/seeds/$name"
}

rules() {
    build rules-fuzz
    mkdir -p "$scratch/seeds/rules"
    if [ -d "$corpus/cel" ]; then
        python3 - "$corpus/cel" "$scratch/seeds/rules" <<'PYTHON'
import glob, hashlib, json, os, sys

for path in glob.glob(os.path.join(sys.argv[1], "*.jsonl")):
    for line in open(path):
        text = json.loads(line).get("expr", "").encode()
        open(os.path.join(sys.argv[2], hashlib.sha256(text).hexdigest()[:16]), "wb").write(text)
PYTHON
    fi
    run rules "$1" -max_len=2000
}

statements() {
    build statements-fuzz
    export KONTOR_FUZZ_PROFILES=Examples/statements
    rm -rf "$scratch/seeds/statements"
    if [ -d "$corpus/payments" ]; then
        "$scratch/release/statements-fuzz" seeds "$corpus/payments" "$scratch/seeds/statements"
    fi
    "$scratch/release/statements-fuzz" seeds Examples "$scratch/seeds/statements"
    if [ -n "$reader" ]; then
        export KONTOR_FUZZ_READER=$reader
        find "$scratch/seeds/statements" -type f ! -name "$reader-*" -delete 2>/dev/null || true
    fi
    run statements "$1" -max_len=20000 -dict=Tests/Fuzz/statements.dict
}

case $what in
rules) rules "$seconds" ;;
statements) statements "$seconds" ;;
all)
    # Rules is one program and Statements are twenty: they get most of the time.
    rules $((seconds / 4))
    statements $((seconds - seconds / 4))
    ;;
esac
