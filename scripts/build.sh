#!/usr/bin/env bash
# Sets up and builds what is not up to date: the named targets, or everything.
#   scripts/build.sh [TARGET...]
#
#   DIGITORCH_PRESET=release   which of CMakePresets.json
#   DIGITORCH_WERROR=ON        warnings are errors, as in continuous integration
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly preset=${DIGITORCH_PRESET:-release}

step 'set up' 'see above'
scripts/setup.sh

step "configure build/$preset" \
  "read CMake's error above; with a broken build folder: rm -r build/$preset"
cmake --preset "$preset" \
  ${DIGITORCH_WERROR:+"-DDIGITORCH_WERROR=$DIGITORCH_WERROR"} >/dev/null

step "build ${*:-everything}" \
  "read the compiler's error above; out of memory: CMAKE_BUILD_PARALLEL_LEVEL=1"
cmake --build --preset "$preset" ${1:+--target "$@"}
