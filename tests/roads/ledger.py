"""The ledger of an institution, one line a pool: ledger.py ANSWER [PERSON]

With a person: where they stand in it.
"""

import json
import sys

it = json.load(open(sys.argv[1]))
figures = it["known"]["figures"]
columns = ["limit", "counted", "beyond_ratio", "off_quota", "reserved", "vacant", "over"]


def pool(figure):
    return figure["level"] or "directed"


if len(sys.argv) > 2:
    found = [
        f"{pool(figure)}: {holder['name']}, {holder['appointed']}, {holder['ledger']}"
        for figure in figures
        for holder in figure["opens"]
        if holder["person"] == sys.argv[2]
    ]
    print("; ".join(found) or "nobody")
    sys.exit()
print("   " + "".join(name.rjust(13) for name in ["", *columns]))
for figure in figures:
    shown = ["–" if figure.get(name) is None else str(figure[name]) for name in columns]
    print("   " + "".join(text.rjust(13) for text in [pool(figure), *shown]))
