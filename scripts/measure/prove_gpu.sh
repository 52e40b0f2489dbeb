#!/usr/bin/env bash
# What a GPU has to show, in one call: the tests that need one, accuracy and
# speed over seeds, repeatability, faults, and PyTorch in Python beside it.
#
#   DIGITORCH=build/release/digitorch TEST_GPU=build/release/tests/app/test_gpu \
#     scripts/measure/prove_gpu.sh OUT [STAGE...]
#
# OUT takes log.txt and results.jsonl, a line a run. Stages, in order: tests
# speed start steady same faults inference kernels peers. Each is bounded; what
# fails is told and the rest goes on. In the environment: MNIST, the folder of its
# four files (data/mnist); SEEDS of fast and quick (10); DEVICE (cuda; a dry run
# with cpu shows whether speed steady same faults work); PYTHON with PyTorch.
set -u
here=$(cd "$(dirname "$0")" && pwd)
out=$1; shift
read -ra stages <<<"${*:-tests speed start steady same faults inference kernels peers}"
device=${DEVICE:-cuda} seeds=${SEEDS:-10} python=${PYTHON:-python3}
digitorch=$(realpath "${DIGITORCH:-build/release/digitorch}")
test_gpu=$(realpath "${TEST_GPU:-build/release/tests/app/test_gpu}")
mnist=$(realpath "${MNIST:-data/mnist}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out" "$work/data"; out=$(cd "$out" && pwd); ln -s "$mnist" "$work/data/mnist"
log=$out/log.txt results=$out/results.jsonl
say() { printf '%4d s  %s\n' "$SECONDS" "$*" | tee -a "$log"; }

# record NAME LIMIT COMMAND...: its last line (JSON) with wall seconds, or its error
record() {
  local name=$1 limit=$2 begin end code; shift 2
  begin=$(date +%s.%N); timeout "$limit" "$@" >"$work/out" 2>"$work/err" </dev/null; code=$?; end=$(date +%s.%N)
  "$python" - "$name" "$code" "$begin" "$end" "$work" >>"$results" <<'P'
import json, sys
name, code, begin, end, work = sys.argv[1:]
lines = open(work + '/out', errors='replace').read().strip().splitlines()
try: value = json.loads(lines[-1])
except Exception: value = '\n'.join(lines[-3:])
error = open(work + '/err', errors='replace').read().strip().splitlines()[-2:] if int(code) else []
print(json.dumps({'name': name, 'exit': int(code), 'wall': round(float(end) - float(begin), 3), 'value': value, 'error': error}))
P
  [ "$code" = 0 ] || say "$name: exit $code: $(tail -n 1 "$work/err" | cut -c1-200)"
}
run=0
train() { # train NAME LIMIT OPTION...
  local name=$1 limit=$2; shift 2; run=$((run + 1))
  record "$name" "$limit" "$digitorch" train --data-dir "$work/data" --device "$device" --format json --quiet --run-dir "$work/run-$run" "$@"
}
run_in() { local folder=$1; shift; "$digitorch" train --data-dir "$work/data" --device "$device" --quiet --format json --run-dir "$folder" "$@"; }

stage_tests() {
  timeout 150 "$test_gpu" >"$out/test_gpu.txt" 2>&1; local code=$?
  grep -E '^\[ +(FAILED|SKIPPED|PASSED) |Failure|exceeds|actual:' "$out/test_gpu.txt" | cut -c1-200 | head -n 40 | tee -a "$log"
  say "test_gpu: exit $code"
}
stage_speed() {
  local seed precision
  train 'warm up' 90 --preset fast --seed 99
  for seed in $(seq "$seeds"); do
    train fast 60 --preset fast --seed "$seed"; train quick 60 --preset quick --seed "$seed"
  done
  for precision in tf32 bf16; do
    for seed in 1 2; do train "fast $precision" 60 --preset fast --precision $precision --seed $seed; done
  done
  for seed in 1 2; do train 'fast, no graph' 60 --preset fast --graph=false --seed $seed; done
  train default 120; train mlp 90 --model mlp; train scratch 90 --model scratch
  train 'batch norm' 60 --batch-norm --epochs 2
}
# What the first epoch costs beside its steps: modules that the driver loads when
# they are first used, capture and instantiation; and the host's calls of CUDA
# that took longest.
stage_start() {
  local seed
  CUDA_MODULE_LOADING=EAGER train 'fast, all modules early' 60 --preset fast
  for seed in 1 2; do
    train 'default, 1 epoch' 60 --epochs 1 --seed $seed
    train 'default, 1 epoch, no validation' 60 --epochs 1 --validation 0 --seed $seed
  done
  [ "$device" = cpu ] && return
  local calls=$here/cuda_calls.so
  [ -e "$calls" ] || { calls=$work/cuda_calls.so; cc -O2 -shared -fPIC -o "$calls" "$here/cuda_calls.c" -ldl || return; }
  LD_PRELOAD=$calls CUDA_CALLS=$out/calls-fast.txt run_in "$work/calls-fast" --preset fast >/dev/null 2>>"$log"
  LD_PRELOAD=$calls CUDA_CALLS=$out/calls-default.txt run_in "$work/calls-default" --epochs 1 >/dev/null 2>>"$log"
  sort -rnk2 "$out/calls-fast.txt" | head -n 25 | tee -a "$log"
}
# Seconds of the epochs after the first, which loads and captures.
stage_steady() {
  local what folder
  for what in fast quick stock default; do
    folder=$work/steady-$what
    if [ $what = default ]; then run_in "$folder" --epochs 5; else run_in "$folder" --preset $what --epochs 5; fi >/dev/null 2>>"$log"
    record "steady $what" 10 "$python" -c "
import csv, json, statistics
rows = [float(r['seconds']) for r in csv.DictReader(open('$folder/metrics.csv'))]
print(json.dumps({'first_epoch': rows[0], 'train_seconds': statistics.median(rows[1:]), 'all': rows}))"
  done
}
# One seed twice, stopped and resumed, the GPU's network on the CPU and in Python.
stage_same() {
  local a=$work/same-a b=$work/same-b c=$work/same-c
  run_in "$a" --preset fast --epochs 3 --seed 1 >/dev/null 2>>"$log"; run_in "$b" --preset fast --epochs 3 --seed 1 >/dev/null 2>>"$log"
  if cmp "$a/best.safetensors" "$b/best.safetensors" >>"$log" 2>&1; then say 'two runs of one seed: equal'; else say 'two runs of one seed: DIFFERENT'; fi
  # A shell's background jobs ignore SIGINT, so Python sends it, once the run is
  # in the middle of an epoch after the first.
  "$python" - "$digitorch" train --data-dir "$work/data" --device "$device" --quiet --run-dir "$c" --epochs "${RESUMED_EPOCHS:-6}" --seed 1 <<'P' | tee -a "$log"
import os, signal, subprocess, sys, time
folder = sys.argv[sys.argv.index('--run-dir') + 1]
run = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
limit = time.time() + 60
def epochs():
    try: return len(open(folder + '/metrics.csv').readlines()) - 1
    except OSError: return 0
while epochs() < 2 and run.poll() is None and time.time() < limit: time.sleep(0.005)
time.sleep(0.05)
run.send_signal(signal.SIGINT)
print(f'        interrupted after {epochs()} epochs: exit {run.wait(30)} (130 expected)')
P
  "$digitorch" train --resume "$c" --quiet --data-dir "$work/data" >/dev/null 2>>"$log"; run_in "$c-whole" --epochs "${RESUMED_EPOCHS:-6}" --seed 1 >/dev/null 2>>"$log"
  if cmp "$c/best.safetensors" "$c-whole/best.safetensors" >>"$log" 2>&1; then say 'resumed = undisturbed'; else say 'resumed: DIFFERENT from undisturbed'; fi
  record 'eval here' 60 "$digitorch" eval --model "$a/best.safetensors" --data-dir "$work/data" --device "$device" --format json
  record 'eval on the CPU' 60 "$digitorch" eval --model "$a/best.safetensors" --data-dir "$work/data" --device cpu --format json
  "$digitorch" samples --data-dir "$work/data" --count 20 --output "$work/samples" >/dev/null
  record classify 60 "$digitorch" classify --model "$a/best.safetensors" --device "$device" --format json "$work/samples"
  record export 60 "$digitorch" export --model "$a/best.safetensors" --data-dir "$work/data" --output "$work/net.pt"
  record 'export in Python' 90 "$python" -W ignore -c "import torch, json; d='$device'; m=torch.jit.load('$work/net.pt', map_location=d); print(json.dumps({'shape': list(m(torch.zeros(3,1,28,28,device=d)).shape)}))"
}
# A card that is not there, more than its memory holds: each exits with 3 and says why.
stage_faults() {
  run_in "$work/none" --device-that-is-not-there >/dev/null 2>"$work/err"; say "unknown option: exit $? (2 expected)"
  "$digitorch" train --data-dir "$work/data" --device cuda:9 --quiet --run-dir "$work/nine" >/dev/null 2>"$work/err"
  say "cuda:9: exit $? (3 expected): $(tail -n 1 "$work/err" | cut -c1-150)"
  [ "$device" = cpu ] && return
  run_in "$work/large" --model cnn --channels 1024,16 --kernel 3 --pool 1 --hidden 8 --batch-size 50000 --epochs 1 >/dev/null 2>"$work/err"
  say "batch too large: exit $? (3 expected): $(tail -n 1 "$work/err" | cut -c1-150)"
}
stage_inference() {
  local precision
  for precision in fp32 tf32 bf16; do
    [ "$device" = cpu ] && [ $precision != fp32 ] && continue
    record "bench $precision" 90 "$digitorch" bench --preset fast --batch-sizes 256,1000 --precision $precision --repetitions 200 --device "$device" --format json --quiet
  done
}
# Duration of each kernel of the steps around the 60th of fast, run one by one.
stage_kernels() {
  local ncu; ncu=$(command -v ncu || echo /usr/local/cuda/bin/ncu); [ -x "$ncu" ] || { say 'no ncu'; return; }
  local what
  for what in fast stock default; do
    local options=(--preset $what); [ $what = default ] && options=()
    timeout 40 "$ncu" --metrics gpu__time_duration.sum --csv --launch-skip 900 --launch-count 40 --cache-control none --clock-control none \
      "$digitorch" train --data-dir "$work/data" --device "$device" --quiet --graph=false "${options[@]}" --epochs 1 --run-dir "$work/ncu-$what" >"$work/ncu-$what.csv" 2>&1
    cat "$work/ncu-$what.csv" >>"$out/ncu.csv"
    say "$what"
    "$python" - "$work/ncu-$what.csv" <<'P' | tee -a "$log"
import csv, sys
for row in csv.reader(open(sys.argv[1], errors='replace')):
    if len(row) > 8 and row[0].isdigit(): print(f'{row[-1]:>10} ns  {row[7]:16} {row[8]:18} {row[4][:90]}')
P
  done
}
stage_peers() { timeout 120 "$python" -W ignore "$here/peers/gpu.py" "$mnist" 2>&1 | tee "$out/peers.txt" | tail -n 20 | tee -a "$log"; }

nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>/dev/null | tee -a "$log"; nproc | tee -a "$log"
for stage in "${stages[@]}"; do say "== $stage"; "stage_$stage" || say "$stage: failed"; done
[ -e "$results" ] && "$python" - "$results" <<'P' | tee -a "$log"
import json, statistics as s, sys
rows = [json.loads(l) for l in open(sys.argv[1])]
for name in dict.fromkeys(r['name'] for r in rows):
    good = [r for r in rows if r['name'] == name and r['exit'] == 0 and isinstance(r['value'], dict)]
    for key in ('first_epoch', 'train_seconds', 'test_accuracy', 'accuracy'):
        v = [r['value'][key] for r in good if r['value'].get(key) is not None]
        if v: print(f'{name:18} {key:14} n {len(v):2} median {s.median(v):.4f} mean {s.mean(v):.5f} least {min(v):.4f} most {max(v):.4f}')
    for r in good:
        for b in r['value'].get('results', []):
            print(f"{name:18} {b['work']:9} batch {b['batch_size']:5} median {1e3 * b['median_seconds']:.4f} ms least {1e3 * b['least_seconds']:.4f} ms {b['images_per_second']:.0f} images/s")
    if good: print(f"{name:18} wall           n {len(good):2} median {s.median([r['wall'] for r in good]):.2f}")
P
say done
