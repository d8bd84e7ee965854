# Sourced by the scripts beside it. Nothing here has an effect by itself.
# shellcheck shell=bash

readonly ci_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly repo_dir=$(dirname "$ci_dir")

# section NAME: says so, and ends the one before.
section_name=
section_started=0
durations=()
section() {
  section_end
  section_name=$*
  section_started=$SECONDS
  printf '\n=== %s [%s]\n' "$*" "$(date -u +%H:%M:%S)"
}
section_end() {
  [ -z "$section_name" ] || took $((SECONDS - section_started)) "$section_name"
  section_name=
}
# took SECONDS NAME: a line of the table of durations.
took() {
  durations+=("$(printf '%3d:%02d  %s' $(($1 / 60)) $(($1 % 60)) "$2")")
}
print_durations() {
  section_end
  took "$SECONDS" "all together"
  printf '\nMinutes:\n'
  printf '%s\n' "${durations[@]}"
}

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# The function at_exit collects clean-up commands; the last one given runs first.
exit_commands=()
at_exit() {
  exit_commands=("$1" "${exit_commands[@]}")
}
run_exit_commands() {
  local status=$? command
  for command in "${exit_commands[@]}"; do
    eval "$command" || true
  done
  exit "$status"
}
trap run_exit_commands EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Installs those of the Debian packages named that are missing.
need_packages() {
  local package missing=()
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed \
      || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  as_root true 2>/dev/null || fail "as root, run: apt-get install ${missing[*]}"
  # Debian would start a server of its own on installation; the judges start theirs.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    as_root mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' \
      | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  echo "installing ${missing[*]}"
  as_root apt-get -qq update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
    -o Dpkg::Options::=--force-confold "${missing[@]}" >/dev/null
}
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}
