#!/bin/sh
# Run once by the image of PostgreSQL, when it makes its database: lets standbys log in.
set -eu
echo 'host replication all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
