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
heed_exit() {
  trap run_exit_commands EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}
heed_exit
# In a subshell: clean-up commands of its own, which run when it ends.
own_exit() {
  exit_commands=()
  heed_exit
}

# property NAME [POM]: as that pom.xml has it.
property() {
  sed -n "s/.*<$1>\(.*\)<\/$1>.*/\1/p" "${2:-$repo_dir/pom.xml}" | head -1
}

# Installs those of the Debian packages named that are missing.
need_packages() {
  ! have_packages "$@" || return 0
  as_root true 2>/dev/null || fail "as root, run: apt-get install $*"
  # Sections run at the same time.
  (
    flock 9
    have_packages "$@" || install_packages "$@"
  ) 9>"${TMPDIR:-/tmp}/dovetable-packages.lock"
}
have_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed \
      || return 1
  done
}
# What is started by an installation must not keep the lock.
install_packages() {
  # Debian would start a server of its own on installation; the judges start theirs.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    as_root mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' \
      | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  echo "installing $*"
  as_root apt-get -qq update 9>&-
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
    -o Dpkg::Options::=--force-confold "$@" 9>&- >/dev/null
}
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}
