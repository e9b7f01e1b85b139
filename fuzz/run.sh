#!/usr/bin/env bash
# Fuzzes: bash fuzz/run.sh SECONDS [TARGET…]. Every target, one after the other, for so
# many seconds each, on the stable compiler. docs/FUZZING.md says what they prove.
# FUZZ_SEED, a number other than 0: the same changes in the same order each time.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:?bash fuzz/run.sh SECONDS [TARGET…]}
shift
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for source in fuzz/targets/*.rs; do targets+=("$(basename "$source" .rs)"); done
fi

# libFuzzer is C++
command -v c++ >/dev/null || { echo "needs a C++ compiler (Debian package g++)"; exit 1; }

host=$(rustc -vV | sed -n 's/^host: //p')
bins=()
for target in "${targets[@]}"; do bins+=(--bin "$target"); done
RUSTC_WRAPPER=$PWD/fuzz/rustc.sh cargo build --locked --quiet --release --manifest-path fuzz/Cargo.toml \
  --target "$host" --target-dir target/fuzz "${bins[@]}"

found=()
for target in "${targets[@]}"; do
  corpus=fuzz/corpus/$target artifacts=fuzz/artifacts/$target log=target/fuzz/$target.log
  mkdir -p "$corpus" "$artifacts"
  options=(-max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1
    -artifact_prefix="$artifacts/" -seed="${FUZZ_SEED:-0}")
  case $target in
    workbook | returned) options+=(-max_len=65536) ;;
    policy | cells) options+=(-max_len=8192) ;;
    *) options+=(-max_len=256) ;;
  esac
  if [ -f "fuzz/dictionaries/$target.dict" ]; then
    options+=(-dict="fuzz/dictionaries/$target.dict")
  fi
  if "target/fuzz/$host/release/$target" "${options[@]}" "$corpus" "fuzz/seeds/$target" \
    >"$log" 2>&1; then
    ended=ok
  elif grep -q 'Test unit written to' "$log"; then
    ended=FOUND found+=("$target")
  else
    ended=ENDED found+=("$target") # by someone else, or it could not run at all
  fi
  cov=$(sed -n 's/.*\bcov: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
  first=$(sed -n 's/.*INITED *cov: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  printf '%-10s %-5s %12s executions  cov %s -> %s\n' \
    "$target" "$ended" "${runs:-?}" "${first:-?}" "${cov:-?}"
  if [ "$ended" != ok ]; then
    grep -v -E '^(#|\s*NEW_FUNC|INFO|WARNING|Dictionary|stat::| +[0-9]+:| +at )' "$log" | head -n 20
    for input in $(sed -n 's/.*Test unit written to //p' "$log"); do
      echo "repeat it: RUST_BACKTRACE=1 target/fuzz/$host/release/$target $input"
    done
  fi
done
[ ${#found[@]} -eq 0 ] || { echo "findings in: ${found[*]}"; exit 1; }
