#!/usr/bin/env bash
# Gradescope runs this for every submission. Whatever happens, results.json is there, is valid, and says whose fault
# it is. ONEDELAY_ROOT and ONEDELAY_PYTHON: as in setup.sh. ONEDELAY_SECONDS: to stop before Gradescope does at 600.
set -u
root="${ONEDELAY_ROOT:-/autograder}"
python="${ONEDELAY_PYTHON:-$root/venv/bin/python}"
mkdir -p "$root/results"
cp "$root/source/failed.json" "$root/results/results.json"
cd "$root/source" || exit 0
export PYTHONSAFEPATH=1 # the grader that setup.sh installed, for the judge and the candidate alike
timeout --kill-after=10 "${ONEDELAY_SECONDS:-540}" "$python" -m grader.packaging.autograder "$root"
code=$?
if [ "$code" -ne 0 ]; then
  echo "run_autograder: the grader ended with $code (124 or 137: out of time or memory); the result says it is ours"
fi
exit 0
