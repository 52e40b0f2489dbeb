#!/usr/bin/env bash
# Everything from a bare machine to all tests passed. Arguments go to ctest, such
# as -R Checkpoint. The exit code is ctest's.
#   scripts/test.sh --long [PART]
#     Only what is disturbed at random, more often: PART (0.1) times the full
#     size, which is 1,000 SIGKILLs, 200 signals, 600 malformed files and every
#     call of a run failing in five ways. A tenth takes half an hour on two cores.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

long=
if [ "${1:-}" = --long ]; then
  shift
  long=0.1
  if [[ "${1:-}" =~ ^[0-9.]+$ ]]; then
    long=$1
    shift
  fi
fi

step 'build' 'see above'
scripts/build.sh
[ -n "$long" ] || scripts/setup.sh --tests
step 'test' "read ctest's list of failed tests above"
if [ -n "$long" ]; then
  export DIGITORCH_TEST_PART=$long
  set -- -L endurance "$@"
fi
exec ctest --preset "${DIGITORCH_PRESET:-release}" "$@"
