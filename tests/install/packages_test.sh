#!/usr/bin/env bash
# The Debian packages, installed into an empty root, classify a picture there, and
# so does the archive where it was unpacked.
#   packages_test.sh BUILD_FOLDER
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need cmake cpack c++ dpkg dpkg-deb dpkg-shlibdeps
as_root=()
if [ "$(id -u)" -ne 0 ]; then # dpkg gives files to root
  need fakeroot
  as_root=(fakeroot)
fi

# Hardly compressed: LibTorch has 400 MB, which would take minutes.
(cd "$build" && cpack -G 'DEB;TZST' -B "$work/packages" \
  -D CPACK_DEBIAN_COMPRESSION_TYPE=none) >"$work/log" 2>&1 ||
  fail "cpack: $(tail -n 5 "$work/log")"
rm -r "$work/packages/_CPack_Packages"

# The file of a package.
deb() {
  local found=("$work/packages/$1"_*.deb)
  [ -e "${found[0]}" ] || fail "found no package $1"
  echo "${found[0]}"
}

# expect_depends PACKAGE PART: of what the package depends on, PART begins a name.
expect_depends() {
  local depends
  depends=$(dpkg-deb -f "$(deb "$1")" Depends)
  case ", $depends" in
    *", $2"*) ;;
    *) fail "$1 depends on '$depends'; expected $2 among it" ;;
  esac
}
expect_depends digitorch digitorch-libtorch
expect_depends libdigitorch0 digitorch-libtorch
expect_depends libdigitorch-dev libdigitorch0
expect_depends digitorch libopencv-core
expect_depends digitorch libc6
expect_depends digitorch-libtorch libstdc++6

# An empty root has none of the system's packages, so what the packages depend on
# is taken for present: the programs find it in this system. Their scripts, which
# call ldconfig, run outside of the root.
root=$work/root
mkdir -p "$root/var/lib/dpkg/updates" "$root/etc" "$work/bin"
: >"$root/var/lib/dpkg/status"
# shellcheck disable=SC2016  # for the script
printf '#!/bin/sh\nexec %s -r "$DPKG_ROOT"\n' "$(PATH=/sbin:/usr/sbin:$PATH command -v ldconfig)" \
  >"$work/bin/ldconfig"
chmod +x "$work/bin/ldconfig"
for name in digitorch-libtorch libdigitorch0 libdigitorch-dev digitorch; do
  PATH=$work/bin:/usr/sbin:/sbin:$PATH "${as_root[@]}" \
    dpkg --root="$root" --force-depends --force-script-chrootless \
    --log=/dev/null -i "$(deb "$name")" >>"$work/log" 2>&1 ||
    fail "dpkg -i $name: $(tail -n 5 "$work/log")"
  rm "$(deb "$name")"
done
check_program "$root/usr/bin/digitorch" "$root"
[ -s "$root/usr/share/zsh/vendor-completions/_digitorch" ] ||
  fail 'found no completion for zsh where Debian has it'
[ -e "$root/etc/ld.so.cache" ] || fail 'ldconfig was not called'

c++ -std=c++20 -I "$root/usr/include" "$tests/consumer/main.cpp" \
  -o "$work/consumer" -L "$root/usr/lib" -ldigitorch -Wl,-rpath,"$root/usr/lib"
expect_equal 'a consumer' "$("$work/consumer" "$work/three.pgm")" 3
rm -r "$root"

mkdir "$work/unpacked"
(cd "$work/unpacked" && cmake -E tar xf "$work"/packages/digitorch-*.tar.zst)
check_program "$work"/unpacked/digitorch-*/bin/digitorch "$work/unpacked"
