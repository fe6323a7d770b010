#!/usr/bin/env bash
# The TorchSharp engine beside PyTorch eager on the same model and device, in turn and in several rounds, with the share of the device's peak.
# usage: bench/torch.sh [device] [precision] [configurations] [sequences at once] [rounds]
#   CPU:            bench/torch.sh
#   one H200, 1B:   TORCH_BUILD='-p:TorchSharpRedistributable=cuda-linux' PEAK=989 bench/torch.sh cuda:0 bf16 1B 8 3
# PEAK is the device's peak in TFLOP/s for that precision. Needs a python3 with torch (PYTHON names another).
set -euo pipefail
cd "$(dirname "$0")"
device=${1:-torch:cpu}
precision=${2:-single}
configurations=${3:-XS S}
at_once=${4:-0}
rounds=${5:-3}
python=${PYTHON:-/usr/bin/python3}
"$python" -c 'import torch' 2>/dev/null || { echo "torch.sh: $python has no torch; install PyTorch or name another python in PYTHON." >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2086
dotnet build -c Release Benchmarks -v q -o "$work/ours" -p:UseTorchSharp=true ${TORCH_BUILD:-} >/dev/null

# Each at its fastest on a CPU: PyTorch with memory that it keeps, ours with threads that do not spin while others of the two cores work.
peer() { MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=17179869184 "$python" peers/pytorch_gpu_peer.py train "$@" 4; }
ours() { OMP_WAIT_POLICY=passive dotnet "$work/ours/SlungOrleans.Benchmarks.dll" torch "$@" 4; }

# Weights of the products, in millions: a token of training costs six FLOP for each.
declare -A weights=([XS]=1.33 [S]=6.8 [M]=33.7 [1B]=1177)
best() { awk -v was="$1" -v is="$2" 'BEGIN { print (is > was ? is : was) }'; }

echo "| $device, $precision | PyTorch $("$python" -c 'import torch; print(torch.__version__)'), tokens/s | ours, tokens/s | ratio | ours, masked 30 % | share of the peak | MiB, PyTorch / ours / ours as estimated |"
echo "|---|---|---|---|---|---|---|"
for configuration in $configurations; do
  torch=0 ours=0 masked=0 torch_memory=0 ours_memory=0 estimated=0
  for _ in $(seq "$rounds"); do
    read -r rate _ torch_memory < <(peer "$configuration" "${device#torch:}" "$precision" "$at_once")
    torch=$(best "$torch" "$rate")
    read -r rate _ ours_memory estimated < <(ours train "$configuration" "$device" "$precision" "$at_once")
    ours=$(best "$ours" "$rate")
    read -r rate _ < <(ours masked "$configuration" "$device" "$precision" "$at_once")
    masked=$(best "$masked" "$rate")
  done
  awk -v c="$configuration" -v t="$torch" -v o="$ours" -v m="$masked" -v w="${weights[$configuration]}" -v p="${PEAK:-0}" -v tm="$torch_memory" -v om="$ours_memory" -v es="$estimated" 'BEGIN {
    share = p > 0 ? sprintf("%.0f %%", 100 * 6 * w * 1e6 * o / (p * 1e12)) : ""
    printf "| %s | %d | %d | %.2f | %d | %s | %d / %d / %d |\n", c, t, o, o / t, m, share, tm, om, es }'
done
