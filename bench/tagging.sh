#!/usr/bin/env bash
# Tagging beside fastText's own program: texts/s, MB/s and the largest difference of probabilities, on one core, in turns.
# Usage: bench/tagging.sh [LABELLED RISKY]
#   LABELLED  lines of fastText's form, a label before every text (default: invented text); RISKY  the label to find (default: __label__risky)
set -euo pipefail
labelled=$(realpath "${1:-/dev/null}")
risky=${2:-__label__risky}
cd "$(dirname "$0")/.."

if ! command -v fasttext >/dev/null 2>&1; then
  echo "bench/tagging.sh: the program 'fasttext' is missing; on Debian: apt-get install fasttext." >&2
  exit 1
fi

if [ ! -r "$labelled" ]; then
  echo "bench/tagging.sh: '$labelled' cannot be read; lines of fastText's form are expected." >&2
  exit 1
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dotnet build -c Release -v quiet --nologo bench/Benchmarks
benchmarks() { dotnet bench/Benchmarks/bin/Release/net10.0/SlungOrleans.Benchmarks.dll "$@"; }
if [ $# -eq 0 ]; then
  labelled=$folder/labelled.txt
  benchmarks tagging-text "$labelled" 100000
fi

# Words that are rare are left out, so that models are small and soon loaded. fastText's default is 100 dimensions.
train() { # name, settings
  fasttext supervised -input "$labelled" -output "$folder/$1" -thread 1 -epoch 2 -minCount 5 -bucket 200000 -verbose 0 "${@:2}"
}
train words-1-2-dim-100 -wordNgrams 2
train words-1-2-characters-3-5-dim-100 -wordNgrams 2 -minn 3 -maxn 5
train words-1-2-characters-3-5-dim-16 -wordNgrams 2 -minn 3 -maxn 5 -dim 16

pin=()
if command -v taskset >/dev/null 2>&1; then
  pin=(taskset -c "$(($(nproc) - 1))")
fi
"${pin[@]}" dotnet bench/Benchmarks/bin/Release/net10.0/SlungOrleans.Benchmarks.dll tagging "$labelled" "$risky" "$folder" "$folder"/*.bin
