#!/bin/sh
# Makes the secret files that compose.prod.yml reads, and prints the first API key, once. Run again, it
# adds what is missing, such as the login of a new agent, and changes no password.
#
#   sh infrastructure/docker/make-secrets.sh [FOLDER]      # ./secrets unless another is named
#
# Only its owner may enter the folder. The files in it may be read by all, as each container sees
# only those that it is given, and none of them runs as the folder's owner.
set -eu
folder=${1:-secrets}
users=$(dirname "$0")/../redis/users.conf
[ -d "$folder" ] || mkdir -m 700 "$folder"

password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
sha256() { printf '%s' "$1" | sha256sum | cut -d ' ' -f 1; }
write() { rm -f "$folder/$1" && cat >"$folder/$1" && chmod 444 "$folder/$1"; }
# Writes a file only where there is none.
secret() { if [ -e "$folder/$1" ]; then cat >/dev/null; else write "$1"; fi; }
# What a server's own file holds behind some words; where there is none, something new.
known() { sed -n "s/^$2//p" "$folder/$1" 2>/dev/null | grep . || password; }

password | secret postgres_password
postgres=$(cat "$folder/postgres_password")
redis=$(known redis_conf 'requirepass ')
rabbitmq=$(known rabbitmq_conf 'default_pass = ')

printf 'default_user = askflash\ndefault_pass = %s\n' "$rabbitmq" | secret rabbitmq_conf
printf 'postgres://askflash:%s@postgres:5432/askflashdb' "$postgres" | secret database_url
printf 'amqp://askflash:%s@rabbitmq:5672/askflash' "$rabbitmq" | secret rabbitmq_url
printf 'http://askflash:%s@rabbitmq:15672' "$rabbitmq" | secret rabbitmq_management_url

# Every app has a user of its own at each server, and one password for all of them. `verify` is a tool
# of development.
apps=$(sed -n 's/^user \([^ ]*\) .*/\1/p' "$users" | grep -vx verify)
for app in $apps analytics; do
  printf '%s:%s\n' "$app" "$(password)" | secret "${app}_login"
done
for app in $apps analytics; do cat "$folder/${app}_login"; done | write app_logins
{
  printf 'requirepass %s\n' "$redis"
  for app in $apps; do
    hash=$(sha256 "$(cut -d : -f 2 "$folder/${app}_login")")
    sed -n "s/^\(user $app on \)>PASSWORD/\1#$hash/p" "$users"
  done
} | write redis_conf

[ -e "$folder/coordinator_api_keys" ] && exit
api_key=askflash_$(password)
printf 'admin:admin:%s\n' "$(sha256 "$api_key")" | secret coordinator_api_keys
echo "Secrets are in $folder. The API key, for the role admin; it is stored nowhere:"
echo "$api_key"
