#!/usr/bin/env bash
# Installs the system libraries that are missing. Usage: Scripts/setup.sh run|test|contract|conformance
set -euo pipefail

purpose=${1:-run}
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

command -v swift >/dev/null 2>&1 || fail "Swift 6.3 is needed (https://www.swift.org/install/linux) and 'swift' was not found on the PATH."
version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -n 1)
read -r major minor <<<"${version:-0 0}"
if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 3 ]; }; then
    fail "Swift 6.3 or newer is needed; this is $(swift --version 2>/dev/null | head -n 1)."
fi

packages=(libsqlite3-dev libpq-dev libxml2-dev libzip-dev zlib1g-dev)
case $purpose in
    run) ;;
    contract) packages+=(protobuf-compiler) ;;
    test) packages+=(protobuf-compiler postgresql openssl) ;;
    conformance) packages+=(protobuf-compiler python3-venv curl) ;;
    *) fail "unknown purpose '$purpose': run, test, contract or conformance" ;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "setup: this is not Debian or Ubuntu; please install by hand: ${packages[*]} (or what they are called here)." >&2
    exit 0
fi

missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

sudo=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || fail "missing: ${missing[*]}. Install them as root: apt-get install ${missing[*]}"
    sudo=(sudo)
fi
install() { DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }

# Debian's package would make a database cluster and start it with the machine. The tests start servers of their own, so
# that is switched off for this one installation, and the setting is put back.
install_without_cluster() {
    local settings=/etc/postgresql-common/createcluster.conf
    install postgresql-common
    "${sudo[@]}" cp -p "$settings" "$settings.kept"
    echo 'create_main_cluster = false' | "${sudo[@]}" tee -a "$settings" >/dev/null
    local status=0
    install "$@" || status=$?
    "${sudo[@]}" mv "$settings.kept" "$settings"
    return $status
}

echo "setup: installing ${missing[*]}"
"${sudo[@]}" apt-get update -qq
case " ${missing[*]} " in
    *" postgresql "*) install_without_cluster "${missing[@]}" ;;
    *) install "${missing[@]}" ;;
esac
