#!/usr/bin/env bash
# Everything from a bare machine to all tests passed. Arguments go to ctest, such
# as -R Checkpoint. The exit code is ctest's.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

step 'build' 'see above'
scripts/build.sh
scripts/setup.sh --browser
step 'test' "read ctest's list of failed tests above"
exec ctest --preset "${DIGITORCH_PRESET:-release}" "$@"
