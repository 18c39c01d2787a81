#!/bin/sh
# Installs the package of the agent that the running agent has laid into its spool, by roadwatch-agent-update.path. It runs as root, and
# believes the agent's user nothing: what lies in the spool is read as that user, into a folder of root's, and of that copy the signature
# is verified once more, by the keys that root's own settings name. What does not work is taken back by itself, also after a power cut.
# A shell reads a script as it runs it, and this one is replaced meanwhile: hence all of it is in functions.
set -eu
umask 077
root=${ROADWATCH_ROOT:-}
wait_seconds=${ROADWATCH_WAIT_SECONDS:-90}
home=$root/opt/@SERVICE@
config=$root/etc/roadwatch/@NAME@.yaml
spool=${ROADWATCH_SPOOL:-$root/var/lib/@SERVICE@/updates}
state=$root/var/lib/@SERVICE@-updates
work=$state/work
units=$root/etc/systemd/system
# As large as a release may name a file, and a byte.
most=1073741825

say() { echo "@SERVICE@-update: $*" >&2; }

as_service() {
  setpriv --reuid=@SERVICE@ --regid=@SERVICE@ --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
}

# A pipe that nobody writes to, a link to elsewhere or a file without end costs the agent's user its own update and nothing else.
take() { as_service timeout 600 head -c "$2" -- "$spool/$1" >"$work/$3" 2>/dev/null; }

# For the agent, which tells its gateway. A word, a code and a sentence without quotes.
tell() {
  detail=$(printf %s "${3:-}" | tr -d '"\\' | tr '[:cntrl:]' ' ' | head -c 400)
  say "$version: $1${2:+ ($2)} $detail"
  printf '{"version":"%s","outcome":"%s","code":"%s","detail":"%s"}\n' "$version" "$1" "${2:-}" "$detail" |
    as_service sh -c 'cat >"$1.part" && mv -f "$1.part" "$1"' sh "$spool/result.json" || say "the result is not written"
}

status() { timeout 20 "$home/bin/@SERVICE@" status --config "$config" --json 2>/dev/null || true; }
is_well() { case $1 in *'"status": "ok"'*'"state": "streaming"'*) ;; *) return 1 ;; esac; }
version_of() { printf '%s\n' "$1" | sed -n 's/^  "version": "\([^"]*\)",\{0,1\}$/\1/p'; }

# dpkg's own, where it knows the package; what install.sh laid down it does not know.
form_here() { if dpkg-query --status @SERVICE@ >/dev/null 2>&1; then echo deb; else echo tar.gz; fi; }

# The version that is installed, made into a package again: what dpkg has of it, and its files as they are.
keep_deb() {
  set -e
  rm -rf "$work/root" "$state/before.deb"
  mkdir -m 0755 "$work/root" "$work/root/DEBIAN"
  dpkg-query --listfiles @SERVICE@ >"$work/listed"
  while read -r path; do
    [ ! -e "$root$path" ] && [ ! -L "$root$path" ] || echo "${path#/}"
  done <"$work/listed" | sed '/^\.\{0,1\}$/d' >"$work/there"
  tar --create --file="$work/before.tar" --directory="$root/" --no-recursion --files-from="$work/there"
  tar --extract --file="$work/before.tar" --preserve-permissions --directory="$work/root"
  rm "$work/before.tar"
  dpkg-query --status @SERVICE@ >"$work/status"
  awk '/^[^ ]/ { skip = /^(Status|Conffiles|Config-Version):/ } !skip' "$work/status" >"$work/root/DEBIAN/control"
  for part in postinst prerm postrm; do
    install -m 0755 "$(dpkg-query --control-path @SERVICE@ $part)" "$work/root/DEBIAN/$part"
  done
  [ ! -e "$work/root/etc/roadwatch/@NAME@.yaml" ] || echo /etc/roadwatch/@NAME@.yaml >"$work/root/DEBIAN/conffiles"
  chmod 0644 "$work/root/DEBIAN/control"
  dpkg-deb --root-owner-group -Zgzip -z1 --build "$work/root" "$state/before.part" >/dev/null
  rm -rf "$work/root"
  mv "$state/before.part" "$state/before.deb"
}

install_deb() { DEBIAN_FRONTEND=noninteractive dpkg --force-confold --force-downgrade --install "$1" >&2; }

# install.sh leaves the version before beside the new one when it is told to.
install_bundle() {
  mkdir "$work/bundle" &&
    tar --extract --gzip --no-same-owner --strip-components=1 --directory="$work/bundle" --file="$1" &&
    ROADWATCH_KEEP_OLD=1 "$work/bundle/install.sh" >&2
}

install_new() { if [ "$form" = deb ]; then install_deb "$work/package.deb"; else install_bundle "$work/package.tar.gz"; fi; }

# Whatever state the new version was left in. Another program may have dpkg's lock for a while.
go_back_deb() {
  [ -e "$state/before.deb" ] || return 0
  for try in 1 2 3 4 5 6; do
    if install_deb "$state/before.deb"; then return 0; fi
    [ "$try" = 6 ] || sleep "${ROADWATCH_RETRY_SECONDS:-10}"
  done
  return 1
}

go_back_bundle() {
  [ -d "$home.old" ] || return 0
  systemctl stop @SERVICE@.service 2>/dev/null || true
  rm -rf "$home" && mv "$home.old" "$home" || return 1
  [ ! -f "$units/@SERVICE@.service.old" ] || mv -f "$units/@SERVICE@.service.old" "$units/@SERVICE@.service" || return 1
  systemctl daemon-reload
}

go_back() {
  if [ "$form" = deb ]; then go_back_deb || return 1; else go_back_bundle || return 1; fi
  systemctl start @SERVICE@.service || say "the version before does not start"
}

# The power may go at any moment: what has not been confirmed by then is taken back at the next start.
end_with() {
  sync
  rm -f "$state/pending"
  sync
  rm -rf "$work" "$state/before.deb" "$home.old" "$units/@SERVICE@.service.old"
}

uptime() { cut -d. -f1 /proc/uptime; }

# The new version says that it runs, and is as well as the one before was.
is_heard() {
  until=$(($(uptime) + wait_seconds))
  while :; do
    now=$(status)
    if [ "$(version_of "$now")" = "$version" ]; then
      if [ "$well" = no ] || is_well "$now"; then return 0; fi
    fi
    [ "$(uptime)" -lt "$until" ] || return 1
    sleep 2
  done
}

take_back() {
  go_back || { say "the version before cannot be installed; tried again"; exit 1; }
  tell rolled_back "$1" "$2"
  end_with
}

recover() {
  read -r version form <"$state/pending" || true
  take_back update_failed "the update was interrupted"
}

apply() {
  rm -rf "$work"
  mkdir -p "$work"
  version=$(as_service timeout 10 head -c 64 -- "$spool/apply" 2>/dev/null || true)
  as_service rm -f -- "$spool/apply"
  case $version in '' | *[!0-9A-Za-z.-]* | [!0-9A-Za-z]*) say "the spool names no version"; return 0 ;; esac
  form=$(form_here)
  if ! take "$version.json" 65536 note.json || ! take "$version.$form" "$most" "package.$form"; then
    tell refused file_damaged "there is no $version.$form in the spool"
    return 0
  fi
  # Node would read compiled code out of a folder of the agent's user.
  verdict=$(NODE_DISABLE_COMPILE_CACHE=1 "$home/bin/node" "$home/agent/src/cli.ts" check-package \
    --config "$config" --note "$work/note.json" --package "$work/package.$form" 2>/dev/null || true)
  case $verdict in
    "ok $version") ;;
    'refused '*) verdict=${verdict#refused }; tell refused "${verdict%% *}" "${verdict#* }"; return 0 ;;
    *) tell refused update_failed "the package cannot be checked, or is of another version"; return 0 ;;
  esac
  if [ "$form" = deb ] && [ "$(dpkg-deb --field "$work/package.deb" Package)" != @SERVICE@ ]; then
    tell refused release_invalid "it is another package"
    return 0
  fi
  before=$(status)
  well=no
  if is_well "$before"; then well=yes; fi
  rm -rf "$home.old" "$units/@SERVICE@.service.old"
  # In a shell of its own: an `if` around it would have it go on after a command that fails.
  if [ "$form" = deb ]; then
    set +e
    (keep_deb)
    kept=$?
    set -e
    if [ "$kept" != 0 ]; then
      tell refused update_no_room "the version before cannot be kept"
      return 0
    fi
  fi
  tell installing
  echo "$version $form" >"$state/pending.part"
  sync
  mv "$state/pending.part" "$state/pending"
  sync
  if ! install_new; then
    take_back update_failed "it could not be installed"
    return 0
  fi
  systemctl start @SERVICE@.service || true
  if is_heard; then
    end_with
    tell installed
  else
    take_back not_confirmed "not heard within $wait_seconds s, or not as well as the version before"
  fi
}

main() {
  mkdir -p -m 0700 "$state"
  if [ -e "$state/pending" ]; then recover; fi
  if as_service test -e "$spool/apply"; then apply; fi
  rm -rf "$work"
}

main "$@"
exit
