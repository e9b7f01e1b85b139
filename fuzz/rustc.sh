#!/usr/bin/env bash
# Stands between cargo and rustc while the targets are built, and has the crates that
# read what comes from outside count their edges and show their comparisons to libFuzzer.
# These are the flags of cargo-fuzz without the sanitizers, which only the nightly compiler
# has. Instrumenting everything would make each run several times slower and teach nothing.
set -euo pipefail
rustc=$1
shift

read -ra arguments <<<"$*"
name='' target=''
for at in "${!arguments[@]}"; do
  case ${arguments[at]} in
    --crate-name) name=${arguments[at + 1]} ;;
    --target) target=yes ;; # not for build scripts, which run here and now
  esac
done

instrumented=' dinggang dinggang_fuzz toml toml_parser toml_datetime quick_xml calamine zip '
here=$(dirname "$0")
if [ "$target" ] && { [[ $instrumented == *" $name "* ]] || [ -f "$here/targets/$name.rs" ]; }; then
  set -- "$@" -Cpasses=sancov-module
  for flag in level=4 inline-8bit-counters pc-table trace-compares; do
    set -- "$@" "-Cllvm-args=-sanitizer-coverage-$flag"
  done
fi
exec "$rustc" "$@"
