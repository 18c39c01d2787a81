#!/bin/sh
# The command @SERVICE@: the same Node and the same sources as the service has.
set -eu
home=/opt/@SERVICE@
export NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE:-/var/cache/@SERVICE@}"
export XDG_CACHE_HOME="${XDG_CACHE_HOME:-/var/cache/@SERVICE@}"

# What the unit gives to the service (EnvironmentFile): settings name what is in it.
env_file=/etc/roadwatch/@NAME@.env
if [ -r "$env_file" ]; then
  while read -r line || [ -n "$line" ]; do
    name=${line%%=*} value=${line#*=}
    case "$line" in *=*) ;; *) continue ;; esac
    case "$name" in '' | [0-9]* | *[!A-Za-z0-9_]*) continue ;; esac
    case "$value" in '"'*'"' | "'"*"'") value=${value#?} value=${value%?} ;; esac
    export "$name=$value"
  done <"$env_file"
fi

if [ "$(id -u)" != 0 ]; then
  exec "$home/bin/node" "$home/@NAME@/src/cli.ts" "$@"
fi

# `init` writes settings, which the service itself may only read; ffmpeg and the pairing run as the service's user.
if [ "@NAME@ ${1:-}" = "agent init" ]; then
  export ROADWATCH_SERVICE=@SERVICE@ NODE_DISABLE_COMPILE_CACHE=1
  exec "$home/bin/node" "$home/@NAME@/src/cli.ts" "$@"
fi

# What root does with it belongs to the service, and needs none of root's rights.
as_service() {
  exec setpriv --reuid=@SERVICE@ --regid=@SERVICE@ --init-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
    "$home/bin/node" "$home/@NAME@/src/cli.ts" "$@"
}

# The journal is root's to read.
if [ "@NAME@ ${1:-}" = "agent support-bundle" ] && command -v journalctl >/dev/null; then
  shift
  journalctl --unit @SERVICE@ --lines 5000 --output cat --no-pager 2>/dev/null | as_service support-bundle --log - "$@"
  exit
fi
as_service "$@"
