#!/usr/bin/env bash
# Formats every C++ file that git knows, with one version of clang-format for all
# machines: another formats a few lines otherwise.
#   scripts/format.sh [--check]     --check: changes nothing, fails where it would
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly formatter=.venv/bin/clang-format
wanted=$(grep '^clang-format==' scripts/requirements.txt)

step 'clang-format' 'run scripts/setup.sh'
if [ "$("$formatter" --version 2>/dev/null | grep -o '[0-9.]*$')" != \
  "${wanted#*==}" ]; then
  [ -x .venv/bin/pip ] || python3 -m venv --clear .venv
  .venv/bin/pip install -q "$wanted"
fi

mapfile -d '' files < <(git ls-files -z '*.cpp' '*.h' '*.cu')
case ${1:-} in
  --check)
    step "check ${#files[@]} files" 'run scripts/format.sh and commit'
    "$formatter" --dry-run --Werror "${files[@]}"
    ;;
  '')
    step "format ${#files[@]} files" 'see above'
    "$formatter" -i "${files[@]}"
    ;;
  *) fail "found '$1'; expected --check or nothing" ;;
esac
