#!/usr/bin/env bash
# Everything from a bare machine to all tests passed. Arguments go to ctest, such
# as -R Checkpoint. The exit code is ctest's.
#   scripts/test.sh --long [PART]
#     Only what is disturbed at random, more often: PART (0.1) times the full
#     size, which is 1,000 SIGKILLs, 200 signals, 600 malformed files and every
#     call of a run failing in five ways. A tenth takes ten minutes on two cores.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if [ "${1:-}" = --long ]; then
  shift
  part=0.1
  if [[ "${1:-}" =~ ^[0-9.]+$ ]]; then
    part=$1
    shift
  fi
  export DIGITORCH_TEST_PART=$part
  set -- -L endurance "$@"
fi

step 'build' 'see above'
scripts/build.sh
scripts/setup.sh --tests
step 'test' "read ctest's list of failed tests above"
exec ctest --preset "${DIGITORCH_PRESET:-release}" "$@"
