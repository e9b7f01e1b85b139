#!/usr/bin/env bash
# The pages in a real browser: the main road of each role in both languages, with and without
# script; every link as every role; accessibility; long names, nothing at all, and very many.
#
#   tests/browser/run.sh [FILE...]     all tests when none is named
#
# DINGGANG: the program (the one of the development profile when not given). CHROMIUM: the
# browser (/usr/bin/chromium). Debian's own packages are installed where they are missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

here=$PWD/tests/browser
work=$PWD/target/browser

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
missing=()
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || missing+=(chromium)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
# without a Chinese font every width that is measured would be another
ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1 || missing+=(fonts-noto-cjk)
if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || { echo "needs ${missing[*]} (Debian packages)"; exit 1; }
  as_root apt-get update -qq && as_root apt-get install -y -qq "${missing[@]}" >/dev/null
fi

mkdir -p "$work"
if ! cmp -s "$here/package-lock.json" "$work/installed.json"; then
  cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$work/"
  (cd "$work" && npm ci --silent)
  cp "$here/package-lock.json" "$work/installed.json"
fi

if [ -z "${DINGGANG:-}" ]; then
  cargo build --locked --quiet
  export DINGGANG=$PWD/target/debug/dinggang
fi

files=("$@")
[ ${#files[@]} -gt 0 ] || files=("$here"/*.test.mjs)
# each file has a server of its own
exec node --test --test-concurrency=2 --test-reporter=spec "${files[@]}"
