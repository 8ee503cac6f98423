#!/bin/sh
# Starts kontor. The database's password comes from a file, because an address is written down and logged:
# KONTOR_DATABASE_PASSWORD_FILE names it, and libpq takes the password from PGPASSWORD.
set -eu
if [ -n "${KONTOR_DATABASE_PASSWORD_FILE:-}" ]; then
    PGPASSWORD=$(cat "$KONTOR_DATABASE_PASSWORD_FILE")
    export PGPASSWORD
fi
exec kontor "$@"
