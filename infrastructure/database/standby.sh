#!/bin/sh
# Starts PostgreSQL as a standby of the server that PRIMARY names; without PRIMARY, or where its data is
# there already, as what it was. The arguments are those of the image.
set -eu
if [ -n "${PRIMARY:-}" ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
  export PGPASSWORD
  install -d -m 700 -o postgres -g postgres "$PGDATA"
  until gosu postgres pg_basebackup --pgdata "$PGDATA" --host "$PRIMARY" --username "$POSTGRES_USER" \
    --write-recovery-conf --checkpoint fast; do
    sleep 2
  done
  unset PGPASSWORD
fi
exec docker-entrypoint.sh "$@"
