#!/usr/bin/env bash
# Installs what the build needs and is missing: Debian or Ubuntu packages, and a
# virtual environment (.venv) with the PyTorch wheel, which is a whole LibTorch.
# Safe to run again: what is already right is left alone.
#   scripts/setup.sh [--tests | --fonts]
#     --tests     nothing but what some tests use and are skipped without: shells,
#                 a reader of manual pages, and a browser where there is one
#     --fonts     nothing but the fonts that scripts/pictures/make_pictures.py draws with
#
#   DIGITORCH_TORCH=cpu|cuda   which LibTorch; by default the one with CUDA where
#                              an NVIDIA GPU and its compiler (nvcc) are found
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly torch_version=2.13.0
readonly cpu_wheels=https://download.pytorch.org/whl/cpu
readonly packages=(
  build-essential cmake ninja-build ccache curl ca-certificates xz-utils
  python3 python3-venv libopencv-dev libcxxopts-dev libfmt-dev libgtest-dev
  nlohmann-json3-dev libkainjow-mustache-dev libboost-dev zlib1g-dev libssl-dev
  libfreetype-dev fonts-dejavu-core
  libjpeg-dev libpng-dev libtiff-dev libwebp-dev
)

readonly shell_packages=(zsh fish mandoc pkg-config fakeroot)
readonly browser_packages=(chromium chromium-driver python3-selenium)
# scripts/pictures/fonts.py names the files.
readonly font_packages=(
  fonts-adf-accanthis fonts-adf-baskervald fonts-adf-berenis fonts-adf-gillius
  fonts-adf-ikarius fonts-adf-irianis fonts-adf-libris fonts-adf-mekanus
  fonts-adf-romande fonts-adf-solothurn fonts-adf-switzera fonts-adf-tribun
  fonts-adf-universalis fonts-adf-verana fonts-anonymous-pro fonts-arapey
  fonts-averia-gwf fonts-b612 fonts-bebas-neue fonts-breip fonts-bwht
  fonts-cabin fonts-cantarell fonts-cardo fonts-century-catalogue
  fonts-clear-sans fonts-cmu fonts-comfortaa fonts-comic-neue
  fonts-courier-prime fonts-crosextra-caladea fonts-dancingscript
  fonts-dejavu-core fonts-dejavu-extra fonts-dkg-handwriting fonts-dustin
  fonts-ebgaramond fonts-ecolier-court fonts-essays1743 fonts-fantasque-sans
  fonts-fanwood fonts-firacode fonts-freefont-ttf fonts-georgewilliams
  fonts-gfs-artemisia fonts-gfs-bodoni-classic fonts-gfs-didot
  fonts-gnutypewriter fonts-go fonts-humor-sans fonts-inconsolata fonts-inter
  fonts-jetbrains-mono fonts-junction fonts-kaushanscript fonts-klee
  fonts-kristi fonts-lato fonts-league-spartan fonts-leckerli-one
  fonts-liberation fonts-lindenhill fonts-linex fonts-linuxlibertine
  fonts-lobster fonts-manrope fonts-monofur fonts-national-park
  fonts-noto-core fonts-ocr-a fonts-ocr-b fonts-oldstandard fonts-opendin
  fonts-opendyslexic fonts-osifont fonts-oxygen fonts-paratype fonts-play
  fonts-prociono fonts-quattrocento fonts-quicksand fonts-roboto-slab
  fonts-roboto-unhinted fonts-routed-gothic fonts-rufscript fonts-sil-andika
  fonts-sil-gentium fonts-sjfonts fonts-sora fonts-stix fonts-tiresias
  fonts-tomsontalks fonts-tuffy fonts-urw-base35 fonts-vollkorn
  fonts-yanone-kaffeesatz fonts-yrsa-rasa fonts-yusei-magic
)

missing_of() {
  local package
  for package; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null |
      grep -q 'ok installed' || printf '%s ' "$package"
  done
}

# Prints what makes a command run as root; fails where nothing does.
root_command() {
  [ "$(id -u)" -ne 0 ] || return 0
  # Without a terminal sudo could only wait for a password for ever.
  { [ -t 0 ] && command -v sudo >/dev/null; } || sudo -n true 2>/dev/null ||
    return 1
  echo sudo
}

apt_install() {
  local as_root
  as_root=$(root_command) || return 1
  echo "setup:   installing $*"
  # shellcheck disable=SC2086  # one word or none
  { $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null
}

install_packages() {
  command -v dpkg-query >/dev/null || {
    echo "setup:   this is no Debian or Ubuntu; the build needs what these" \
      "packages hold: ${packages[*]}"
    return
  }
  local missing
  missing=$(missing_of "${packages[@]}")
  [ -n "$missing" ] || { already 'all packages'; return; }
  hint="run as root: apt-get update && apt-get install -y --no-install-recommends $missing"
  root_command >/dev/null || fail "missing: $missing"
  # shellcheck disable=SC2086  # a list of names on purpose
  apt_install $missing
}

# Without these, tests are skipped or have less to try, so nothing here is a failure.
install_for_tests() {
  local missing
  command -v dpkg-query >/dev/null || return 0
  missing=$(missing_of "${shell_packages[@]}")
  [ -n "$missing" ] || already 'the shells'
  # shellcheck disable=SC2086  # a list of names on purpose
  [ -z "$missing" ] || apt_install $missing ||
    echo "setup:   no $missing: what needs them is not tested"
  install_browser
}

# Only Debian has Chromium as a package; Ubuntu's of this name fetches a snap.
install_browser() {
  local missing
  if ! grep -qx 'ID=debian' /etc/os-release 2>/dev/null; then
    echo 'setup:   this is no Debian: the test in a browser is skipped'
    return
  fi
  missing=$(missing_of "${browser_packages[@]}")
  [ -n "$missing" ] || { already 'the browser'; return; }
  # shellcheck disable=SC2086  # a list of names on purpose
  apt_install $missing ||
    echo "setup:   no $missing: the test in a browser is skipped"
}

install_fonts() {
  local missing
  missing=$(missing_of "${font_packages[@]}")
  [ -n "$missing" ] || { already 'the fonts'; return; }
  # shellcheck disable=SC2086  # a list of names on purpose
  apt_install $missing
}

make_environment() {
  if .venv/bin/python -m pip --version >/dev/null 2>&1; then
    already .venv
  else
    # Whatever half of one is there goes.
    python3 -m venv --clear .venv
  fi
}

cuda_is_wanted() {
  case ${DIGITORCH_TORCH:-auto} in
    cpu) return 1 ;;
    cuda) return 0 ;;
    auto) has_cuda_compiler && nvidia-smi -L >/dev/null 2>&1 ;;
    *) fail "DIGITORCH_TORCH is '$DIGITORCH_TORCH'; expected cpu or cuda" 'set it to one of these, or to nothing' ;;
  esac
}

has_cuda_compiler() {
  command -v nvcc >/dev/null || [ -x "${CUDA_HOME:-/usr/local/cuda}/bin/nvcc" ]
}

# Succeeds where PyTorch is there in the right version and, as far as asked for,
# of the right kind.
torch_is_right() {
  .venv/bin/python - "$torch_version" "${DIGITORCH_TORCH:-auto}" <<'PY' \
    2>/dev/null
import sys
import torch
kind = "cuda" if torch.version.cuda else "cpu"
sys.exit(torch.__version__.split("+")[0] != sys.argv[1]
         or sys.argv[2] not in ("auto", kind))
PY
}

# PyPI's Linux wheel carries several GB of CUDA, and cannot be built against
# without a CUDA compiler; the CPU wheel has an index of its own. Where that is
# out of reach, pip's own configuration may know a CPU wheel.
install_torch() {
  torch_is_right && { already "PyTorch $torch_version"; return; }
  local pip=(.venv/bin/python -m pip install -q)
  if cuda_is_wanted; then
    "${pip[@]}" --upgrade "torch==$torch_version"
  else
    "${pip[@]}" --retries 1 --timeout 20 --index-url "$cpu_wheels" \
      "torch==$torch_version" 2>/dev/null ||
      "${pip[@]}" "torch==$torch_version"
  fi
  torch_is_right || fail "PyTorch $torch_version does not start" \
    'remove .venv and run scripts/setup.sh again'
}

# What CMake would say in many more words.
check_torch_can_be_built_with() {
  has_cuda_compiler ||
    .venv/bin/python -c 'import sys, torch; sys.exit(bool(torch.version.cuda))' ||
    fail 'this PyTorch needs the CUDA compiler (nvcc), which is not here' \
      "run DIGITORCH_TORCH=cpu scripts/setup.sh where $cpu_wheels can be reached, or install the CUDA toolkit"
}

python_packages_are_right() {
  .venv/bin/python - <<'PY' 2>/dev/null
import sys
from importlib.metadata import version
with open("scripts/requirements.txt") as file:
    wanted = [line.split("==") for line in file.read().split() if "==" in line]
sys.exit(any(version(name) != number for name, number in wanted))
PY
}

install_python_packages() {
  if python_packages_are_right; then
    already 'the packages of scripts/requirements.txt'
  else
    .venv/bin/python -m pip install -q -r scripts/requirements.txt
  fi
}

case ${1:-} in
  '') ;;
  --tests)
    step 'programs that tests use' 'see above'
    install_for_tests
    exit
    ;;
  --fonts)
    step 'fonts for pictures' 'check the network and that apt-get works'
    install_fonts
    exit
    ;;
  *) fail "found '$1'; expected --tests, --fonts or nothing" 'see the top of this file' ;;
esac
step 'system packages' 'check the network and that apt-get works'
install_packages
step 'virtual environment' 'install python3-venv, remove .venv, run this again'
make_environment
step "LibTorch, from PyTorch's wheel" \
  'check the network and the free disk space (1 GB), then run this again'
install_torch
check_torch_can_be_built_with
step 'Python packages for the checks' 'check the network, then run this again'
install_python_packages
