#!/bin/sh
# Runs once, when the database is created: the API's own role, which owns nothing. The migrations grant it what it needs.
set -eu
password=$(cat /run/secrets/api_password)
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --set=password="$password" <<'SQL'
CREATE ROLE entrada_api LOGIN PASSWORD :'password';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
