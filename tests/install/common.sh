# Sourced by the tests beside it. The build folder is their argument.
set -euo pipefail
build=$(realpath "$1")
tests=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Neither the caller's libraries nor its search paths may help.
unset LD_LIBRARY_PATH CMAKE_PREFIX_PATH PKG_CONFIG_PATH CPATH LIBRARY_PATH DESTDIR

fail() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# Ends the test as skipped where a tool is missing.
need() {
  local tool
  for tool; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
  done
}

expect_equal() {
  [ "$2" = "$3" ] || fail "$1: found '$2'; expected '$3'"
}

# A picture of a 3, dark on light: draw_three FILE
draw_three() {
  {
    echo 'P2 9 13 255'
    sed 's/\./255 /g; s/#/0 /g' <<'PICTURE'
.........
..####...
.#....#..
......#..
......#..
...###...
......#..
......#..
......#..
.#....#..
..####...
.........
.........
PICTURE
  } >"$1"
}

# The installed program runs, reads a picture, and its core loads LibTorch from
# below the folder: check_program PROGRAM FOLDER
check_program() {
  draw_three "$work/three.pgm"
  local answer loaded
  answer=$("$1" classify --format csv "$work/three.pgm" | sed 1d)
  case $answer in
    *three.pgm,3,*) ;;
    *) fail "$1 says '$answer' of a 3" ;;
  esac
  loaded=$(ldd "${1%/bin/*}"/lib/digitorch/digitorch-core.so | sed -n 's/.*libtorch_cpu.so => \(.*\) (.*/\1/p')
  case $loaded in
    "$2"/*) ;;
    *) fail "$1 loads LibTorch from '$loaded'; expected it below $2" ;;
  esac
}
