#!/bin/sh
# Makes the secret files that compose.prod.yml reads, and prints the first API key, once.
#
#   sh infrastructure/docker/make-secrets.sh [FOLDER]      # ./secrets unless another is named
#
# Only its owner may enter the folder. The files in it may be read by all, as each container sees
# only those that it is given, and none of them runs as the folder's owner.
set -eu
folder=${1:-secrets}
mkdir -m 700 "$folder"

password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
secret() { cat >"$folder/$1" && chmod 444 "$folder/$1"; }

postgres=$(password)
redis=$(password)
rabbitmq=$(password)
api_key=askflash_$(password)

printf '%s' "$postgres" | secret postgres_password
printf 'requirepass %s\n' "$redis" | secret redis_conf
printf 'default_user = askflash\ndefault_pass = %s\n' "$rabbitmq" | secret rabbitmq_conf
printf 'postgres://askflash:%s@postgres:5432/askflashdb' "$postgres" | secret database_url
printf 'redis://:%s@redis:6379' "$redis" | secret redis_url
printf 'amqp://askflash:%s@rabbitmq:5672' "$rabbitmq" | secret rabbitmq_url
printf 'http://askflash:%s@rabbitmq:15672' "$rabbitmq" | secret rabbitmq_management_url

hash=$(printf '%s' "$api_key" | sha256sum | cut -d ' ' -f 1)
printf 'admin:admin:%s\n' "$hash" | secret coordinator_api_keys

echo "Secrets are in $folder. The API key, for the role admin; it is stored nowhere:"
echo "$api_key"
