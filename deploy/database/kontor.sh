#!/bin/bash
# Run once by the postgres image in a new database folder: the role that kontor logs in as, and its database.
# The role is no superuser. CREATEROLE lets it give each tenant's schema a role without rights on the others.
set -euo pipefail
password=$(cat "$KONTOR_DATABASE_PASSWORD_FILE")
psql -v ON_ERROR_STOP=1 -v password="$password" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE kontor LOGIN CREATEROLE NOSUPERUSER PASSWORD :'password';
CREATE DATABASE kontor OWNER kontor TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';
REVOKE ALL ON DATABASE kontor FROM PUBLIC;
SQL
