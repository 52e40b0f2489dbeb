#!/usr/bin/env bash
# Installs what the build needs and is missing: Debian or Ubuntu packages, and a
# virtual environment (.venv) with the PyTorch wheel, which is a whole LibTorch.
# Safe to run again: what is already right is left alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly torch_version=2.13.0
readonly cpu_wheels=https://download.pytorch.org/whl/cpu
readonly packages=(
  build-essential cmake ninja-build ccache curl ca-certificates xz-utils
  python3-venv libopencv-dev libcxxopts-dev libgtest-dev
  nlohmann-json3-dev zlib1g-dev libssl-dev
)

fail() {  # fail STEP WHY MEND
  printf 'setup: %s failed: %s\n  To mend it: %s\n' "$1" "$2" "$3" >&2
  exit 3
}

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null |
      grep -q 'ok installed' || printf '%s ' "$package"
  done
}

install_packages() {
  local missing as_root=()
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || fail packages 'apt-get is not here' \
    "install by your system's own means: $missing"
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || fail packages 'neither root nor sudo' \
      "run: sudo apt-get install -y $missing"
    as_root=(sudo)
  fi
  echo "setup: installing $missing"
  # shellcheck disable=SC2086  # a list of names on purpose
  { "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends $missing; } >/dev/null ||
    fail packages 'apt-get stopped with an error (above)' \
      "run: apt-get update && apt-get install -y $missing"
}

has_nvidia_gpu() { command -v nvidia-smi >/dev/null && nvidia-smi -L >/dev/null 2>&1; }

# PyPI's Linux wheel of PyTorch carries several GB of CUDA libraries; without an
# NVIDIA GPU the CPU wheel is the right one. Where its index is out of reach,
# pip's own configuration decides.
install_torch() {
  if ! has_nvidia_gpu &&
    .venv/bin/pip install -q --retries 0 --timeout 20 \
      --index-url "$cpu_wheels" "torch==$torch_version" 2>/dev/null; then
    return
  fi
  .venv/bin/pip install -q "torch==$torch_version"
}

install_python() {
  [ -x .venv/bin/python ] || python3 -m venv .venv ||
    fail 'virtual environment' 'python3 -m venv stopped (above)' \
      'remove .venv, install python3-venv, and run this again'
  .venv/bin/python - "$torch_version" <<'PY' 2>/dev/null || install_torch ||
import sys
from importlib.metadata import version
sys.exit(version("torch").split("+")[0] != sys.argv[1])
PY
    fail PyTorch "pip could not install torch==$torch_version" \
      'check the network and the free disk space (1 GB), then run this again'
  .venv/bin/pip install -q -r scripts/requirements.txt ||
    fail 'Python packages' 'pip could not install scripts/requirements.txt' \
      'check the network, then run this again'
}

install_packages
install_python
echo "setup: packages and LibTorch $torch_version are in place"
