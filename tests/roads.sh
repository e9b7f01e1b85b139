#!/usr/bin/env bash
# The four roads of a promotion, walked from end to end by a client of the API: one above the
# ratio after twenty years in townships, one off quota, one directed (title, then post), one
# ordinary. Prints the ledger before and after, who holds each place, and that the trail is
# whole; ends with an error at the first answer that is not the one expected.
#
#   tests/roads.sh [DATABASE_URL]     SQLite in a new folder when not given; else an empty database
#
# DINGGANG: the program (the one of the development profile when not given).
#
# A notice runs for days, and the program has no way to set its clock. So the clock of the
# machine is moved for the server alone, from outside, by libfaketime (package faketime).
set -euo pipefail
cd "$(dirname "$0")/.."

here=$PWD/tests/roads
if [ -z "${DINGGANG:-}" ]; then
  cargo build --locked --quiet
  DINGGANG=$PWD/target/debug/dinggang
fi
faketime=$(ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null | head -n 1)
[ -n "$faketime" ] || { echo "needs libfaketime (Debian package faketime)"; exit 1; }

folder=$(mktemp -d)
database=${1:-sqlite://$folder/roads.db}
server=
ended() {
  [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true
  rm -rf "$folder"
}
trap ended EXIT
fail() { echo "FAILED: $*" >&2; tail -n 5 "$folder/server.txt" >&2; exit 1; }

# ---- a server with a clock that can be moved -------------------------------------------

set_clock() { # DATE: nine o'clock there
  echo "@$1 01:00:00" > "$folder/clock.new"
  mv "$folder/clock.new" "$folder/clock"
  echo "-- the clock shows $1"
}

"$DINGGANG" --lang en sample --out "$folder/county.xlsx" --townships 12 --staff 600 --seed 17 > "$folder/sample.txt"
set_clock 2026-11-02
settings=(--setting requests_per_minute=0 --setting second_factor=optional
  --setting "key_file=$folder/keys" --setting "data_dir=$folder/data")
(cd "$folder" && TZ=UTC RUST_BACKTRACE=0 LD_PRELOAD=$faketime FAKETIME_TIMESTAMP_FILE=$folder/clock \
  FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 exec "$DINGGANG" --lang en serve \
  --listen 127.0.0.1:0 --database "$database" "${settings[@]}" > server.txt 2>&1) &
server=$!
python3 "$here/stage.py" "$folder"
url=$(cat "$folder/url.txt")/api/v1

# ---- asking ----------------------------------------------------------------------------

# ask STATUS OFFICE METHOD PATH [BODY]: the answer lies in $folder/answer.json
ask() {
  local expected=$1 office=$2 method=$3 path=$4 headers=()
  [ $# -lt 5 ] || headers=(-H 'Content-Type: application/json' --data "$5")
  [ -z "${seen:-}" ] || headers+=(-H "If-Match: \"$seen\"")
  local status
  status=$(curl -sS -o "$folder/answer.json" -w '%{http_code}' -X "$method" "$url$path" \
    -H "Authorization: Bearer $(cat "$folder/$office.token")" -H 'Accept-Language: zh-CN' \
    -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" "${headers[@]}")
  [ "$status" = "$expected" ] || fail "$office $method $path: $status, not $expected: $(head -c 600 "$folder/answer.json")"
}

# field EXPRESSION: of the last answer, which is called `it`
field() { python3 -c 'import json,sys; it = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$folder/answer.json" "$1"; }

# must EXPECTED EXPRESSION
must() { local is; is=$(field "$2"); [ "$is" = "$1" ] || fail "$2 is $is, not $1"; }

# move OFFICE ID MOVE [BODY]: with the version that is there
move() {
  ask 200 auditor GET "/applications/$2"
  local seen
  seen=$(field 'it["application"]["version"]')
  ask 200 "$1" POST "/applications/$2/$3" "${4:-"{}"}"
  printf '   %-24s %-10s → %s\n' "$1" "$3" "$(field 'it["state"]')"
}

# ---- what is shown ---------------------------------------------------------------------

ledger() { # CODE WHEN
  ask 200 auditor GET "/ledger/institutions/$1"
  echo "   $1 $2"
  python3 "$here/ledger.py" "$folder/answer.json"
}

# road KIND: sets person, name, house, code, rank, grade
chosen() {
  local line
  line=$(grep -P "^$1\t" "$folder/chosen.txt") || fail "nobody to whom the road $1 is open"
  IFS=$'\t' read -r _ person name house code rank grade <<< "$line"
}

# begun KIND RANK GRADE PERSON HOUSE CODE: from the draft to the notice; sets id
begun() {
  local grade=null
  [ "$3" = - ] || grade=$3
  ask 201 "clerk-$6" POST /applications "{\"kind\":\"$1\",\"person\":\"$4\",\"institution\":\"$5\",
    \"target\":{\"rank\":\"$2\",\"grade\":$grade},\"merits\":\"2024、2025 年度考核优秀\"}"
  id=$(field 'it["id"]')
  for made in submit take recommend; do move "clerk-$6" "$id" "$made"; done
  ask 200 auditor GET "/applications/$id"
  echo "   place kept: $(field 'it["place"] and it["place"]["pool"]')"
  move "clerk-$6" "$id" publish '{"working_days":5}'
  local seen
  ask 200 auditor GET "/applications/$id"
  seen=$(field 'it["application"]["version"]')
  ask 422 "clerk-$6" POST "/applications/$id/close" '{}'
  must notice_runs 'it["code"]'
  echo "   not yet: $(field 'it["detail"]')"
}

# decided ID CODE: from the end of the notice to the effect, office by office on its route
decided() {
  move "clerk-$2" "$1" close
  ask 200 auditor GET "/applications/$1"
  local offices opinions office
  opinions=$(field '" ".join(it["opinions_asked"])')
  offices=$(field '" ".join(it["route"])')
  for office in $opinions; do move "$office" "$1" opinions '{"favourable":true,"text":"同意"}'; done
  for office in $offices; do move "$office" "$1" approve; done
  must effective 'it["state"]'
}

# stands CODE PERSON EXPECTED: where the ledger has them now
stands() {
  ask 200 auditor GET "/ledger/institutions/$1"
  local found
  found=$(python3 "$here/ledger.py" "$folder/answer.json" "$2")
  echo "   who holds it: $found"
  [[ $found == *"$3" ]] || fail "$found, not $3"
}

# ---- the roads -------------------------------------------------------------------------

declare -A ids
for kind in appointment above_ratio off_quota directed_title; do
  chosen "$kind"
  echo "== $kind: $name at $code → $rank"
  ask 200 auditor GET "/people/$person/eligibility"
  echo "   open to them: $(field "[(one['verdict'], one['ledger_before'], one['ledger_after']) for one in it['roads'] if one['kind'] == '$kind'][0]")"
  ledger "$code" before
  begun "$kind" "$rank" "$grade" "$person" "$house" "$code"
  ids[$kind]=$id
done

set_clock 2026-11-12
for kind in appointment above_ratio off_quota directed_title; do
  chosen "$kind"
  echo "== $kind: $name is decided on"
  decided "${ids[$kind]}" "$code"
  ledger "$code" after
  case $kind in
    appointment) stands "$code" "$person" "$rank, ordinary" ;;
    above_ratio) stands "$code" "$person" "$rank, beyond_ratio" ;;
    off_quota) stands "$code" "$person" "$rank, off_quota" ;;
    # a title is no post yet
    directed_title) ask 200 auditor GET "/people/$person/title"; must "$rank" 'it["items"][0]["fact"]["rank"]' ;;
  esac
done

chosen directed_title
echo "== directed_post: $name, who has the title now"
begun directed_post "$rank" 7 "$person" "$house" "$code"
post=$id
set_clock 2026-11-24
decided "$post" "$code"
ledger "$code" after
stands "$code" "$person" "$rank, directed"

echo "== the trail"
(cd "$folder" && "$DINGGANG" --lang en audit verify --database "$database" "${settings[@]}") | sed 's/^/   /'
ask 200 auditor GET "/applications?open=true"
must 0 'it["total"]'
echo "all four roads were walked"
