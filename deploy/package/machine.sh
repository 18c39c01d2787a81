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
  if [ @NAME@ = agent ]; then
    echo "@SERVICE@: the first command finds the cameras, pairs this box and writes its settings, the second starts it:"
    echo "  sudo @SERVICE@ init --config /etc/roadwatch/@NAME@.yaml"
    echo "  sudo systemctl start @SERVICE@"
    echo "@SERVICE@：第一条命令查找摄像机、配对本设备并写入配置，第二条命令启动服务。"
  fi
  echo "@SERVICE@: /etc/roadwatch/@NAME@.yaml can be filled in by hand, too; what it lacks is said by:"
  echo "  sudo @SERVICE@ --config /etc/roadwatch/@NAME@.yaml --check-config"
  echo "  sudo systemctl start @SERVICE@"
  echo "@SERVICE@：也可手工填写 /etc/roadwatch/@NAME@.yaml，用上述命令检查配置、启动服务（请先填写配置）。"
}
