# Sourced by the other scripts: the repository's root as the working folder,
# steps that say what they do, and failures that say what to do.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

script=$(basename "$0" .sh)
current_step=start
hint='read the lines above'

# step NAME HINT: says what comes next; HINT is told should it fail.
step() {
  current_step=$1
  hint=$2
  printf '%s: %s\n' "$script" "$current_step"
}

# already WHAT: says why there is nothing to do in this step.
already() { printf '%s:   already there: %s\n' "$script" "$1"; }

# fail WHY [HINT]: ends the script. 3 is the exit code of a fault of the
# environment, as in the program itself.
fail() {
  printf '%s:   %s\n' "$script" "$1" >&2
  hint=${2:-$hint}
  exit 3
}

on_exit() {
  local status=$?
  [ "$status" -eq 0 ] ||
    printf '%s: the step "%s" failed (exit code %s).\n  What to do: %s\n' \
      "$script" "$current_step" "$status" "$hint" >&2
}
trap on_exit EXIT
