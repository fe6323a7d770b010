#!/bin/sh
# Sets up the tables of a cluster in an empty PostgreSQL database (10 or later), once: all or nothing.
#   deploy/postgresql/setup.sh "host=127.0.0.1 dbname=slungorleans user=slungorleans"
# The argument is one of psql's; a password is taken from PGPASSWORD or ~/.pgpass.
set -eu
if [ $# -ne 1 ]; then
  echo "setup.sh: expected one argument, psql's connection string, for example \"host=127.0.0.1 dbname=slungorleans user=slungorleans\"." >&2
  exit 2
fi

scripts="$(cd "$(dirname "$0")" && pwd)/orleans"
PGOPTIONS="--client-min-messages=warning" psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --single-transaction --dbname "$1" \
  --file "$scripts/PostgreSQL-Main.sql" --file "$scripts/PostgreSQL-Clustering.sql" \
  --file "$scripts/PostgreSQL-Persistence.sql" --file "$scripts/PostgreSQL-Reminders.sql"
echo "The tables of a cluster are set up."
