#!/bin/sh
# Measures `kaseb bench train` and the PyTorch peer in turn and prints their ratio.
# Usage: bench/peers/compare.sh [--rounds N] [--seconds S] [--rows xe-32,xe-128,xe-512,bpr-80,xe-480] [--json FILE]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for python in ${PYTHON:-python3 /usr/bin/python3}; do
  "$python" -c 'import numpy, torch' 2>/dev/null && exec "$python" "$here/compare.py" "$@"
done
cat >&2 <<'TEXT'
compare.sh needs a Python with PyTorch and NumPy and found none. On Debian or Ubuntu:
  apt-get install -y --no-install-recommends python3-torch python3-numpy libopenblas0-openmp
For a Python elsewhere set PYTHON, as in PYTHON=~/venv/bin/python bench/peers/compare.sh
TEXT
exit 1
