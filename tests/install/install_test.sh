#!/usr/bin/env bash
# What `cmake --install` wrote works from a folder that it was moved to: the
# program, and the library for a program that finds it by CMake and for one that
# finds it by pkg-config.
#   install_test.sh BUILD_FOLDER
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need cmake readelf nm c++

cmake --install "$build" --prefix "$work/first" >/dev/null
prefix=$work/moved
mv "$work/first" "$prefix"
lib=$prefix/lib

for file in bin/digitorch lib/digitorch/digitorch-core.so lib/libdigitorch.so include/digitorch/reader.h \
  lib/cmake/digitorch/digitorchConfig.cmake lib/pkgconfig/digitorch.pc \
  share/bash-completion/completions/digitorch \
  share/zsh/site-functions/_digitorch \
  share/fish/vendor_completions.d/digitorch.fish \
  share/man/man1/digitorch.1 share/man/man1/digitorch-train.1 \
  share/doc/digitorch/copyright; do
  [ -s "$prefix/$file" ] || fail "found no $file"
done

run_path() { readelf -d "$1" | sed -n 's/.*runpath: \[\(.*\)\]/\1/p'; }
# shellcheck disable=SC2016  # the loader's word, not the shell's
expect_equal 'run path of the core' "$(run_path "$lib/digitorch/digitorch-core.so")" \
  '$ORIGIN'
# shellcheck disable=SC2016
expect_equal 'run path of the library' "$(run_path "$lib/libdigitorch.so")" \
  '$ORIGIN/digitorch'
soname=$(readelf -d "$lib/libdigitorch.so" | sed -n 's/.*soname: \[\(.*\)\]/\1/p')
expect_equal 'name of the library' "$soname" libdigitorch.so.0

! grep -rlE "$build|$work|$tests|\btorch|caffe2|Torch_|TORCH_|opencv|OpenCV|find_dependency\(" \
  "$lib/cmake" "$lib/pkgconfig" ||
  fail 'the files above name the build, or LibTorch or OpenCV'

# Of the project's, LibTorch's and OpenCV's names none is visible but the interface
# of reader.h; the compiler's library and the linker have names of their own there.
interface='digitorch::(Reader::|(Error|BadInput|MachineFailure|InternalError)$)'
others=' [A-Za-z] ([a-z ]*std::|_edata$|_end$|__bss_start$)'
visible=$(nm -DC --defined-only "$lib/libdigitorch.so" |
  grep -vE "$interface|$others" || true)
expect_equal 'visible symbols' "$visible" ''

# Each header compiles alone, and includes nothing of LibTorch or OpenCV.
while read -r header; do
  echo "#include <$header>" |
    c++ -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Werror -fsyntax-only \
      -I "$prefix/include" -x c++ - || fail "$header does not compile alone"
  ! grep -nE '# *include.*(torch/|ATen|c10|opencv)' "$prefix/include/$header" |
    grep -v '<digitorch/' || fail "$header includes the above"
done < <(cd "$prefix/include" && find . -name '*.h' | sed 's,^\./,,')

check_program "$prefix/bin/digitorch" "$prefix"

picture=$work/three.pgm
cmake -S "$tests/consumer" -B "$work/by_cmake" \
  -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build "$work/by_cmake" >/dev/null
expect_equal 'by find_package' "$("$work/by_cmake/consumer" "$picture")" 3

if command -v pkg-config >/dev/null; then
  # shellcheck disable=SC2046  # several words on purpose
  c++ -std=c++20 "$tests/consumer/main.cpp" -o "$work/by_pkg_config" \
    $(PKG_CONFIG_PATH=$lib/pkgconfig pkg-config --cflags --libs digitorch) \
    -Wl,-rpath,"$lib"
  expect_equal 'by pkg-config' "$("$work/by_pkg_config" "$picture")" 3
else
  echo 'no pkg-config: found by CMake alone'
fi
# A new shell finds the completion by its place.
if command -v zsh >/dev/null; then
  found=$(zsh -fc "fpath=($prefix/share/zsh/site-functions \$fpath)
    autoload -U compinit; compinit -u -D; print -r \$_comps[digitorch]")
  expect_equal "zsh's completion" "$found" _digitorch
fi
if command -v fish >/dev/null; then
  found=$(PATH=$prefix/bin:$PATH XDG_DATA_DIRS=$prefix/share HOME=$work fish -c 'complete -C "digitorch eva"')
  case $found in
    eval*) ;;
    *) fail "fish completes 'digitorch eva' as '$found'" ;;
  esac
fi
if command -v mandoc >/dev/null; then
  mandoc -Tlint "$prefix"/share/man/man1/*.1 || fail 'mandoc: see above'
fi
