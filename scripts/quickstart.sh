#!/usr/bin/env bash
# From a bare machine to digits read by a network trained here: builds the
# program, fetches MNIST, trains, scores, exports, checks the export from Python
# and classifies sample pictures. Run again, it only does what is missing.
#   scripts/quickstart.sh [OPTION...]     options of `digitorch train`
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly digitorch=build/release/digitorch
readonly run=runs/quickstart
readonly best=$run/best.safetensors
readonly samples=$run/samples
readonly sample_count=10
train_options=("$@")

# number FILE NAME [FORMAT]: a field of a JSON object.
number() {
  .venv/bin/python -c 'import json, sys
value = json.load(open(sys.argv[1]))[sys.argv[2]]
print(format(value, sys.argv[3]))' "$1" "$2" "${3:-}"
}

# newer FILE THAN...: whether FILE is there and newer than all the others.
newer() {
  local file=$1 than
  shift
  [ -s "$file" ] || return
  for than in "$@"; do [ "$file" -nt "$than" ] || return; done
}

# result FILE COMMAND...: keeps what the command prints; shows it if it fails.
result() {
  local file=$1
  shift
  "$@" >"$file.part" || {
    local status=$?
    cat "$file.part" >&2
    return "$status"
  }
  mv "$file.part" "$file"
}

train() {
  if [ -e "$run/last.safetensors" ]; then
    [ -e "$run/result.json" ] && already "a finished run in $run"
    "$digitorch" train --resume "$run" --format json >/dev/null
    return
  fi
  # What was interrupted before its first checkpoint begins anew.
  [ ! -e "$run/.lock" ] || flock --nonblock "$run/.lock" rm -r "$run"
  "$digitorch" train --run-dir "$run" "${train_options[@]}" \
    --format json >/dev/null
}

evaluate() {
  newer "$run/eval.json" "$best" "$digitorch" && { already "$run/eval.json"; return; }
  result "$run/eval.json" "$digitorch" eval --model "$best" --format json
}

export_model() {
  newer "$run/best.pt" "$best" "$digitorch" && newer "$run/export.json" "$best" &&
    { already "$run/best.pt"; return; }
  result "$run/export.json" "$digitorch" export --model "$best" \
    --format torchscript --output "$run/best.pt"
}

check_export() {
  newer "$run/python.json" "$run/best.pt" "$run/eval.json" &&
    { already "$run/python.json"; return; }
  result "$run/python.json" .venv/bin/python scripts/check_export.py \
    "$run/best.pt" "$run/eval.json" data/mnist
}

write_samples() {
  local there
  mkdir -p "$samples"
  there=$(find "$samples" -name '*.png' | wc -l)
  [ "$there" -eq "$sample_count" ] && { already "$samples"; return; }
  "$digitorch" samples --output "$samples" --count "$sample_count" >/dev/null
}

# row WHAT VALUE
row() { printf '  %-34s %s\n' "$1" "$2"; }

summary() {
  local right=0 name label
  while IFS=, read -r name label _; do
    [[ $name == *"-is-$label.png" ]] && right=$((right + 1))
  done <"$run/classify.csv"
  printf '\nMeasured on this machine\n'
  row 'set-up and build, this time' "$build_seconds s"
  row 'training' "$(number "$run/result.json" train_seconds .1f) s"
  row 'test accuracy' "$(number "$run/eval.json" accuracy .2%)"
  row 'export, largest difference' "$(number "$run/export.json" max_abs_difference .1e)"
  row 'export in Python, test accuracy' "$(number "$run/python.json" python_accuracy .2%)"
  row 'export in Python, other answers' \
    "$(number "$run/python.json" different_answers) of $(number "$run/python.json" samples)"
  row 'sample pictures read right' "$right of $sample_count"
  printf '\nTo go on: %s classify --model %s YOUR_PICTURE.png\n' \
    "$digitorch" "$best"
}

step 'build' 'see above'
start=$SECONDS
scripts/build.sh digitorch
build_seconds=$((SECONDS - start))

step 'fetch MNIST' 'see above'
scripts/fetch_data.sh mnist

step "train into $run" "to begin anew: rm -r $run"
train

step "score $best on the 10,000 test pictures" "to begin anew: rm -r $run"
evaluate

step "export to $run/best.pt" "to begin anew: rm -r $run"
export_model

step 'open the export in Python and score it again' \
  'scripts/setup.sh repairs .venv; different answers are a bug, please report it'
check_export

step "write sample pictures to $samples" 'scripts/fetch_data.sh mnist'
write_samples

step 'classify them' "to begin anew: rm -r $run"
"$digitorch" classify --model "$best" "$samples"
result "$run/classify.csv" "$digitorch" classify --model "$best" --format csv \
  "$samples"

step 'summary' 'see above'
summary
