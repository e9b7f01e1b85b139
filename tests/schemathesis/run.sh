#!/usr/bin/env bash
# The description of the API against the server itself: schemathesis asks every operation, as
# several offices, with what fits the description and with what does not. No answer may be a
# fault of the server, have a status that is not described, or another shape than described.
#
#   tests/schemathesis/run.sh [EXAMPLES]     random examples of each operation and office; usually 3
#
# The first office is also asked everything that the description's limits suggest, one by one.
#
# DINGGANG: the program (the one of the development profile when not given). OFFICES: which
# offices, in that order. SEED: what is asked is the same for the same number.
set -euo pipefail
cd "$(dirname "$0")/../.."

here=$PWD/tests/schemathesis
work=$PWD/target/schemathesis
venv=$work/venv
examples=${1:-3}
offices=${OFFICES:-county_health county_human_resources institution_hr auditor staff administrator}
seed=${SEED:-2026}

mkdir -p "$work"
if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/installed.txt"
fi

if [ -z "${DINGGANG:-}" ]; then
  cargo build --locked --quiet
  DINGGANG=$PWD/target/debug/dinggang
fi

# a new folder, so that the records, the keys and the first administrator are new too
folder=$(mktemp -d)
server=
ended() {
  [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true
  rm -rf "$folder"
}
trap ended EXIT
"$DINGGANG" --lang en sample --out "$folder/county.xlsx" --townships 2 --staff 60 --seed 7 > "$folder/sample.txt"
(cd "$folder" && RUST_BACKTRACE=0 exec "$DINGGANG" --lang en serve --listen 127.0.0.1:0 \
  --setting requests_per_minute=0 > server.txt 2>&1) &
server=$!
# $! is the subshell, and after exec the program itself
"$venv/bin/python" "$here/offices.py" "$folder" $offices
url=$(cat "$folder/url.txt")

failed=()
phases=examples,coverage,fuzzing

for office in $offices; do
  echo "-- as $office"
  # the working folder is where schemathesis looks for its configuration
  if (cd "$here" && "$venv/bin/schemathesis" run "$url/api/v1/openapi.json" \
      --header "Authorization: Bearer $(cat "$folder/$office.token")" \
      --phases $phases --max-examples "$examples" --seed "$seed" \
      --warnings off --continue-on-failure --no-shrink) > "$work/$office.txt" 2>&1; then
    sed -n '/^API Operations/,$p' "$work/$office.txt" | sed '/^$/d'
  else
    failed+=("$office")
    sed -n '/= FAILURES =/,$p' "$work/$office.txt" | head -n 200
    tail -n 40 "$work/$office.txt"
  fi
  phases=examples,fuzzing
  kill -0 "$server" || { echo "the server is gone"; tail -n 20 "$folder/server.txt"; exit 1; }
done
if grep -qi 'panicked' "$folder/server.txt"; then
  grep -i -A 3 'panicked' "$folder/server.txt" | head -n 40
  failed+=("the server's log")
fi
[ ${#failed[@]} -eq 0 ] || { echo "schemathesis found something: ${failed[*]}"; exit 1; }
