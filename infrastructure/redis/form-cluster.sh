#!/bin/sh
# Makes one Redis Cluster of the nodes that its arguments name as host:port: the first half masters,
# the others their replicas. Nodes that are one already hear each other's addresses again, which are
# new wherever containers were made anew. REDISCLI_AUTH is their password.
set -eu

ask() {
  host=${1%:*} port=${1##*:}
  shift
  redis-cli -h "$host" -p "$port" "$@"
}

address() {
  echo "$(getent hosts "${1%:*}" | cut -d ' ' -f 1):${1##*:}"
}

addresses=
for node in "$@"; do
  until [ "$(ask "$node" ping)" = PONG ]; do sleep 1; done
  addresses="$addresses $(address "$node")"
done

if ask "$1" cluster info | grep -q 'cluster_known_nodes:1[^0-9]'; then
  # shellcheck disable=SC2086 # one argument each
  redis-cli --cluster create $addresses --cluster-replicas 1 --cluster-yes
else
  for node in $addresses; do ask "$1" cluster meet "${node%:*}" "${node##*:}"; done
fi

until ask "$1" cluster info | grep -q cluster_state:ok; do sleep 1; done
