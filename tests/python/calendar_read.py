"""Reads a calendar with a parser that is not ours; prints its events as JSON."""

import json
import sys

from icalendar import Calendar

calendar = Calendar.from_ical(sys.stdin.buffer.read())
events = [
    {
        "uid": str(event["uid"]),
        "day": event["dtstart"].dt.isoformat(),
        "end": event["dtend"].dt.isoformat(),
        "title": str(event["summary"]),
        "text": str(event["description"]),
        "url": str(event["url"]),
        "alarms": len(event.walk("VALARM")),
    }
    for event in calendar.walk("VEVENT")
]
print(json.dumps({"name": str(calendar["x-wr-calname"]), "events": events}))
