#!/bin/sh
# Installs, upgrades, downgrades and removes @SERVICE@ on a machine without a package manager that knows .deb, and without internet.
#
#   ./install.sh             install what lies beside this script, in place of any other version
#   ./install.sh --remove    remove it; settings and data stay
#   ./install.sh --purge     remove it with settings, data and user
#
# 离线安装脚本：直接运行即安装或升级；--remove 卸载但保留配置与数据；--purge 连同配置、数据和用户一并删除。
set -eu
# What is laid down is for the service to read, however strict root's own mask is.
umask 022
@MACHINE@
here=$(cd "$(dirname "$0")" && pwd)
home=/opt/@SERVICE@
units=/etc/systemd/system
unit=$units/@SERVICE@.service
library=/usr/local/lib/@SERVICE@
command=/usr/local/bin/@SERVICE@

fail() { echo "install.sh: $*" >&2; exit 1; }

# Whether there is a version to go back to.
had_old() { [ -d "$home.old" ]; }

has_systemd() { [ -d /run/systemd/system ]; }

stop_service() { if has_systemd; then systemctl stop @SERVICE@.service 2>/dev/null || true; fi; }

check() {
  [ "$(uname -s)" = Linux ] || fail "this package is for Linux, not for $(uname -s)"
  [ "$(uname -m)" = @MACHINE_NAME@ ] || fail "this package is for @MACHINE_NAME@, and this machine is $(uname -m)"
  [ "$(id -u)" = 0 ] || fail "has to be run by root: sudo $0"
}

check_needs() {
  missing=
  for needed in @COMMANDS@; do
    command -v "$needed" >/dev/null 2>&1 || missing="$missing $needed"
  done
  [ -z "$missing" ] || fail "these commands are missing:$missing (Debian: @DEBIAN@)"
  (cd "$here" && sha256sum --quiet -c FILES.sha256 >&2) ||
    fail "what lies beside this script is not whole: files named above differ from FILES.sha256; unpack the archive again"
}

# The old version stands until the new one lies there whole, and comes back when the new one does not even start.
lay_down() {
  rm -rf "$home.new" "$home.old"
  cp -R "$here/files/opt/@SERVICE@" "$home.new"
  chown -R root:root "$home.new"
  if [ -d "$home" ]; then mv "$home" "$home.old"; fi
  mv "$home.new" "$home"
}

# What runs meanwhile may be the updater itself: each file is replaced as a whole.
lay_down_updater() {
  [ -f "$here/files/usr/lib/@SERVICE@/update" ] || return 0
  install -d -m 0755 "$library"
  install -m 0755 "$here/files/usr/lib/@SERVICE@/update" "$library/update.new"
  mv -f "$library/update.new" "$library/update"
  for kind in path service; do
    sed "s#/usr/lib/@SERVICE@/#$library/#" "$here/files/usr/lib/systemd/system/@SERVICE@-update.$kind" >"$units/@SERVICE@-update.$kind"
  done
}

go_back() {
  rm -rf "$home"
  had_old || fail "$1"
  mv "$home.old" "$home"
  if [ -f "$unit.old" ]; then mv "$unit.old" "$unit"; fi
  if has_systemd; then
    systemctl daemon-reload
    systemctl start @SERVICE@.service 2>/dev/null || true
  fi
  fail "$1; the old one is back"
}

install_all() {
  check
  check_needs
  make_user
  make_folders
  # Settings that are wrong in part are no reason to leave a box dark that ran with them.
  was_running=no
  if has_systemd && systemctl is-active --quiet @SERVICE@.service; then was_running=yes; fi
  stop_service
  lay_down
  "$home/bin/@SERVICE@" --version >/dev/null || go_back "the new version does not run here"
  install -d -m 0755 /etc/roadwatch "$(dirname "$unit")" "$(dirname "$command")"
  rm -f "$unit.old"
  if [ -f "$unit" ]; then cp "$unit" "$unit.old"; fi
  sed "s#/usr/bin/@SERVICE@#$command#" "$here/files/usr/lib/systemd/system/@SERVICE@.service" >"$unit"
  ln -sfn "$home/bin/@SERVICE@" "$command"
  lay_down_updater
  if [ ! -e /etc/roadwatch/@NAME@.yaml ]; then
    install -m 0640 "$here/files/etc/roadwatch/@NAME@.yaml" /etc/roadwatch/@NAME@.yaml
  fi
  guard_settings
  ready=yes
  settings_are_valid || ready=no
  if has_systemd; then
    systemctl daemon-reload
    systemctl enable @SERVICE@.service 2>/dev/null
    if [ -f "$units/@SERVICE@-update.path" ]; then systemctl enable --now @SERVICE@-update.path 2>/dev/null || true; fi
    if [ "$ready" = yes ] || [ "$was_running" = yes ]; then
      systemctl start @SERVICE@.service || go_back "the new version does not start (journalctl -u @SERVICE@)"
    fi
  fi
  # The updater goes back to it when the new one is not heard.
  [ "${ROADWATCH_KEEP_OLD:-}" = 1 ] || rm -rf "$home.old" "$unit.old"
  echo "@SERVICE@ $("$home/bin/@SERVICE@" --version) is installed"
  if [ "$ready" = no ]; then say_what_is_next; fi
}

remove() {
  check
  stop_service
  if has_systemd; then
    systemctl disable @SERVICE@.service 2>/dev/null || true
    systemctl disable --now @SERVICE@-update.path 2>/dev/null || true
  fi
  rm -rf "$home" "$home.new" "$home.old" "$unit" "$command" "$library"
  rm -f "$units/@SERVICE@-update.path" "$units/@SERVICE@-update.service"
  if has_systemd; then systemctl daemon-reload; fi
}

case "${1:-}" in
  '') install_all ;;
  --remove) remove ;;
  --purge)
    remove
    rm -rf /var/lib/@SERVICE@ /var/lib/@SERVICE@-updates /var/cache/@SERVICE@ /etc/roadwatch/@NAME@.yaml /etc/roadwatch/@NAME@.env
    if [ @NAME@ = agent ]; then rm -rf /etc/roadwatch/camera-password /etc/roadwatch/camera-pictures; fi
    rmdir --ignore-fail-on-non-empty /etc/roadwatch 2>/dev/null || true
    remove_user
    ;;
  *) fail "unknown option $1; expected none, --remove or --purge" ;;
esac
