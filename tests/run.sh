#!/usr/bin/env bash
# The one test command: installs what is missing on a fresh Debian, then checks everything
# that CI checks. Says at the end what was left out and why.
set -euo pipefail
cd "$(dirname "$0")/.."

left_out=()
step() { printf '\n== %s\n' "$1"; }

# Runs what says a lot. All of it is kept in target/logs; printed are the lines that say how it
# went, and where it failed the reasons and the end.
quietly() { # NAME PATTERN COMMAND…
  local log=target/logs/$1.txt lines=$2 status=0
  shift 2
  mkdir -p target/logs
  "$@" >"$log" 2>&1 || status=$?
  grep -E "$lines" "$log" || true
  [ "$status" = 0 ] && return
  echo "failed with $status; from $log:"
  grep -nE -A 12 'panicked at|^error|✖|AssertionError' "$log" | head -n 120 || true
  echo "its end:"
  tail -n 40 "$log"
  exit "$status"
}

# ---- what is needed -------------------------------------------------------------------

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else return 1; fi; }

need_package() { # COMMAND PACKAGE
  command -v "$1" >/dev/null && return 0
  command -v apt-get >/dev/null || { echo "needs $1 (Debian package $2)"; exit 1; }
  as_root apt-get update -qq && as_root apt-get install -y -qq "$2" >/dev/null
}

step "tools"
need_package cc gcc
need_package c++ g++
need_package curl curl
# the tests start a server of their own; the server's programs are not on the path
if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  need_package initdb postgresql
fi
# a mail server and a reader of calendars that are not ours, and certificates for them
need_package openssl openssl
need_package python3 python3
if [ ! -x target/test-python/bin/python ]; then
  python3 -m venv target/test-python 2>/dev/null || { as_root apt-get install -y -qq python3-venv >/dev/null && python3 -m venv target/test-python; }
fi
target/test-python/bin/pip install --quiet -r tests/python/requirements.txt
if ! command -v cargo >/dev/null; then
  need_package rustup rustup || true
  command -v cargo >/dev/null || rustup default stable
fi
for component in rustfmt clippy; do
  cargo "${component/rustfmt/fmt}" --version >/dev/null 2>&1 || rustup component add "$component"
done
cargo --version

# ---- checks ---------------------------------------------------------------------------

step "format"
cargo fmt --check
cargo fmt --check --manifest-path fuzz/Cargo.toml

step "lints"
quietly lints Finished cargo clippy --locked --all-targets -- -D warnings
quietly lints-of-fuzzing Finished \
  cargo clippy --locked --all-targets --manifest-path fuzz/Cargo.toml --target-dir target -- -D warnings

step "tests"
quietly tests '^test result' cargo test --locked --quiet --no-fail-fast

step "policies"
sources=()
for folder in ../shared/seeds ../shared/laws; do
  if [ -d "$folder" ]; then sources+=(--sources "$folder"); fi
done
if [ ${#sources[@]} -eq 0 ]; then
  left_out+=("quotations against the documents themselves (the folders seeds and laws are not here)")
fi
cargo run --locked --quiet -- policy check "${sources[@]}" > target/policy-check.txt
tail -n 3 target/policy-check.txt

step "the API against its description, as several offices"
need_package python3 python3
python3 -c 'import ensurepip, venv' 2>/dev/null || { as_root apt-get update -qq && as_root apt-get install -y -qq python3-venv >/dev/null; }
quietly schemathesis 'No issues found|generated' bash tests/schemathesis/run.sh

step "the pages in a real browser"
quietly browser '^ℹ (tests|pass|fail)' bash tests/browser/run.sh
step "the four roads of a promotion, by a client of the API"
need_package curl curl
ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1 || need_package faketime faketime
quietly roads 'chain|roads' bash tests/roads.sh
# an empty PostgreSQL database, where somebody has one to give
if [ -n "${ROADS_DATABASE:-}" ]; then
  quietly roads-postgresql 'chain|roads' bash tests/roads.sh "$ROADS_DATABASE"
else
  left_out+=("the four roads on PostgreSQL (set ROADS_DATABASE to an empty database)")
fi

step "fuzz, a short run of each target"
# the same inputs each time: a change is judged by what it does, not by chance
if FUZZ_SEED=1 bash fuzz/run.sh 10; then :; else echo "fuzzing found something or could not run"; exit 1; fi

step "licences and sources of dependencies"
if cargo deny --version >/dev/null 2>&1; then
  cargo deny --offline check bans licenses sources
else
  left_out+=("cargo deny (not installed: cargo install cargo-deny)")
fi

[ -d ../shared/samples ] || left_out+=("the sample workbooks and published rows kept outside the repository")

step "result"
echo "all checks passed"
for what in "${left_out[@]}"; do echo "left out: $what"; done
