#!/usr/bin/env bash
# Searches for bytes that crash a reader, with clang's libFuzzer under the address
# and undefined-behaviour sanitizers. Needs the packages clang and libomp-dev.
#   scripts/measure/fuzz.sh SECONDS [READER...]
#     READER    checkpoint, idx, json, page or picture; by default all, one after
#               the other, each for SECONDS
# Inputs that reach new code are kept in build/fuzz/found/READER, from where the
# next search goes on, and crashes in build/fuzz/crash-*. Prints the executions of
# each reader. The exit code is 1 where one crashed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

[ $# -ge 1 ] || { sed -n '2,10s/^# \?//p' "$0" >&2; exit 2; }
seconds=$1
shift
[ $# -ge 1 ] || set -- checkpoint idx json page picture

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "${@/#/fuzz_}" >&2

# The largest input in bytes: a page's time grows with its pixels.
declare -A most=([checkpoint]=8192 [idx]=4096 [json]=4096 [page]=4096 [picture]=8192)
crashed=0
for reader; do
  found=build/fuzz/found/$reader
  mkdir -p "$found"
  log=build/fuzz/$reader.log
  # Little memory is kept back after it is freed, since that costs half the speed.
  if ASAN_OPTIONS=quarantine_size_mb=4:malloc_context_size=4 \
    OMP_NUM_THREADS=1 "$(find build/fuzz -name "fuzz_$reader" -type f)" \
    -max_total_time="$seconds" -max_len="${most[$reader]}" -timeout=10 \
    -rss_limit_mb=2048 -malloc_limit_mb=512 -print_final_stats=1 \
    -artifact_prefix=build/fuzz/crash- "$found" "tests/fuzz/corpus/$reader" \
    >"$log" 2>&1; then
    result=clean
  else
    result="CRASHED, see $log"
    crashed=1
  fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  echo "$reader: ${runs:-?} executions, $result"
done
exit "$crashed"
