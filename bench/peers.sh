#!/usr/bin/env bash
# Speed of the managed engine beside PyTorch's on this machine, in turn and in several rounds, with the machine's peak; writes bench/RESULTS.md's table.
# Needs a python3 with torch (Debian: python3-torch; PYTHON names another). usage: bench/peers.sh [rounds] [configurations]
set -euo pipefail
cd "$(dirname "$0")"
rounds=${1:-3}
configurations=${2:-XS S M}
python=${PYTHON:-/usr/bin/python3}
"$python" -c 'import torch' 2>/dev/null || { echo "peers.sh: $python has no torch; install python3-torch or name another python in PYTHON." >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build -c Release Benchmarks -v q -o "$work/ours" >/dev/null
unset OPENBLAS_CORETYPE
peer() { MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_TOP_PAD_=268435456 "$python" peers/pytorch_peer.py "$@"; }

best() { awk -v was="$1" -v is="$2" 'BEGIN { print (is > was ? is : was) }'; }
median() { printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END { printf "%.2f", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# The ratio is that of the best figures of all rounds; beside it the median of the rounds' own, which neighbours on the host disturb less.
echo "| | $(basename "$python") torch, tokens/s | ours, tokens/s | ratio | median of $rounds rounds | share of the FMA peak | peak MB, torch / ours |"
echo "|---|---|---|---|---|---|---|"
for configuration in $configurations; do
  for mode in train score generate64 generate1; do
    torch=0 ours=0 peak=0 share=0 torch_memory=0 ours_memory=0 ratios=()
    repetitions=6; [ "$configuration" = M ] && repetitions=2
    for _ in $(seq "$rounds"); do
      read -r theirs _ torch_memory < <(peer "$mode" "$configuration" "$repetitions")
      torch=$(best "$torch" "$theirs")
      read -r rate _ ours_memory now part < <(dotnet "$work/ours/SlungOrleans.Benchmarks.dll" engine "$mode" "$configuration" 2 "$repetitions")
      [ "$(best "$ours" "$rate")" != "$ours" ] && peak=$now share=$part
      ours=$(best "$ours" "$rate")
      ratios+=("$(awk -v o="$rate" -v t="$theirs" 'BEGIN { print o / t }')")
    done
    awk -v c="$configuration" -v m="$mode" -v t="$torch" -v o="$ours" -v r="$(median "${ratios[@]}")" -v p="$peak" -v s="$share" -v tm="$torch_memory" -v om="$ours_memory" 'BEGIN {
      share = m == "train" ? sprintf("%.0f %% of %d GFLOP/s", 100 * s, p) : ""
      printf "| %s %s | %d | %d | %.2f | %s | %s | %d / %d |\n", m, c, t, o, o / t, r, share, tm, om }'
  done
done
