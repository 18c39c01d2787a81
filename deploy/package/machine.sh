# What both ways of installing do to the machine: the user of the service, its folders, and who may read its settings.

make_user() {
  getent group @SERVICE@ >/dev/null || groupadd --system @SERVICE@
  getent passwd @SERVICE@ >/dev/null ||
    useradd --system --gid @SERVICE@ --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin @SERVICE@
  for group in @GROUPS@; do
    if getent group "$group" >/dev/null; then usermod --append --groups "$group" @SERVICE@; fi
  done
}

make_folders() {
  for folder in /var/lib/@SERVICE@ /var/cache/@SERVICE@; do
    [ -d "$folder" ] || install -d -m 0700 -o @SERVICE@ -g @SERVICE@ "$folder"
  done
}

# There are passwords in them, or may be: the service reads them, and nobody else.
guard_settings() {
  for file in /etc/roadwatch/@NAME@.yaml /etc/roadwatch/@NAME@.env; do
    [ -f "$file" ] || continue
    chown root:@SERVICE@ "$file"
    chmod 0640 "$file"
  done
}

remove_user() {
  getent passwd @SERVICE@ >/dev/null && userdel @SERVICE@ || true
  getent group @SERVICE@ >/dev/null && groupdel @SERVICE@ || true
}

settings_are_valid() {
  /opt/@SERVICE@/bin/@SERVICE@ --config /etc/roadwatch/@NAME@.yaml --check-config >/dev/null 2>&1
}

say_what_is_next() {
  echo "@SERVICE@: /etc/roadwatch/@NAME@.yaml has to be filled in; what it lacks is said by:"
  echo "  sudo @SERVICE@ --config /etc/roadwatch/@NAME@.yaml --check-config"
  echo "  sudo systemctl start @SERVICE@"
  echo "@SERVICE@：请先填写 /etc/roadwatch/@NAME@.yaml，用上述第一条命令检查配置，第二条命令启动服务。"
}
